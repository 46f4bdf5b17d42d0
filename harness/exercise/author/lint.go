package author

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	_ "hoplab.example/harness/exercise/grade" // whose kinds of checks a lab.yaml may name
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/verify/hop"
)

// Lint checks every lab as far as that needs no server. The error says that the
// labs couldn't be looked at; what is wrong with them is in the report.
func Lint(s lab.Set) (Report, error) {
	entries, err := fs.ReadDir(s.Checkout, s.Dir)
	if err != nil {
		return Report{}, fmt.Errorf("look for labs: %w", err)
	}
	l := linter{Set: s, report: &Report{}, pages: map[string]*page{}}
	numbers := map[string]string{}
	for _, e := range entries {
		if !e.IsDir() || !l.isLab(e.Name()) {
			continue
		}
		l.report.Labs++
		number, _, _ := strings.Cut(e.Name(), "-")
		if other := numbers[number]; other != "" {
			l.add(Definition, path.Join(s.Dir, e.Name(), lab.File), 1, "lab %s also has the number %s: give this one another", other, number)
		}
		numbers[number] = e.Name()
		l.lab(e.Name())
	}
	if l.report.Labs == 0 {
		return Report{}, fmt.Errorf("there is no lab in %s: a lab's folder has a name such as 03-flink", s.Dir)
	}
	l.linkedPages(s.Dir)
	l.report.sort()
	return *l.report, nil
}

// linter is one look at all labs.
type linter struct {
	lab.Set
	report *Report
	pages  map[string]*page // by path, those that were read
}

func (l *linter) add(rule Rule, file string, line int, format string, args ...any) {
	l.report.Add(rule, file, line, format, args...)
}

// isLab reports whether a folder is a lab's. One that isn't called like one but
// has a lab.yaml would be passed over without a word.
func (l *linter) isLab(name string) bool {
	file := path.Join(l.Dir, name, lab.File)
	_, err := fs.Stat(l.Checkout, file)
	if err == nil && !lab.IsID(name) {
		l.add(Definition, file, 1, "the folder %s isn't named like a lab, so it is ignored: name it like 03-flink", name)
	}
	return lab.IsID(name)
}

func (l *linter) lab(id string) {
	dir := path.Join(l.Dir, id)
	file := path.Join(dir, lab.File)
	found, err := l.Read(id)
	if err == nil {
		l.report.Checks += len(found.Checks)
		l.definition(file, found)
		l.files(dir, found)
	} else {
		l.unread(file, err)
	}
	l.notebooks(dir, found, err == nil)
	l.linkedPages(dir)
	l.unwritten(dir)
}

// unread reports why lab.yaml could not be read.
func (l *linter) unread(file string, err error) {
	for _, err := range each(err) {
		var p *lab.Problem
		if errors.As(err, &p) {
			l.add(Definition, file, p.Line, "%s", p.Reason)
		} else {
			l.add(Definition, file, 1, "%v", err)
		}
	}
}

// each takes joined errors apart.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// definition checks what [lab.Set.Read] can't know.
func (l *linter) definition(file string, found lab.Lab) {
	text, _ := fs.ReadFile(l.Checkout, file) // it has just been read
	at := func(place ...any) int { return lab.Line(text, place...) }
	if names := hop.Names(); !slices.Contains(names, found.Hop) {
		l.add(Definition, file, at("hop"), "there is no hop %q; there are %s", found.Hop, strings.Join(names, ", "))
	}
	for i, name := range found.Components {
		if err := known(name); err != nil {
			l.add(Definition, file, at("components", i), "%v", err)
		}
	}
	if found.Points() == 0 {
		l.add(Points, file, at("checks"), "the lab has no points")
	}
	for i, check := range found.Checks {
		l.check(file, check, func(key string) int { return at("checks", i, key) })
	}
}

// titleColumns is what a board of 80 columns has left for a check's title.
const titleColumns = 62

func (l *linter) check(file string, c lab.Check, at func(key string) int) {
	if n := utf8.RuneCountInString(c.Title); n > titleColumns {
		l.add(Definition, file, at("title"), "check %s: the title has %d characters: leave at most %d, or a terminal of 80 columns cuts it", c.ID, n, titleColumns)
	}
	if !c.Hidden && len(c.Hints) == 0 { // nobody sees a hidden check's hint
		l.add(Hint, file, at("hints"), "check %s has no hint", c.ID)
	}
	if slices.ContainsFunc(c.Hints, blank) {
		l.add(Hint, file, at("hints"), "check %s: a hint is empty", c.ID)
	}
	if blank(c.Rationale) {
		l.add(Hint, file, at("rationale"), "check %s: the rationale is empty", c.ID)
	}
}

// known says what is wrong with a component's name.
func known(component string) error {
	versions, err := version.Find(version.Default)
	if err == nil {
		_, err = versions.ByName(component)
	}
	return err
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
