package wisdm

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Delay says which rows come late, as some do where devices lose their connection.
type Delay struct {
	Share float64       // of the rows, 0 to 1
	By    time.Duration // of event time
}

// ParseDelay reads a text such as "2%/10s".
func ParseDelay(text string) (Delay, error) {
	percent, by, _ := strings.Cut(text, "%/")
	share, err := strconv.ParseFloat(percent, 64)
	if err == nil && share >= 0 && share <= 100 {
		if d, err := time.ParseDuration(by); err == nil && d > 0 {
			return Delay{share / 100, d}, nil
		}
	}
	return Delay{}, fmt.Errorf(`%q isn't a share and a delay; give a text such as "2%%/10s": 2 %% of the rows come 10 s late`, text)
}

// WithDelay returns the rows of in, of which a share is held back until rows with event
// times that are d.By later have come. Which ones depends on the rows and on seed alone.
// They keep their Seq and Time. What is still held back at the end comes last.
func WithDelay(in Input, d Delay, seed uint64) Input { return delayed{in, d, seed} }

type delayed struct {
	Input
	Delay
	seed uint64
}

func (d delayed) Open() (Source, error) {
	src, err := d.Input.Open()
	if err != nil {
		return nil, err
	}
	return &delaying{placed: placed{src, NewTimeline(DefaultBase), 0}, how: d}, nil
}

type delaying struct {
	placed
	how  delayed
	held []Row
	next *Row // read, and not yet given
	err  error
}

func (d *delaying) Read() (Row, error) {
	for {
		if d.next == nil && d.err == nil {
			var row Row
			if row, d.err = d.placed.Read(); d.err == nil {
				d.next = &row
			}
		}
		ended := errors.Is(d.err, io.EOF)
		switch {
		case len(d.held) > 0 && (ended || d.next != nil && !d.next.Time.Before(d.held[0].Time.Add(d.how.By))):
			row := d.held[0]
			d.held = d.held[1:]
			return row, nil
		case d.next == nil:
			return Row{}, d.err
		}
		row := *d.next
		d.next = nil
		if !d.late(row) {
			return row, nil
		}
		d.held = append(d.held, row)
	}
}

func (d *delaying) late(r Row) bool {
	random := seeded(d.how.seed, r.Print().Low)
	return float64(random.next())/math.MaxUint64 < d.how.Share
}
