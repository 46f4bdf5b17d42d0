package testenv

import (
	"context"
	"maps"

	"hoplab.example/harness/client/flink"
)

// FlinkClient runs SQL. In a text, ${kafka} and ${elasticsearch} are the addresses at
// which Flink reaches them, as HOST:PORT, and ${NAME} is params[NAME]; tables get the
// servers' logins. Beside Flink's own connectors there are kafka and elasticsearch-7,
// and the session's time zone is UTC.
type FlinkClient struct{ e *Env }

// Job is a job that Start has started.
type Job struct {
	ID     string
	client *flink.Client
}

func (f FlinkClient) client() *flink.Client {
	f.e.t.Helper()
	logins := f.e.Access()
	return flink.NewAs(f.e.Addr("flink-gateway", "rest"), logins["flink-gateway"],
		f.e.Addr("flink-jobmanager", "rest"), logins["flink-jobmanager"])
}

// run runs all statements of sql in a session of their own. Errors name the file and the
// line.
func (f FlinkClient) run(file, sql string, params map[string]string) []*flink.Result {
	f.e.t.Helper()
	ctx, logins := f.e.t.Context(), f.e.Access()
	statements, err := flink.Parse(file, sql, f.params(params))
	if err == nil {
		statements, err = flink.WithLogins(statements, logins["kafka"], logins["elasticsearch"])
	}
	if err != nil {
		f.e.t.Fatal(err)
	}
	session, err := f.client().OpenSession(ctx, map[string]string{"table.local-time-zone": "UTC", "pipeline.name": f.e.t.Name()})
	if err != nil {
		f.e.t.Fatal(err)
	}
	defer session.Close(context.WithoutCancel(ctx))
	results, err := session.RunAll(ctx, statements)
	for _, r := range results {
		if r.Kind == flink.Started {
			f.e.t.Cleanup(func() { f.cancel(r.JobID) })
		}
	}
	if err != nil {
		f.e.t.Fatal(err)
	}
	return results
}

func (f FlinkClient) params(more map[string]string) map[string]string {
	params := map[string]string{"kafka": f.e.run.Peer("kafka", "peer"), "elasticsearch": f.e.run.Peer("elasticsearch", "http")}
	maps.Copy(params, more)
	return params
}

func (f FlinkClient) cancel(job string) {
	if err := f.client().Cancel(context.Background(), job); err != nil {
		f.e.t.Error(err)
	}
}

// Start runs SQL whose last INSERT starts a job, which is cancelled after the test. file
// is the text's name in errors.
func (f FlinkClient) Start(file, sql string, params map[string]string) *Job {
	f.e.t.Helper()
	results := f.run(file, sql, params)
	for i := range results {
		if r := results[len(results)-1-i]; r.Kind == flink.Started {
			return &Job{r.JobID, f.client()}
		}
	}
	f.e.t.Fatalf("%s starts no job: it has no INSERT INTO", file)
	return nil
}

// Query runs SQL whose last statement is a query that ends, and returns its rows; see
// [flink.Result] for their values.
func (f FlinkClient) Query(file, sql string, params map[string]string) [][]any {
	f.e.t.Helper()
	results := f.run(file, sql, params)
	if len(results) == 0 || results[len(results)-1].Kind != flink.Rows {
		f.e.t.Fatalf("the last statement of %s isn't a query", file)
	}
	return results[len(results)-1].Rows
}

// Why says what is wrong with the job: the deepest cause of its last failure, or that it
// has ended. It returns nil for a job that runs and has never failed.
func (j *Job) Why(ctx context.Context) error {
	job, err := j.client.Job(ctx, j.ID)
	if err != nil {
		return err
	}
	if job.Cause == "" && !job.Over() {
		return nil
	}
	return &flink.JobError{Job: job}
}
