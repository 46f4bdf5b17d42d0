package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/rows/wisdm"
)

// ledgerQuery has Flink sum up each group, with wisdm.Mix in SQL: a, b and c are
// its three sums. Repeats are counted in, since telling equal rows apart would
// take Flink a sort of all rows.
const ledgerQuery = `SELECT usid, action, device, sensor, COUNT(*), SUM(a * b), SUM(a * c),
  MIN(x), MAX(x), AVG(x), MIN(y), MAX(y), AVG(y), MIN(z), MAX(z), AVG(z),
  CAST(MIN(event_time) AS STRING), CAST(MAX(event_time) AS STRING)
FROM (
  SELECT usid, action, device, sensor, x, y, z, event_time, %s AS a, %s AS b, %s AS c
  FROM (
    SELECT *, %s AS millis, CAST(x * 1E12 AS BIGINT) AS wx, CAST(y * 1E12 AS BIGINT) AS wy, CAST(z * 1E12 AS BIGINT) AS wz
    FROM ` + "`%s`" + ` /*+ OPTIONS('scan.bounded.mode'='latest-offset') */
  )
)
GROUP BY usid, action, device, sensor`

// millisSQL is the event time in milliseconds.
const millisSQL = "(1000 * UNIX_TIMESTAMP(CAST(event_time AS STRING)) + EXTRACT(MILLISECOND FROM event_time))"

const rowsQuery = "SELECT usid, action, device, sensor, seq, ts, x, y, z, CAST(event_time AS STRING)\n" +
	"FROM `%s` /*+ OPTIONS('scan.bounded.mode'='latest-offset') */\nWHERE %s"

func mixSQL(factors [6]int64) string {
	terms := make([]string, len(factors))
	for i, column := range [...]string{"seq", "ts", "millis", "wx", "wy", "wz"} {
		terms[i] = fmt.Sprintf("%s * %d", column, factors[i])
	}
	return strings.Join(terms, " + ")
}

func (f Flink) ledgerSQL() string {
	m := wisdm.MixFactors
	return fmt.Sprintf(ledgerQuery, mixSQL(m[0]), mixSQL(m[1]), mixSQL(m[2]), millisSQL, f.Table)
}

// CheckLedger is Check for as many rows as there may be, by sums that Flink
// makes. Only where a group differs are its rows asked for.
func (f Flink) CheckLedger(ctx context.Context, ledger *wisdm.Ledger) hop.Result {
	answer, err := f.query(ctx, f.ledgerSQL())
	var refused *flink.SQLError
	switch {
	case errors.As(err, &refused): // the table is wrong, or lacks a column
		return hop.Result{Hop: hop.Flink, Expected: ledger.Count(), Outcome: hop.Failed, Detail: err.Error()}
	case err != nil:
		return hop.Errored(hop.Flink, ledger.Count(), err)
	}
	sums, found := map[wisdm.Group]flinkSum{}, problems{}
	s := settled{name: hop.Flink, ledger: ledger, reread: f.rowsOf, options: wisdm.CompareOptions{AllowRepeats: true}}
	for _, row := range answer.Rows {
		group, sum, err := readSum(row)
		if err != nil {
			return hop.Errored(hop.Flink, ledger.Count(), err)
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
	if repeats := s.result.Actual - ledger.Count(); repeats > 0 {
		s.result.Actual = ledger.Count() // unless settle sees otherwise
		s.result.Detail = fmt.Sprintf("%d rows came twice, which at least once allows", repeats)
	}
	return s.settle(ctx)
}

// flinkSum is what Flink says of one group.
type flinkSum struct {
	group
	mix wisdm.Mix
}

func readSum(row []any) (wisdm.Group, flinkSum, error) {
	var key wisdm.Group
	var sum flinkSum
	subject, _ := row[0].(int64)
	key.Subject = int(subject)
	key.Activity, _ = row[1].(string)
	key.Device, _ = row[2].(string)
	key.Sensor, _ = row[3].(string)
	sum.name = key.String()
	sum.rows, _ = row[4].(int64)
	sum.mix.AB, _ = row[5].(int64)
	sum.mix.AC, _ = row[6].(int64)
	for i := range sum.values {
		sum.values[i].Min, sum.values[i].Max, sum.values[i].Mean = number(row[7+3*i]), number(row[8+3*i]), number(row[9+3*i])
	}
	var err error
	if sum.first, err = readTime(row[16]); err == nil {
		sum.last, err = readTime(row[17])
	}
	return key, sum, err
}

// compareSum compares what a person would look at first.
func compareSum(g wisdm.Group, got flinkSum, want wisdm.Sum, found *problems) {
	stats := want.Stats()
	summary := wisdm.Summary{Count: want.Rows, X: stats[0], Y: stats[1], Z: stats[2], First: want.First, Last: want.Last}
	compareGroup(g.String(), got.rows, got.values, summary, found)
	compareTimes(got.group, summary, found)
}

// rowsOf asks Flink for the rows of some groups.
func (f Flink) rowsOf(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
	var either []string
	for g := range groups {
		either = append(either, fmt.Sprintf("(usid = %d AND action = %s AND device = %s AND sensor = %s)",
			g.Subject, quoteSQL(g.Activity), quoteSQL(g.Device), quoteSQL(g.Sensor)))
	}
	answer, err := f.query(ctx, fmt.Sprintf(rowsQuery, f.Table, strings.Join(either, "\n   OR ")))
	if err != nil {
		return nil, err
	}
	rows := make([]wisdm.Row, len(answer.Rows))
	for i, values := range answer.Rows {
		if rows[i], err = readRow(values); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func readRow(values []any) (r wisdm.Row, err error) {
	subject, _ := values[0].(int64)
	r.Subject = int(subject)
	for i, word := range []*string{&r.Activity, &r.Device, &r.Sensor} {
		*word, _ = values[1+i].(string)
	}
	r.Seq, _ = values[4].(int64)
	r.TS, _ = values[5].(int64)
	r.X, r.Y, r.Z = number(values[6]), number(values[7]), number(values[8])
	r.Time, err = readTime(values[9])
	return r, err
}

func quoteSQL(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
