package labs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

// endless ends after a day: Flink refuses an endless table in batch mode.
const endless = "CREATE TABLE slow (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1', 'number-of-rows' = '86400');\nSELECT * FROM slow;\n"

// TestEndlessQueryIsCancelled: a query that doesn't end by itself loses its check's
// points, and doesn't run on after the grading.
func TestEndlessQueryIsCancelled(t *testing.T) {
	l, err := lab.Find(allLabs(t), "flink")
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.Checks {
		if l.Checks[i].ID == "runs" {
			l.Checks[i].Limit = 8 * time.Second
		}
	}
	dir := copyOf(t, l, "solution")
	path := filepath.Join(dir, "tables.sql")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte(endless), text...), 0o644); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, made := range graded(t, l, dir).Checks {
		found = found || made.ID == "runs"
		if made.ID == "runs" && (made.Outcome != hop.Failed || !strings.Contains(made.Reason, "it wasn't done within 8s")) {
			t.Errorf("%s is %s: %s", made.ID, made.Outcome, made.Reason)
		}
	}
	if !found {
		t.Error("lab 3 has no check with the id runs")
	}
	running(t, l)
}

// running fails the test if one of a grading's jobs still runs.
func running(t *testing.T, l lab.Lab) {
	t.Helper()
	p := scenario.Need(t, l.Components...).Pipeline()
	jobs, err := p.Flink().Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		for _, mine := range []string{"probe lana_g", "export datuak_g"} {
			if !job.Over() && strings.HasPrefix(job.Name, mine) {
				t.Errorf("job %q is %s", job.Name, job.State)
			}
		}
	}
}
