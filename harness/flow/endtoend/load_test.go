package endtoend

import (
	"runtime"
	"testing"
)

func TestShareCores(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	const before = 6 // as of a container: the machine may have more
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(before))
	restore := ShareCores()
	if got, want := runtime.GOMAXPROCS(0), max(1, before/2); got != want {
		t.Errorf("it computes on %d cores, not on %d", got, want)
	}
	restore()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("afterwards it computes on %d cores, not on %d", got, before)
	}
	t.Setenv("GOMAXPROCS", "7")
	defer ShareCores()()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("a user's GOMAXPROCS was set to %d", got)
	}
}
