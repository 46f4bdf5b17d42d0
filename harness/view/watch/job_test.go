package watch

import (
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/pipeline"
)

func TestChoose(t *testing.T) {
	job := func(id, name, state string, start int64) flink.Job {
		return flink.Job{ID: id, Name: name, State: state, Start: time.Unix(start, 0)}
	}
	cases := []struct {
		jobs []flink.Job
		want string
	}{
		{nil, ""},
		{[]flink.Job{job("a", "collect", "FINISHED", 2)}, "a"},
		{[]flink.Job{job("a", "collect", "FINISHED", 9), job("b", "other", "RUNNING", 1)}, "b"},
		{[]flink.Job{job("a", "export datuak", "FAILED", 1), job("b", "other", "RUNNING", 9)}, "a"},
		{[]flink.Job{job("a", "export datuak", "CANCELED", 9), job("b", "insert-into_default_catalog.default_database.datuak", "RUNNING", 1)}, "b"},
		{[]flink.Job{job("a", "export datuak", "RUNNING", 1), job("b", "export datuak", "RESTARTING", 2)}, "b"},
	}
	for i, c := range cases {
		got, found := choose(c.jobs, pipeline.NewNames(""), false)
		if got.ID != c.want || found != (c.want != "") {
			t.Errorf("case %d: %q, want %q", i, got.ID, c.want)
		}
	}
}

// TestChooseOwn: a workbench shows no job of another attempt, though it runs and is newer.
func TestChooseOwn(t *testing.T) {
	jobs := []flink.Job{
		{ID: "mine", Name: "windows of lana_a1", State: "FINISHED", Start: time.Unix(1, 0)},
		{ID: "other", Name: "windows of lana_a2", State: "RUNNING", Start: time.Unix(2, 0)},
		{ID: "prefixed", Name: "export ann-datuak_a1", State: "RUNNING", Start: time.Unix(3, 0)},
	}
	if got, found := choose(jobs, pipeline.NewNames("a1"), true); !found || got.ID != "mine" {
		t.Errorf("%q, %v", got.ID, found)
	}
	if got, found := choose(jobs[1:], pipeline.NewNames("a1"), true); found {
		t.Errorf("%q, want none", got.ID)
	}
}
