package watch

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/verify/hop"
)

// clock is a fake clock, which each look moves on by a second.
type clock struct{ at time.Time }

func (c *clock) now() time.Time {
	c.at = c.at.Add(time.Second)
	return c.at
}

// sampled returns a sampler of a fake source, whose looks are a second apart.
func sampled(f *fake, c Config) *sampler {
	c.Source = f
	s := newSampler(c.withDefaults())
	s.now = (&clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}).now
	return s
}

func (s *sampler) times(n int) (last Snapshot) {
	for range n {
		last = s.look(context.Background())
	}
	return last
}

func at(s Snapshot, name string) Hop { return s.Hops[slices.Index(watched, name)] }

func TestRates(t *testing.T) {
	f := newFake(1000)
	f.growBy(20)
	s := sampled(f, Config{Run: "r", Names: map[string]string{hop.Kafka: "smart"}})
	first := s.times(1)
	if h := at(first, hop.Kafka); h.Rows != 1020 || h.Rate != 0 || first.State != Quiet || h.Of != "smart" {
		t.Errorf("first look: %+v, %s", h, first.State)
	}
	if h := at(s.times(5), hop.Kafka); h.Rows != 1120 || h.Rate != 20 || len(h.History) != 6 {
		t.Errorf("after five looks more: %+v", h)
	}
	f.growBy(0)
	if h := at(s.times(1), hop.Kafka); math.Abs(h.Rate-40./3) > 1e-9 {
		t.Errorf("a second after the last row: %v", h.Rate)
	}
	quiet := s.times(maxHistory)
	if h := at(quiet, hop.Kafka); h.Rate != 0 || quiet.State != Quiet || len(h.History) != maxHistory || len(quiet.Problems) != 0 {
		t.Errorf("at rest: %+v, %s", h, quiet.State)
	}
}

// TestProblems says at which hop something is wrong, and only then.
func TestProblems(t *testing.T) {
	grow := func(n int64) func(*Reading) { return func(r *Reading) { r.Rows, r.Passed = r.Rows+n, r.Passed+n } }
	drop := func(r *Reading) { r.Rows, r.Passed = 0, 0 }
	cases := []struct {
		name   string
		rows   int64 // at the first look
		change map[string]func(*Reading)
		looks  int
		where  []string
		text   string
	}{
		{"all at rest", 100, nil, 30, nil, ""},
		{"no bridge", 100, map[string]func(*Reading){hop.MQTT: grow(5)}, 20, []string{hop.Kafka}, "stood still behind mqtt since 03:04:07 UTC"},
		{"no bridge, not yet for long", 100, map[string]func(*Reading){hop.MQTT: grow(5)}, 10, nil, ""},
		{"no job", 100, map[string]func(*Reading){hop.MQTT: grow(5), hop.Kafka: grow(5)}, 20, []string{hop.Flink}, "behind kafka"},
		{"exporter in Flink's place", 100, map[string]func(*Reading){hop.MQTT: grow(5), hop.Kafka: grow(5), hop.Elasticsearch: grow(5)}, 20, nil, ""},
		{"the job doesn't write", 100, map[string]func(*Reading){hop.Kafka: grow(5), hop.Flink: grow(5)}, 20, []string{hop.Elasticsearch}, "behind flink"},
		{"the same rows again", 100, map[string]func(*Reading){hop.Kafka: grow(5), hop.Flink: grow(5), hop.Elasticsearch: func(r *Reading) { r.Passed += 5 }}, 20, nil, ""},
		{"stood still before", 100, map[string]func(*Reading){hop.Flink: drop, hop.Elasticsearch: drop}, 20, []string{hop.Flink}, "kafka holds rows"},
		{"job restarted from a checkpoint", 100, map[string]func(*Reading){hop.Flink: drop}, 20, nil, ""},
		{"all begun anew", 100, map[string]func(*Reading){hop.MQTT: grow(5), hop.Kafka: drop, hop.Flink: drop, hop.Elasticsearch: drop}, 20, nil, ""},
		{"unreadable", 100, map[string]func(*Reading){hop.Kafka: func(r *Reading) { r.Err = errors.New("no answer") }}, 1, []string{hop.Kafka}, "no answer"},
		{"restarting", 100, map[string]func(*Reading){hop.Flink: func(r *Reading) { r.Problem = "job x is RESTARTING" }}, 1, []string{hop.Flink}, "RESTARTING"},
		{"no Flink", 100, map[string]func(*Reading){hop.Kafka: grow(5), hop.Flink: func(r *Reading) { *r = Reading{Absent: true} }}, 20, []string{hop.Elasticsearch}, "behind flink"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(c.rows)
			s := sampled(f, Config{})
			s.times(1)
			for name, change := range c.change {
				f.set(name, change)
			}
			got := s.times(c.looks)
			var where []string
			for _, p := range got.Problems {
				where = append(where, p.Where)
				if !strings.Contains(p.Text, c.text) || !at(got, p.Where).Wrong {
					t.Errorf("problem %+v, want one with %q, and its hop wrong", p, c.text)
				}
			}
			if !slices.Equal(where, c.where) || (got.State == Trouble) != (len(c.where) > 0) {
				t.Errorf("problems at %v, state %s; want %v: %+v", where, got.State, c.where, got.Problems)
			}
		})
	}
}

// TestAbsentHop: what comes after it is compared with what comes before it.
func TestAbsentHop(t *testing.T) {
	f := newFake(100)
	f.set(hop.Flink, func(r *Reading) { *r = Reading{Absent: true} })
	s := sampled(f, Config{})
	s.times(1)
	f.set(hop.Kafka, func(r *Reading) { r.Rows, r.Passed = 105, 105 })
	got := s.times(20)
	if len(got.Problems) != 1 || got.Problems[0].Where != hop.Elasticsearch || !at(got, hop.Flink).Absent {
		t.Errorf("problems: %+v", got.Problems)
	}
}

// TestFailedComponent, whose log has a password and a text that isn't one.
func TestFailedComponent(t *testing.T) {
	f := newFake(1)
	f.sample.Components[0] = Component{Name: "kafka", Phase: "failed", Error: "kafka died: s3cr3t \xff \u202e\x1b[31m " + strings.Repeat("é", 2000), Hint: "see s3cr3t"}
	f.set(hop.Kafka, func(r *Reading) { r.Last = []Row{{"s3cr3t", "s3cr3t" + strings.Repeat("x", 5000)}} })
	got := sampled(f, Config{Secrets: []string{"", "s3cr3t"}}).times(1)
	text, err := json.Marshal(got)
	if err != nil || strings.Contains(string(text), "s3cr3t") || !strings.Contains(string(text), "(hidden)") {
		t.Errorf("%v: a secret in, or none hidden:\n%s", err, text)
	}
	if len(got.Problems) != 1 || got.Problems[0].Where != "kafka" || strings.ContainsAny(got.Problems[0].Text, "\x1b\u202e") {
		t.Errorf("problems: %+v", got.Problems)
	}
	if n := len(at(got, hop.Kafka).Last[0].Text); n > maxRowText+10 || len(got.Problems[0].Text) > maxText+10 {
		t.Errorf("texts of %d and %d bytes", n, len(got.Problems[0].Text))
	}
}

func TestHopIsKnownAgain(t *testing.T) {
	f := newFake(100)
	s := sampled(f, Config{})
	f.set(hop.Kafka, func(r *Reading) { r.Err = errors.New("no answer") })
	if h := at(s.times(2), hop.Kafka); !h.Wrong || h.Rows != 0 {
		t.Errorf("unreadable: %+v", h)
	}
	for _, name := range watched {
		f.set(name, func(r *Reading) { r.Err, r.Rows, r.Passed = nil, 150, 150 })
	}
	if got := s.times(40); len(got.Problems) != 0 || at(got, hop.Kafka).Rows != 150 || at(got, hop.Kafka).Rate != 0 {
		t.Errorf("known again: %+v", got)
	}
}

// TestChecks are made when rows have stopped changing, and again when more came.
func TestChecks(t *testing.T) {
	f := newFake(100)
	outcome, made := hop.Failed, 0
	check := func(context.Context) hop.Result {
		made++
		return hop.Result{Hop: hop.Kafka, Outcome: outcome, Detail: "row 7 is missing"}
	}
	s := sampled(f, Config{Expected: 100, Checks: map[string]Check{hop.Kafka: check}})
	f.growBy(1)
	s.times(3)
	if name, _ := s.checks.due(s, s.now()); name != "" {
		t.Errorf("the check of %s is due while rows come", name)
	}
	f.growBy(0)
	s.times(5)
	name, passed := s.checks.due(s, s.now())
	if again, _ := s.checks.due(s, s.now()); name != hop.Kafka || again != "" {
		t.Fatalf("due: %q, and %q meanwhile", name, again)
	}
	s.checks.run(t.Context(), name, passed)
	got := s.times(1)
	if len(got.Problems) != 1 || got.Problems[0].Text != "check failed: row 7 is missing" || at(got, hop.Kafka).Check == nil {
		t.Errorf("problems: %+v", got.Problems)
	}
	if name, _ := s.checks.due(s, s.now()); name != "" {
		t.Errorf("the check of %s is due again though nothing came", name)
	}
	outcome = hop.Passed
	f.set(hop.Kafka, func(r *Reading) { r.Rows, r.Passed = 200, 200 })
	s.times(5)
	name, passed = s.checks.due(s, s.now())
	s.checks.run(t.Context(), name, passed)
	if got := s.times(1); made != 2 || at(got, hop.Kafka).Wrong {
		t.Errorf("%d checks, %+v", made, got.Problems)
	}
}

func TestOnce(t *testing.T) {
	f := newFake(100)
	f.growBy(1)
	check := func(context.Context) hop.Result { return hop.Result{Outcome: hop.Passed} }
	got, err := Once(t.Context(), Config{Source: f, Every: 20 * time.Millisecond, Checks: map[string]Check{hop.Kafka: check}})
	looks, closed := f.counts()
	if h := at(got, hop.Kafka); err != nil || looks != 2 || closed != 1 || h.Rate <= 0 || h.Check == nil {
		t.Errorf("%v, %d looks, closed %d: %+v", err, looks, closed, h)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Once(ctx, Config{Source: f, Every: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
}
