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
type windows struct {
	size, delay time.Duration
}

func (w windows) query() string {
	return fmt.Sprintf("SELECT window_start, action, COUNT(*)\n"+
		"FROM TABLE(TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '%d' SECOND))\n"+
		"GROUP BY window_start, window_end, action", int(w.size.Seconds()))
}

// flinkWindow is how the gateway writes a window_start, a TIMESTAMP(3).
const flinkWindow = "2006-01-02T15:04:05"

// expect returns what the query must give of rows in the order in which Flink
// reads them: the count by window and activity, and how many rows were late. A row
// is late if the watermark has reached the last millisecond of its window when it
// arrives; Flink then drops it without reporting it.
func (w windows) expect(rows []wisdm.Row) (counts map[string]int64, late int64) {
	counts = map[string]int64{}
	var watermark time.Time
	for _, r := range rows {
		start := r.Time.Truncate(w.size)
		if !watermark.Before(start.Add(w.size - time.Millisecond)) {
			late++
			continue
		}
		counts[start.Format(flinkWindow)+" "+r.Activity]++
		if reached := r.Time.Add(-w.delay); reached.After(watermark) {
			watermark = reached
		}
	}
	return counts, late
}

// unhurried is windows in batch mode: no row is late.
func (w windows) unhurried() windows { return windows{w.size, 1000 * time.Hour} }

// run asks the query of lab 3's table, which ends where the topic does now. A
// bounded source ends with the greatest of watermarks, which closes every window.
func (w windows) run(t *testing.T, p pipeline.Pipeline, mode string, options ...flink.Option) map[string]int64 {
	t.Helper()
	statements := tables(t, p)
	statements[0] = statements[0].WithOptions("kafka", append(options, flink.Option{Name: "scan.bounded.mode", Value: "latest-offset"})...)
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

// sessions brings n sessions of one subject into Kafka, which all begin at the same
// event time.
func sessions(t *testing.T, perSession int, n int64, partitions int) (pipeline.Pipeline, *wisdm.Oracle) {
	t.Helper()
	return recorded(t, partitions, wisdm.Generator{
		Seed: 3, Subjects: 1, Devices: []string{"phone"}, Sensors: []string{"accel"}, PerSession: perSession, Rows: n * int64(perSession),
	})
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

// onEvent has the watermark follow each row. With one that follows the clock, which is
// Flink's default, other rows are late at each run.
var onEvent = flink.Option{Name: "scan.watermark.emit.strategy", Value: "on-event"}

// TestWindowsHoldEveryRow: no session lasts as long as the watermark waits, so no row
// is late, whichever partition is read first.
func TestWindowsHoldEveryRow(t *testing.T) {
	p, oracle := sessions(t, 80, 17, 3)
	all := oracle.Group(wisdm.All)["all"]
	if lasting := all.Last.Sub(all.First); lasting >= delay || lasting < 3*time.Second {
		t.Fatalf("sessions last for %v, want nearly the watermark's %v", lasting, delay)
	}
	w := windows{time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if late > 0 {
		t.Fatalf("the oracle takes %d rows for late", late)
	}
	same(t, w.run(t, p, "streaming", onEvent), want)
}

// TestLateRowsAreDropped has sessions that last longer than the watermark waits. The
// next one begins at the same event time, when the watermark has passed its first
// windows: in streaming mode these lose rows, exactly those that the oracle computes to
// be late. In batch mode there is no watermark, and no row is late.
func TestLateRowsAreDropped(t *testing.T) {
	p, oracle := sessions(t, 480, 5, 1)
	w := windows{10 * time.Second, delay}
	want, late := w.expect(oracle.Rows())
	if late < oracle.Count()/4 {
		t.Fatalf("the oracle takes only %d of %d rows for late", late, oracle.Count())
	}
	same(t, w.run(t, p, "streaming", onEvent), want)

	want, late = w.unhurried().expect(oracle.Rows())
	if late > 0 {
		t.Fatalf("the oracle takes %d rows for late in batch mode", late)
	}
	same(t, w.run(t, p, "batch"), want)
}

// offsets are rows of one session, by their milliseconds after its start.
type offsets []int64

func (offsets) Name() string { return "rows at given times" }

func (o offsets) Open() (wisdm.Source, error) { return &reader{o}, nil }

type reader struct{ left offsets }

func (r *reader) Read() (wisdm.Row, error) {
	if len(r.left) == 0 {
		return wisdm.Row{}, io.EOF
	}
	at := r.left[0]
	r.left = r.left[1:]
	return wisdm.Row{Subject: 1600, Activity: "A", TS: at * 1e6, Device: "phone", Sensor: "accel"}, nil
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
	same(t, w.run(t, p, "streaming", onEvent), want)
}
