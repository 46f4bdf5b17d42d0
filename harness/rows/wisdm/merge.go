package wisdm

import (
	"cmp"
	"errors"
	"io"
	"slices"
)

// parts are an input's rows as they are stored: one source per stream, in the order of
// the files.
type parts struct {
	sources []Source
	max     int64        // rows of all together; 0: all
	close   func() error // of what the sources have open; may be called again
}

// merged yields the rows of parts in the order of their event times, which it gives
// them; those of the same millisecond by device, sensor and subject. It holds one row
// of each stream.
//
// A stream whose next row begins another activity waits until all of the subject's
// streams do, or are at their end. The subject then goes on with the activity whose
// letter comes first among these rows.
type merged struct {
	parts
	timeline *Timeline
	cursors  []cursor
	subjects map[int]*members
	first    tournament
	given    int64
	err      error // for good
}

type cursor struct {
	Source
	clock   *clock
	row     Row // the next one
	members *members
	waits   bool
}

// members are the streams of a subject.
type members struct {
	cursors []int
	running int // those that don't wait
}

// opened returns the rows of parts in the order of their event times.
func opened(p parts, err error) (Source, error) {
	if err != nil {
		return nil, err
	}
	return merge(p), nil
}

func merge(p parts) *merged { return &merged{parts: p, timeline: NewTimeline(DefaultBase)} }

// Read returns the next row.
func (m *merged) Read() (Row, error) {
	if m.subjects == nil {
		m.begin()
	}
	if m.err != nil {
		return Row{}, m.err
	}
	i := m.first.winner()
	if i < 0 || m.max > 0 && m.given == m.max {
		return Row{}, m.stop(io.EOF)
	}
	m.given++
	row := m.cursors[i].row
	m.advance(i)
	return row, nil
}

// before reports whether a comes before b, a row of the same subject.
func before(a, b Row) bool {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Device, b.Device), cmp.Compare(a.Sensor, b.Sensor)) < 0
}

// begin reads the first row of each stream.
func (m *merged) begin() {
	m.subjects = map[int]*members{}
	for _, src := range m.sources {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			m.stop(err)
			return
		}
		m.cursors = append(m.cursors, cursor{Source: src, row: row, waits: true})
	}
	slices.SortStableFunc(m.cursors, func(a, b cursor) int {
		return cmp.Or(cmp.Compare(a.row.Device, b.row.Device), cmp.Compare(a.row.Sensor, b.row.Sensor), cmp.Compare(a.row.Subject, b.row.Subject))
	})
	m.first = newTournament(len(m.cursors))
	for i := range m.cursors {
		c := &m.cursors[i]
		if m.subjects[c.row.Subject] == nil {
			m.subjects[c.row.Subject] = &members{}
		}
		c.members, c.clock = m.subjects[c.row.Subject], m.timeline.clock(c.row.Stream())
		c.members.cursors = append(c.members.cursors, i)
	}
	for _, of := range m.subjects {
		m.resume(of)
	}
}

// advance reads the next row of a stream.
func (m *merged) advance(i int) {
	c := &m.cursors[i]
	row, err := c.Read()
	switch {
	case err == nil && row.Activity == c.clock.activity:
		m.first.set(i, m.timeline.place(c.clock, &row))
		c.row = row
		return
	case err == nil:
		c.row, c.waits = row, true
	case !errors.Is(err, io.EOF):
		m.stop(err)
		return
	}
	m.first.set(i, never)
	if c.members.running--; c.members.running == 0 {
		m.resume(c.members)
	}
}

// resume begins a subject's next activity.
func (m *merged) resume(of *members) {
	activity := ""
	for _, i := range of.cursors {
		if c := &m.cursors[i]; c.waits && (activity == "" || c.row.Activity < activity) {
			activity = c.row.Activity
		}
	}
	for _, i := range of.cursors {
		if c := &m.cursors[i]; c.waits && c.row.Activity == activity {
			c.waits = false
			of.running++
			m.first.set(i, m.timeline.place(c.clock, &c.row))
		}
	}
}

// stop ends the reading for good, and closes files and archives, since a caller may
// never call Close.
func (m *merged) stop(err error) error {
	if closed := m.close(); closed != nil && errors.Is(err, io.EOF) {
		err = closed // a row may be missing
	}
	m.err = err
	return err
}

// Close closes the files. Further reading is an error.
func (m *merged) Close() error {
	err := m.close()
	if m.err == nil {
		m.subjects, m.err = map[int]*members{}, errors.New("read rows: the source is closed")
	}
	return err
}
