package wisdm

import (
	"errors"
	"testing"
	"time"
)

func TestTimeline(t *testing.T) {
	const second = int64(time.Second)
	phone, watch := Stream{1600, "phone", "accel"}, Stream{1600, "watch", "accel"}
	steps := []struct {
		stream   Stream
		activity string
		ts       int64
		seq      int64
		time     time.Duration // after base
	}{
		{phone, "A", 5 * second, 1, 0},
		{phone, "A", 5*second + 50_354_004, 2, 50 * time.Millisecond},
		// The watch's clock is another, and both are at A.
		{watch, "A", 900 * second, 1, 0},
		{watch, "A", 900*second + 199_999_999, 2, 199 * time.Millisecond},
		// The clock goes back within an activity, and jumps.
		{phone, "A", 3 * second, 3, 50 * time.Millisecond},
		{phone, "A", 3*second + 100_000_000, 4, 150 * time.Millisecond},
		{phone, "A", 1<<63 - 1, 5, 60_150 * time.Millisecond},
		{phone, "A", 0, 6, 60_150 * time.Millisecond},
		// The next activity begins after the longest session, for both.
		{watch, "B", 0, 3, 60_201 * time.Millisecond},
		{watch, "B", second, 4, 61_201 * time.Millisecond},
		{phone, "B", 77 * second, 7, 60_201 * time.Millisecond},
		// An activity that comes again is a session of its own.
		{watch, "A", 0, 5, 61_251 * time.Millisecond},
		// Others live at the same time.
		{Stream{1601, "watch", "gyro"}, "C", 8 * second, 1, 0},
	}
	timeline := NewTimeline(DefaultBase)
	for i, s := range steps {
		row := Row{Subject: s.stream.Subject, Device: s.stream.Device, Sensor: s.stream.Sensor, Activity: s.activity, TS: s.ts}
		timeline.Place(&row)
		if row.Seq != s.seq || !row.Time.Equal(DefaultBase.Add(s.time)) {
			t.Errorf("row %d: seq %d at base+%v, want %d at base+%v", i, row.Seq, row.Time.Sub(DefaultBase), s.seq, s.time)
		}
	}
}

func TestTimelineBase(t *testing.T) {
	zone := time.FixedZone("", 3600)
	row := Row{TS: 1}
	NewTimeline(time.Date(2026, 1, 2, 3, 4, 5, 6_999_999, zone)).Place(&row)
	if want := time.Date(2026, 1, 2, 2, 4, 5, 6_000_000, time.UTC); row.Time != want {
		t.Errorf("the time is %v, want UTC and whole milliseconds, %v", row.Time, want)
	}
}

func TestPlaced(t *testing.T) {
	broken := errors.New("broken")
	src := Placed(&list{rows: make([]Row, 2), err: broken}, DefaultBase)
	rows, err := drain(src)
	if !errors.Is(err, broken) || len(rows) != 2 || rows[1].Seq != 2 || !rows[1].Time.Equal(DefaultBase) {
		t.Errorf("%+v, %v", rows, err)
	}
}

// TestPlacedMoves rows that their input has placed.
func TestPlacedMoves(t *testing.T) {
	src := Placed(&list{rows: []Row{{Seq: 7, Time: DefaultBase.Add(time.Second)}}}, DefaultBase.Add(time.Hour))
	if row, err := src.Read(); err != nil || row.Seq != 7 || !row.Time.Equal(DefaultBase.Add(time.Hour+time.Second)) {
		t.Errorf("%+v, %v", row, err)
	}
}
