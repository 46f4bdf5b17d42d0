package containers

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"hoplab.example/harness/server/component"
)

// TestArchive: each folder and file is in it once, before what is in it, and belongs
// to the component's user.
func TestArchive(t *testing.T) {
	var content bytes.Buffer
	files := archive{Writer: tar.NewWriter(&content), uid: 1883, gid: 7, made: map[string]bool{}}
	plan := component.Process{Files: []component.File{
		{Path: "conf/a", Text: "one"}, {Path: "conf/b", Text: "two", Private: true}, {Path: "c", Text: ""},
	}}
	if err := files.add(component.Site{Dir: "/hoplab/zebra"}, plan); err != nil {
		t.Fatal(err)
	}
	got := ""
	for reader := tar.NewReader(&content); ; {
		h, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprintf("%s %o %d:%d %d\n", h.Name, h.Mode, h.Uid, h.Gid, h.Size)
	}
	const want = `hoplab/ 755 1883:7 0
hoplab/zebra/ 755 1883:7 0
hoplab/zebra/conf/ 755 1883:7 0
hoplab/zebra/conf/a 644 1883:7 3
hoplab/zebra/conf/b 600 1883:7 3
hoplab/zebra/c 644 1883:7 0
`
	if got != want {
		t.Errorf("archive:\n%s\nwant:\n%s", got, want)
	}
}
