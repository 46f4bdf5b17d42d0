package handin

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Match finds each submission's student on the roster: by the platform's number, by
// the id, by the name, or by an id at the end of a repository's name. It returns those
// on the roster who handed in nothing, and what is wrong: submissions of nobody on the
// roster, and two of one student's.
func (c *Class) Match(r *Roster) (absent []Entry, problems []string) {
	taken := map[int]string{}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		e, others := r.find(*s)
		switch {
		case e == nil:
			problems = append(problems, fmt.Sprintf("%s isn't on the roster", s.Student))
			continue
		case others != "":
			problems = append(problems, fmt.Sprintf("%s can be %s on the roster, so neither was chosen", s.Student, others))
			continue
		}
		if other, twice := taken[e.row]; twice {
			problems = append(problems, fmt.Sprintf("%s and %s are both %s (%s) on the roster", other, s.Student, e.Name, e.ID))
			continue
		}
		taken[e.row] = s.Student
		s.Entry, s.Student = e, r.shown(*e)
	}
	for _, e := range r.Entries {
		if _, here := taken[e.row]; !here {
			absent = append(absent, e)
		}
	}
	slices.SortFunc(c.Submissions, func(a, b Submission) int { return strings.Compare(a.Student, b.Student) })
	return absent, problems
}

// shown is the student's name, with the id where another has that name.
func (r *Roster) shown(e Entry) string {
	for _, other := range r.Entries {
		if other.row != e.row && fold(other.Name) == fold(e.Name) {
			return fmt.Sprintf("%s (%s)", e.Name, e.ID)
		}
	}
	return e.Name
}

// find returns the student that a submission can be of, and if it can be of two, both. The
// surest way counts.
func (r *Roster) find(s Submission) (e *Entry, both string) {
	name := fold(s.Origin.Name)
	for _, is := range []func(Entry) bool{
		func(e Entry) bool { return s.Origin.ID != "" && slices.Contains(e.keys, s.Origin.ID) },
		func(e Entry) bool {
			return slices.ContainsFunc(e.keys, func(key string) bool { return fold(key) == name })
		},
		func(e Entry) bool { return fold(e.Name) == name },
		func(e Entry) bool { return s.Origin.LMS == Canvas && squeezed(e.Name) == squeezed(s.Origin.Name) },
		func(e Entry) bool {
			return slices.ContainsFunc(e.keys, func(key string) bool { return strings.HasSuffix(name, "-"+fold(key)) })
		},
	} {
		found := -1
		for i, e := range r.Entries {
			if !is(e) {
				continue
			}
			if found >= 0 {
				a := r.Entries[found]
				return &e, fmt.Sprintf("%s (%s) or %s (%s)", a.Name, a.ID, e.Name, e.ID)
			}
			found = i
		}
		if found >= 0 {
			return &r.Entries[found], ""
		}
	}
	return nil, ""
}

func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// squeezed has a name's letters only: Canvas writes "Lovelace, Ada" as lovelaceada.
func squeezed(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
