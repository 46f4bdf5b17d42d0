package grade

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// students is of how many students with a salt each what differs between students is
// tried: rows, names and choices. Servers grade some in scenarios/labs.
const students = 200

// TestSolutionsOfStudents: the solutions get the points of each check that needs no
// server, and panels that show the right values within a rounding error are right.
func TestSolutionsOfStudents(t *testing.T) {
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	offline := map[string]kind{"files": checkFiles, "own-value": checkOwnValue, "import": checkImport, "metric": checkMetric, "time-range": checkTimeRange}
	for _, l := range all {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			dir, read := t.TempDir(), map[string]board{}
			for i := range students {
				student := fmt.Sprintf("student%d", i)
				for _, name := range l.Files {
					_, text, err := l.Solution(name, student)
					if err == nil {
						err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				a, err := Grader{Sites: nowhere{}, Salt: fmt.Sprint("salt", i)}.attempt(student, l, dir)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range l.Checks {
					same := i > 0 && c.Run != "files" && c.Run != "own-value" // for each student
					if check := offline[c.Run]; check != nil && !same {
						if v := check(t.Context(), a, c); v.outcome != hop.Passed {
							t.Fatalf("%s, %s: %s: %s", student, c.ID, v.outcome, v.reason)
						}
					}
				}
				if l.Hop == hop.Kibana || l.Hop == hop.Grafana {
					showsRounded(t, a, read)
				}
			}
		})
	}
}

// showsRounded compares what the panels show, once with each mean, sum and percentile a
// little too small and once too large, as Elasticsearch computes in another order. read
// keeps the panels by the activity that is chosen, "" for all.
func showsRounded(t *testing.T, a *attempt, read map[string]board) {
	t.Helper()
	activities := []string{""}
	if a.lab.Hop == hop.Grafana {
		activities = append(activities, a.oracle.Rows()[0].Activity)
	}
	for _, chosen := range activities {
		b, known := read[chosen]
		if !known {
			var err error
			if b, err = a.board(t.Context()); chosen != "" {
				b, err = a.grafana(map[string][]string{"activity": {chosen}})
			}
			if err != nil {
				t.Fatal(err)
			}
			read[chosen] = b
		}
		for _, p := range b.charts {
			for _, to := range []float64{math.Inf(-1), math.Inf(1)} {
				if found, err := panel.Compare(p, rounded(t, p, a.oracle, to), a.oracle); err != nil || len(found) > 0 {
					t.Fatalf("%s, %s: %v %v", a.name, p, err, found)
				}
			}
		}
	}
}

// fewRows is of how many rows the 2nd percentile may be the least one: Elasticsearch's is
// half a percentage point and a row from the exact one.
const fewRows = 60

// rounded is what a panel shows, with values that are computed a little nearer to another.
func rounded(t *testing.T, p panel.Panel, oracle *wisdm.Oracle, to float64) panel.Table {
	t.Helper()
	least := p
	least.Metrics = slices.Clone(p.Metrics)
	for i := range least.Metrics {
		if p.Metrics[i].Of == panel.Percentile {
			least.Metrics[i].Of = panel.Min
		}
	}
	table, err := panel.Expect(p, oracle)
	if err != nil {
		t.Fatal(err)
	}
	minima, err := panel.Expect(least, oracle)
	if err != nil {
		t.Fatal(err)
	}
	for n, point := range table {
		for i, m := range p.Metrics {
			if m.Of == panel.Percentile && point.Count <= fewRows && to < 0 {
				point.Values[i] = minima[n].Values[i]
			}
			if m.Of == panel.Avg || m.Of == panel.Sum || m.Of == panel.Percentile {
				point.Values[i] = math.Nextafter(math.Nextafter(point.Values[i], to), to)
			}
		}
	}
	return table
}
