package grade

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
)

func init() {
	register(lab.Kind{Name: "window", Needs: []string{"sql"}, Options: []lab.Option{sqlFile},
		Doc: "in streaming mode, windows of event_time count rows that come up to 4 s late, and none that comes two hours late"}, checkWindow)
}

const (
	windowSize = 30 * time.Second
	// slightly is how late one in twenty rows comes: less than any student's watermark is
	// behind.
	slightly = 4 * time.Second
	// hours is how far the clock is ahead when the last rows come, and most how far a
	// watermark may be behind, so that it has closed all other windows then.
	hours, most = 2 * time.Hour, time.Hour
	// veryLate is how many rows come then.
	veryLate = 3
)

const windowQuery = "SELECT CAST(window_start AS STRING), COUNT(*)" +
	" FROM TABLE(TUMBLE(TABLE `%s`, DESCRIPTOR(event_time), INTERVAL '%d' SECOND)) GROUP BY window_start, window_end"

// windowTime is how Flink casts a TIMESTAMP(3) to STRING.
const windowTime = "2006-01-02 15:04:05.000"

// checkWindow counts the rows of windows in streaming mode. They come from one partition,
// and the watermark follows each row, so which ones are late doesn't depend on the clock.
// The table ends where the topic does, which completes the last windows; the rows that
// come hours late show whether the watermark had completed the others.
func checkWindow(ctx context.Context, a *attempt, c lab.Check) verdict {
	rows, err := lateRows(a.input)
	if err != nil {
		return broken(err)
	}
	b := a.elsewhere("-late")
	if err := b.write(ctx, rows); err != nil {
		return broken(err)
	}
	statements, err := b.definitions(c)
	if err != nil {
		return failed(err)
	}
	for i := range statements {
		statements[i] = statements[i].WithOptions("kafka", flink.OnEvent)
	}
	statements = append(statements, flink.Statement{Text: "SET 'execution.runtime-mode' = 'streaming'", File: ourQuery, Line: 1})
	answer, err := b.run(ctx, c, statements, fmt.Sprintf(windowQuery, a.ours.Names.Table, int(windowSize.Seconds())))
	if err != nil {
		return failed(err)
	}
	got := map[string]int64{}
	for _, row := range answer.Rows {
		n, _ := row[1].(int64)
		got[fmt.Sprint(row[0])] += n
	}
	return sameWindows(got, rows)
}

// lateRows returns the rows of input, some of them slightly late, then one of hours later
// and some of the first ones again, as other rows.
func lateRows(input wisdm.Input) ([]wisdm.Row, error) {
	oracle, err := wisdm.ReadOracle(wisdm.WithDelay(input, wisdm.Delay{Share: 0.05, By: slightly}, 1), wisdm.DefaultBase, 0)
	if err != nil {
		return nil, err
	}
	rows := oracle.Rows()
	late := slices.Clone(rows[:min(veryLate, len(rows))])
	later := rows[len(rows)-1]
	later.Time = later.Time.Add(hours)
	rows = append(rows, later)
	for i := range late {
		late[i].Seq += int64(len(rows))
	}
	return append(rows, late...), nil
}

// elsewhere is the attempt with another topic in place of its own, which tidy removes too.
func (a *attempt) elsewhere(suffix string) *attempt {
	b := *a
	b.ours.Names.Topic += suffix
	b.student.Names.Topic += suffix
	b.student.Files, b.student.SQL = b.read, b.sql
	return &b
}

// write makes the topic, of one partition, and writes rows into it.
func (a *attempt) write(ctx context.Context, rows []wisdm.Row) error {
	if err := a.createTopic(ctx, 1); err != nil {
		return err
	}
	return a.send(ctx, rows)
}

// sameWindows compares what Flink has counted with what any watermark gives that is
// behind by no less than slightly and no more than most.
func sameWindows(got map[string]int64, rows []wisdm.Row) verdict {
	counts, _ := wisdm.Windows{Size: windowSize, Delay: most}.Count(rows, wisdm.All)
	want := map[string]int64{}
	for w, n := range counts {
		want[w.Start.Format(windowTime)] = n
	}
	for _, start := range slices.Sorted(maps.Keys(want)) {
		why := ""
		switch {
		case got[start] < want[start]:
			why = fmt.Sprintf("rows that came up to %v late were dropped", slightly)
		case got[start] > want[start]:
			why = fmt.Sprintf("it still took rows that came %v late", hours)
		default:
			continue
		}
		v := failed(fmt.Errorf("in streaming mode, the window of %v from %s has %d rows, want %d: %s", windowSize, start, got[start], want[start], why))
		v.expected, v.actual = fmt.Sprint(want), fmt.Sprint(got)
		return v
	}
	if len(got) > len(want) {
		return failed(fmt.Errorf("in streaming mode there are %d windows, want %d: are the times right?", len(got), len(want)))
	}
	return passed()
}
