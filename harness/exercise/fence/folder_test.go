package fence

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCopy(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	write(t, from, "a/b.sql", "SELECT 1")
	write(t, from, "run.sh", "echo")
	write(t, from, ".git/config", "[core]")
	os.Chmod(filepath.Join(from, "run.sh"), 0o4711)
	if err := Copy(to, from, FolderDefaults); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(to, "a", "b.sql")); err != nil || string(text) != "SELECT 1" {
		t.Errorf("got %q, %v", text, err)
	}
	if info, err := os.Stat(filepath.Join(to, "run.sh")); err != nil || info.Mode() != 0o755 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(to, ".git")); err == nil {
		t.Error(".git was copied")
	}
	if err := Copy(to, from, FolderDefaults); err == nil {
		t.Error("a folder that is there was copied to")
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	limits := FolderLimits{Files: 5, Depth: 3, File: 100, Bytes: 150}
	for want, make := range map[string]func(dir string){
		"symbolic link":         func(dir string) { os.Symlink("/etc/passwd", filepath.Join(dir, "x")) },
		"dir: it is a symbolic": func(dir string) { os.Symlink("..", filepath.Join(dir, "dir")) },
		"a plain file (p":       func(dir string) { syscall.Mkfifo(filepath.Join(dir, "x"), 0o600) },
		"a plain file (S": func(dir string) {
			if l, err := net.Listen("unix", filepath.Join(dir, "x")); err == nil {
				l.(*net.UnixListener).SetUnlinkOnClose(false)
				l.Close()
			}
		},
		"more than 100 bytes": func(dir string) { write(t, dir, "x", strings.Repeat("x", 101)) },
		"folder more than 150": func(dir string) {
			write(t, dir, "x", strings.Repeat("x", 80))
			write(t, dir, "y", strings.Repeat("x", 80))
		},
		"more than 5 files": func(dir string) {
			for _, name := range strings.Split("abcdef", "") {
				write(t, dir, name, "")
			}
		},
		"3 deep":           func(dir string) { write(t, dir, "a/b/c/d", "") },
		"can't be printed": func(dir string) { write(t, dir, "a\nb", "") },
	} {
		from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
		make(from)
		err := Copy(to, from, limits)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%s: a part of the copy is left", want)
		}
	}
}

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
	for _, err := range []error{Folder(link), Copy(filepath.Join(dir, "copy"), link, FolderDefaults)} {
		if err == nil || !strings.Contains(err.Error(), link+": it is a symbolic link") {
			t.Errorf("got %v", err)
		}
	}
	if err := Folder(others); err != nil {
		t.Error(err)
	}
}
