package cleanup

import (
	"testing"

	"hoplab.example/harness/flow/pipeline"
)

// TestOwns: a job of a run whose names begin with this one's is another's.
func TestOwns(t *testing.T) {
	names := pipeline.NewNames("7")
	for job, want := range map[string]bool{
		"export datuak_7": true, "probe lana_7": true, "insert-into_default_catalog.default_database.datuak_7": true,
		"export datuak_77": false, "export datuak": false, "insert-into_default_catalog.default_database.joe-datuak_7": false, "": false,
	} {
		if Owns(names, job) != want {
			t.Errorf("Owns(%q) = %v", job, !want)
		}
	}
}
