package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/rows/wisdm"
)

// Flink queries a table over a topic, as far as the topic goes now.
type Flink struct {
	Client *flink.Client
	// Tables are the statements that make the table.
	Tables []flink.Statement
	Table  string
}

// flinkQuery groups equal rows first, so that a repeated one counts once. The
// hint bounds the table for this query alone.
const flinkQuery = `SELECT action, usid, COUNT(*), SUM(times),
  MIN(x), MAX(x), AVG(x), MIN(y), MAX(y), AVG(y), MIN(z), MAX(z), AVG(z),
  CAST(MIN(event_time) AS STRING), CAST(MAX(event_time) AS STRING)
FROM (
  SELECT usid, device, sensor, seq, action, ts, x, y, z, event_time, COUNT(*) AS times
  FROM ` + "`%s`" + ` /*+ OPTIONS('scan.bounded.mode'='latest-offset') */
  GROUP BY usid, device, sensor, seq, action, ts, x, y, z, event_time
)
GROUP BY action, usid`

// flinkTime is how Flink casts a TIMESTAMP_LTZ(3) to STRING.
const flinkTime = "2006-01-02 15:04:05.000"

// group is what Flink says of one activity of one subject.
type group struct {
	name        string
	rows, times int64 // different rows, and with repeats
	values      axes
	first, last time.Time
}

// Check compares the table with the oracle: for each activity of each subject
// the number of rows, minimum, maximum and mean of x, y and z, first and last
// event time.
func (f Flink) Check(ctx context.Context, oracle *wisdm.Oracle) hop.Result {
	groups, err := f.groups(ctx)
	var refused *flink.SQLError
	switch {
	case errors.As(err, &refused): // the table is wrong, or lacks a column
		return hop.Result{Hop: hop.Flink, Expected: oracle.Count(), Outcome: hop.Failed, Detail: err.Error()}
	case err != nil:
		return hop.Errored(hop.Flink, oracle.Count(), err)
	}
	result := hop.Result{Hop: hop.Flink, Expected: oracle.Count(), Outcome: hop.Passed}
	want := oracle.Group(func(r wisdm.Row) string { return describeGroup(r.Activity, int64(r.Subject)) })
	var found problems
	var times int64
	for _, g := range groups {
		result.Actual += g.rows
		times += g.times
		compareGroup(g.name, g.rows, g.values, want[g.name], &found)
		compareTimes(g, want[g.name], &found)
		delete(want, g.name)
	}
	for name, summary := range want {
		found.add("%s: no row, want %d", name, summary.Count)
	}
	conclude(&result, found, times)
	return result
}

func conclude(result *hop.Result, found problems, times int64) {
	if list := found.all(); len(list) > 0 {
		result.Outcome = hop.Failed
		for _, line := range list {
			result.Detail += line + "\n"
		}
	} else if times > result.Actual {
		result.Detail = fmt.Sprintf("%d rows came twice, which at least once allows", times-result.Actual)
	}
}

func compareTimes(g group, want wisdm.Summary, found *problems) {
	if g.rows == want.Count && (!g.first.Equal(want.First) || !g.last.Equal(want.Last)) {
		found.add("%s: event_time is between %s and %s, want %s and %s", g.name,
			g.first.Format(wisdm.TimeLayout), g.last.Format(wisdm.TimeLayout),
			want.First.Format(wisdm.TimeLayout), want.Last.Format(wisdm.TimeLayout))
	}
}

func (f Flink) groups(ctx context.Context) ([]group, error) {
	answer, err := f.query(ctx, fmt.Sprintf(flinkQuery, f.Table))
	if err != nil {
		return nil, err
	}
	groups := make([]group, len(answer.Rows))
	for i, row := range answer.Rows {
		if groups[i], err = readGroup(row); err != nil {
			return nil, fmt.Errorf("read the answer of the flink probe's query: %w", err)
		}
	}
	return groups, nil
}

// query runs one query in batch mode, in a session of its own.
func (f Flink) query(ctx context.Context, text string) (*flink.Result, error) {
	session, err := f.Client.OpenSession(ctx, map[string]string{
		"table.local-time-zone": "UTC", "execution.runtime-mode": "batch", "pipeline.name": "probe " + f.Table,
	})
	if err != nil {
		return nil, err
	}
	defer session.Close(context.WithoutCancel(ctx))
	if _, err := session.RunAll(ctx, f.Tables); err != nil {
		return nil, err
	}
	return session.Run(ctx, flink.Statement{Text: text, File: "the flink probe's query", Line: 1})
}

func readGroup(row []any) (g group, err error) {
	action, _ := row[0].(string)
	subject, _ := row[1].(int64)
	g.name = describeGroup(action, subject)
	g.rows, _ = row[2].(int64)
	g.times, _ = row[3].(int64)
	for i := range g.values {
		value := func(k int) float64 { return number(row[4+3*i+k]) }
		g.values[i].Min, g.values[i].Max, g.values[i].Mean = value(0), value(1), value(2)
	}
	if g.first, err = readTime(row[13]); err == nil {
		g.last, err = readTime(row[14])
	}
	return g, err
}

// number takes a whole number too: a student's column may be a BIGINT.
func number(v any) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case int64:
		return float64(n)
	}
	return 0
}

func readTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("event_time is %v: the rows' JSON wasn't read as a time", v)
	}
	return time.Parse(flinkTime, text)
}
