package report

import (
	"bytes"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestForStudents looks for what a hidden check saw in each format.
func TestForStudents(t *testing.T) {
	seen := Check{ID: "rows", Title: "All rows are there.", Outcome: hop.Failed, Max: 3, Reason: "s3cret reason", Hint: "s3cret hint",
		Expected: "s3cret 500 rows", Actual: "s3cret 499 rows", Rationale: "why"}
	hidden, broken := seen, seen
	hidden.Hidden = true
	broken.Hidden, broken.Outcome, broken.Reason = true, hop.Error, "the server died"
	r := Report{Students: []Student{{Name: "ada", Labs: []Grade{{ID: "03-flink", Checks: []Check{hidden}}}}}}
	for _, format := range Formats() {
		text, err := format.Render(r.ForStudents())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "s3cret") {
			t.Errorf("%s says what a hidden check saw:\n%s", format.Name, text)
		}
		if all, _ := format.Render(r); format.Name != "csv" && format.Name != "items" && !strings.Contains(string(all), "s3cret") {
			t.Errorf("%s keeps it from the teacher too", format.Name)
		}
	}
	var out bytes.Buffer
	r.ForStudents().Print(&out, func(word string) string { return word })
	if text := out.String(); strings.Contains(text, "s3cret") || !strings.Contains(text, hiddenReason) {
		t.Errorf("printed:\n%s", text)
	}
	if c := r.Students[0].Labs[0].Checks[0]; c != hidden {
		t.Errorf("the report itself has changed: %+v", c)
	}
	r.Students[0].Labs[0].Checks = []Check{seen, broken}
	if made := r.ForStudents().Students[0].Labs[0].Checks; made[0] != seen || made[1] != broken {
		t.Errorf("%+v: other checks have changed", made)
	}
}
