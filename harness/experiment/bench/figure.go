package bench

import (
	"fmt"
	"strings"
)

// Direction says which values of a figure are the better ones.
type Direction string

// The directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Figure is one thing that was measured, in one or more runs.
type Figure struct {
	// Part is the name by which `lab dev bench --only` has it measured.
	Part string `json:"part"`
	// Name says what was measured; where there are two sides, as "ours / theirs".
	Name string `json:"name"`
	// Of is the component, where a part has the same figure for several.
	Of     string    `json:"of,omitempty"`
	Unit   string    `json:"unit"` // of Ours and Theirs, such as rows/s, ms or s
	Better Direction `json:"better"`
	Ours   Series    `json:"ours"`
	Theirs *Series   `json:"theirs,omitempty"`
	Ratio  *Series   `json:"ratio,omitempty"` // ours/theirs of each run
	Goal   *Goal     `json:"goal,omitempty"`
	// Met reports whether the goal is met. It is true where there is none.
	Met bool `json:"met"`
	// Wrong says what came out wrong, whatever the speed: messages were lost, a
	// run gave no number. Such a figure has failed in the short form too.
	Wrong  string `json:"wrong,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Bounds of a goal.
const (
	AtLeast = "at least"
	AtMost  = "at most"
)

// What a goal is of.
const (
	OfRatio = "ratio"
	OfOurs  = "ours"
)

// Goal is what a figure's median has to be.
type Goal struct {
	Of    string  `json:"of"`    // OfRatio, or OfOurs in the figure's unit
	Bound string  `json:"bound"` // AtLeast or AtMost
	Value float64 `json:"value"`
}

// pair is what one run measured.
type pair struct{ ours, theirs float64 }

// compare sums runs up. goal is what the ratio has to be at least, or at most
// where atMost.
func compare(name, unit string, runs []pair, goal float64, atMost bool) Figure {
	var ours, theirs, ratios []float64
	for _, r := range runs {
		ours, theirs, ratios = append(ours, r.ours), append(theirs, r.theirs), append(ratios, r.ours/r.theirs)
	}
	f := alone(name, unit, directionOf(unit), ours)
	f.Theirs, f.Ratio = f.take(theirs), f.take(ratios)
	bound := AtLeast
	if atMost {
		bound = AtMost
	}
	return f.withGoal(Goal{OfRatio, bound, goal})
}

// alone sums up runs of what has no other side, and has no goal yet.
func alone(name, unit string, better Direction, values []float64) Figure {
	f := Figure{Name: name, Unit: unit, Better: better, Met: true}
	f.Ours = *f.take(values)
	return f
}

// take sums values up. Without any, or with one that isn't a number, the figure
// is wrong.
func (f *Figure) take(values []float64) *Series {
	clean, all := finite(values)
	if !all || len(clean) == 0 {
		f.Wrong = fmt.Sprintf("a run gave no number, but %v %s", values, f.Unit)
	}
	s := series(clean)
	return &s
}

// directionOf guesses from a unit: for rates more is better, for everything else less.
func directionOf(unit string) Direction {
	if strings.HasSuffix(unit, "/s") || strings.HasSuffix(unit, "/min") {
		return Higher
	}
	return Lower
}

// withGoal gives a figure its goal, and judges it.
func (f Figure) withGoal(g Goal) Figure {
	f.Goal, f.Met = &g, g.met(f)
	return f
}

// informative is a figure without a goal.
func informative(f Figure) Figure {
	f.Goal, f.Met = nil, true
	return f
}

func (g Goal) met(f Figure) bool {
	value := f.Ours.Median
	if g.Of == OfRatio {
		if f.Ratio == nil {
			return false
		}
		value = f.Ratio.Median
	}
	if g.Bound == AtMost {
		return value <= g.Value
	}
	return value >= g.Value
}

// judged is the series by which a figure is judged: its ratio, which a slower
// machine leaves as it is, or else its value.
func (f Figure) judged() Series {
	if f.Ratio != nil {
		return *f.Ratio
	}
	return f.Ours
}

// key is what the same figure has in another report too.
func (f Figure) key() string { return f.Part + "\x00" + f.Name + "\x00" + f.Of }

// title is the name, with the component where there is one.
func (f Figure) title() string {
	if f.Of == "" {
		return f.Name
	}
	return f.Of + ": " + f.Name
}
