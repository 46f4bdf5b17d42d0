package watch

import (
	"context"
	"time"

	"hoplab.example/harness/verify/hop"
)

// readLimit is how long one reading of all hops may take.
const readLimit = 4 * time.Second

// sampler reads the hops and makes snapshots. It is used by one goroutine.
type sampler struct {
	config Config
	veil   veil
	now    func() time.Time
	meters map[string]*meter
	seen   map[string]Reading // the last good ones, with the present error
	empty  map[string]time.Time
	checks *checks
}

func newSampler(c Config) *sampler {
	s := &sampler{config: c, veil: newVeil(c.Secrets), now: time.Now,
		meters: map[string]*meter{}, seen: map[string]Reading{}, empty: map[string]time.Time{}, checks: newChecks(c.Checks)}
	for _, name := range watched {
		s.meters[name] = &meter{}
	}
	return s
}

// look reads all hops once.
func (s *sampler) look(ctx context.Context) Snapshot {
	limited, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	sample := s.config.Source.Read(limited)
	at := s.now()
	var before int64
	for _, name := range watched {
		before = s.take(at, name, sample.Hops[name], before)
	}
	return s.snapshot(at, sample.Components)
}

// take records a reading and returns how much the hop has grown.
func (s *sampler) take(at time.Time, name string, r Reading, before int64) int64 {
	m := s.meters[name]
	if r.Absent { // rows bypass it
		s.seen[name], m.grown = r, before
		return before
	}
	if r.Err != nil {
		known := s.seen[name]
		known.Err, known.Problem, known.Note = r.Err, "", ""
		s.seen[name] = known
		m.silent()
		m.remember()
		return m.grown
	}
	s.seen[name] = r
	m.note(at, r.Passed, before)
	m.remember()
	return m.grown
}

func (s *sampler) snapshot(at time.Time, components []Component) Snapshot {
	shown := Snapshot{At: at.UTC(), Run: s.config.Run, Expected: s.config.Expected, Problems: []Problem{}, Components: []Component{}, State: Quiet}
	for _, c := range components {
		shown.Components = append(shown.Components, s.veil.component(c))
	}
	shown.Problems = append(shown.Problems, failed(shown.Components)...)
	for i, name := range watched {
		h := s.hop(name)
		for _, problem := range s.problems(at, i, h) {
			problem.Text = s.veil.text(problem.Text, maxText)
			h.Wrong = true
			shown.Problems = append(shown.Problems, problem)
		}
		if h.Rate > 0 {
			shown.State = Flowing
		}
		shown.Hops = append(shown.Hops, h)
	}
	if s.config.Work != nil {
		work, err := s.config.Work()
		if err != nil {
			shown.Problems = append(shown.Problems, Problem{Where: "your lab", Text: s.veil.text(err.Error(), maxText)})
		}
		shown.Work = s.veil.work(work)
	}
	if len(shown.Problems) > 0 {
		shown.State = Trouble
	}
	return shown
}

func (s *sampler) hop(name string) Hop {
	r, m := s.seen[name], s.meters[name]
	return Hop{
		Name: name, Absent: r.Absent, Of: s.config.Names[name], Rows: r.Rows, Rate: m.rate(), History: append([]float64{}, m.history...),
		Behind: s.lag(name, r), Last: s.veil.rows(r.Last), Note: s.veil.text(r.Note, maxText), Check: s.veil.result(s.checks.of(name)),
	}
}

// lag returns how many rows Kafka has had that have not passed a hop after it; 0 where
// none has passed it yet.
func (s *sampler) lag(name string, r Reading) int64 {
	if name != hop.Flink && name != hop.Elasticsearch || r.Passed == 0 {
		return 0
	}
	return max(0, s.seen[hop.Kafka].Passed-r.Passed)
}

func failed(components []Component) (found []Problem) {
	for _, c := range components {
		if c.Error != "" {
			found = append(found, Problem{c.Name, c.Error, c.Hint})
		}
	}
	return found
}

// problems returns what is wrong at hop i.
func (s *sampler) problems(at time.Time, i int, h Hop) (found []Problem) {
	r := s.seen[h.Name]
	if r.Err != nil {
		found = append(found, Problem{Where: h.Name, Text: r.Err.Error()})
	}
	if r.Problem != "" {
		found = append(found, Problem{Where: h.Name, Text: r.Problem})
	}
	if text := s.behind(at, i); text != "" && len(found) == 0 {
		found = append(found, Problem{h.Name, text, advice[h.Name]})
	}
	if h.Check != nil && (h.Check.Outcome == hop.Failed || h.Check.Outcome == hop.Error) {
		found = append(found, Problem{Where: h.Name, Text: "check " + string(h.Check.Outcome) + ": " + h.Check.Detail})
	}
	return found
}
