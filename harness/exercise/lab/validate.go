package lab

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// problems says what a lab.yaml lacks.
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
	var before []string
	for i, c := range l.Checks {
		all = append(all, c.problems(i, before)...)
		before = append(before, c.ID)
	}
	return all
}

func (c Check) problems(i int, before []string) (all []invalid) {
	add := func(key, format string, args ...any) {
		reason := fmt.Sprintf("check %d (%s): ", i+1, c.ID) + fmt.Sprintf(format, args...)
		all = append(all, invalid{[]any{"checks", i, key}, reason})
	}
	if c.ID == "" || c.Title == "" || c.Run == "" || c.Rationale == "" {
		add("id", "id, title, run and rationale must be given")
	}
	if slices.Contains(before, c.ID) {
		add("id", "another check has that id")
	}
	if c.Points < 0 {
		add("points", "points can't be below 0")
	}
	if c.Limit < 0 {
		add("limit", "limit can't be below 0")
	}
	for _, id := range c.After {
		if !slices.Contains(before, id) {
			add("after", "after %q: no check before it has that id", id)
		}
	}
	return all
}

// Todo marks what a student has to fill in.
const Todo = "TODO"
