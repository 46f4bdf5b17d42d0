package flink

import "testing"

// TestCheckpoints has answers of Flink 1.20, shortened.
func TestCheckpoints(t *testing.T) {
	f, client := newFake(t)
	f.on("GET /jobs/J/checkpoints",
		`{"counts":{"total":0},"latest":{"completed":null,"savepoint":null},"history":[]}`,
		`{"counts":{"total":14},"latest":{"completed":{"id":12,"status":"COMPLETED"}},"history":[{"id":13,"status":"IN_PROGRESS"},{"id":12,"status":"COMPLETED"}]}`)
	for _, want := range []Checkpoints{{}, {Begun: 13, Completed: 12}} {
		if made, enabled, err := client.Checkpoints(t.Context(), "J"); made != want || !enabled || err != nil {
			t.Errorf("got %+v, %v, %v; want %+v", made, enabled, err, want)
		}
	}
	// "Checkpointing has not been enabled." has the status 404.
	if made, enabled, err := client.Checkpoints(t.Context(), "other"); made != (Checkpoints{}) || enabled || err != nil {
		t.Errorf("got %+v, %v, %v", made, enabled, err)
	}
}
