package wisdm

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinksInAFolder: a link within the folder is followed, and one that leads out of
// it isn't, so that no error quotes what it leads to.
func TestLinksInAFolder(t *testing.T) {
	const name, target = "data_1600_accel_phone.txt", "elsewhere/rows.txt"
	secret := writeFile(t, "secret", "s3cret\n")
	for to, want := range map[string]string{target: "", secret: "leads out of the folder", "../" + filepath.Base(filepath.Dir(secret)) + "/secret": "leads out of the folder"} {
		folder := writeFolder(t, map[string]string{target: "1600,A,1,0,0,0;\n"})
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		input, err := Open(folder, Options{})
		if err != nil {
			t.Fatal(err)
		}
		source, err := input.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, err = drain(source)
		source.(io.Closer).Close()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("a link to %s: got %v, want %q", to, err, want)
		}
	}
}
