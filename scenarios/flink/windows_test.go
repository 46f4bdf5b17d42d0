package flink

import (
	"context"
	"fmt"
	"io"
	"maps"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
)

// delay is how far lab 3's watermark is behind the latest event time.
const delay = 5 * time.Second

// windows counts rows by activity in windows of event time.
type windows wisdm.Windows

func (w windows) query() string {
	return fmt.Sprintf("SELECT window_start, action, COUNT(*)\n"+
		"FROM TABLE(TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '%d' SECOND))\n"+
		"GROUP BY window_start, window_end, action", int(w.Size.Seconds()))
}

// flinkWindow is how the gateway writes a window_start, a TIMESTAMP(3).
const flinkWindow = "2006-01-02T15:04:05"

// expect returns what the query must give: the count by window and activity, and how
// many rows it drops, without reporting them, since they are late.
func (w windows) expect(rows []wisdm.Row) (map[string]int64, int64) {
	counts, late := wisdm.Windows(w).Count(rows, wisdm.ByActivity)
	named := map[string]int64{}
	for window, n := range counts {
		named[window.Start.Format(flinkWindow)+" "+window.Key] = n
	}
	return named, int64(len(late))
}

// run asks the query of lab 3's table, which ends where the topic does now. A
// bounded source ends with the greatest of watermarks, which closes every window.
func (w windows) run(t *testing.T, p pipeline.Pipeline, mode string, options ...flink.Option) map[string]int64 {
	t.Helper()
	statements := tables(t, p)
	statements[0] = statements[0].WithOptions("kafka", append(options, flink.UntilNow)...)
	query, err := p.Statements("windows.sql", w.query())
	if err != nil {
		t.Fatal(err)
	}
	session, err := p.Flink().OpenSession(t.Context(), pipeline.SessionConfig("execution.runtime-mode", mode))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(context.WithoutCancel(t.Context()))
	results, err := session.RunAll(t.Context(), append(statements, query...))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for _, row := range results[len(results)-1].Rows {
		counts[fmt.Sprint(row[0], " ", row[1])] += row[2].(int64)
	}
	return counts
}

// recorded brings input into Kafka. From one partition, Flink reads it in
// publishing order.
func recorded(t *testing.T, partitions int, input wisdm.Input) (pipeline.Pipeline, *wisdm.Oracle) {
	t.Helper()
	p := scenario.Need(t, components...).Pipeline()
	config := p.BridgeConfig()
	config.Partitions = partitions
	if err := bridge.CreateTopic(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	oracle := scenario.Oracle(t, input)
	scenario.Fill(t, p, input, oracle.Count())
	return p, oracle
}

func same(t *testing.T, got, want map[string]int64) {
	t.Helper()
	if !maps.Equal(got, want) || len(want) < 2 {
		t.Errorf("windows\n%v, want\n%v", got, want)
	}
}

// day is some seconds of each activity of four subjects.
var day = wisdm.Generator{Seed: 3, Subjects: 4, Rows: 20_000}

// TestWindowsHoldEveryRow: the rows come in the order of event time, so none is late,
// whichever of the partitions is read first: the one that lags behind holds the
// watermark.
func TestWindowsHoldEveryRow(t *testing.T) {
	p, oracle := recorded(t, 3, day)
	w := windows{time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if all := oracle.Group(wisdm.All)["all"]; late > 0 || all.Last.Sub(all.First) < 6*delay {
		t.Fatalf("the oracle takes %d rows from %s to %s for late", late, all.First, all.Last)
	}
	same(t, w.run(t, p, "streaming", flink.OnEvent), want)
}

// TestLateRowsAreDropped: two in a hundred rows come ten seconds late. In streaming mode
// just those are dropped whose window is complete then. In batch mode there is no
// watermark, and no row is late.
func TestLateRowsAreDropped(t *testing.T) {
	p, oracle := recorded(t, 1, wisdm.WithDelay(day, wisdm.Delay{Share: 0.02, By: 10 * time.Second}, 1))
	w := windows{10 * time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if late < 100 || late > oracle.Count()/50 {
		t.Fatalf("the oracle takes %d of %d rows for late, want about one in a hundred", late, oracle.Count())
	}
	same(t, w.run(t, p, "streaming", flink.OnEvent), want)

	want, late = w.patient().expect(oracle.Rows())
	if late > 0 {
		t.Fatalf("the oracle takes %d rows for late in batch mode", late)
	}
	same(t, w.run(t, p, "batch"), want)
}

// patient is w with a watermark that waits for every row.
func (w windows) patient() windows { return windows{w.Size, 1000 * time.Hour} }

// TestFileOrderLosesRows: the trap of sending file by file. The first file's last row
// brings the watermark to the end of its subject's day, and of all other files, which
// begin with the same morning, the windows are complete by then. Symptom: no error, and
// the counts are those of the first file. Right: send in the order of event time, as
// devices that record at the same time would.
func TestFileOrderLosesRows(t *testing.T) {
	p, oracle := recorded(t, 1, wisdm.FileOrder(day))
	w := windows{time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if late < oracle.Count()/2 {
		t.Fatalf("the oracle takes only %d of %d rows for late", late, oracle.Count())
	}
	same(t, w.run(t, p, "streaming", flink.OnEvent), want)
}

// offsets are rows of one session, by their milliseconds after its start, in the order
// in which they come.
type offsets []int64

func (offsets) Name() string { return "rows at given times" }

func (o offsets) Open() (wisdm.Source, error) { return &reader{left: o}, nil }

type reader struct {
	left offsets
	seq  int64
}

func (r *reader) Read() (wisdm.Row, error) {
	if len(r.left) == 0 {
		return wisdm.Row{}, io.EOF
	}
	at := r.left[0]
	r.left, r.seq = r.left[1:], r.seq+1
	return wisdm.Row{
		Subject: 1600, Activity: "A", TS: at * 1e6, Device: "phone", Sensor: "accel",
		Seq: r.seq, Time: wisdm.DefaultBase.Add(time.Duration(at) * time.Millisecond),
	}, nil
}

// TestLateToTheMillisecond: with the watermark at 9.998 s the window that ends at
// 10 s still takes a row; at 9.999 s it doesn't.
func TestLateToTheMillisecond(t *testing.T) {
	p, oracle := recorded(t, 1, offsets{0, 14_998, 1, 14_999, 2, 10_000})
	w := windows{10 * time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if first := want["2023-11-14T22:13:20 A"]; first != 2 || late != 1 {
		t.Fatalf("the oracle has %v, %d late", want, late)
	}
	same(t, w.run(t, p, "streaming", flink.OnEvent), want)
}
