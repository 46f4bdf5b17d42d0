package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/util/ui"
	"hoplab.example/labs"
)

// classOf makes a folder of students with lab 3's file, changed as each has it.
func classOf(t *testing.T, students map[string][2]string) string {
	t.Helper()
	_, text, err := labs.Solution("03-flink", "tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	class := t.TempDir()
	for name, change := range students {
		dir := filepath.Join(class, name, "03-flink")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		mine := strings.ReplaceAll(string(text), change[0], change[1])
		if err := os.WriteFile(filepath.Join(dir, "tables.sql"), []byte(mine), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return class
}

var someClass = map[string][2]string{"ada": {"", ""}, "bob": {"DOUBLE", "BIGINT"}, "eve": {"${topic}", "smart"}}

const someGrades = "student,03-flink,total,max\nada,12,12,12\nbob,5,5,12\neve,0,0,12\n"

// TestTwoGraders grades a class twice at once, on one stack.
func TestTwoGraders(t *testing.T) {
	sharedRun(t)
	runLab(t, "open", "flink", "--print").want(t, exitOK)
	runLab(t, "open", "kibana", "--print").want(t, exitUsage, "kibana")
	runLab(t, "open", "oven").want(t, exitUsage, `"oven" has no page`)
	class := classOf(t, someClass)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			csv := filepath.Join(t.TempDir(), "points.csv")
			runLab(t, "grade", class, "--lab", "3", "--csv", csv, "--jobs", "2", "--salt", "s").want(t, exitOK)
			if text, err := os.ReadFile(csv); err != nil || string(text) != someGrades {
				t.Errorf("%v\n%s\nwant\n%s", err, text, someGrades)
			}
		})
	}
	group.Wait()
	runLab(t, "grade", class, "--lab", "3", "--fail-under", "50").want(t, exitFailed, "less than 50 % of the points: bob, eve")
}

func TestGradeUsage(t *testing.T) {
	for args, want := range map[string]string{
		"--lab 99 .":           `there is no lab "99"`,
		"--jobs 0 .":           "--jobs is 0",
		"--fail-under 101 .":   "--fail-under is 101",
		t.TempDir():            "holds no student's files",
		t.TempDir() + "/none":  "no such file",
		"--student ada ../../": "names one student",
	} {
		runLab(t, append([]string{"grade"}, strings.Fields(args)...)...).want(t, exitUsage, want)
	}
}

// TestNamesThatAreEscapeSequences: a folder's name doesn't clear the teacher's screen.
func TestNamesThatAreEscapeSequences(t *testing.T) {
	var said bytes.Buffer
	a := &app{err: ui.New(&said)}
	eve := handin.Submission{Student: "eve\x1b[2J\nada"}
	graded := a.gradeAll(t.Context(), nil, []handin.Submission{eve}, nil, 1)
	said.WriteString(describe(gradeOptions{failUnder: 50}.verdict(graded)))
	if got := said.String(); strings.Contains(got, "\x1b") || !strings.HasPrefix(got, "eve␛[2J ada: ") {
		t.Errorf("the terminal gets %q", got)
	}
}
