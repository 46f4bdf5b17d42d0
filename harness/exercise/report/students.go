package report

import (
	"slices"

	"hoplab.example/harness/verify/hop"
)

// hiddenReason replaces the reason of a hidden check in a report for students.
const hiddenReason = "this check is hidden: your teacher knows what it saw"

// ForStudents returns a copy that students may read. Of a hidden check that failed
// it has the outcome and the points only: what was expected and seen would help to
// fit the next attempt to it. The grader's own errors stay as they are.
func (r Report) ForStudents() Report {
	r.Students = slices.Clone(r.Students)
	for i := range r.Students {
		labs := slices.Clone(r.Students[i].Labs)
		for j := range labs {
			labs[j].Checks = slices.Clone(labs[j].Checks)
			for k := range labs[j].Checks {
				labs[j].Checks[k].conceal()
			}
		}
		r.Students[i].Labs = labs
	}
	return r
}

func (c *Check) conceal() {
	if !c.Hidden || c.Outcome == hop.Error || c.Outcome == hop.Skipped {
		return
	}
	c.Hint, c.Expected, c.Actual = "", "", ""
	if c.Reason != "" {
		c.Reason = hiddenReason
	}
}
