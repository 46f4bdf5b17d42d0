package notebook_test

import (
	"context"
	"os"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// TestRealPage runs the cells of testdata/real.md in a real Flink: the outputs that it
// shows, including that of a trap, are Flink's.
func TestRealPage(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because of -short: it starts Flink")
	}
	text, err := os.ReadFile("testdata/real.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := notebook.Parse("testdata/real.md", text)
	if err != nil {
		t.Fatal(err)
	}
	stack := scenario.Need(t, "flink-jobmanager", "flink-taskmanager", "flink-gateway")
	client := flink.New(stack.Addr("flink-gateway", "rest"), stack.Addr("flink-jobmanager", "rest"))
	session, err := client.OpenSession(t.Context(), map[string]string{"table.local-time-zone": "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	var jobs []string
	sql := notebook.SQLExecutor{Session: session, Started: func(_ context.Context, job string) error { jobs = append(jobs, job); return nil }}
	report, err := notebook.Run(t.Context(), page, sql, notebook.Options{
		Params: map[string]string{"table": "readings", "sink": "nowhere"}, PageLimit: 3 * time.Minute, KeepGoing: true,
	})
	if err != nil || report.Outcome != hop.Passed {
		t.Errorf("%v\n%s", err, report.Print())
	}
	if again := page.Refresh(report); string(again) != string(text) {
		t.Errorf("a refresh of the true page changed it:\n%s", again)
	}
	if len(jobs) != 1 {
		t.Errorf("started %v, want one job", jobs)
	}
	for _, job := range jobs {
		if err := client.AwaitJob(t.Context(), job, nil); err != nil {
			t.Error(err)
		}
	}
}
