package lab

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
)

// problems says what is wrong with a lab.yaml's values.
func (l Lab) problems() (all []invalid) {
	for name, given := range map[string]bool{
		"title": l.Title != "", "hop": l.Hop != "", "components": len(l.Components) > 0,
		"files": len(l.Files) > 0, "rows": l.Rows > 0, "checks": len(l.Checks) > 0,
	} {
		if !given {
			all = append(all, invalid{[]any{name}, name + " is missing"})
		}
	}
	for i, f := range l.Files {
		if !fs.ValidPath(f) || path.Base(f) != f {
			all = append(all, invalid{[]any{"files", i}, fmt.Sprintf("file %q: want the name of a file, without a folder", f)})
		}
	}
	if _, err := l.OwnTopics(""); err != nil {
		all = append(all, invalid{[]any{"topics"}, err.Error()})
	}
	all = append(all, l.chooseProblems()...)
	if l.Weight < 0 {
		all = append(all, invalid{[]any{"weight"}, "weight can't be below 0"})
	}
	if l.Broken < 0 || l.Broken > 100 {
		all = append(all, invalid{[]any{"broken"}, "broken is a percentage, 0 to 100"})
	}
	if l.Names && !slices.Contains(l.Topics, topicPrefix+"names") {
		all = append(all, invalid{[]any{"names"}, "names: topics lacks ${topic}-names"})
	}
	if _, err := l.Generator(1).Open(); err != nil { // it names a device or sensor
		all = append(all, invalid{[]any{"rows"}, err.Error()})
	}
	before := map[string][]string{}
	hidden := map[string]bool{}
	for i, c := range l.Checks {
		all = append(all, c.problems(i, l, before, hidden)...)
		ran := []string{c.Run}
		for _, id := range c.After {
			ran = append(ran, before[id]...)
		}
		before[c.ID], hidden[c.ID] = ran, c.Hidden
	}
	return all
}

// problems says what is wrong with the check at index i. before has the checks
// before it with the kinds that have run when they have passed.
func (c Check) problems(i int, l Lab, before map[string][]string, hidden map[string]bool) (all []invalid) {
	add := func(key, format string, args ...any) {
		reason := fmt.Sprintf("check %d (%s): ", i+1, c.ID) + fmt.Sprintf(format, args...)
		all = append(all, invalid{[]any{"checks", i, key}, reason})
	}
	if c.ID == "" || c.Title == "" || c.Run == "" || c.Rationale == "" {
		add("id", "id, title, run and rationale must be given")
	}
	if before[c.ID] != nil {
		add("id", "another check has that id")
	}
	if c.Points < 0 {
		add("points", "points can't be below 0")
	}
	if c.Limit < 0 {
		add("limit", "limit can't be below 0")
	}
	for _, id := range c.After {
		switch {
		case before[id] == nil:
			add("after", "after %q: no check before it has that id", id)
		case hidden[id] && !c.Hidden:
			add("after", "after %q: that check is hidden, and a student works without hidden checks", id)
		}
	}
	for _, s := range c.Symptoms {
		if _, err := regexp.Compile(s.Seen); err != nil || s.Seen == "" || len(s.Hints) == 0 {
			add("symptoms", "symptom %q: want a regular expression in seen, and one or more hints", s.Seen)
		}
	}
	c.kindProblems(l, before, add)
	return all
}
