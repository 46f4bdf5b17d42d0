package report

import (
	"slices"

	"hoplab.example/harness/check/hop"
)

// hiddenReason stands where a student may not read why a hidden check has failed.
const hiddenReason = "this check is hidden: your teacher knows what it saw"

// ForStudents returns a copy that students may read: of a hidden check that has
// failed it has the outcome and the points, but neither what was expected nor what
// was seen, by which the next attempt could be made to fit. What the grader
// couldn't do stays as it is.
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
