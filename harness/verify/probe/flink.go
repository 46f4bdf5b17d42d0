package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// Flink queries a table over a topic, as far as the topic goes now.
type Flink struct {
	Client *flink.Client
	// Tables are the statements that make the table.
	Tables []flink.Statement
	Table  string
}

// flinkTime is how Flink casts a TIMESTAMP_LTZ(3) to STRING.
const flinkTime = "2006-01-02 15:04:05.000"

// flinkSum is what Flink says of one group.
type flinkSum struct {
	rows        int64 // repeats counted in
	mix         wisdm.Mix
	values      axes
	first, last time.Time
}

// Check compares the table with what is expected, by sums that Flink computes of
// each group of rows. Only where a group differs does it ask for rows.
func (f Flink) Check(ctx context.Context, want wisdm.Expected) hop.Result {
	ledger := want.Sums()
	answer, err := f.query(ctx, f.sumSQL())
	var refused *flink.SQLError
	switch {
	case errors.As(err, &refused): // the table is wrong, or lacks a column
		return hop.Result{Hop: hop.Flink, Expected: ledger.Count(), Outcome: hop.Failed, Detail: err.Error()}
	case err != nil:
		return hop.Errored(hop.Flink, ledger.Count(), err)
	}
	return f.compare(ctx, ledger, answer.Rows)
}

// compare compares the sums, one row of the answer per group.
func (f Flink) compare(ctx context.Context, ledger *wisdm.Ledger, answer [][]any) hop.Result {
	var found problems
	sums := map[wisdm.Group]flinkSum{}
	s := settled{name: hop.Flink, ledger: ledger, reread: f.rowsOf, options: wisdm.CompareOptions{AllowRepeats: true}}
	for _, row := range answer {
		group, sum, err := readSum(row)
		if err != nil {
			return hop.Result{Hop: hop.Flink, Expected: ledger.Count(), Outcome: hop.Failed, Detail: fmt.Sprintf("%s: %v", group, err)}
		}
		sums[group] = sum
		s.result.Actual += sum.rows
		if want := ledger.Sum(group); sum.rows == want.Rows {
			compareSum(group, sum, want, &found)
		}
	}
	s.differ = ledger.DifferingBy(slices.Collect(maps.Keys(sums)), func(g wisdm.Group, want wisdm.Sum) bool {
		return sums[g].rows == want.Rows && sums[g].mix == want.Mix
	})
	s.say = func(g wisdm.Group) string { return sayCounts(sums[g].rows, ledger.Sum(g).Rows) }
	s.problems = found.all()
	return s.settle(ctx)
}

func readSum(row []any) (key wisdm.Group, sum flinkSum, err error) {
	subject, _ := row[0].(int64)
	key.Subject = int(subject)
	for i, word := range []*string{&key.Activity, &key.Device, &key.Sensor} {
		*word, _ = row[1+i].(string)
	}
	sum.rows, _ = row[4].(int64)
	sum.mix.AB, _ = row[5].(int64)
	sum.mix.AC, _ = row[6].(int64)
	for i := range sum.values {
		sum.values[i].Min, sum.values[i].Max, sum.values[i].Mean = number(row[7+3*i]), number(row[8+3*i]), number(row[9+3*i])
	}
	if sum.first, err = readTime(row[16]); err == nil {
		sum.last, err = readTime(row[17])
	}
	return key, sum, err
}

// compareSum compares what a person would look at first.
func compareSum(g wisdm.Group, got flinkSum, want wisdm.Sum, found *problems) {
	compareGroup(g.String(), got.rows, got.values, want, found)
	if !got.first.Equal(want.First) || !got.last.Equal(want.Last) {
		found.add("%s: event_time is between %s and %s, want %s and %s", g,
			got.first.Format(wisdm.TimeLayout), got.last.Format(wisdm.TimeLayout),
			want.First.Format(wisdm.TimeLayout), want.Last.Format(wisdm.TimeLayout))
	}
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
		return time.Time{}, errors.New("event_time is NULL: Flink didn't read the messages' event_time as a time")
	}
	return time.Parse(flinkTime, text)
}
