package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/experiment/bench"
)

// fakePart is the only part of the bench while a test runs: the named file of
// figures, and an error.
func fakePart(t *testing.T, figures []bench.Figure, err error) {
	t.Helper()
	kept := benchParts
	t.Cleanup(func() { benchParts = kept })
	benchParts = []benchPart{
		{"reader", "as it is", byDefault, (*bencher).reader},
		{"fake", "of a test", byDefault, func(*bencher, context.Context) ([]bench.Figure, error) { return figures, err }},
	}
}

// figure is of three runs, and must be at most 10 s.
func figure(runs ...float64) bench.Figure {
	s := bench.Series{Median: runs[1], Min: runs[0], Max: runs[2], Runs: runs}
	return bench.Figure{
		Part: "fake", Name: "a boot", Unit: "s", Better: bench.Lower, Ours: s,
		Goal: &bench.Goal{Of: bench.OfOurs, Bound: bench.AtMost, Value: 10}, Met: s.Median <= 10,
	}
}

func TestBenchExitCodes(t *testing.T) {
	wrong := figure(1, 2, 3)
	wrong.Wrong = "2 rows were lost"
	cases := []struct {
		name   string
		figure bench.Figure
		args   string
		code   int
		says   string
	}{
		{"goal met", figure(8, 9, 10), "", exitOK, ""},
		{"goal missed", figure(9, 11, 12), "", exitFailed, "a boot misses its goal: 11.0 s, and it must be ≤ 10 s"},
		{"no goal is asked of the short form", figure(9, 11, 12), "--short", exitOK, ""},
		{"rows lost", wrong, "", exitFailed, "2 rows were lost"},
		{"rows lost in the short form", wrong, "--short", exitFailed, "2 rows were lost"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fakePart(t, []bench.Figure{c.figure}, nil)
			r := runLab(t, strings.Fields("dev bench --only fake "+c.args)...)
			r.want(t, c.code, c.says, "[1/1] fake")
			if !strings.Contains(r.out, "a boot") {
				t.Errorf("the table lacks the figure:\n%s", r.out)
			}
		})
	}
}

// TestBenchShowsWhatItHas: a part that can't be measured doesn't hide those
// before it, and no file is written.
func TestBenchShowsWhatItHas(t *testing.T) {
	fakePart(t, nil, errors.New("the server is gone"))
	path := filepath.Join(t.TempDir(), "report.json")
	r := runLab(t, "dev", "bench", "--rows", "1000", "--runs", "1", "--report", path)
	r.want(t, exitError, "bench fake: the server is gone", "[2/2] fake")
	if !strings.Contains(r.out, "reader / wc -l") {
		t.Errorf("what was measured isn't shown:\n%s", r.out)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("half a report was written")
	}
}

func TestBenchFiles(t *testing.T) {
	fakePart(t, []bench.Figure{figure(8, 9, 10)}, nil)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(file("benchmarks.md"), []byte("# Title\n\n"+bench.Place.Begin+"\n"+bench.Place.End+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	runLab(t, "dev", "bench", "--rows", "1000", "--runs", "3", "--report", file("a.json"), "--update", file("benchmarks.md"), "--plot", file("a.svg")).want(t, exitOK)
	table, err := bench.Place.Read(file("benchmarks.md"))
	if err != nil || !strings.Contains(table, "| `fake` | a boot | 9.00 s (8.00 to 10.0) |") {
		t.Errorf("%v, table =\n%s", err, table)
	}
	runLab(t, "dev", "bench", "show", file("a.json"), "--update", file("benchmarks.md"), "--plot", file("b.png")).want(t, exitOK)
	if again, _ := bench.Place.Read(file("benchmarks.md")); again != table {
		t.Errorf("shown again it is\n%s\nand was\n%s", again, table)
	}
	for _, name := range []string{"a.svg", "b.png"} {
		if info, err := os.Stat(file(name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBenchEndsWithCtrlC leaves no file behind.
func TestBenchEndsWithCtrlC(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	ctx, press := context.WithCancel(t.Context())
	kept := benchParts
	t.Cleanup(func() { benchParts = kept })
	benchParts = []benchPart{{"fake", "", byDefault, func(_ *bencher, ctx context.Context) ([]bench.Figure, error) {
		press()
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}}}
	labUntil(ctx, nil, "dev", "bench").want(t, exitInterrupted, "interrupted")
	if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// reportFile writes a report of one figure.
func reportFile(t *testing.T, change func(*bench.Report)) string {
	t.Helper()
	r := bench.NewReport(bench.Options{Rows: 5, Runs: 3})
	r.Figures = []bench.Figure{figure(8, 9, 10)}
	change(&r)
	path := filepath.Join(t.TempDir(), "report.json")
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBenchCompare(t *testing.T) {
	same := reportFile(t, func(*bench.Report) {})
	worse := reportFile(t, func(r *bench.Report) { r.Figures[0] = figure(18, 19, 20) })
	elsewhere := reportFile(t, func(r *bench.Report) { r.Machine.Cores = 1000 })
	cases := []struct {
		name string
		args []string
		code int
		out  string
		says string
	}{
		{"the same", []string{same, same, "--fail-on-regression"}, exitOK, "same", ""},
		{"worse, and nobody asks", []string{same, worse}, exitOK, "+111.1 %", ""},
		{"worse", []string{same, worse, "--fail-on-regression"}, exitFailed, "worse", "a boot is worse"},
		{"below a high threshold", []string{same, worse, "--fail-on-regression", "--threshold", "120"}, exitOK, "same", ""},
		{"better", []string{worse, same, "--fail-on-regression"}, exitOK, "better", ""},
		{"JSON", []string{same, worse, "--json"}, exitOK, `"verdict": "worse"`, ""},
		{"another machine", []string{same, elsewhere}, exitOK, "same", "warning: another machine: cores"},
		{"the rule is printed", []string{same, same}, exitOK, "The rule, with a threshold of 5 %", ""},
	}
	for _, c := range cases {
		r := runLab(t, append([]string{"dev", "bench", "compare"}, c.args...)...)
		r.want(t, c.code, c.says)
		if !strings.Contains(r.out, c.out) {
			t.Errorf("%s: it says\n%s", c.name, r.out)
		}
	}
}

func TestBenchCompareRefuses(t *testing.T) {
	good := reportFile(t, func(*bench.Report) {})
	newer := reportFile(t, func(r *bench.Report) { r.Schema = "urn:hoplab:bench-report:9" })
	text := filepath.Join(t.TempDir(), "benchmarks.md")
	if err := os.WriteFile(text, []byte("# Title\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	short := reportFile(t, func(r *bench.Report) { r.Short = true })
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte(bench.Place.Begin+"\n"+bench.Place.End+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"compare", good}, "accepts 2 arg"},
		{[]string{"compare", good, text}, text + ": it isn't a report of 'lab dev bench --report'"},
		{[]string{"compare", newer, good}, newer + ": it is a report of another version"},
		{[]string{"compare", good, good + ".absent"}, "no such file"},
		{[]string{"compare", good, good, "--threshold", "-1"}, "--threshold is -1"},
		{[]string{"compare", good, good, "--threshold", "NaN"}, "--threshold is NaN"},
		{[]string{"show"}, "requires at least 1 arg"},
		{[]string{"show", text}, text},
		{[]string{"show", good, "--plot", "x.gif"}, ".png or .svg"},
		{[]string{"show", good, "--update", text}, "has no place for the figures"},
		{[]string{"--plot", "x.gif"}, ".png or .svg"},
		{[]string{"--update", text}, "has no place for the figures"},
		{[]string{"--only", "reader", "--update", "../../docs/benchmarks.md"}, "lab dev bench show"},
		{[]string{"--short", "--update", page}, "--short only shows that the parts work"},
		{[]string{"show", short, "--update", page}, "a report is of the short form"},
		{[]string{"--rows", "0"}, "must be positive"},
		{[]string{"--short", "--runs", "0"}, "must be positive"},
		{[]string{"faster"}, "faster"},
	} {
		runLab(t, append([]string{"dev", "bench"}, c.args...)...).want(t, exitUsage, c.want)
	}
}
