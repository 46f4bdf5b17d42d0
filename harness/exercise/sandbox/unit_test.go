//go:build linux

package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestParseStat(t *testing.T) {
	fields := "S 1 2 3 4 5 6 7 8 9 10 100 20 3 1 0 0 0 0 0 0 50"
	want := use{cpu: 1240 * time.Millisecond, memory: 50 * int64(os.Getpagesize())}
	for _, name := range []string{"sh", "a b", "a) S 1 (b"} {
		if got := parseStat("7 (" + name + ") " + fields); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	if got := parseStat("7 (sh) S 1"); got != (use{}) {
		t.Errorf("a line that is too short gives %+v", got)
	}
}

func TestHardLinksAreNotGivenAway(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped because only root gives files away")
	}
	dir := testFolder(t)
	outside := filepath.Join(filepath.Dir(dir), "outside")
	os.WriteFile(outside, nil, 0o600)
	os.Link(outside, filepath.Join(dir, "inside"))
	_, err := Run(t.Context(), Options{Dir: dir, Script: "true"})
	skipWithout(t, err)
	if err == nil || !strings.Contains(err.Error(), "hard links") {
		t.Errorf("got %v", err)
	}
}

func TestRefusalsOfTheSystemAreTold(t *testing.T) {
	for err, want := range map[error]bool{
		fmt.Errorf("mount: %w", unix.EPERM):                    true,
		fmt.Errorf("mount: %w", os.ErrPermission):              false, // none of the system's
		&os.PathError{Op: "open", Path: "/", Err: unix.EACCES}: true,
		errors.New("no"): false,
	} {
		if unavailable(err) != want {
			t.Errorf("%v: want %v", err, want)
		}
	}
	e := &UnavailableError{Reason: "make namespaces", Err: unix.EPERM}
	if !errors.Is(e, unix.EPERM) || e.Error() != "this system can't run scripts in a sandbox: make namespaces: operation not permitted" || !strings.Contains(e.Hint(), "--unsafe-sh") {
		t.Errorf("got %v; %s", e, e.Hint())
	}
}
