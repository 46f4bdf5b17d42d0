package wisdm

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Oracle knows which rows every hop must hold. It is made from the input
// alone, so that what one hop loses is not expected at the next one either
// only because it was lost. It keeps all rows in memory, some 130 bytes each.
type Oracle struct {
	rows []Row
	// streams tells where the rows of each stream are in rows: that with Seq n
	// at n-1, as a Timeline counts without a gap, and -1 for one that isn't there.
	streams map[Stream][]int32
	// named finds a stream by what its rows' IDs begin with.
	named map[string]Stream
}

// ReadOracle reads at most max rows (0: all) of input, with their event times
// on base. It is an error if there is no row, as nothing could fail then, or
// if two rows have the same ID.
func ReadOracle(input Input, base time.Time, max int64) (*Oracle, error) {
	if max < 0 {
		return nil, fmt.Errorf("read at most %d rows of %s: want 0, for all, or more", max, input.Name())
	}
	src, err := input.Open()
	if err != nil {
		return nil, err
	}
	if closer, ok := src.(io.Closer); ok {
		defer closer.Close()
	}
	o := newOracle()
	src = Placed(src, base)
	for max == 0 || o.Count() < max {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := o.add(row); err != nil {
			return nil, fmt.Errorf("row %d of %s: %w", o.Count()+1, input.Name(), err)
		}
	}
	if len(o.rows) == 0 {
		return nil, fmt.Errorf("%s holds no row; there is nothing to expect at any hop", input.Name())
	}
	return o, nil
}

func newOracle() *Oracle { return &Oracle{streams: map[Stream][]int32{}, named: map[string]Stream{}} }

func (o *Oracle) add(row Row) error {
	stream := row.Stream()
	of := o.streams[stream]
	if len(of) == 0 {
		// Seq tells the rows of a stream apart, so that IDs can be the same
		// only if two streams are written the same.
		name := streamOf(row.ID())
		if other, taken := o.named[name]; taken {
			return fmt.Errorf("its ID, %s, is taken by another row: device %q and sensor %q look like %q and %q there",
				row.ID(), row.Device, row.Sensor, other.Device, other.Sensor)
		}
		o.named[name] = stream
	}
	for int64(len(of)) < row.Seq-1 { // of groups that this oracle leaves out
		of = append(of, -1)
	}
	o.streams[stream] = append(of, int32(len(o.rows)))
	o.rows = append(o.rows, row)
	return nil
}

// streamOf returns an ID without its Seq.
func streamOf(id string) string { return id[:max(0, strings.LastIndexByte(id, '_'))] }

// Count returns how many rows there are.
func (o *Oracle) Count() int64 { return int64(len(o.rows)) }

// Rows returns the rows in publishing order. They are the oracle's own, not to
// be changed.
func (o *Oracle) Rows() []Row { return o.rows }

// Row returns the row whose ID is id.
func (o *Oracle) Row(id string) (Row, bool) {
	stream, found := o.named[streamOf(id)]
	if !found {
		return Row{}, false
	}
	text := id[strings.LastIndexByte(id, '_')+1:]
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(seq, 10) != text { // "017" is no Seq of an ID
		return Row{}, false
	}
	if i := o.index(stream, seq); i >= 0 {
		return o.rows[i], true
	}
	return Row{}, false
}

// index returns where a row is in rows, or -1.
func (o *Oracle) index(stream Stream, seq int64) int {
	of := o.streams[stream]
	if seq < 1 || seq > int64(len(of)) {
		return -1
	}
	return int(of[seq-1])
}

// Group sums up the rows that by gives the same key.
func (o *Oracle) Group(by func(Row) string) map[string]Summary {
	groups := map[string]*samples{}
	for _, row := range o.rows {
		key := by(row)
		group := groups[key]
		if group == nil {
			group = &samples{}
			groups[key] = group
		}
		group.add(row)
	}
	sums := make(map[string]Summary, len(groups))
	for key, group := range groups {
		sums[key] = group.summary()
	}
	return sums
}

// ByActivity is for Group: one group an activity, its key the letter.
func ByActivity(r Row) string { return r.Activity }

// BySubject is for Group: one group a subject, its key such as "1600".
func BySubject(r Row) string { return strconv.Itoa(r.Subject) }

// All is for Group: one group, "all".
func All(Row) string { return "all" }
