package fence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFolderThatIsALink(t *testing.T) {
	dir := t.TempDir()
	others := filepath.Join(dir, "bo")
	if err := os.Mkdir(others, 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "eve")
	if err := os.Symlink("bo", link); err != nil {
		t.Fatal(err)
	}
	if err := Folder(link); err == nil || !strings.Contains(err.Error(), link+": it is a symbolic link") {
		t.Errorf("got %v", err)
	}
	if err := Folder(others); err != nil {
		t.Error(err)
	}
}
