package flink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func overview(state string) string {
	return fmt.Sprintf(`{"jobs":[{"jid":"I","name":"other","state":"FAILED","start-time":1,"end-time":2},`+
		`{"jid":"J","name":"insert","state":%q,"start-time":1700000000000,"end-time":-1}]}`, state)
}

const noFailure = `{"root-exception":null}`

func TestAwaitJob(t *testing.T) {
	f, client := newFake(t)
	f.on("GET /jobs/overview", overview("CREATED"), overview("RUNNING"), overview("RUNNING"), overview("FINISHED"))
	var seen []string
	err := client.AwaitJob(t.Context(), "J", func(j Job) { seen = append(seen, j.State) })
	if want := []string{"CREATED", "RUNNING", "FINISHED"}; err != nil || !slices.Equal(seen, want) {
		t.Errorf("saw %v, %v; want %v", seen, err, want)
	}
}

// TestAwaitJobAsksAgain: a request that isn't answered in time is no reason to give up.
func TestAwaitJobAsksAgain(t *testing.T) {
	defer func(before time.Duration) { pollLimit = before }(pollLimit)
	pollLimit = 50 * time.Millisecond
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 1 {
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, overview("FINISHED"))
	}))
	defer server.Close()
	addr := strings.TrimPrefix(server.URL, "http://")
	if err := New(addr, addr).AwaitJob(t.Context(), "J", nil); err != nil || asked != 2 {
		t.Errorf("%v after %d requests, want 2", err, asked)
	}
}

func TestAwaitJobThatFails(t *testing.T) {
	f, client := newFake(t)
	f.on("GET /jobs/overview", overview("RUNNING"), overview("FAILED"))
	f.on("GET /jobs/J/exceptions", noFailure, string(recording(t, "job_exceptions.json"))) // it comes late
	err := client.AwaitJob(t.Context(), "J", nil)
	var failed *JobError
	if !errors.As(err, &failed) || failed.Job.Cause != "ArithmeticException: / by zero" || !strings.Contains(failed.Hint(), "NULLIF") {
		t.Errorf("got %v", err)
	}
	if want := "Flink job insert (J) ended FAILED: ArithmeticException: / by zero"; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAwaitJobThatRestarts(t *testing.T) {
	f, client := newFake(t)
	f.on("GET /jobs/overview", overview("RUNNING"), overview("RESTARTING"))
	f.on("GET /jobs/J/exceptions", string(recording(t, "job_exceptions.json")))
	ctx, cancel := context.WithTimeout(t.Context(), 80*time.Millisecond)
	defer cancel()
	err := client.AwaitJob(ctx, "J", nil)
	var failed *JobError
	var waited *WaitError
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &failed) || !errors.As(err, &waited) || waited.Hint() == "" {
		t.Fatalf("got %v, want the context's error", err)
	}
	if want := "it is RESTARTING; its last failure: ArithmeticException: / by zero"; !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want …%s", err, want)
	}
}

func TestJob(t *testing.T) {
	f, client := newFake(t)
	f.on("GET /jobs/overview", overview("RUNNING"))
	f.on("GET /jobs/J/exceptions", noFailure)
	job, err := client.Job(t.Context(), "J")
	want := Job{ID: "J", Name: "insert", State: "RUNNING", Start: time.UnixMilli(1700000000000)}
	if err != nil || job != want || job.Over() {
		t.Errorf("got %+v, %v; want %+v", job, err, want)
	}
	jobs, err := client.Jobs(t.Context())
	if err != nil || len(jobs) != 2 || !jobs[0].End.Equal(time.UnixMilli(2)) {
		t.Errorf("got %+v, %v", jobs, err)
	}
	if _, err := client.Job(t.Context(), "K"); err == nil || !strings.Contains(err.Error(), "no job with this id") {
		t.Errorf("an unknown job: %v", err)
	}
}

func TestCancel(t *testing.T) {
	f, client := newFake(t)
	f.on("PATCH /jobs/J", `{}`)
	f.on("GET /jobs/overview", overview("CANCELLING"), overview("CANCELED"))
	if err := client.Cancel(t.Context(), "J"); err != nil || f.count("GET /jobs/overview") != 2 {
		t.Errorf("got %v after %v", err, f.asked)
	}
	f.on("PATCH /jobs/J") // 404, as for a job that is over
	f.on("GET /jobs/overview", overview("FINISHED"))
	if err := client.Cancel(t.Context(), "J"); err != nil {
		t.Errorf("a job that is over: %v", err)
	}
	f.on("GET /jobs/overview", overview("RUNNING"))
	if err := client.Cancel(t.Context(), "J"); err == nil {
		t.Error("a job that can't be cancelled passes for one that is")
	}
}
