package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/labs"
)

// pupil has handed in one file, and deserves points for it.
type pupil struct {
	name, lab, file, text string
	points                int
	check, reason         string // the first one that fails, and why, as a regular expression
}

// changed is a pupil with our solution, in which one thing is changed.
func changed(name, lab, file, old, new string, points int, check, reason string) pupil {
	_, text, err := labs.Solution(lab, file)
	if err != nil || !strings.Contains(string(text), old) {
		panic(fmt.Sprint(lab, file, old, err))
	}
	return pupil{name, lab, file, strings.Replace(string(text), old, new, 1), points, check, reason}
}

// honest are 20 pupils, of whom each fourth has made a mistake.
func honest() (all []pupil) {
	for i := range 20 {
		name := fmt.Sprintf("honest-%02d", i)
		switch {
		case i%8 == 3:
			all = append(all, changed(name, "01-publish", "publish.sh", "--input", "--rows 1000 --input", 3, "rows", "1000 missing"))
		case i%8 == 7:
			all = append(all, changed(name, "03-flink", "tables.sql", "x          DOUBLE", "x          BIGINT", 5, "columns", "column x is cut to a whole number"))
		case i%3 == 0:
			all = append(all, changed(name, "01-publish", "publish.sh", "", "", 10, "", ""))
		case i%3 == 1:
			all = append(all, changed(name, "03-flink", "tables.sql", "", "", 12, "", ""))
		default:
			all = append(all, changed(name, "04-export", "export.sql", "", "", 14, "", ""))
		}
	}
	return all
}

// TestClassWithHostileFiles: whoever is graded beside files that fill memory, sockets,
// the disk or a server gets what they deserve. Those fail, each with its reason, and
// nothing is left. With HOPLAB_CLASS=30, ten of thirty are hostile; otherwise it is a
// part of that class. Words after the number say on which servers: secure, containers, or
// attach, where nobody starts again what a file ends.
func TestClassWithHostileFiles(t *testing.T) {
	heavy(t)
	need.Broker(t)
	if err := sandbox.Available(t.Context(), t.TempDir()); err != nil {
		need.Sandbox.Skip(t, err)
	}
	class, servers := append(honest(), hostile()...), os.Getenv("HOPLAB_CLASS")
	if servers == "" {
		class = append(honest()[:5], hostile()[:4]...)
	}
	dir, made := t.TempDir(), filepath.Join(t.TempDir(), "made.json")
	if strings.Contains(servers, "attach") {
		class = slices.DeleteFunc(class, func(p pupil) bool { return strings.Contains(p.reason, ended) })
	}
	for _, p := range class {
		p.handIn(t, dir)
	}
	ownRuns(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	up, command := []string{"up", "--only", "mosquitto,kafka,flink-jobmanager,flink-taskmanager,flink-gateway,elasticsearch"}, []string{"grade", dir, "--lab", "1,3,4", "--jobs", "2", "--json", made}
	if strings.Contains(servers, "secure") {
		up = append(up, "--secure")
	}
	if strings.Contains(servers, "containers") {
		t.Setenv("HOPLAB_RUNTIME", "containers")
	}
	runLab(t, up...).want(t, exitOK)
	if strings.Contains(servers, "attach") {
		command = append(command, "--attach", filepath.Join(os.Getenv("HOPLAB_RUNS"), "lab", "attach.yaml"))
		t.Setenv("HOPLAB_RUNTIME", "attach")
	}
	before := left(t)
	usage.ResetPeak(os.Getpid())
	r := runLab(t, command...)
	r.want(t, exitOK)
	t.Logf("%s\n%s", r.err, r.out)
	if strings.Contains(r.err+r.out, "\x1b[2J") {
		t.Error("a folder's name clears the teacher's screen")
	}
	if peak, ok := usage.Peak(os.Getpid()); ok && peak > 1<<30 {
		t.Errorf("the grader has taken %d MiB", peak>>20)
	} else {
		t.Logf("the grader has taken %d MiB", peak>>20)
	}
	report := gradesIn(t, made)
	for _, p := range class {
		p.judge(t, report[p.name])
	}
	if after := left(t); after != before {
		t.Errorf("on the servers there was\n%s\nand after the grading there is\n%s", before, after)
	}
	for _, pattern := range []string{filepath.Join(temporary, "*"), filepath.Join(os.Getenv("HOPLAB_RUNS"), "*", "script-*")} {
		if files, _ := filepath.Glob(pattern); len(files) > 0 {
			t.Errorf("left on the disk: %q", files)
		}
	}
}

type gradedLab struct {
	ID     string
	Points int
	Checks []struct{ ID, Outcome, Reason string }
}

func gradesIn(t *testing.T, path string) map[string][]gradedLab {
	t.Helper()
	text, err := os.ReadFile(path)
	var report struct {
		Submissions []struct {
			Student string
			Labs    []gradedLab
		}
	}
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	labs := map[string][]gradedLab{}
	for _, s := range report.Submissions {
		labs[s.Student] = s.Labs
	}
	return labs
}

func (p pupil) handIn(t *testing.T, class string) {
	t.Helper()
	folder := filepath.Join(class, p.name, p.lab)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{p.file: p.text}
	if p.lab == "04-export" {
		_, template, err := labs.Solution(p.lab, "index-template.json")
		if err != nil {
			t.Fatal(err)
		}
		files["index-template.json"] = string(template)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// judge compares a grade with what the pupil deserves.
func (p pupil) judge(t *testing.T, made []gradedLab) {
	t.Helper()
	for _, l := range made {
		if l.ID != p.lab {
			continue
		}
		if l.Points != p.points {
			t.Errorf("%q: %d points, want %d: %+v", p.name, l.Points, p.points, l.Checks)
		}
		for _, c := range l.Checks {
			if c.Outcome == string(hop.Passed) {
				continue
			}
			if c.Outcome != string(hop.Failed) || c.ID != p.check || !regexp.MustCompile(p.reason).MatchString(c.Reason) {
				t.Errorf("%q: %s is %s: %s\nwant %s failed: %s", p.name, c.ID, c.Outcome, c.Reason, p.check, p.reason)
			}
			t.Logf("%q: %s %s: %.300s", p.name, c.ID, c.Outcome, c.Reason)
			return
		}
		if p.check != "" {
			t.Errorf("%q has passed all checks", p.name)
		}
		return
	}
	t.Errorf("%q has no grade", p.name)
}
