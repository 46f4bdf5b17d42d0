package lab

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const good = `title: A table
hop: flink
components: [kafka]
files: [tables.sql]
rows: 500
checks:
  - {id: runs, title: It runs., run: sql, points: 2, rationale: why, hints: [look]}
  - {id: rows, title: All rows are there., run: flink, points: 3, after: [runs], limit: 90s, rationale: why, hidden: true}
`

func files(text string) fstest.MapFS {
	return fstest.MapFS{
		"03-flink/lab.yaml":            {Data: []byte(text)},
		"03-flink/work/tables.sql":     {Data: []byte("-- TODO")},
		"03-flink/solution/tables.sql": {Data: []byte("SELECT 1")},
		"ci/x.yml":                     {},
	}
}

func read(all fstest.MapFS, id string) (Lab, error) {
	s, err := In(all, ".")
	if err != nil {
		return Lab{}, err
	}
	return s.Read(id)
}

func TestAll(t *testing.T) {
	s, err := In(files(good), ".")
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.All()
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	l := all[0]
	if l.ID != "03-flink" || l.Number() != 3 || l.Points() != 5 || l.Checks[1].Limit != 90*time.Second || l.Checks[1].After[0] != "runs" {
		t.Errorf("lab %+v", l)
	}
	for _, name := range []string{"3", "03", "flink", "03-flink"} {
		if found, err := Find(all, name); err != nil || found.ID != l.ID {
			t.Errorf("%s is %q, %v", name, found.ID, err)
		}
	}
	if _, err := Find(all, "4"); err == nil || !strings.Contains(err.Error(), "the labs are 03-flink") {
		t.Errorf("lab 4: %v", err)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"title: A table", "titel: A table", "lab.yaml:1: there is no key titel here"},
		{"rows: 500", "rows: many", "lab.yaml:5: want a whole number, not `many`"},
		{"rows: 500\n", "", "lab.yaml:1: rows is missing"},
		{"[tables.sql]", "[../tables.sql]", `lab.yaml:4: file "../tables.sql"`},
		{"id: rows", "id: runs", "lab.yaml:8: check 2 (runs): another check has that id"},
		{"after: [runs]", "after: [rows]", `after "rows": no check before it`},
		{"points: 2", "points: -2", "can't be below 0"},
		{"run: sql, ", "", "check 1 (runs): id, title, run and rationale"},
		{good, "", "checks is missing"},
		{good, "- [", "03-flink/lab.yaml:1: "},
		{"rows: 500", "rows: [", "03-flink/lab.yaml:6: "},
		{good, good + "title: twice\n", `03-flink/lab.yaml:9: mapping key "title" already defined`},
		{good, "checks: [", "03-flink/lab.yaml:"},
		{"{id: runs", "{id: [1]", "lab.yaml:7: want a text, not a list"},
		{"limit: 90s", "symptoms: [{seen: '(', hints: [look]}]", `lab.yaml:8: check 2 (rows): symptom "(": want a regular expression`},
		{"limit: 90s", "symptoms: [{seen: x}]", "and one or more hints"},
		{"limit: 90s", "limit: -90s", "lab.yaml:8: check 2 (rows): limit can't be below 0"},
	} {
		_, err := read(files(strings.Replace(good, c.old, c.new, 1)), "03-flink")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "03-flink/lab.yaml") {
			t.Errorf("%q for %q: %v, want %s", c.new, c.old, err, c.want)
		}
	}
	if _, err := read(files(good), "04-export"); err == nil {
		t.Error("a lab that isn't there was read")
	}
}

func TestHintsFor(t *testing.T) {
	c := Check{ID: "rows", Hints: []string{"any"}, Symptoms: []Symptom{{"^0 rows", []string{"none"}}, {"rows", []string{"some"}}}}
	for reason, want := range map[string]string{"0 rows are there": "none", "10 rows are there": "some", "it failed": "any", "": "any"} {
		if name, hints := c.HintsFor(reason); len(hints) != 1 || hints[0] != want || (name == c.ID) != (want == "any") {
			t.Errorf("%q: %s, %q, want %q", reason, name, hints, want)
		}
	}
}
