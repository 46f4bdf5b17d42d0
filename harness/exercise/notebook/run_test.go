package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/verify/hop"
)

// fake is an executor that does what a cell's code says.
type fake struct{ ran []string }

func (f *fake) Run(ctx context.Context, c Cell) (string, error) {
	f.ran = append(f.ran, c.Name())
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Code), " ")
	switch word {
	case "print":
		return rest + "\n", nil
	case "fail":
		return "", &Failure{Text: rest + "\n", Err: errors.New("it fails: " + rest)}
	case "break":
		return "", errors.New("no server")
	case "panic":
		panic("at the disco")
	case "endless":
		<-ctx.Done()
		return "", context.Cause(ctx)
	case "deaf":
		select {} // it stays behind, as the real ones would
	case "huge":
		return strings.Repeat("é\x00\xff\n", 2<<20), nil
	}
	return "", nil
}

func run(t *testing.T, options Options, lines ...string) (Report, *fake) {
	t.Helper()
	f := &fake{}
	r, err := Run(t.Context(), mustParse(t, page(lines...)), f, options)
	if err != nil {
		t.Fatal(err)
	}
	return r, f
}

func sh(attributes, code string) string {
	return strings.TrimSpace("'''sh "+attributes) + "\n" + code + "\n'''"
}

func output(text string) string { return "'''output\n" + text + "\n'''" }

func TestRunJudges(t *testing.T) {
	for _, test := range []struct {
		cell, shown string
		want        hop.Outcome
		detail      string
		showable    bool
	}{
		{sh("", "print 5"), "[N]", hop.Passed, "", true},
		{sh("", "print five"), "[N]", hop.Failed, "README.md:5: the output isn't what the page shows", true},
		{sh("", "print five"), "", hop.Passed, "", true},
		{sh("", "fail because"), "because", hop.Failed, "README.md:1: it fails: because\nit printed:\nbecause", false},
		{sh("fails", "fail because"), "because", hop.Passed, "", true},
		{sh("fails", "fail because"), "another", hop.Failed, "README.md:5: the output isn't", true},
		{sh("fails", "print 5"), "5", hop.Failed, "README.md:1: the cell must fail (it has the attribute fails), but it succeeded", false},
		{sh("", "break"), "", hop.Error, "README.md:1: no server", false},
		{sh("fails", "break"), "no server", hop.Error, "README.md:1: no server", false},
		{sh("", "panic"), "", hop.Error, "README.md:1: the executor of sh cells panicked: at the disco", false},
		{sh("timeout=20ms", "endless"), "", hop.Failed, "README.md:1: the cell was not done within 20ms", false},
		{sh("fails timeout=20ms", "endless"), "not done within 20ms", hop.Passed, "", true},
		{sh("fails timeout=20ms", "deaf"), "", hop.Error, "README.md:1: the cell still runs 30ms after it should have ended", false},
	} {
		lines := []string{test.cell}
		if test.shown != "" {
			lines = append(lines, output(test.shown))
		}
		report, _ := run(t, Options{Grace: 30 * time.Millisecond}, lines...)
		got := report.Results[0]
		if got.Outcome != test.want || report.Outcome != test.want || !strings.HasPrefix(got.Detail, test.detail) ||
			(test.detail == "") != (got.Detail == "") || got.Showable != test.showable {
			t.Errorf("%q with %q\ngot  %s %q, showable %v\nwant %s %q", test.cell, test.shown, got.Outcome, got.Detail, got.Showable, test.want, test.detail)
		}
	}
}

var three = []string{sh("id=a", "print 1"), sh("id=b", "fail why"), sh("norun", "print"), sh("id=c", "print 3")}

func TestRunStopsOrGoesOn(t *testing.T) {
	for goes, want := range map[bool]string{
		false: "a passed|b failed|c skipped skipped because of b at line 4, which has not passed",
		true:  "a passed|b failed|c passed",
	} {
		report, f := run(t, Options{KeepGoing: goes}, three...)
		var got []string
		for _, r := range report.Results {
			line := r.Cell.Name() + " " + string(r.Outcome)
			if r.Outcome == hop.Skipped {
				line += " " + r.Detail
			}
			got = append(got, line)
		}
		if strings.Join(got, "|") != want || report.Outcome != hop.Failed || len(f.ran) != strings.Count(want, "|")+1-strings.Count(want, "which") {
			t.Errorf("keep going %v: got %v, ran %v; want %s", goes, got, f.ran, want)
		}
	}
}

func TestRunTellsEvents(t *testing.T) {
	var got []string
	run(t, Options{Event: func(e Event) {
		if e.Result == nil {
			got = append(got, "start "+e.Cell.Name())
			return
		}
		got = append(got, string(e.Result.Outcome)+" "+e.Cell.Name())
	}}, three...)
	want := "[start a passed a start b failed b start c skipped c]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestRunPageLimit(t *testing.T) {
	report, _ := run(t, Options{PageLimit: 30 * time.Millisecond, KeepGoing: true}, sh("fails", "endless"), sh("", "print"))
	first, second := report.Results[0], report.Results[1]
	if first.Outcome != hop.Failed || !strings.Contains(first.Detail, "the page was not done within 30ms") {
		t.Errorf("got %+v", first)
	}
	if second.Outcome != hop.Skipped || second.Detail != "skipped because of the page's time limit" {
		t.Errorf("got %+v", second)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(20*time.Millisecond, cancel).Stop()
	report, err := Run(ctx, mustParse(t, page(sh("fails", "endless"), sh("", "print"))), &fake{}, Options{})
	if err != nil || report.Outcome != hop.Error || report.Results[1].Outcome != hop.Skipped {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestRunCutsOutput(t *testing.T) {
	report, _ := run(t, Options{}, sh("", "huge"), output("x"))
	r := report.Results[0]
	if len(r.Output) > 4*MaxOutput || !strings.Contains(r.Output, "[cut: the first 65535 of 10485760 bytes]") || !strings.HasPrefix(r.Output, "é␀\ufffd\né") {
		t.Errorf("got %d bytes, ending in %q", len(r.Output), r.Output[len(r.Output)-60:])
	}
	if len(r.Detail) > 20_000 {
		t.Errorf("the detail has %d bytes", len(r.Detail))
	}
}

// TestRunAsksForParametersFirst: a page is never run halfway.
func TestRunAsksForParametersFirst(t *testing.T) {
	f := &fake{}
	p := mustParse(t, page(sh("", "print"), "'''json", "${a}", "'''", "'''http", "GET http://${b}/", "'''"))
	_, err := Run(t.Context(), p, f, Options{Params: map[string]string{"c": ""}})
	want := "README.md:5:1: the parameter ${a} has no value; the known ones are c\nREADME.md:8:12: the parameter ${b} has no value; the known ones are c"
	if fmt.Sprint(err) != want || len(f.ran) > 0 {
		t.Errorf("got %v, ran %v", err, f.ran)
	}
}

func TestClean(t *testing.T) {
	if got := clean("\x1b[1;31mred\x1b[0m\r\n\ta\x07\rb"); got != "red\n\ta␇␍b" {
		t.Errorf("got %q", got)
	}
	if got := cut("aé", 2); got != "a\n[cut: the first 1 of 3 bytes]\n" {
		t.Errorf("got %q", got)
	}
}

func TestReportPrint(t *testing.T) {
	report, _ := run(t, Options{}, three...)
	for i := range report.Results {
		report.Results[i].Took = 0
	}
	want := `README.md:1: a passed (0.0 s)
README.md:4: b failed (0.0 s)
  README.md:4: it fails: why
  it printed:
  why
README.md:10: c skipped (0.0 s)
  skipped because of b at line 4, which has not passed
`
	if got := report.Print(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
