package watch

import (
	"strings"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/util/printable"
)

// The states of the whole.
const (
	Flowing = "flowing" // rows came in the last few seconds
	Quiet   = "quiet"   // nothing came, and nothing is wrong
	Trouble = "trouble" // something is wrong
)

// Snapshot is what the page shows at one moment.
type Snapshot struct {
	At         time.Time   `json:"at"` // in UTC
	Run        string      `json:"run"`
	State      string      `json:"state"`
	Expected   int64       `json:"expected,omitempty"` // rows; 0 where nobody knows
	Problems   []Problem   `json:"problems"`
	Hops       []Hop       `json:"hops"`
	Components []Component `json:"components"`
}

// Problem is something that is wrong, and where.
type Problem struct {
	Where string `json:"where"` // a hop or a component
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"`
}

// Hop is one as the page shows it.
type Hop struct {
	Name    string    `json:"name"`
	Of      string    `json:"of"` // the topic or the index
	Rows    int64     `json:"rows"`
	Rate    float64   `json:"rate"`    // rows per second, over the last few seconds
	History []float64 `json:"history"` // rates, the oldest first, one for each look
	Last    []Row     `json:"last"`
	Note    string    `json:"note,omitempty"`
	Absent  bool      `json:"absent"` // the run has no such server
	Wrong   bool      `json:"wrong"`
	// Check is what comparing the hop with the oracle came to, if it was.
	Check *hop.Result `json:"check,omitempty"`
}

// The longest texts that are shown, in bytes.
const (
	maxRowText = 600
	maxText    = 2000
)

// veil hides secrets, and what could make a text look like another one.
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

func (v veil) result(r *hop.Result) *hop.Result {
	if r == nil {
		return nil
	}
	shown := *r
	shown.Detail = v.text(r.Detail, maxText)
	return &shown
}
