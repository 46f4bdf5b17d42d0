package probe

import (
	"context"
	"fmt"
	"strings"

	"hoplab.example/harness/rows/wisdm"
)

// sumQuery makes Flink sum up each group, with wisdm.Mix in SQL: a, b and c are
// its three sums. Repeats are counted in, since telling equal rows apart would
// take Flink a sort of all rows. The casts are for a table whose seq or ts is of
// another type.
const sumQuery = `SELECT usid, action, device, sensor, COUNT(*), SUM(a * b), SUM(a * c),
  MIN(x), MAX(x), AVG(x), MIN(y), MAX(y), AVG(y), MIN(z), MAX(z), AVG(z),
  CAST(MIN(event_time) AS STRING), CAST(MAX(event_time) AS STRING)
FROM (
  SELECT usid, action, device, sensor, x, y, z, event_time, %s AS a, %s AS b, %s AS c
  FROM (
    SELECT usid, action, device, sensor, x, y, z, event_time, CAST(seq AS BIGINT) AS seq, CAST(ts AS BIGINT) AS ts, %s AS millis,
      CAST(x * 1E12 AS BIGINT) AS wx, CAST(y * 1E12 AS BIGINT) AS wy, CAST(z * 1E12 AS BIGINT) AS wz
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

func (f Flink) sumSQL() string {
	m := wisdm.MixFactors
	return fmt.Sprintf(sumQuery, mixSQL(m[0]), mixSQL(m[1]), mixSQL(m[2]), millisSQL, f.Table)
}

// rowsOf asks Flink for the rows of some groups, of all where groups is nil.
func (f Flink) rowsOf(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
	var either []string
	if groups == nil {
		either = []string{"TRUE"}
	}
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
