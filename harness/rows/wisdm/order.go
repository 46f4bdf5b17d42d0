package wisdm

import (
	"errors"
	"io"
)

// FileOrder returns in with its rows in the order in which they are stored, file by
// file, as the original lab sent them. They are the same rows, with the same Seq and
// Time: a subject's phone has told all its day before its watch begins. To know when
// sessions begin, each Open reads the rows once before.
//
// An input that isn't of files or a generator is returned as it is.
func FileOrder(in Input) Input {
	if stored, ok := in.(storedInput); ok {
		return fileOrder{stored}
	}
	return in
}

type fileOrder struct{ storedInput }

// storedInput is an input that knows its streams.
type storedInput interface {
	Input
	parts() (parts, error)
}

func (f fileOrder) Open() (Source, error) {
	before := f.storedInput
	if in, ok := before.(input); ok && in.opt.OnBad != nil { // the second reading reports them
		in.opt.OnBad = func(*RowError) {}
		before = in
	}
	first, err := before.parts()
	if err != nil {
		return nil, err
	}
	starts := map[Stream][]int64{}
	m := merge(first)
	m.timeline.note = func(s Stream, at int64) { starts[s] = append(starts[s], at) }
	for ; err == nil; _, err = m.Read() {
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	stored := f.storedInput
	if in, ok := stored.(input); ok {
		in.whole = true
		stored = in
	}
	p, err := stored.parts()
	if err != nil {
		return nil, err
	}
	timeline := NewTimeline(DefaultBase)
	timeline.starts = starts
	return &placed{Source: &chain{parts: p}, timeline: timeline}, nil
}

// chain yields the rows of parts, one source after the other.
type chain struct {
	parts
	given int64
}

func (c *chain) Read() (Row, error) {
	for len(c.sources) > 0 && (c.max == 0 || c.given < c.max) {
		row, err := c.sources[0].Read()
		if !errors.Is(err, io.EOF) {
			c.given++
			return row, err
		}
		c.sources = c.sources[1:]
	}
	if err := c.Close(); err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

func (c *chain) Close() error { return c.close() }
