package wisdm

import "time"

// DefaultBase is the event time of each session's first row unless another is set.
// Any instant would do; a fixed one keeps runs comparable.
var DefaultBase = time.UnixMilli(1_700_000_000_000).UTC()

// Timeline gives rows their Seq and their event time:
//
//	Time = base + (TS − first TS of that subject, device, sensor and activity)
//
// rounded down to whole milliseconds, which is what Flink's TIMESTAMP(3) and
// an Elasticsearch date hold. Where a later row of a session has a smaller TS
// than the first, its event time lies before base. Sessions of one subject all
// begin at base: the dataset doesn't say how far apart they were recorded.
type Timeline struct {
	base  time.Time
	first map[session]int64
	seq   map[Stream]int64
}

type session struct {
	stream   Stream
	activity string
}

// NewTimeline returns a Timeline whose sessions begin at base.
func NewTimeline(base time.Time) *Timeline {
	return &Timeline{base: base.UTC().Truncate(time.Millisecond), first: map[session]int64{}, seq: map[Stream]int64{}}
}

// Place sets the Seq and the Time of r, the next row in reading order.
func (t *Timeline) Place(r *Row) {
	stream := r.Stream()
	t.seq[stream]++
	r.Seq = t.seq[stream]

	key := session{stream, r.Activity}
	first, seen := t.first[key]
	if !seen {
		first = r.TS
		t.first[key] = first
	}
	// In milliseconds: two TS can be farther apart than a time.Duration of whole
	// milliseconds may be.
	r.Time = time.UnixMilli(t.base.UnixMilli() + floorMilli(r.TS-first)).UTC()
}

// floorMilli turns nanoseconds into milliseconds, rounded down.
func floorMilli(nanos int64) int64 {
	millis := nanos / 1e6
	if nanos%1e6 < 0 {
		millis--
	}
	return millis
}

// Placed returns the rows of src with their Seq and Time.
func Placed(src Source, base time.Time) Source { return placed{src, NewTimeline(base)} }

type placed struct {
	Source
	timeline *Timeline
}

func (p placed) Read() (Row, error) {
	r, err := p.Source.Read()
	if err == nil {
		p.timeline.Place(&r)
	}
	return r, err
}
