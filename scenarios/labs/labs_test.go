// Package labs grades students' files: our solutions get all points, files that
// aren't filled in get none, and each wrong answer loses the points of the checks
// that it fails, for a reason that names what is wrong.
package labs

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/verify/hop"
)

// folder holds the lab command while the tests run.
var folder string

func TestMain(m *testing.M) { scenario.Main(tests{m}) }

type tests struct{ *testing.M }

func (m tests) Run() int {
	// As a class is graded: what a check waits for, another uses the time of. Tests
	// that look at all of a server's jobs don't run beside these.
	flag.Parse()
	flag.Set("test.parallel", "4")
	var err error
	if folder, err = os.MkdirTemp("", "hoplab-labs-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	return m.M.Run()
}

func allLabs(t *testing.T) []lab.Lab {
	t.Helper()
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// copyOf puts a lab's files into a folder, from work or from solution.
func copyOf(t *testing.T, l lab.Lab, from string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range l.Files {
		_, text, err := l.Folder.Work(name)
		if from == "solution" {
			_, text, err = l.Solution(name, "ada")
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(l.Personal(string(text), "ada")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// graded makes a lab's checks on the files of a folder.
func graded(t *testing.T, l lab.Lab, dir string) report.Grade {
	t.Helper()
	return gradedWithin(t, l, dir, sandbox.Limits{})
}

// gradedWithin is graded with limits for scripts.
func gradedWithin(t *testing.T, l lab.Lab, dir string, script sandbox.Limits) report.Grade {
	t.Helper()
	g := grader(t, l)
	g.Script = script
	return g.Grade(t.Context(), "ada", l, dir)
}

func grader(t *testing.T, l lab.Lab) grade.Grader {
	t.Helper()
	p := scenario.Need(t, l.Components...).Pipeline()
	g := grade.Grader{Sites: p.Sites, Access: p.Access, Broker: p.Broker, Salt: "a test's", Lab: labProgram(t)}
	if filepath.Ext(l.Files[0]) == ".py" {
		env := scenario.Python(t)
		g.Python = func(context.Context) (python.Env, error) { return env, nil }
	}
	return g
}

// labProgram builds the lab command, which students' scripts call.
func labProgram(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "lab")
	if said, err := exec.Command("go", "build", "-o", path, "hoplab.example/harness/cmd/lab").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the lab command: %w\n%s", err, said)
	}
	return path, nil
})

// seed is another one each time, as a sample of what classes have: a failure says it.
var seed = flag.Uint64("seed", rand.Uint64(), "what the rows come from on which the solutions are graded")

func TestSolutionsGetAllPoints(t *testing.T) {
	for _, l := range allLabs(t) {
		t.Run(l.ID, func(t *testing.T) {
			if l.ID == "04-export" || l.ID == "07-recover" {
				scenario.NeedSink(t, scenario.Need(t, l.Components...).Pipeline())
			}
			t.Parallel()
			g := grader(t, l)
			g.Salt = fmt.Sprint(*seed)
			for _, c := range g.Grade(t.Context(), "ada", l, copyOf(t, l, "solution")).Checks {
				t.Logf("%s took %v", c.ID, c.Took)
				if c.Outcome != hop.Passed || c.Points != c.Max {
					t.Errorf("%s: %s, %d of %d points, with -seed %d: %s", c.ID, c.Outcome, c.Points, c.Max, *seed, c.Reason)
				}
			}
		})
	}
}

func TestUnsolvedLabsGetNoPoints(t *testing.T) {
	for _, l := range allLabs(t) {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			result := graded(t, l, copyOf(t, l, "work"))
			if points, most := result.Points(); points != 0 || most != l.Points() || most == 0 {
				t.Errorf("%d of %d points", points, most)
			}
			if first := result.Checks[0]; first.Outcome != hop.Failed || !strings.Contains(first.Reason, lab.Todo) {
				t.Errorf("%s: %s: %s", first.ID, first.Outcome, first.Reason)
			}
			for _, c := range result.Checks[1:] {
				if c.Outcome != hop.Skipped {
					t.Errorf("%s: %s, want skipped: %s", c.ID, c.Outcome, c.Reason)
				}
			}
		})
	}
}
