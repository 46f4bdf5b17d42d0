package wisdm

import (
	"context"
	"fmt"
)

// maxRepeats is how many rows that came again are kept, to be compared with the
// input: about a hundred bytes each.
const maxRepeats = 100_000

// Track sums up rows of a hop that keeps the order of each subject's rows, as MQTT
// and Kafka do, and that may deliver a row again. Only the first delivery counts. A
// repeat is recognized by its Seq, which isn't larger than the last one of its
// stream, and its fingerprint is kept until Check. The size of a Track depends on
// the number of groups, of repeats, and of rows that come late in the input.
type Track struct {
	Tally
	ledger  *Ledger
	last    map[Stream]int64 // Seq
	latest  map[int]Row      // of each subject
	repeats map[position]Fingerprint
	holes   map[position]bool // Seqs that were left out, where rows may come late
	again   int64             // rows that came again
	unkept  int64             // of those, the ones that aren't in repeats
	diff    Difference
}

type position struct {
	Stream
	seq int64
}

// Track returns an empty Track.
func (l *Ledger) Track() *Track {
	return &Track{Tally: *NewTally(), ledger: l, last: map[Stream]int64{}, latest: map[int]Row{}, repeats: map[position]Fingerprint{}, holes: map[position]bool{}}
}

// Add counts r in.
func (t *Track) Add(r Row) {
	stream, print := r.Stream(), r.Print()
	last := t.last[stream]
	if at := (position{stream, r.Seq}); t.holes[at] {
		delete(t.holes, at)
		t.add(r, print)
		return
	}
	if r.Seq >= 1 && r.Seq <= last {
		t.repeat(position{stream, r.Seq}, r, print)
		return
	}
	if r.Seq > last+1 {
		t.leave(r, last)
	}
	t.last[stream] = r.Seq
	t.order(r)
	t.add(r, print)
}

func (t *Track) repeat(at position, r Row, print Fingerprint) {
	t.again++
	before, twice := t.repeats[at]
	switch {
	case !twice && len(t.repeats) == maxRepeats:
		t.unkept++
	case twice && before != print: // the later one must not hide the one before
		t.changed(r)
	default:
		t.repeats[at] = print
	}
}

// leave notes the rows between last and r. Where the input has late rows, they may be
// among them.
func (t *Track) leave(r Row, last int64) {
	if t.ledger.late == 0 || int64(len(t.holes))+r.Seq-last > t.ledger.late+maxRepeats {
		t.gap(r, last)
		return
	}
	for seq := last + 1; seq < r.Seq; seq++ {
		t.holes[position{r.Stream(), seq}] = true
	}
}

func (t *Track) gap(r Row, last int64) {
	from := r
	from.Seq = last + 1
	t.diff.Missing += r.Seq - last - 1
	if r.Seq == last+2 {
		t.diff.example(missing, "%s", from.ID())
		return
	}
	t.diff.example(missing, "%s to %d", from.ID(), r.Seq-1)
}

// order notes a row that comes after a later one of the same subject.
func (t *Track) order(r Row) {
	latest, some := t.latest[r.Subject]
	if t.ledger.inOrder && some && before(r, latest) {
		t.diff.OutOfOrder++
		t.diff.example(outOfOrder, "%s came after %s, want it before", r.ID(), latest.ID())
		return
	}
	t.latest[r.Subject] = r
}

func (t *Track) changed(r Row) {
	t.diff.Changed++
	t.diff.example(changed, "%s, when it came again", r.ID())
}

// Again returns how many rows came again, without the first time of each.
func (t *Track) Again() int64 { return t.again }

// Check returns what is wrong with the order of the rows, which rows are missing
// from it, and which differ where they came again; nil if nothing is wrong. It reads
// the input once more to compare what came again.
func (t *Track) Check(ctx context.Context) (*Difference, error) {
	if t.unkept > 0 {
		return nil, fmt.Errorf("%d rows came again, too many to be kept: %d of them weren't compared with the input", t.again, t.unkept)
	}
	t.diff.Expected, t.diff.Actual = t.ledger.Count(), t.rows+t.again
	t.tails()
	if err := t.checkRepeats(ctx); err != nil {
		return nil, err
	}
	if t.diff.none() {
		return nil, nil
	}
	return &t.diff, nil
}

// tails counts what is missing after the last row of each stream, and what was left
// out and hasn't come since.
func (t *Track) tails() {
	for at := range t.holes {
		if t.ledger.cut[at] {
			continue
		}
		t.gap(Row{Subject: at.Subject, Device: at.Device, Sensor: at.Sensor, Seq: at.seq + 1}, at.seq-1)
	}
	clear(t.holes)
	for stream, length := range t.ledger.last {
		if last := t.last[stream]; last < length {
			t.gap(Row{Subject: stream.Subject, Device: stream.Device, Sensor: stream.Sensor, Seq: length + 1}, last)
			t.last[stream] = length
		}
	}
}

func (t *Track) checkRepeats(ctx context.Context) error {
	if len(t.repeats) == 0 {
		return nil
	}
	return t.ledger.Each(ctx, func(r Row) error {
		at := position{r.Stream(), r.Seq}
		if print, came := t.repeats[at]; came && print != r.Print() {
			t.changed(r)
		}
		return nil
	})
}
