package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoplab.example/harness/rows/wisdmtest"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/verify/hop"
)

// root is the repository's folder, seen from this package's.
const root = "../.."

func readReport(t *testing.T, path string) hop.Report {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r hop.Report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// passedWith fails the test unless all six hops hold n rows.
func passedWith(t *testing.T, r hop.Report, n int64) {
	t.Helper()
	if r.Outcome != hop.Passed || len(r.Hops) != 6 {
		t.Fatalf("report = %+v", r)
	}
	for i, name := range []string{"mqtt", "kafka", "flink", "elasticsearch", "kibana", "grafana"} {
		if h := r.Hops[i]; h.Hop != name || h.Expected != n || h.Actual != n || h.Outcome != hop.Passed {
			t.Errorf("hop %d = %+v, want %s with %d rows", i, h, name, n)
		}
	}
}

// TestKeepReuseAndDown is a session of somebody who leaves the stack up.
func TestKeepReuseAndDown(t *testing.T) {
	heavy(t)
	runs := ownRuns(t)
	path := filepath.Join(t.TempDir(), "report.json")
	first := runLab(t, "run", "--keep", "--report", path)
	first.want(t, exitOK, "3,000 rows of fixtures/rows", "lab down", "elasticsearch", "in the index datuak\n")
	passedWith(t, readReport(t, path), 3000)
	for _, want := range []string{"first to last", "passed"} {
		if !strings.Contains(first.out, want) {
			t.Errorf("the table lacks %q:\n%s", want, first.out)
		}
	}
	if status := runLab(t, "status"); !strings.Contains(status.out, "run lab: stack classic, ") || !strings.Contains(status.out, "client 127.0.0.1:") {
		t.Errorf("status:\n%s", status.out)
	}
	var states map[string]keeper.State
	if err := json.Unmarshal([]byte(runLab(t, "status", "--json").out), &states); err != nil || len(states["lab"].Components) != 6 {
		t.Errorf("status --json: %v, %+v", err, states)
	}
	if log := runLab(t, "logs", "kafka"); !strings.Contains(log.out, "Kafka Server started") {
		t.Errorf("kafka's log:\n%.2000s", log.out)
	}
	runLab(t, "logs", "zookeeper").want(t, exitUsage, "it has")

	runLab(t, "run", "--seed", "3", "--rows", "500", "--report", path).want(t, exitOK, `using the run "lab", stack classic`)
	passedWith(t, readReport(t, path), 500)

	runLab(t, "run", "--stack", "seed").want(t, exitUsage, "up with the stack classic, not seed", "lab down")

	runLab(t, "down").want(t, exitOK, "lab is down")
	nothingLeft(t, runs)
}

func TestRealValues(t *testing.T) {
	folder := wisdmtest.RealValues(t, root)
	sharedRun(t)
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--input", folder, "--report", path).want(t, exitOK)
	passedWith(t, readReport(t, path), 43_200)
}

func TestMalformedRowsAreLeftOut(t *testing.T) {
	sharedRun(t)
	file := filepath.Join(t.TempDir(), "rows.txt")
	text := "1600,A,1000000,0.5,-0.25,9.75;\n1600,A,two,1,1,1;\n1600,A,51000000,0.5,-0.25,9.5;\n1600,B,7,1,"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--broker", "mochi", "--input", file, "--skip-bad", "--report", path).
		want(t, exitOK, file+":2:8", file+":4:", "2 malformed rows are left out")
	passedWith(t, readReport(t, path), 2)
}

// TestInterrupted presses Ctrl-C in each phase.
func TestInterrupted(t *testing.T) {
	heavy(t)
	for _, phase := range []string{"kafka              starting", "starting what carries the rows", "mqtt  ", "checking each hop"} {
		t.Run(phase, func(t *testing.T) {
			runs := ownRuns(t)
			ctx, press := context.WithCancel(t.Context())
			r := labUntil(ctx, func(said string) {
				if strings.Contains(said, phase) {
					press()
				}
			}, "run")
			r.want(t, exitInterrupted, "lab: interrupted")
			nothingLeft(t, runs)
		})
	}
}

// TestComponentDies kills a server while rows flow.
func TestComponentDies(t *testing.T) {
	heavy(t)
	for _, name := range []string{"kafka", "elasticsearch"} {
		t.Run(name, func(t *testing.T) {
			runs := ownRuns(t)
			var once sync.Once
			r := labUntil(t.Context(), func(said string) {
				if strings.Contains(said, "sending the rows") {
					once.Do(func() { kill(t, runs, name) })
				}
			}, "run", "--rate", "20/s")
			r.want(t, exitError, name+" died: signal: killed", "next: its full log is in")
			nothingLeft(t, runs)
		})
	}
}

func kill(t *testing.T, runs, name string) {
	all, err := keeper.List(t.Context(), runs, nil)
	if err != nil || len(all) != 1 {
		t.Errorf("%d stacks, %v", len(all), err)
		return
	}
	state, err := all[0].State(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	proc.Kill(state.Components[name].PID)
}

func TestBusyPort(t *testing.T) {
	heavy(t)
	runs := ownRuns(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	runLab(t, "run", "--port", fmt.Sprintf("kafka.client=%d", port)).
		want(t, exitError, "kafka", "address already in use", fmt.Sprintf("stop the program that listens on 127.0.0.1:%d", port))
	nothingLeft(t, runs)
}

// noMaven hides Maven and the servers that were fetched. A Java may still be in one of
// the usual places.
func noMaven(t *testing.T) {
	t.Helper()
	t.Setenv("PATH", t.TempDir())
	t.Setenv("HOPLAB_CACHE", t.TempDir())
}

func TestWelcome(t *testing.T) {
	t.Setenv("HOPLAB_CACHE", t.TempDir())
	for i, want := range []string{"'lab work 1'", "", ""} {
		var said strings.Builder
		(&app{err: ui.New(&said)}).welcome()
		if got := said.String(); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("after run %d it says %q", i+1, got)
		}
	}
}

func TestMissingMaven(t *testing.T) {
	runs := ownRuns(t)
	noMaven(t)
	runLab(t, "run", "--runtime", "local").want(t, exitError, "the first start downloads elasticsearch, flink, flink-connectors, kafka, up to ", "mvn: not found on the PATH", "needed to fetch Kafka", "apt-get install maven")
	nothingLeft(t, runs)
}
