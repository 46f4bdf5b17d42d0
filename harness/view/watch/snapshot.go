package watch

import (
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/hop"
)

// The states of the pipeline.
const (
	Flowing = "flowing" // rows arrived in the last few seconds
	Quiet   = "quiet"   // no rows arrived, and nothing is wrong
	Trouble = "trouble" // something is wrong
)

// Snapshot is what the page shows at one moment.
type Snapshot struct {
	At         time.Time   `json:"at"` // in UTC
	Run        string      `json:"run"`
	State      string      `json:"state"`
	Expected   int64       `json:"expected,omitempty"` // rows; 0 if unknown
	Problems   []Problem   `json:"problems"`
	Hops       []Hop       `json:"hops"`
	Components []Component `json:"components"`
	Work       *Work       `json:"work,omitempty"`
}

// Work is how far a student is with a lab.
type Work struct {
	Points  int         `json:"points"`
	Most    int         `json:"most"`
	Now     string      `json:"now,omitempty"` // the check that is being made
	Checks  []WorkCheck `json:"checks"`        // those that were made
	Skipped int         `json:"skipped"`
	Hint    string      `json:"hint,omitempty"` // for the first that failed
	Next    string      `json:"next"`           // what to do
}

// WorkCheck is the outcome of a check.
type WorkCheck struct {
	Title    string `json:"title"`
	Outcome  string `json:"outcome"`
	Points   int    `json:"points"`
	Max      int    `json:"max"`
	Reason   string `json:"reason,omitempty"`
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
}

// Problem is something that is wrong, and where it is.
type Problem struct {
	Where string `json:"where"` // a hop or a component
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"`
}

// Hop is a hop as the page shows it.
type Hop struct {
	Name    string    `json:"name"`
	Of      string    `json:"of"` // the topic or the index
	Rows    int64     `json:"rows"`
	Behind  int64     `json:"behind,omitempty"` // rows that Kafka has had and that have not passed here
	Rate    float64   `json:"rate"`             // rows per second, over the last few seconds
	History []float64 `json:"history"`          // rates, the oldest first, one per reading
	Last    []Row     `json:"last"`
	Note    string    `json:"note,omitempty"`
	Absent  bool      `json:"absent"` // the run has no such server
	Wrong   bool      `json:"wrong"`
	// Check is the result of comparing the hop with the oracle, if that was done.
	Check *hop.Result `json:"check,omitempty"`
}

// How long texts may be on the page, in bytes.
const (
	maxRowText = 600
	maxText    = 2000
)

// veil hides secrets, and characters that could disguise a text.
type veil struct{ secrets *strings.Replacer }

func newVeil(secrets []string) veil {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s, "(hidden)")
		}
	}
	return veil{strings.NewReplacer(pairs...)}
}

func (v veil) text(s string, limit int) string {
	s = v.secrets.Replace(s)
	if head := printable.Clip(s, limit); len(head) < len(s) {
		s = head + " …"
	}
	return printable.Text(strings.TrimSpace(s))
}

func (v veil) rows(rows []Row) []Row {
	shown := make([]Row, 0, len(rows))
	for _, r := range rows {
		shown = append(shown, Row{v.text(r.Where, maxRowText), v.text(r.Text, maxRowText)})
	}
	return shown
}

func (v veil) component(c Component) Component {
	c.Error, c.Hint = v.text(c.Error, maxText), v.text(c.Hint, maxText)
	return c
}

func (v veil) work(w Work) *Work {
	w.Hint, w.Checks = v.text(w.Hint, maxText), slices.Clone(w.Checks)
	for i := range w.Checks {
		c := &w.Checks[i]
		c.Reason, c.Expected, c.Actual = v.text(c.Reason, maxText), v.text(c.Expected, maxText), v.text(c.Actual, maxText)
	}
	return &w
}

func (v veil) result(r *hop.Result) *hop.Result {
	if r == nil {
		return nil
	}
	shown := *r
	shown.Detail = v.text(r.Detail, maxText)
	return &shown
}
