package wisdm

import (
	"errors"
	"testing"
	"time"
)

func TestTimeline(t *testing.T) {
	base := DefaultBase
	steps := []struct {
		row  Row
		seq  int64
		time time.Duration // after base
	}{
		{Row{Subject: 1600, Activity: "A", TS: 5_000_000_000, Device: "watch", Sensor: "accel"}, 1, 0},
		{Row{Subject: 1600, Activity: "A", TS: 5_050_354_004, Device: "watch", Sensor: "accel"}, 2, 50 * time.Millisecond},
		{Row{Subject: 1600, Activity: "A", TS: 4_999_999_999, Device: "watch", Sensor: "accel"}, 3, -time.Millisecond},
		{Row{Subject: 1600, Activity: "A", TS: 4_999_000_000, Device: "watch", Sensor: "accel"}, 4, -time.Millisecond},
		{Row{Subject: 1600, Activity: "A", TS: 4_998_999_999, Device: "watch", Sensor: "accel"}, 5, -2 * time.Millisecond},
		// Another activity, sensor, device or subject begins at base again; the
		// activity goes on in its stream's Seq.
		{Row{Subject: 1600, Activity: "B", TS: 1_000_000_000, Device: "watch", Sensor: "accel"}, 6, 0},
		{Row{Subject: 1600, Activity: "A", TS: 5_100_000_000, Device: "watch", Sensor: "gyro"}, 1, 0},
		{Row{Subject: 1600, Activity: "A", TS: 5_200_000_000, Device: "phone", Sensor: "accel"}, 1, 0},
		{Row{Subject: 1601, Activity: "A", TS: 5_300_000_000, Device: "watch", Sensor: "accel"}, 1, 0},
		// And back to the first session.
		{Row{Subject: 1600, Activity: "A", TS: 5_100_000_000, Device: "watch", Sensor: "accel"}, 7, 100 * time.Millisecond},
		{Row{Subject: 1600, Activity: "B", TS: 1_000_999_999, Device: "watch", Sensor: "accel"}, 8, 0},
	}
	timeline := NewTimeline(base)
	for i, s := range steps {
		row := s.row
		timeline.Place(&row)
		if row.Seq != s.seq || !row.Time.Equal(base.Add(s.time)) {
			t.Errorf("row %d: seq %d at %s, want %d at base%+v", i, row.Seq, row.Time, s.seq, s.time)
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

// TestTimelineFarApart: the reader takes any timestamp from 0 to the largest.
func TestTimelineFarApart(t *testing.T) {
	timeline := NewTimeline(DefaultBase)
	early, late := Row{TS: 0}, Row{TS: 1<<63 - 1}
	timeline.Place(&early)
	timeline.Place(&late)
	if got := string(AppendMessage(nil, late)); late.Time.Year() != 2316 {
		t.Errorf("got %s", got)
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
