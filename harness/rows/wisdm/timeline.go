package wisdm

import (
	"io"
	"time"
)

// DefaultBase is the event time of each subject's first row unless another is set.
// Any instant would do; a fixed one keeps runs comparable.
var DefaultBase = time.UnixMilli(1_700_000_000_000).UTC()

const (
	// maxPause is the longest pause within a session that event time keeps.
	maxPause = int64(time.Minute)
	// between is the time from the end of an activity to the beginning of the
	// subject's next one: one reading at 20 Hz.
	between = int64(50 * time.Millisecond)
)

// Timeline gives rows their Seq and their event time. The dataset's clocks count from
// the device's boot, so they say how far apart the rows of one session are (a session
// is what one sensor of one device recorded of one activity), and nothing else. The
// rule:
//
//   - All subjects begin at base, and live at the same time.
//   - The activities of a subject follow one another, 50 ms apart, in the order in
//     which the rows come. All sessions of an activity, those of phone and watch, of
//     accelerometer and gyroscope, begin at the same time; the next activity begins
//     after the end of the longest.
//   - Within a session a row follows the one before it by the difference of their TS:
//     by 0 where the clock goes back, and by a minute where it jumps farther than that.
//
// Event times are rounded down to whole milliseconds, which is what Flink's
// TIMESTAMP(3) and an Elasticsearch date hold. An activity that comes again after
// another one is another session. The order of activities within the rows of one stream
// is never changed; see [Input] for how streams are merged.
type Timeline struct {
	base     int64 // in ms since 1970
	subjects map[int]*life
	clocks   map[Stream]*clock
	starts   map[Stream][]int64 // of each session, where they are known
	note     func(Stream, int64)
}

// life is how far a subject has got, in ns since base.
type life struct {
	activity   string
	start, end int64
}

// clock is how far a stream has got.
type clock struct {
	stream   Stream
	subject  *life
	activity string
	ts, at   int64 // of the last row; at is in ns since base
	seq      int64
	sessions int
}

// NewTimeline returns a Timeline whose subjects begin at base.
func NewTimeline(base time.Time) *Timeline {
	return &Timeline{base: base.UnixMilli(), subjects: map[int]*life{}, clocks: map[Stream]*clock{}}
}

// Place sets the Seq and the Time of r, the next row of its stream.
func (t *Timeline) Place(r *Row) { t.place(t.clock(r.Stream()), r) }

func (t *Timeline) clock(s Stream) *clock {
	c := t.clocks[s]
	if c == nil {
		subject := t.subjects[s.Subject]
		if subject == nil {
			subject = &life{end: -between}
			t.subjects[s.Subject] = subject
		}
		c = &clock{stream: s, subject: subject}
		t.clocks[s] = c
	}
	return c
}

// place is Place for the clock of r's stream. It returns the Time in ms since 1970.
func (t *Timeline) place(c *clock, r *Row) int64 {
	if c.seq == 0 || r.Activity != c.activity {
		t.begin(c, r.Activity)
	} else {
		c.at += min(max(0, r.TS-c.ts), maxPause) // no overflow: no TS is negative
	}
	c.seq++
	c.ts = r.TS
	c.subject.end = max(c.subject.end, c.at)
	millis := t.base + c.at/1e6
	r.Seq, r.Time = c.seq, time.UnixMilli(millis).UTC()
	return millis
}

// begin begins a session: with the others of the activity if the subject is at it.
func (t *Timeline) begin(c *clock, activity string) {
	s := c.subject
	if s.activity != activity {
		const milli = int64(time.Millisecond)
		s.activity, s.start = activity, (s.end+between+milli-1)/milli*milli
	}
	c.activity, c.at = activity, s.start
	if starts := t.starts[c.stream]; c.sessions < len(starts) {
		c.at = starts[c.sessions]
	}
	c.sessions++
	if t.note != nil {
		t.note(c.stream, c.at)
	}
}

// Placed returns the rows of src with their Seq and Time, and subjects that begin at
// base. Rows that have a Seq keep it: their input has placed them, on DefaultBase.
func Placed(src Source, base time.Time) Source {
	return &placed{src, NewTimeline(base), time.Duration(base.UnixMilli()-DefaultBase.UnixMilli()) * time.Millisecond}
}

type placed struct {
	Source
	timeline *Timeline
	shift    time.Duration
}

func (p *placed) Close() error {
	if closer, ok := p.Source.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

func (p *placed) Read() (Row, error) {
	r, err := p.Source.Read()
	switch {
	case err != nil:
	case r.Seq == 0:
		p.timeline.Place(&r)
	case p.shift != 0:
		r.Time = r.Time.Add(p.shift)
	}
	return r, err
}
