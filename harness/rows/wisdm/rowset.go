package wisdm

import (
	"fmt"
	"strconv"
	"strings"
)

// RowSet keeps rows of an input and finds them by their ID.
type RowSet struct {
	rows []Row
	// streams has where the rows of each stream are in rows: that with Seq n at
	// n-1, and -1 for one that isn't there.
	streams map[Stream][]int32
	// named finds a stream by what its rows' IDs begin with.
	named map[string]Stream
}

func newRowSet() *RowSet { return &RowSet{streams: map[Stream][]int32{}, named: map[string]Stream{}} }

func (s *RowSet) add(row Row) error {
	stream := row.Stream()
	of := s.streams[stream]
	if len(of) == 0 {
		// Within a stream each Seq is different, so two IDs are the same only
		// where two streams are written the same.
		name := streamOf(row.ID())
		if other, taken := s.named[name]; taken {
			return fmt.Errorf("its ID, %s, is taken by another row: device %q and sensor %q look like %q and %q there",
				row.ID(), row.Device, row.Sensor, other.Device, other.Sensor)
		}
		s.named[name] = stream
	}
	for int64(len(of)) < row.Seq { // those before it come late, or this set leaves their group out
		of = append(of, -1)
	}
	of[row.Seq-1] = int32(len(s.rows))
	s.streams[stream] = of
	s.rows = append(s.rows, row)
	return nil
}

// streamOf returns an ID without its Seq.
func streamOf(id string) string { return id[:max(0, strings.LastIndexByte(id, '_'))] }

// Count returns how many rows there are.
func (s *RowSet) Count() int64 { return int64(len(s.rows)) }

// Rows returns the rows in publishing order. Don't change them: they are the set's
// own.
func (s *RowSet) Rows() []Row { return s.rows }

// Row returns the row whose ID is id.
func (s *RowSet) Row(id string) (Row, bool) {
	stream, found := s.named[streamOf(id)]
	if !found {
		return Row{}, false
	}
	text := id[strings.LastIndexByte(id, '_')+1:]
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(seq, 10) != text { // "017" isn't the Seq of an ID
		return Row{}, false
	}
	if i := s.index(stream, seq); i >= 0 {
		return s.rows[i], true
	}
	return Row{}, false
}

// index returns where a row is in rows, or -1.
func (s *RowSet) index(stream Stream, seq int64) int {
	of := s.streams[stream]
	if seq < 1 || seq > int64(len(of)) {
		return -1
	}
	return int(of[seq-1])
}

// Group sums up the rows that by gives the same key.
func (s *RowSet) Group(by func(Row) string) map[string]Summary {
	groups := map[string]*samples{}
	for _, row := range s.rows {
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

// ByActivity is for Group: one group per activity, its key the letter.
func ByActivity(r Row) string { return r.Activity }

// BySubject is for Group: one group per subject, its key such as "1600".
func BySubject(r Row) string { return strconv.Itoa(r.Subject) }

// All is for Group: one group, "all".
func All(Row) string { return "all" }
