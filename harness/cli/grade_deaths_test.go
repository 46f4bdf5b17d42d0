package cli

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/verify/hop"
)

// deaths says after which check which server is ended, once.
var deaths = []struct{ lab, check, server string }{
	{"01-publish", "files", "mosquitto"},
	{"02-bridge", "running", "connect"},
	{"03-flink", "files", "flink-gateway"},
	{"03-flink", "runs", "flink-taskmanager"},
	{"03-flink", "columns", "flink-jobmanager"},
	{"04-export", "files", "kafka"},
	{"04-export", "job", "elasticsearch"},
}

// TestEachServerDies: each server is ended in the middle of a class, and everybody's
// correct files get all points.
func TestEachServerDies(t *testing.T) {
	heavy(t)
	need.Broker(t)
	if err := sandbox.Available(t.Context(), t.TempDir()); err != nil {
		need.Sandbox.Skip(t, err)
	}
	runs := ownRuns(t)
	var labs []lab.Lab
	for _, d := range deaths {
		l, err := findLab(d.lab, labsOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(labs, func(o lab.Lab) bool { return o.ID == l.ID }) {
			labs = append(labs, l)
		}
	}
	class, err := handin.Open(solved(t, labs, "ada", "bob"), labs)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{out: t.Output(), err: ui.New(t.Output())}
	s, err := a.openGrading(t.Context(), components(labs), &stackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(a.err)
	servers, g := a.servers(s, 2), s.grader("salt")
	var once [7]sync.Once
	made := a.gradeAll(t.Context(), func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade {
		g := g
		g.Report = func(c report.Check) {
			for i, d := range deaths {
				if d.lab == l.ID && d.check == c.ID && c.Outcome == hop.Passed {
					once[i].Do(func() { t.Logf("ending %s", d.server); kill(t, runs, d.server) })
				}
			}
		}
		return servers.Grader(g)(ctx, student, l, dir)
	}, class.Submissions, labs, 2)
	if err := servers.Sweep(); err != nil {
		t.Error(err)
	}
	for i, d := range deaths {
		once[i].Do(func() { t.Errorf("%s was never ended", d.server) })
	}
	for _, student := range made.Students {
		if points, most := student.Points(); points != most || !student.Sound() {
			t.Errorf("%s: %d of %d points\n%+v", student.Name, points, most, student.Labs)
		}
	}
}

// solved makes a class whose students have handed in our solutions.
func solved(t *testing.T, labs []lab.Lab, students ...string) string {
	t.Helper()
	class := t.TempDir()
	for _, student := range students {
		for _, l := range labs {
			dir := filepath.Join(class, student, l.ID)
			err := os.MkdirAll(dir, 0o755)
			for _, name := range l.Files {
				_, text, failed := l.Solution(name, student)
				err = cmp.Or(err, failed, os.WriteFile(filepath.Join(dir, name), text, 0o644))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return class
}
