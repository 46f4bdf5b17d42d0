package author

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

// passing passes every check of files that hold what it looks for, and of others
// none.
func passing(passes string) func(context.Context, string, lab.Lab, string) report.Grade {
	return func(_ context.Context, _ string, l lab.Lab, dir string) (made report.Grade) {
		text, _ := os.ReadFile(filepath.Join(dir, l.Files[0]))
		for _, c := range l.Checks {
			check := report.Check{ID: c.ID, Max: c.Points, Outcome: hop.Failed, Reason: "no"}
			if strings.Contains(string(text), passes) {
				check.Points, check.Outcome = c.Points, hop.Passed
			}
			made.Checks = append(made.Checks, check)
		}
		return made
	}
}

func shows(r notebook.Result, err error) func(context.Context, lab.Lab, *notebook.Page) (notebook.Report, error) {
	return func(_ context.Context, _ lab.Lab, p *notebook.Page) (notebook.Report, error) {
		r.Cell = p.Cells[0]
		return notebook.Report{Results: []notebook.Result{r}}, err
	}
}

func TestTry(t *testing.T) {
	const yaml, page = "labs/03-flink/lab.yaml", "labs/03-flink/README.md"
	broken := func(context.Context, string, lab.Lab, string) report.Grade {
		return report.Grade{Checks: []report.Check{{ID: "files", Outcome: hop.Error, Reason: "kafka is gone"}}}
	}
	for _, c := range []struct {
		name        string
		stack       Stack
		want, wrong string
	}{
		{"as it should be", Stack{passing("SELECT"), shows(notebook.Result{Outcome: hop.Passed}, nil)}, "", ""},
		{"no page is run", Stack{Grade: passing("SELECT")}, "", ""},
		{"the unsolved one passes", Stack{passing(""), nil},
			yaml + ":7: check files passes although\n" + yaml + ":13: check rows passes although", ""},
		{"the solution fails", Stack{passing("nowhere"), nil},
			yaml + ":7: the solution gets 0 of the 2 points of check files (failed): no\n" + yaml + ":13: the solution gets 0 of the 3 points", ""},
		{"a cell fails", Stack{passing("SELECT"), shows(notebook.Result{Outcome: hop.Failed, Detail: page + ":11: it says so\nand more"}, nil)},
			page + ":11: it says so\n    and more", ""},
		{"another output", Stack{passing("SELECT"), shows(notebook.Result{
			Outcome: hop.Failed, Detail: page + ":15: the output isn't", Difference: &notebook.Difference{Line: 15}}, nil)},
			page + ":15: the output isn't", ""},
		{"a cell can't be run", Stack{passing("SELECT"), shows(notebook.Result{Outcome: hop.Error, Detail: "gone"}, nil)}, "", "run " + page + ": gone"},
		{"the page can't be run", Stack{passing("SELECT"), shows(notebook.Result{}, errors.New("gone"))}, "", "run " + page + ": gone"},
		{"a check can't be made", Stack{broken, nil}, "", "try lab 03-flink: check files couldn't be run: kafka is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sound := Sound(labsIn(t, files()))
			if len(sound) != 1 {
				t.Fatalf("labs %v", sound)
			}
			var r Report
			err := Try(t.Context(), sound[0], c.stack, &r)
			if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("error %v, want %q", err, c.wrong)
			}
			var said strings.Builder
			for _, p := range r.Problems {
				said.WriteString(p.String() + "\n")
			}
			for _, want := range strings.Split(c.want, "\n") {
				if !strings.Contains(said.String(), want) {
					t.Errorf("reported\n%s\nwant %s", said.String(), want)
				}
			}
			if c.want == "" && said.Len() > 0 {
				t.Errorf("reported\n%s\nwant nothing", said.String())
			}
		})
	}
}

// TestLabsThatCannotBeTried: the grader must not meet a kind of check that it
// doesn't know, nor a stack a component.
func TestLabsThatCannotBeTried(t *testing.T) {
	for _, c := range [][2]string{{"run: files", "run: fishes"}, {"[kafka,", "[rabbit,"}, {"rows: 500", "rows: many"}} {
		if all := Sound(labsIn(t, with(t, "labs/03-flink/lab.yaml", c[0], c[1]))); len(all) != 0 {
			t.Errorf("with %s: %v", c[1], all)
		}
	}
}

func TestReport(t *testing.T) {
	r := Report{Labs: 7, Checks: 43, Links: 1}
	var text, data bytes.Buffer
	r.Print(&text)
	if err := r.PrintJSON(&data); err != nil || !strings.Contains(data.String(), `"problems": []`) {
		t.Errorf("JSON %s, %v", data.String(), err)
	}
	r.Add(Link, "a.md", 3, "it leads to %s", "nowhere")
	r.Add(NoPage, "b.md", 1, "gone")
	r.Print(&text)
	want := "7 labs, 43 checks, 1 link: no problem\na.md:3: it leads to nowhere\nb.md:1: gone\n7 labs, 43 checks, 1 link: 2 problems\n"
	if text.String() != want {
		t.Errorf("printed\n%swant\n%s", text.String(), want)
	}
	r.Except(NoPage)
	data.Reset()
	var again Report
	if err := errors.Join(r.PrintJSON(&data), json.Unmarshal(data.Bytes(), &again)); err != nil || len(again.Problems) != 1 || again.Problems[0] != r.Problems[0] {
		t.Errorf("JSON %s, %v", data.String(), err)
	}
}
