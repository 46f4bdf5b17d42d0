package flink_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/scenario"
)

// realLimit is for one test against Flink; the boot has a limit of its own.
const realLimit = 2 * time.Minute

// realFlink opens a session at the stack's own Flink.
func realFlink(t *testing.T, config map[string]string) (context.Context, *flink.Client, *flink.Session) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it starts Flink")
	}
	stack := scenario.Need(t, "flink-jobmanager", "flink-taskmanager", "flink-gateway")
	client := flink.New(stack.Addr("flink-gateway", "rest"), stack.Addr("flink-jobmanager", "rest"))
	ctx, cancel := context.WithTimeout(t.Context(), realLimit)
	t.Cleanup(cancel)
	session, err := client.OpenSession(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	})
	return ctx, client, session
}

const realTables = `
-- Rows without an end.
CREATE TABLE gen (a BIGINT, b STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '${rate}');
CREATE TABLE ${sink} (a BIGINT, b STRING) WITH ('connector' = 'blackhole');
`

func mustParse(t *testing.T, text string) []flink.Statement {
	t.Helper()
	statements, err := flink.Parse("real.sql", text, map[string]string{"rate": "100", "sink": "bh"})
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

func mustRun(t *testing.T, ctx context.Context, session *flink.Session, text string) []*flink.Result {
	t.Helper()
	results, err := session.RunAll(ctx, mustParse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func TestRealValues(t *testing.T) {
	for _, mode := range []string{"streaming", "batch"} {
		ctx, _, session := realFlink(t, map[string]string{"execution.runtime-mode": mode, "table.local-time-zone": "UTC"})
		got := mustRun(t, ctx, session, `
			CREATE TEMPORARY VIEW v AS SELECT * FROM (VALUES
			  (CAST(9007199254740993 AS BIGINT), 0.1e0, 'it''s', TRUE, TIMESTAMP '2024-01-02 03:04:05.678', CAST(1 AS INT)),
			  (CAST(-1 AS BIGINT), CAST('NaN' AS DOUBLE), 'ñ', FALSE, TIMESTAMP '2024-01-02 03:04:05', CAST(NULL AS INT))) AS t(a, b, c, d, e, f);
			SELECT a, b, c, d, e, CAST(e AS TIMESTAMP_LTZ(3)), f FROM v;
			SELECT COUNT(*), MAX(a) FROM v`)
		want := "[[9007199254740993 0.1 it's true 2024-01-02T03:04:05.678 2024-01-02T03:04:05.678Z 1] [-1 NaN ñ false 2024-01-02T03:04:05 2024-01-02T03:04:05Z <nil>]]"
		// Which row comes first is Flink's choice.
		slices.SortFunc(got[1].Rows, func(a, b []any) int { return cmp.Compare(b[0].(int64), a[0].(int64)) })
		if rows := fmt.Sprint(got[1].Rows); rows != want {
			t.Errorf("%s: got  %s\nwant %s", mode, rows, want)
		}
		if rows := fmt.Sprint(got[2].Rows); rows != "[[2 9007199254740993]]" || got[0].Kind != flink.Done {
			t.Errorf("%s: the aggregate is %s", mode, rows)
		}
	}
}

func TestRealErrors(t *testing.T) {
	ctx, _, session := realFlink(t, map[string]string{"execution.runtime-mode": "batch"})
	mustRun(t, ctx, session, realTables)
	for _, test := range []struct{ text, want string }{
		{"\n\nSELECT a,\n\tnope FROM ${sink}", "real.sql:4:2: Column 'nope' not found in any table"},
		{"/* c */ SELECT '${rate}', '😀', nope", "real.sql:1:32: Column 'nope' not found in any table"},
		{"SELECT 1;\r\n  SELECT * FROM nowhere", "real.sql:2:17: Object 'nowhere' not found"},
		{"SELECT a\nFORM gen t", `real.sql:2:6: unexpected "gen"`},
		{"SELECT CAST(a AS INT) FROM (VALUES ('x')) AS t(a)", "real.sql:1:1: NumberFormatException: For input string: 'x'."},
	} {
		_, err := session.RunAll(ctx, mustParse(t, test.text))
		var sql *flink.SQLError
		if !errors.As(err, &sql) || !strings.HasPrefix(err.Error(), test.want) || sql.Hint() == "" {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestRealEndlessQueryEndsWithItsContext(t *testing.T) {
	ctx, client, session := realFlink(t, nil)
	mustRun(t, ctx, session, realTables)
	limited, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	name := fmt.Sprintf("endless-%x", time.Now().UnixNano())
	mustRun(t, ctx, session, "SET 'pipeline.name' = '"+name+"'")
	_, err := session.Run(limited, mustParse(t, "SELECT a FROM gen")[0])
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the context's end", err)
	}
	for {
		job := named(t, ctx, client, name)
		if job.Over() {
			return
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("the query's job is still %s", job.State)
		}
	}
}

func named(t *testing.T, ctx context.Context, client *flink.Client, name string) flink.Job {
	t.Helper()
	jobs, err := client.Jobs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if job.Name == name {
			return job
		}
	}
	t.Fatalf("no job is named %s in %+v", name, jobs)
	return flink.Job{}
}

func TestRealJobs(t *testing.T) {
	ctx, client, session := realFlink(t, nil)
	mustRun(t, ctx, session, realTables)
	for _, text := range []string{
		"INSERT INTO bh VALUES (1, 'a')",
		"EXECUTE STATEMENT SET BEGIN INSERT INTO bh VALUES (1, 'a'); INSERT INTO bh SELECT 2, CASE 1 WHEN 1 THEN 'b' END; END;",
		"BEGIN STATEMENT SET; INSERT INTO bh VALUES (1, 'a'); INSERT INTO bh VALUES (2, 'b'); END;",
	} {
		results := mustRun(t, ctx, session, text)
		last := results[len(results)-1]
		if last.Kind != flink.Started {
			t.Fatalf("%s gives %+v", text, last)
		}
		if err := client.AwaitJob(ctx, last.JobID, nil); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	running := mustRun(t, ctx, session, "INSERT INTO bh SELECT * FROM gen")[0].JobID
	if err := client.Cancel(ctx, running); err != nil {
		t.Fatal(err)
	}
	job, err := client.Job(ctx, running)
	if err != nil || job.State != "CANCELED" || job.End.Before(job.Start) {
		t.Errorf("got %+v, %v", job, err)
	}
	var ended *flink.JobError
	if err := client.AwaitJob(ctx, running, nil); !errors.As(err, &ended) {
		t.Errorf("got %v, want a *flink.JobError", err)
	}
}

func TestRealJobsThatFail(t *testing.T) {
	ctx, client, session := realFlink(t, map[string]string{"restart-strategy.type": "none"})
	mustRun(t, ctx, session, realTables)
	const insert = "INSERT INTO bh SELECT 1 / a, 'x' FROM (VALUES (0)) AS t(a)"
	err := client.AwaitJob(ctx, mustRun(t, ctx, session, insert)[0].JobID, nil)
	var ended *flink.JobError
	if !errors.As(err, &ended) || ended.Job.State != "FAILED" || ended.Job.Cause != "ArithmeticException: / by zero" {
		t.Errorf("got %v", err)
	}
	mustRun(t, ctx, session, "SET 'restart-strategy.type' = 'fixed-delay'; SET 'restart-strategy.fixed-delay.attempts' = '1000'")
	id := mustRun(t, ctx, session, insert)[0].JobID
	limited, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err = client.AwaitJob(limited, id, nil)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "last failure: ArithmeticException: / by zero") {
		t.Errorf("got %v", err)
	}
	if err := client.Cancel(ctx, id); err != nil {
		t.Error(err)
	}
}
