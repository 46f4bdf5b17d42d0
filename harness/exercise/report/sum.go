package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"hoplab.example/harness/verify/hop"
)

// noGrade replaces the points while a check couldn't be run.
const noGrade = "no grade yet"

// Percent returns a student's points as a percentage of those there are to get, each
// lab by its weight. graded is false where a check couldn't be run, or where no points
// are to get.
func (s Student) Percent() (percent float64, graded bool) {
	if _, most := s.Points(); !s.Sound() || most == 0 {
		return 0, false
	}
	sum, all := 0.0, 0
	for _, l := range s.Labs {
		points, most := l.Points()
		weight := cmp.Or(l.Weight, most)
		if most > 0 {
			sum, all = sum+float64(weight*points)/float64(most), all+weight
		}
	}
	return 100 * sum / float64(all), true
}

// Percent returns the class's points as a percentage of those there are to get. A
// class is graded when each of its students is.
func (r Report) Percent() (percent float64, graded bool) {
	points, most := 0, 0
	for _, s := range r.Students {
		if _, ok := s.Percent(); !ok {
			return 0, false
		}
		p, m := s.Points()
		points, most = points+p, most+m
	}
	if most == 0 {
		return 0, false
	}
	return 100 * float64(points) / float64(most), true
}

// Below returns the students with less than this percentage of the points, and those
// who have no percentage, in order. --fail-under asks for both: a student who
// couldn't be graded is not below anything, yet hasn't reached it either.
func (r Report) Below(percent float64) (below, ungraded []string) {
	for _, s := range r.sorted().Students {
		if has, ok := s.Percent(); !ok {
			ungraded = append(ungraded, s.Name)
		} else if has < percent-1e-9 {
			below = append(below, s.Name)
		}
	}
	return below, ungraded
}

// sorted returns a copy by student, then lab; checks stay as lab.yaml has them.
// It has empty lists where the report has none at all.
func (r Report) sorted() Report {
	r.Schema = SchemaID
	r.Students = append([]Student{}, r.Students...)
	slices.SortStableFunc(r.Students, func(a, b Student) int { return cmp.Compare(a.Name, b.Name) })
	for i := range r.Students {
		s := &r.Students[i]
		s.Labs = append([]Grade{}, s.Labs...)
		slices.SortStableFunc(s.Labs, func(a, b Grade) int { return cmp.Compare(a.ID, b.ID) })
		for j := range s.Labs {
			s.Labs[j].Checks = append([]Check{}, s.Labs[j].Checks...)
		}
	}
	return r
}

// ready returns the report as the formats show it, or what is wrong with it:
// an outcome that no format knows would read as passed in some.
func (r Report) ready() (Report, error) {
	return r.sorted(), r.Validate()
}

// labs returns the ids of all labs of the report, in order, each once.
func (r Report) labs() []string {
	ids := map[string]bool{}
	var list []string
	for _, s := range r.Students {
		for _, l := range s.Labs {
			if !ids[l.ID] {
				ids[l.ID] = true
				list = append(list, l.ID)
			}
		}
	}
	slices.Sort(list)
	return list
}

// lab returns a student's grade of a lab; has is false where there is none.
func (s Student) lab(id string) (all Grade, has bool) {
	for _, l := range s.Labs {
		if l.ID == id {
			all.Checks, has = append(all.Checks, l.Checks...), true
		}
	}
	return all, has
}

// of returns points as a person reads them.
func of(points, most int, graded bool) string {
	if !graded {
		return noGrade
	}
	return fmt.Sprintf("%d of %d", points, most)
}

// total returns a student's points as a person reads them, with what being late costs.
func (s Student) total() string {
	points, most := s.Points()
	text := of(points, most, s.Sound())
	if s.Late != "" && s.Sound() && s.Off > 0 {
		return fmt.Sprintf("%s, %s: %s after %v %% off", text, s.Late, number(s.Mark()), s.Off)
	}
	if s.Late != "" {
		return text + ", " + s.Late
	}
	return text
}

// number writes points without digits that say nothing.
func number(points float64) string { return strconv.FormatFloat(points, 'f', -1, 64) }

// Validate returns what a grader got wrong in its report. The formats rely on it.
func (r Report) Validate() error {
	for _, s := range r.Students {
		if s.Name == "" {
			return fmt.Errorf("a submission has no student: name each after its folder")
		}
		if s.Off < 0 || s.Off > 100 || s.Off > 0 && s.Late == "" {
			return fmt.Errorf("student %q: being late costs %v %%, and late is %q", s.Name, s.Off, s.Late)
		}
		for _, l := range s.Labs {
			for _, c := range l.Checks {
				if err := c.validate(); err != nil {
					return fmt.Errorf("student %q, lab %q, check %q: %w", s.Name, l.ID, c.ID, err)
				}
			}
		}
	}
	return nil
}

func (c Check) validate() error {
	switch c.Outcome {
	case hop.Passed, hop.Failed, hop.Skipped:
	case hop.Error:
		if c.Points != 0 {
			return fmt.Errorf("it couldn't be run, yet it has %d points", c.Points)
		}
	default:
		return fmt.Errorf("the outcome is %q, not one of passed, failed, error and skipped", c.Outcome)
	}
	if c.Points < 0 || c.Points > c.Max {
		return fmt.Errorf("%d points are not from 0 to %d", c.Points, c.Max)
	}
	if c.Took < 0 {
		return fmt.Errorf("it took %v: time can't be negative", c.Took)
	}
	return nil
}
