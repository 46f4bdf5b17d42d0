package probe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// series returns one number after the other, and then stays at the last one.
func series(numbers ...int64) Counter {
	return func(context.Context) (int64, error) {
		n := numbers[0]
		if len(numbers) > 1 {
			numbers = numbers[1:]
		}
		return n, nil
	}
}

func closed() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func TestWatch(t *testing.T) {
	var seen []int64
	note := func(n int64) { seen = append(seen, n) }
	span, err := Watch(t.Context(), series(0, 1, 1, 3), 3, closed(), time.Minute, note)
	if err != nil || len(seen) != 2 || seen[1] != 3 || span < 2*countPause {
		t.Errorf("span %v, %v, reports %v", span, err, seen)
	}
	if span, err := Watch(t.Context(), series(0), 3, closed(), 2*countPause, note); err != nil || span != 0 {
		t.Errorf("a count that stands still: span %v, %v", span, err)
	}
	broken := func(context.Context) (int64, error) { return 0, errors.New("no answer") }
	if _, err := Watch(t.Context(), broken, 3, closed(), 2*countPause, note); err == nil {
		t.Error("a count that can't be asked for: got no error")
	}
}

// TestWatchWaitsForThePublisher has the count stand still for longer than stall
// before the rows have all been published.
func TestWatchWaitsForThePublisher(t *testing.T) {
	after := make(chan struct{})
	asked := 0
	count := func(context.Context) (int64, error) {
		if asked++; asked == 5 {
			close(after)
			return 7, nil
		}
		return 0, nil
	}
	var last int64
	if _, err := Watch(t.Context(), count, 7, after, countPause, func(n int64) { last = n }); err != nil || last != 7 {
		t.Errorf("ended at %d, %v; want 7", last, err)
	}
}

func TestWatchCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("kafka died")
	count := func(context.Context) (int64, error) { cancel(why); return 1, nil }
	if _, err := Watch(ctx, count, 3, closed(), time.Minute, func(int64) {}); !errors.Is(err, why) {
		t.Errorf("error = %v, want the cause", err)
	}
}

func oracle(t *testing.T, n int64) *wisdm.Oracle {
	t.Helper()
	o, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: n}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSummed(t *testing.T) {
	o := oracle(t, 10)
	twice := append(append([]wisdm.Row{}, o.Rows()...), o.Rows()[4])
	cases := []struct {
		name     string
		rows     []wisdm.Row
		problems []string
		want     hop.Outcome
		detail   string
		actual   int64
	}{
		{"all", o.Rows(), nil, hop.Passed, "", 10},
		{"one twice", twice, nil, hop.Passed, "1 rows came twice", 10},
		{"one less", o.Rows()[1:], nil, hop.Failed, "missing", 9},
		{"a problem", o.Rows(), []string{"key is wrong"}, hop.Failed, "key is wrong", 10},
	}
	sum := func(rows []wisdm.Row, options wisdm.CompareOptions, problems []string) hop.Result {
		tally := wisdm.NewTally()
		for _, r := range rows {
			tally.Add(r)
		}
		return summed(t.Context(), hop.Kafka, o.Sums(), tally, rereadMemory(rows), options, problems)
	}
	for _, c := range cases {
		r := sum(c.rows, wisdm.CompareOptions{AllowRepeats: true}, c.problems)
		if r.Outcome != c.want || r.Actual != c.actual || !strings.Contains(r.Detail, c.detail) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	if r := sum(twice, wisdm.CompareOptions{}, nil); r.Outcome != hop.Failed {
		t.Errorf("a repeat where none is allowed: %+v", r)
	}
}

func TestProblemsAreCut(t *testing.T) {
	var p problems
	for range maxProblems + 3 {
		p.add("wrong")
	}
	all := p.all()
	if len(all) != maxProblems+1 || all[maxProblems] != "and 3 more" {
		t.Errorf("problems = %q", all)
	}
}
