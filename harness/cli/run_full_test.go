package cli

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
)

func TestSpeedometer(t *testing.T) {
	s, began := newSpeedometer(), time.Now()
	at := func(after time.Duration, n int64) string { return s.read("kafka", began.Add(after), n, 100_000) }
	if got := at(0, 1000); got != "" {
		t.Errorf("at the first reading: %q", got)
	}
	if got := at(10*time.Second, 11_000); got != ", 1,000 rows/s, 1m29s left" {
		t.Errorf("after ten seconds: %q", got)
	}
	at(speedSpan, 21_000) // from here on the rate is lower
	for after := speedSpan + time.Second; after <= 4*speedSpan; after += time.Second {
		at(after, 21_000+int64((after-speedSpan)/time.Second)*10)
	}
	if got := at(4*speedSpan+time.Second, 21_610); !strings.Contains(got, ", 10 rows/s") {
		t.Errorf("what was long ago still counts: %q", got)
	}
}

func TestTooLarge(t *testing.T) {
	if err := tooLarge(nil); err != nil {
		t.Error(err)
	}
	load := &hop.Load{Processes: []hop.Process{{Name: "keeper", Own: true, Peak: hop.OwnLimit}, {Name: "kafka", Peak: 4 * hop.OwnLimit}}}
	if err := tooLarge(load); err != nil {
		t.Error(err)
	}
	load.Processes[0].Peak *= 2
	if err := tooLarge(load); err == nil || err.Error() != "keeper took 256 MB of memory, more than 128" {
		t.Errorf("error = %v", err)
	}
}

func TestFullFlags(t *testing.T) {
	runLab(t, "run", "--full", "--qos", "0").want(t, exitUsage, "--full needs --qos 1 or 2")
	runLab(t, "run", "--full", "--rows", "-1").want(t, exitUsage, "--rows is -1")
	runLab(t, "run", "--full", "--input", "nowhere.zip").want(t, exitUsage, "nowhere.zip")
}

// TestFullRun sends rows that nobody keeps, on a stack of its own: its servers are
// started for a long run.
func TestFullRun(t *testing.T) {
	heavy(t)
	runs := ownRuns(t)
	path := filepath.Join(t.TempDir(), "report.json")
	debug.FreeOSMemory() // what earlier tests of this process took isn't the run's
	usage.ResetPeak(os.Getpid())
	got := runLab(t, "run", "--full", "--rows", "20000", "--report", path)
	got.want(t, exitOK, "20,000 rows of generated rows")
	for _, want := range []string{"compared in", "lab run: publisher, bridge, probes, oracle", "rows/s from end to end"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("the tables lack %q:\n%s", want, got.out)
		}
	}
	r := readReport(t, path)
	if r.Outcome != hop.Passed || len(r.Hops) != 4 || r.Load == nil || r.Load.Rows != 20_000 {
		t.Fatalf("report = %+v", r)
	}
	for _, h := range r.Hops {
		if h.Expected != 20_000 || h.Actual != 20_000 || h.Took <= 0 {
			t.Errorf("%+v", h)
		}
	}
	if p := r.Load.Processes; len(p) < 8 || p[0].Peak < 10<<20 || p[1].Name != "keeper" || p[1].Peak < 1<<20 {
		t.Errorf("processes %+v", p)
	}
	nothingLeft(t, runs)
}
