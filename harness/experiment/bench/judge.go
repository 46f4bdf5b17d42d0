package bench

import (
	"fmt"
	"math"
	"slices"
)

// Rule says how two reports are compared.
const Rule = `a figure of two sides is judged by its ratio, another by its value; it is better or
worse where the runs of the one report all lie on one side of those of the other, and
the medians differ by the threshold or more; both need 3 runs to tell`

// enoughRuns is how many runs distinguish a change from chance: of two times three runs
// that differ by chance only, one in ten pairs lies apart.
const enoughRuns = 3

// DefaultThreshold is the least change that counts, in percent.
const DefaultThreshold = 5.0

// Verdict is what became of a figure.
type Verdict string

// The verdicts.
const (
	Better  Verdict = "better"
	Worse   Verdict = "worse"
	Same    Verdict = "same"    // the change is within the spread, or below the threshold
	Unknown Verdict = "unknown" // there are too few runs, or no median to divide by
	Gone    Verdict = "gone"    // it is in the old report only
	Added   Verdict = "added"   // it is in the new report only
	Faulty  Verdict = "wrong"   // what came out in the new report is wrong
)

// Change is a figure of two reports.
type Change struct {
	Part string `json:"part"`
	Name string `json:"name"`
	Of   string `json:"of,omitempty"`
	Unit string `json:"unit"` // of Ours
	// Ours is what became of the value, Ratio of the ratio where there is one.
	Ours  Moved  `json:"ours"`
	Ratio *Moved `json:"ratio,omitempty"`
	// Outside reports whether all runs of the one lie on one side of the other's.
	// It is of the ratio where there is one.
	Outside bool    `json:"outside_spread"`
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why,omitempty"`
}

// Moved is a median, before and after.
type Moved struct {
	Old     *float64 `json:"old"` // null where the report lacks the figure
	New     *float64 `json:"new"`
	Percent *float64 `json:"percent"` // null where it is unknown
}

// Comparison is what `lab dev bench compare` finds.
type Comparison struct {
	Rule      string   `json:"rule"`
	Threshold float64  `json:"threshold_percent"`
	Warnings  []string `json:"warnings"` // why the two may not be comparable
	Changes   []Change `json:"changes"`
}

// Compare compares two reports, with the new one's figures first. threshold is
// the least change that counts, in percent.
func Compare(old, now Report, threshold float64) Comparison {
	c := Comparison{Rule: Rule, Threshold: threshold, Warnings: warnings(old, now), Changes: []Change{}}
	before := map[string]Figure{}
	for _, f := range old.Figures {
		before[f.key()] = f
	}
	for _, f := range now.Figures {
		was, found := before[f.key()]
		delete(before, f.key())
		if !found {
			c.Changes = append(c.Changes, lone(f, Added))
			continue
		}
		c.Changes = append(c.Changes, change(was, f, threshold))
	}
	for _, f := range old.Figures {
		if _, left := before[f.key()]; left {
			c.Changes = append(c.Changes, lone(f, Gone))
		}
	}
	return c
}

// Regressions returns those that got worse, or wrong.
func (c Comparison) Regressions() []Change {
	return slices.DeleteFunc(slices.Clone(c.Changes), func(c Change) bool { return c.Verdict != Worse && c.Verdict != Faulty })
}

// Title is the figure's name, with its component.
func (c Change) Title() string { return Figure{Name: c.Name, Of: c.Of}.title() }

func lone(f Figure, v Verdict) Change {
	median := f.Ours.Median
	c := Change{Part: f.Part, Name: f.Name, Of: f.Of, Unit: f.Unit, Verdict: v, Ours: Moved{New: &median}}
	if v == Gone {
		c.Ours = Moved{Old: &median}
	}
	if v == Added && f.Wrong != "" {
		c.Verdict, c.Why = Faulty, f.Wrong
	}
	return c
}

func change(was, is Figure, threshold float64) Change {
	c := Change{Part: is.Part, Name: is.Name, Of: is.Of, Unit: is.Unit, Ours: moved(was.Ours, is.Ours)}
	judged := c.Ours
	if was.Ratio != nil && is.Ratio != nil {
		ratio := moved(*was.Ratio, *is.Ratio)
		c.Ratio, judged = &ratio, ratio
	}
	before, after := was.judged(), is.judged()
	c.Outside = before.Max < after.Min || after.Max < before.Min
	c.Verdict, c.Why = judge(was, is, judged, threshold, c.Outside)
	return c
}

func judge(was, is Figure, m Moved, threshold float64, outside bool) (Verdict, string) {
	before, after := was.judged(), is.judged()
	switch fewest := min(len(before.Runs), len(after.Runs)); {
	case is.Wrong != "":
		return Faulty, is.Wrong
	case was.Wrong != "":
		return Unknown, "the old one is wrong: " + was.Wrong
	case was.Unit != is.Unit || was.Better != is.Better || (was.Ratio == nil) != (is.Ratio == nil):
		return Unknown, "the two reports measure it in different ways"
	case fewest < enoughRuns:
		return Unknown, fmt.Sprintf("%s is too few to judge by, %d are needed", plural(fewest, "run"), enoughRuns)
	case m.Percent == nil:
		return Unknown, "a median of 0 can't be compared"
	case !outside:
		return Same, "within the spread"
	case math.Abs(*m.Percent) < threshold:
		return Same, fmt.Sprintf("less than %v %%", threshold)
	case (*m.Percent > 0) == (is.Better == Higher):
		return Better, ""
	}
	return Worse, ""
}

func moved(was, is Series) Moved {
	m := Moved{Old: &was.Median, New: &is.Median}
	if was.Median != 0 {
		percent := math.Round((is.Median/was.Median-1)*10000) / 100
		m.Percent = &percent
	}
	return m
}

// warnings says in what the conditions of two reports differ.
func warnings(old, now Report) []string {
	list := []string{}
	for _, c := range []struct {
		what     string
		old, now any
	}{
		{"cores", old.Machine.Cores, now.Machine.Cores},
		{"MiB of memory", old.Machine.MiB, now.Machine.MiB},
		{"system", old.Machine.Arch, now.Machine.Arch},
		{"processor", old.Machine.CPU, now.Machine.CPU},
	} {
		if c.old != c.now {
			list = append(list, fmt.Sprintf("another machine: %s %v, and then %v; only ratios can be compared", c.what, c.old, c.now))
		}
	}
	if old.Rows != now.Rows {
		list = append(list, fmt.Sprintf("other conditions: %d rows for each side, and then %d", old.Rows, now.Rows))
	}
	if old.Short || now.Short {
		list = append(list, "a report of the short form only shows that all works")
	}
	return list
}
