package wisdmtest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRealValues(t *testing.T) {
	top := t.TempDir()
	write(t, filepath.Join(top, "shared", "wisdm", "data_1600_accel_watch.txt"), "1600,A,1.5,2,3;\n1600,B,4,5,6;\n")
	got, err := os.ReadFile(filepath.Join(RealValues(t, filepath.Join(top, "repo")), "raw/watch/accel/data_1600_accel_watch.txt"))
	want := "1600,A,252207666810782,1.5,2,3;\n1600,B,252207717164786,4,5,6;\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestRealValuesSkips(t *testing.T) {
	skipped := false
	t.Run("without values", func(t *testing.T) {
		t.Cleanup(func() { skipped = t.Skipped() })
		RealValues(t, t.TempDir())
	})
	if !skipped {
		t.Error("without values the test went on")
	}
}

func TestWithTimestampsRefusesOtherRows(t *testing.T) {
	for _, text := range []string{"1600,A,1,2,3,4;\n", "1600,A,1;\n", "README\n"} {
		if got, err := withTimestamps([]byte(text)); err == nil {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
