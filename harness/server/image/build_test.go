package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBuildContext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kafka")
	if err := os.MkdirAll(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bin/run", "slf4j-simple-1.jar"} { // the second isn't in the public image
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := buildContext(&out, "FROM x\n", []content{{dir, "jars"}, {dir, "jars"}, {filepath.Join(dir, "bin/run"), "program"}}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for archive := tar.NewReader(&out); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(archive)
		got[header.Name] = string(text)
		if header.Name == "jars/bin/run" && header.Mode&0o111 == 0 {
			t.Error("the program can't be run any more")
		}
	}
	if got["jars/bin/run"] != "#!" || got["program"] != "#!" || len(got) != 5 {
		t.Errorf("context = %v", got)
	}
	if got["Dockerfile"] != "FROM x\n" {
		t.Errorf("Dockerfile = %q", got["Dockerfile"])
	}
}

func TestBuildContextOfAFolderThatIsGone(t *testing.T) {
	if err := buildContext(io.Discard, "", []content{{filepath.Join(t.TempDir(), "gone"), "jars"}}); err == nil {
		t.Error("no error")
	}
}

func TestBuildError(t *testing.T) {
	cases := []struct{ body, want string }{
		{`{"stream":"Step 1/2"}` + "\n" + `{"stream":"done"}`, ""},
		{`{"stream":"Step 1/2"}` + "\n" + `{"error":"no space left on device"}`, "no space left on device"},
		{`{"stream":`, "unexpected EOF"},
	}
	for _, c := range cases {
		err := buildError(io.NopCloser(strings.NewReader(c.body)))
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("buildError(%s) = %v, want %q", c.body, err, c.want)
		}
	}
}
