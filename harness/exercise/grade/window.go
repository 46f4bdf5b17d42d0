package grade

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "window", Needs: []string{"sql"}, Options: []lab.Option{sqlFile},
		Doc: "event_time has a watermark, and windows over it hold the right number of rows"}, checkWindow)
}

// windowLength is in seconds. The rows of a lab last some minutes.
const windowLength = 30

// windowQuery runs in batch mode, where no row is late: the counts have all rows.
const windowQuery = "SELECT CAST(window_start AS STRING), COUNT(*)" +
	" FROM TABLE(TUMBLE(TABLE `%s`, DESCRIPTOR(event_time), INTERVAL '%d' SECOND)) GROUP BY window_start, window_end"

// windowTime is how Flink casts a TIMESTAMP(3) to STRING.
const windowTime = "2006-01-02 15:04:05.000"

// checkWindow asks for a watermark on event time, and counts the rows of each
// window of it.
func checkWindow(ctx context.Context, a *attempt, c lab.Check) verdict {
	if v := a.checkWatermark(ctx, c); v.outcome != hop.Passed {
		return v
	}
	view := a.ours.Names.Table
	answer, err := a.query(ctx, c, fmt.Sprintf(windowQuery, view, windowLength))
	if err != nil {
		return failed(err)
	}
	want := windows(a.oracle)
	for _, row := range answer.Rows {
		start, n := fmt.Sprint(row[0]), fmt.Sprint(row[1])
		if should := fmt.Sprint(want[start]); n != should {
			return failed(fmt.Errorf("the window from %s has %s rows, want %s", start, n, should))
		}
		delete(want, start)
	}
	for start, n := range want {
		return failed(fmt.Errorf("the window from %s isn't there, want %d rows", start, n))
	}
	return passed()
}

// maxBehind is how far a watermark may be behind event time, in minutes: rows of one
// subject can come minutes after those of another that were recorded at the same time.
const maxBehind = 60

// behind asks how far a watermark is behind event time, in minutes, and for how many
// rows it is ahead of it.
const behind = "SELECT MAX(TIMESTAMPDIFF(MINUTE, %[1]s, event_time)), SUM(CASE WHEN %[1]s > event_time THEN 1 ELSE 0 END) FROM `%[2]s`"

// checkWatermark asks for a watermark on event time with which a window is complete at
// some point, and not before its rows are there. The last column of DESCRIBE has its
// expression.
func (a *attempt) checkWatermark(ctx context.Context, c lab.Check) verdict {
	answer, err := a.query(ctx, c, "DESCRIBE `"+a.ours.Names.Table+"`")
	if err != nil {
		return failed(err)
	}
	expression := ""
	for _, row := range answer.Rows {
		if row[0] == "event_time" && len(row) > 5 && row[5] != nil {
			expression = fmt.Sprint(row[5])
		}
	}
	if expression == "" {
		return failed(fmt.Errorf("event_time has no watermark: Flink can't tell when a window is complete"))
	}
	if answer, err = a.query(ctx, c, fmt.Sprintf(behind, expression, a.ours.Names.Table)); err != nil {
		return failed(err)
	}
	minutes, ahead := fmt.Sprint(answer.Rows[0][0]), fmt.Sprint(answer.Rows[0][1])
	if n, err := strconv.ParseInt(minutes, 10, 64); err == nil && n > maxBehind {
		return failed(fmt.Errorf("the watermark %s is %s minutes behind event_time, so no window is complete before that: want at most %d minutes", expression, minutes, maxBehind))
	}
	if n, err := strconv.ParseInt(ahead, 10, 64); err == nil && n > 0 {
		return failed(fmt.Errorf("the watermark %s is ahead of event_time in %d rows, which are late as soon as they arrive", expression, n))
	}
	return passed()
}

// windows has how many rows begin in each window, by its start.
func windows(oracle *wisdm.Oracle) map[string]int64 {
	counts := map[string]int64{}
	for _, row := range oracle.Rows() {
		counts[row.Time.Truncate(windowLength*time.Second).Format(windowTime)]++
	}
	return counts
}
