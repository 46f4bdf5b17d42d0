package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// worth returns a submission of one check.
func worth(student string, points, most int, outcome hop.Outcome) Student {
	return Student{Name: student, Labs: []Grade{{ID: "l", Checks: []Check{{ID: "c", Outcome: outcome, Points: points, Max: most}}}}}
}

func TestPercent(t *testing.T) {
	cases := []struct {
		name string
		s    Student
		want float64
		ok   bool
	}{
		{"all", worth("a", 4, 4, hop.Passed), 100, true},
		{"a third", worth("a", 1, 3, hop.Failed), 100.0 / 3, true},
		{"none", worth("a", 0, 3, hop.Failed), 0, true},
		{"skipped", worth("a", 0, 3, hop.Skipped), 0, true},
		{"the grader's fault", worth("a", 0, 3, hop.Error), 0, false},
		{"nothing to have", worth("a", 0, 0, hop.Passed), 0, false},
		{"no labs", Student{Name: "a"}, 0, false},
	}
	for _, c := range cases {
		if got, ok := c.s.Percent(); math.Abs(got-c.want) > 1e-9 || ok != c.ok {
			t.Errorf("%s: %v, %v, want %v, %v", c.name, got, ok, c.want, c.ok)
		}
		if got, ok := (Report{Students: []Student{c.s}}).Percent(); math.Abs(got-c.want) > 1e-9 || ok != c.ok {
			t.Errorf("%s as a class: %v, %v, want %v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
	class := Report{Students: []Student{worth("a", 1, 1, hop.Passed), worth("b", 0, 3, hop.Failed)}}
	if got, ok := class.Percent(); got != 25 || !ok {
		t.Errorf("class: %v, %v, want 25", got, ok)
	}
	if got, ok := (Report{}).Percent(); got != 0 || ok {
		t.Errorf("no class: %v, %v", got, ok)
	}
}

func TestBelow(t *testing.T) {
	r := Report{Students: []Student{
		worth("third", 1, 3, hop.Failed), worth("half", 1, 2, hop.Failed), worth("all", 2, 2, hop.Passed),
		worth("fault", 0, 2, hop.Error), {Name: "empty"}, worth("29 of 100", 29, 100, hop.Failed),
	}}
	cases := []struct {
		percent float64
		below   []string
	}{
		{0, nil}, {29, nil}, {29.5, []string{"29 of 100"}}, {50, []string{"29 of 100", "third"}},
		{50.1, []string{"29 of 100", "half", "third"}}, {100, []string{"29 of 100", "half", "third"}},
	}
	for _, c := range cases {
		below, ungraded := r.Below(c.percent)
		if !slices.Equal(below, c.below) || !slices.Equal(ungraded, []string{"empty", "fault"}) {
			t.Errorf("below %v: %v, ungraded %v; want %v", c.percent, below, ungraded, c.below)
		}
	}
}

func TestValidate(t *testing.T) {
	cases := []struct {
		s    Student
		want string
	}{
		{worth("ane", 1, 2, hop.Failed), ""},
		{worth("", 1, 2, hop.Failed), "no student"},
		{worth("ane", 3, 2, hop.Passed), `student "ane", lab "l", check "c": 3 points are not from 0 to 2`},
		{worth("ane", -1, 2, hop.Failed), "-1 points"},
		{worth("ane", 1, 2, hop.Error), "couldn't be run, yet it has 1 points"},
		{worth("ane", 1, 2, "great"), `the outcome is "great"`},
		{worth("ane", 1, 2, ""), `the outcome is ""`},
	}
	for _, c := range cases {
		r := Report{Students: []Student{c.s}}
		err := r.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.s, err, c.want)
		}
		for _, f := range Formats() {
			if _, err := f.Render(r); (err == nil) != (c.want == "") {
				t.Errorf("%s of %+v: %v", f.Name, c.s, err)
			}
		}
	}
}
