package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// only fails the test unless the folder holds just these files.
func only(t *testing.T, dir string, want int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("%s holds %v, want %d entries", dir, entries, want)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	for _, text := range []string{"first, and longer", "second"} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != text {
			t.Errorf("read %q, want %q", got, text)
		}
	}
	only(t, dir, 1)
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o644 {
		t.Errorf("mode is %v, want 0644", info.Mode())
	}
}

// TestReaderKeepsWhatItOpened is what landing by rename is for.
func TestReaderKeepsWhatItOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	if err := Write(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := Write(path, []byte("2nd")); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 16)
	if n, _ := reader.Read(buffer); string(buffer[:n]) != "first" {
		t.Errorf("a reader of the first file met %q", buffer[:n])
	}
}

func TestWriteFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "report"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 || read(t, path) != "new" {
		t.Errorf("the link is now %v, its file says %q", info.Mode(), read(t, path))
	}
}

func TestCreateNeverReplaces(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "work.sql")
	if err := Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second")); !errors.Is(err, fs.ErrExist) || read(t, path) != "first" {
		t.Errorf("error = %v, the file says %q", err, read(t, path))
	}
	only(t, dir, 1)
}

func TestModeAndCopy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	if err := WritePrivate(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, want 0600", info.Mode())
	}
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if err := Copy(path, broken); !errors.Is(err, io.ErrUnexpectedEOF) || read(t, path) != "x" {
		t.Errorf("error = %v, the file says %q", err, read(t, path))
	}
	if err := Copy(path, strings.NewReader("all")); err != nil || read(t, path) != "all" {
		t.Errorf("error = %v, the file says %q", err, read(t, path))
	}
	only(t, dir, 1)
}
