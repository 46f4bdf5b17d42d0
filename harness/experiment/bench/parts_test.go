package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/verify/hop"
)

// TestStampsFollowTheRows: a row's time is that at which the next one is asked
// for, and the last one's that of the end.
func TestStampsFollowTheRows(t *testing.T) {
	input := &stamped{Input: wisdm.Generator{Seed: 1, Rows: 3}}
	source, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	var asked []time.Time
	for range 4 {
		asked = append(asked, time.Now())
		source.Read()
	}
	source.Read() // after the end nothing more is noted
	if len(input.at) != 3 {
		t.Fatalf("%d times of 3 rows", len(input.at))
	}
	for i, at := range input.at {
		if at.Before(asked[i+1]) || i+2 < len(asked) && at.After(asked[i+2]) {
			t.Errorf("row %d: %v, and the next was asked for at %v", i, at, asked[i+1])
		}
	}
}

func TestMillisecondsLeaveOutTheFirst(t *testing.T) {
	warm := int(latencyWarm.Seconds() * latencyRate)
	began := time.Now()
	j := journey{sent: &stamped{}, rows: int64(warm + 3)}
	for i := range warm + 3 {
		took := time.Hour // nothing of the beginning counts
		if i >= warm {
			took = time.Duration(warm+3-i) * time.Millisecond
		}
		j.sent.at, j.found = append(j.sent.at, began), append(j.found, began.Add(took))
	}
	if got := j.milliseconds(); len(got) != 3 || got[0] != 1 || got[2] != 3 {
		t.Errorf("milliseconds = %v", got)
	}
}

// TestSearch: the index isn't there at first, and rows are found out of order.
func TestSearch(t *testing.T) {
	answers := [][]int64{nil, {2}, {2, 1}, {3}}
	var from []int64
	ask := func(_ context.Context, at int64) ([]int64, error) {
		from = append(from, at)
		if len(from) == 1 {
			return nil, errors.New("503 Service Unavailable")
		}
		return answers[len(from)-1], nil
	}
	j := journey{rows: 3, found: make([]time.Time, 3), limit: time.Minute}
	if err := j.search(t.Context(), ask); err != nil || !slices.Equal(from, []int64{1, 1, 1, 3}) {
		t.Errorf("%v, asked from %v", err, from)
	}
	if !j.found[1].Before(j.found[0]) || !j.found[0].Before(j.found[2]) {
		t.Errorf("found at %v", j.found)
	}
}

func TestSearchGivesUp(t *testing.T) {
	for want, ask := range map[string]func(context.Context, int64) ([]int64, error){
		"finds row 2 of 3": func(context.Context, int64) ([]int64, error) { return []int64{1}, nil },
		"disk is full":     func(context.Context, int64) ([]int64, error) { return nil, errors.New("disk is full") },
		"seq 4 of 3 rows":  func(context.Context, int64) ([]int64, error) { return []int64{4}, nil },
		"seq 0 of 3 rows":  func(context.Context, int64) ([]int64, error) { return []int64{0}, nil },
	} {
		j := journey{rows: 3, found: make([]time.Time, 3), limit: time.Millisecond}
		if err := j.search(t.Context(), ask); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("a server died"))
	j := journey{rows: 3, found: make([]time.Time, 3), limit: time.Minute}
	if err := j.search(ctx, func(context.Context, int64) ([]int64, error) { return nil, ctx.Err() }); err == nil || err.Error() != "a server died" {
		t.Errorf("error = %v", err)
	}
}

func TestReadingsRate(t *testing.T) {
	at := time.Now()
	if got := (reading{1000, at}).rate(reading{5000, at.Add(2 * time.Second)}); got != 2000 {
		t.Errorf("rate = %v: what was there at first doesn't count", got)
	}
}

func TestPays(t *testing.T) {
	for want, runs := range map[string][]pair{
		"the archives pay: they save 4.0 s":       {{6, 10}, {7, 11}},
		"the archives don't pay: they cost 2.0 s": {{12, 10}, {13, 11}},
		"make no difference":                      {{9, 10}, {12, 11}},
	} {
		if got := pays(compare("x", "s", runs, 0, true)); !strings.Contains(got, want) {
			t.Errorf("%v: %q", runs, got)
		}
	}
}

func firstLab(t *testing.T) lab.Lab {
	t.Helper()
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Find(all, "1")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// fakeGrade gives all points but lost ones to each submission, once it has seen
// that our solution is there.
func fakeGrade(t *testing.T, lost int, seen map[string]bool) GradeFolder {
	return func(_ context.Context, dir string, labs []lab.Lab, jobs int) (report.Report, error) {
		l := labs[0]
		class, err := handin.Open(dir, labs)
		if err != nil {
			return report.Report{}, err
		}
		var r report.Report
		for _, s := range class.Submissions {
			if _, err := os.Stat(filepath.Join(s.Folder(l.ID), l.Files[0])); err != nil || seen[s.Student] {
				t.Errorf("%s: %v, or it has been graded before", s.Student, err)
			}
			seen[s.Student] = true
			check := report.Check{ID: "rows", Outcome: hop.Passed, Points: 4 - lost, Max: 4}
			if lost > 0 {
				check.Outcome, check.Reason = hop.Failed, "rows are missing"
			}
			r.Students = append(r.Students, report.Student{Name: s.Student, Labs: []report.Grade{{ID: l.ID, Checks: []report.Check{check}}}})
		}
		return r, nil
	}
}

func TestGrading(t *testing.T) {
	seen := map[string]bool{}
	f, err := Grading(t.Context(), fakeGrade(t, 0, seen), firstLab(t), 3, t.TempDir(), Options{Runs: 2})
	if err != nil || len(seen) != 13 || len(f.Ratio.Runs) != 2 || f.Better != Higher || f.Ours.Median <= 0 {
		t.Errorf("%v, %d students, figure %+v", err, len(seen), f)
	}
}

// TestGradingWantsAllPoints: otherwise the time is that of something else.
func TestGradingWantsAllPoints(t *testing.T) {
	_, err := Grading(t.Context(), fakeGrade(t, 1, map[string]bool{}), firstLab(t), 2, t.TempDir(), Options{Runs: 1})
	if err == nil || !strings.Contains(err.Error(), "3 of 4 points: 01-publish: rows failed, rows are missing") {
		t.Errorf("error = %v", err)
	}
	none := func(context.Context, string, []lab.Lab, int) (report.Report, error) { return report.Report{}, nil }
	if _, err := Grading(t.Context(), none, firstLab(t), 2, t.TempDir(), Options{Runs: 1}); err == nil || !strings.Contains(err.Error(), "0 of 1") {
		t.Errorf("error = %v", err)
	}
	broken := func(context.Context, string, []lab.Lab, int) (report.Report, error) {
		return report.Report{}, errors.New("gone")
	}
	if _, err := Grading(t.Context(), broken, firstLab(t), 2, t.TempDir(), Options{Runs: 1}); err == nil || err.Error() != "gone" {
		t.Errorf("error = %v", err)
	}
}

// startIn starts stacks in a folder of the test's, and notes which.
func startIn(dir string, started *[]Stack) StartStack {
	return func(ctx context.Context, s Stack) (*keeper.Client, error) {
		*started = append(*started, s)
		return keeper.Start(ctx, keeper.Config{Dir: filepath.Join(dir, "run"), Cache: filepath.Join(dir, "cache"), Owner: os.Getpid()})
	}
}

// TestBoots boots the built-in broker, which is up at once.
func TestBoots(t *testing.T) {
	var started []Stack
	dir := t.TempDir()
	b := Boots{Start: startIn(dir, &started), Names: []string{"mochi"}, Options: Options{Runs: 2}}
	figures, err := b.SideBySide(t.Context())
	if err != nil || len(figures) != 3 || figures[0].Goal == nil || figures[0].Theirs.Min <= 0 || figures[2].Of != "mochi" || len(figures[2].Ours.Runs) != 2 {
		t.Errorf("%v, figures %+v", err, figures)
	}
	started = nil
	if figures, err = b.Cold(t.Context()); err != nil || len(figures) != 2 || figures[1].Ratio == nil {
		t.Errorf("%v, figures %+v", err, figures)
	}
	if len(started) != 8 || !started[0].EmptyCache || !started[1].EmptyCache || started[2].EmptyCache {
		t.Errorf("started %+v", started)
	}
	b.Short, started = true, nil
	if figures, err = b.Classes(t.Context()); err != nil || len(figures) != 1 || !strings.Contains(figures[0].Detail, "archives") {
		t.Errorf("%v, figures %+v", err, figures)
	}
	if len(started) != 4 || started[0].NoClassData || !started[1].NoClassData {
		t.Errorf("started %+v", started)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "run")); len(left) > 0 {
		t.Errorf("the run's folder holds %v", left)
	}
}

func TestBootsTellWhatFailed(t *testing.T) {
	var started []Stack
	b := Boots{Start: startIn(t.TempDir(), &started), Names: []string{"submarine"}, Options: Options{Runs: 1}}
	if _, err := b.Cold(t.Context()); err == nil || !strings.Contains(err.Error(), "submarine with an empty cache") {
		t.Errorf("error = %v", err)
	}
}
