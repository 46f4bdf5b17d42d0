package publish

import (
	"errors"
	"io"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// lapGap separates the event times of two laps: one reading at 20 Hz.
const lapGap = 50 * time.Millisecond

// laps reads an input, once or over and over. A later lap is the first with
// its rows moved on, so that no key and no event time occurs twice because of
// it: lap n adds to Seq n times the largest Seq, and to Time n times the span
// of all times and lapGap. TS stays as it was recorded.
type laps struct {
	input  wisdm.Input
	base   time.Time
	loop   bool
	lap    int64 // 0 in the first
	rows   wisdm.Source
	closer io.Closer

	begun       bool // the first lap has had a row
	maxSeq      int64
	first, last time.Time // of all event times of the first lap
}

func newLaps(input wisdm.Input, base time.Time, loop bool) *laps {
	return &laps{input: input, base: base, loop: loop}
}

func (l *laps) read() (wisdm.Row, error) {
	if l.rows == nil {
		if err := l.open(); err != nil {
			return wisdm.Row{}, err
		}
	}
	row, err := l.rows.Read()
	if errors.Is(err, io.EOF) && l.loop && l.begun {
		l.lap++
		if err := l.open(); err != nil {
			return wisdm.Row{}, err
		}
		row, err = l.rows.Read()
	}
	if err != nil {
		return wisdm.Row{}, err
	}
	if l.lap == 0 {
		l.measure(row)
		return row, nil
	}
	row.Seq += l.lap * l.maxSeq
	row.Time = row.Time.Add(time.Duration(l.lap) * (l.last.Sub(l.first) + lapGap))
	return row, nil
}

func (l *laps) open() error {
	l.close()
	src, err := l.input.Open()
	if err != nil {
		return err
	}
	l.closer, _ = src.(io.Closer)
	l.rows = wisdm.Placed(src, l.base)
	return nil
}

func (l *laps) measure(row wisdm.Row) {
	if !l.begun {
		l.begun, l.first, l.last = true, row.Time, row.Time
	}
	l.maxSeq = max(l.maxSeq, row.Seq)
	if row.Time.Before(l.first) {
		l.first = row.Time
	}
	if row.Time.After(l.last) {
		l.last = row.Time
	}
}

func (l *laps) close() {
	if l.closer != nil {
		_ = l.closer.Close() // it was only read
		l.closer = nil
	}
}
