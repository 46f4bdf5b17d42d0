package dirs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCache(t *testing.T) {
	t.Setenv("HOPLAB_CACHE", "/elsewhere/cache")
	if dir, err := Cache(); err != nil || dir != "/elsewhere/cache" {
		t.Errorf("Cache() = %q, %v", dir, err)
	}
	t.Setenv("HOPLAB_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", "/xdg")
	t.Setenv("HOME", "/home/student")
	if dir, err := Cache(); err != nil || filepath.Base(dir) != "hoplab" {
		t.Errorf("Cache() = %q, %v; want a folder called hoplab", dir, err)
	}
}

func TestReachable(t *testing.T) {
	top := t.TempDir()
	closed := filepath.Join(top, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if Reachable(filepath.Join(closed, "runs")) {
		t.Error("a folder inside one with mode 0700 counts as reachable")
	}
	if err := os.Chmod(closed, 0o711); err != nil {
		t.Fatal(err)
	}
	if got, want := Reachable(filepath.Join(closed, "a", "b")), Reachable(closed); got != want {
		t.Errorf("Reachable below a folder with mode 0711 = %v, want its parent's, %v", got, want)
	}
}

func TestRunsRefusesAnothersFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped because only root can make a folder that is somebody else's")
	}
	cache := filepath.Join(t.TempDir(), "cache")
	if err := os.Mkdir(cache, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(cache, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if err := makeOwn(filepath.Join(cache, "runs")); err == nil {
		t.Error("a folder of user 12345 was accepted")
	}
}

// TestSharedCache: where the downloads are another user's, to be read only, runs are
// elsewhere.
func TestSharedCache(t *testing.T) {
	cache, temporary := t.TempDir(), t.TempDir()
	shut := func() error { return os.Chmod(cache, 0o555) }
	if os.Geteuid() == 0 {
		shut = func() error { return os.Chown(cache, 12345, 12345) }
	}
	if err := shut(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOPLAB_RUNS", "")
	t.Setenv("HOPLAB_CACHE", cache)
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	if dir, err := Runs(); err != nil || !strings.HasPrefix(dir, temporary) {
		t.Errorf("%q, %v; want a folder in %s", dir, err, temporary)
	}
}
