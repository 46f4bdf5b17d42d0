package ci

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/exercise/report"
)

// step is one line that a job runs. What the runner itself provides, such as an
// action, isn't a step.
type step = string

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func github(t *testing.T) (steps []step) {
	var file struct {
		Name        string
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Steps  []struct {
				Uses, Run string
				With      map[string]any
			}
		}
	}
	read(t, "github-classroom.yml", &file)
	grade, there := file.Jobs["run-autograding-tests"]
	if file.Name != "Autograding Tests" || len(file.Jobs) != 1 { // what GitHub Classroom's reporter wants, by its README
		t.Errorf("the workflow is called %q and has %d jobs", file.Name, len(file.Jobs))
	}
	if _, push := file.On["push"]; !push || !there || grade.RunsOn == "" || len(file.Permissions) != 1 || file.Permissions["contents"] != "read" {
		t.Errorf("github-classroom.yml isn't a workflow that reads at each push: %+v", file)
	}
	cached := false
	for _, s := range grade.Steps {
		if (s.Uses == "") == (s.Run == "") {
			t.Errorf("a step has one of uses and run: %+v", s)
		}
		if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
			t.Errorf("a checkout leaves a token where a student's cells find it: %+v", s)
		}
		cached = cached || strings.HasPrefix(s.Uses, "actions/cache@") && s.With["path"] == "~/.cache/hoplab"
		if strings.Contains(s.Run, "${{") {
			t.Errorf("a name becomes a part of the script: %s", s.Run)
		}
		steps = append(steps, s.Run)
	}
	if !cached {
		t.Error("each job downloads the servers again")
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return s == "" })
	if last := len(steps) - 1; steps[last] != `echo "result=$(base64 --wrap=0 grade.classroom)" >> "$GITHUB_OUTPUT"` {
		t.Errorf("the reporter gets no result: %s", steps[last])
	}
	return steps[:len(steps)-1]
}

func gitlab(t *testing.T) []step {
	var file map[string]struct {
		Image        string
		BeforeScript []step `yaml:"before_script"`
		Script       []step
		Artifacts    struct{ Reports map[string]string }
		Variables    map[string]string
		Cache        struct{ Paths []string }
	}
	read(t, "gitlab-ci.yml", &file)
	job, there := file["grade"]
	if !there || len(file) != 1 || job.Image == "" || job.Artifacts.Reports["junit"] != "grade.xml" {
		t.Errorf("gitlab-ci.yml isn't one job with a JUnit report: %+v", file)
	}
	if len(job.Cache.Paths) != 1 || job.Variables["HOPLAB_CACHE"] != "$CI_PROJECT_DIR/"+job.Cache.Paths[0] {
		t.Errorf("each job downloads the servers again: %+v", job)
	}
	// Fetching hoplab and changing into its folder aren't commands of ours.
	return slices.DeleteFunc(append(job.BeforeScript, job.Script...), func(s step) bool {
		return strings.HasPrefix(s, "git clone ") || strings.HasPrefix(s, "cd ")
	})
}

// TestTwoCommands: a job installs what is needed, and grades.
func TestTwoCommands(t *testing.T) {
	for name, steps := range map[string][]step{"github-classroom.yml": github(t), "gitlab-ci.yml": gitlab(t)} {
		if len(steps) != 2 {
			t.Fatalf("%s runs %d commands, want 2: %q", name, len(steps), steps)
		}
		for _, needed := range []string{"openjdk-17-jdk-headless", "maven"} {
			if !strings.Contains(steps[0], needed) {
				t.Errorf("%s doesn't install %s: %s", name, needed, steps[0])
			}
		}
		checkGrade(t, name, steps[1])
	}
}

// checkGrade checks that a command calls lab grade with flags that exist. Those of the
// reports come from the package that writes them; the others are listed here.
func checkGrade(t *testing.T, name, command string) {
	t.Helper()
	known := []string{"--fail-under", "--for-students"}
	for _, f := range report.Formats() {
		known = append(known, "--"+f.Name)
	}
	if !strings.Contains(command, " --for-students ") {
		t.Errorf("students read what hidden checks saw: %q", command)
	}
	if !strings.HasPrefix(command, "go run ./harness/cmd/lab grade ") || strings.Contains(command, "\n") {
		t.Errorf("%s doesn't grade by one command: %s", name, command)
	}
	if _, err := os.Stat("../../harness/cmd/lab/main.go"); err != nil {
		t.Error(err)
	}
	flags := slices.DeleteFunc(strings.Fields(command), func(word string) bool { return !strings.HasPrefix(word, "-") })
	for _, want := range []string{"--json", "--junit", "--markdown"} {
		if !slices.Contains(flags, want) {
			t.Errorf("%s grades without %s", name, want)
		}
	}
	for _, flag := range flags {
		if !slices.Contains(known, flag) {
			t.Errorf("%s grades with %s, which isn't one of %v", name, flag, known)
		}
	}
}

// TestGoVersion: an image with an older Go than go.mod asks for fetches another
// in each job.
func TestGoVersion(t *testing.T) {
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)
	text, err := fs.ReadFile(Files, "gitlab-ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	if version == nil || !strings.Contains(string(text), "golang:"+string(version[1])+"-") {
		t.Errorf("go.mod asks for Go %s, the image of gitlab-ci.yml has another", version)
	}
}
