package local

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMirror(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "deep", "copy")
	if err := os.MkdirAll(filepath.Join(from, "bin", "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "bin", "run"), []byte("x"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again over itself: two runs of one folder
		if err := mirror(from, to); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(filepath.Join(to, "bin", "run"))
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("copied file: %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(to, "bin", "empty")); err != nil {
		t.Error(err)
	}
}
