package report

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/golden"
	"hoplab.example/harness/verify/hop"
)

func word(s string) string { return s }

// render returns the report in each format, the terminal's with them.
func render(t *testing.T, r Report) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, f := range Formats() {
		text, err := f.Render(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		texts[f.Name] = string(text)
	}
	var out bytes.Buffer
	r.Print(&out, word)
	texts["terminal"] = out.String()
	return texts
}

func TestGolden(t *testing.T) {
	for name, r := range reports() {
		for format, text := range render(t, r) {
			golden.Check(t, filepath.Join("testdata", name+"."+format), text)
		}
	}
}

// TestOrderDoesNotCount: submissions and labs come in any order when they are
// graded side by side.
func TestOrderDoesNotCount(t *testing.T) {
	want := render(t, reports()["class"])
	turned := reports()["class"]
	slices.Reverse(turned.Students)
	for _, s := range turned.Students {
		slices.Reverse(s.Labs)
	}
	first := turned.Students[0].Name
	for format, text := range render(t, turned) {
		if text != want[format] {
			t.Errorf("%s depends on the order:\n%s\nand\n%s", format, text, want[format])
		}
	}
	if turned.Students[0].Name != first {
		t.Error("rendering sorted the caller's report")
	}
}

// TestNoDurations: what two gradings of the same files differ in is not in the
// reports that people keep and compare.
func TestNoDurations(t *testing.T) {
	slow := reports()["class"]
	for _, s := range slow.Students {
		for _, l := range s.Labs {
			for i := range l.Checks {
				l.Checks[i].Took += 77 * time.Second
			}
		}
	}
	quick, texts := render(t, reports()["class"]), render(t, slow)
	for _, format := range []string{"csv", "markdown", "html", "terminal"} {
		if texts[format] != quick[format] {
			t.Errorf("%s has durations:\n%s", format, texts[format])
		}
	}
	if texts["json"] == quick["json"] || texts["junit"] == quick["junit"] {
		t.Error("JSON or JUnit have no durations")
	}
}

// TestNoGradeYet: a grader's fault must never look like a zero, and takes away no
// other lab's grade.
func TestNoGradeYet(t *testing.T) {
	for format, text := range render(t, Report{Students: []Student{{Name: "ane", Labs: []Grade{unsoundLab(), flinkLab()}}}}) {
		wants, never := []string{noGrade, "5 of 10"}, "5 of 14"
		if format == "json" {
			wants = []string{"\"points\": null,\n      \"max\": 14", "\"points\": null,\n          \"max\": 4", "\"points\": 5,\n          \"max\": 10"}
			never = "\"points\": 5,\n      \"max\": 14"
		}
		if format == "csv" {
			wants, never = []string{"ane,no grade yet,5,no grade yet,14"}, "5,14"
		}
		if format == "classroom" {
			wants, never = []string{`"status": "error"`}, `"max_score": 10`
		}
		if format == "items" {
			wants = []string{"bridge-rows,Each message is in the topic.,4,1,0,0,0,1"}
		}
		if format == "terminal" {
			wants = []string{"ane: no grade yet points"}
		}
		for _, want := range wants {
			if !strings.Contains(text, want) || strings.Contains(text, never) {
				t.Errorf("%s has %q or lacks %q:\n%s", format, never, want, text)
			}
		}
	}
}

func TestLongReasonIsCut(t *testing.T) {
	long := strings.Repeat("ñ", 1<<19) // 1 MiB
	check := Check{ID: "c", Title: long, Outcome: hop.Failed, Max: 1, Reason: long, Expected: long, Actual: long}
	r := Report{Students: []Student{{Name: "ane", Labs: []Grade{{ID: "l", Checks: []Check{check}}}}}}
	for format, text := range render(t, r) {
		if format == "json" {
			continue // holds more, see TestJSONCut
		}
		if len(text) > 30<<10 {
			t.Errorf("%s has %d bytes", format, len(text))
		}
		if format != "csv" && !strings.Contains(text, "…") {
			t.Errorf("%s doesn't say that it leaves something out", format)
		}
	}
}

// TestMarkdownStaysSmall: GitHub shows nothing of a summary above 1 MiB.
func TestMarkdownStaysSmall(t *testing.T) {
	lab := Grade{ID: "02-bridge"}
	for range 20 {
		lab.Checks = append(lab.Checks, Check{ID: "c", Outcome: hop.Failed, Max: 1, Reason: strings.Repeat("@", 4000)})
	}
	r := Report{Students: slices.Repeat([]Student{{Name: "ane", Labs: []Grade{lab}}}, 40)}
	text, err := r.Markdown()
	if err != nil || len(text) > 1<<20 || !strings.Contains(string(text), "\n600 more are in the other reports.\n") {
		t.Errorf("%d bytes, %v, ending in %s", len(text), err, text[max(0, len(text)-60):])
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	r := reports()["one"]
	for _, f := range Formats() {
		path := filepath.Join(dir, f.Name)
		if err := f.Write(r, path); err != nil {
			t.Error(err)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != render(t, r)[f.Name] {
			t.Errorf("%s holds %q, %v", path, text, err)
		}
		absent := filepath.Join(dir, "absent", f.Name)
		if err := f.Write(r, absent); err == nil || !strings.Contains(err.Error(), absent) {
			t.Errorf("writing %s: %v", absent, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(Formats()) {
		t.Errorf("left behind: %v", entries)
	}
}
