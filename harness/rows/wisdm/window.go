package wisdm

import "time"

// Windows are tumbling windows of event time in a streaming query, and a watermark
// that follows each row. They begin at whole multiples of Size since 1970. Source:
// TimeWindow.getWindowStartWithOffset of Flink.
type Windows struct {
	Size time.Duration
	// Delay is how far the watermark stays behind the latest event time.
	Delay time.Duration
}

// Window is what one window counts for one key.
type Window struct {
	Start time.Time
	Key   string
}

// Begin returns when the window begins that a time is in.
func (w Windows) Begin(t time.Time) time.Time {
	return t.Add(-time.Duration(t.UnixNano() % int64(w.Size)))
}

// Count returns what Flink counts of rows that come in this order, as from one
// partition, and the rows that it drops as late: when they come, the watermark has
// reached the last millisecond of their window. Rows that come from several partitions
// aren't late by more than this says, for the partition with the least event time holds
// the watermark. At the end of the rows all windows are complete, as where a bounded
// source ends. scenarios/flink compares this with Flink.
func (w Windows) Count(rows []Row, by func(Row) string) (counts map[Window]int64, late []Row) {
	counts = map[Window]int64{}
	var watermark time.Time
	for _, r := range rows {
		start := w.Begin(r.Time)
		if !watermark.Before(start.Add(w.Size - time.Millisecond)) {
			late = append(late, r)
			continue
		}
		counts[Window{start, by(r)}]++
		if reached := r.Time.Add(-w.Delay); reached.After(watermark) {
			watermark = reached
		}
	}
	return counts, late
}
