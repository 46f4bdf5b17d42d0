package publish

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
)

// Rate says when each row is due. The zero Rate is flat out.
type Rate struct {
	every time.Duration // a fixed time between rows, or
	speed float64       // so many times as fast as they were recorded
	text  string
}

// The named rates.
var (
	Max      = Rate{text: "max"}
	Original = Rate{every: 500 * time.Millisecond, text: "original"}
	Real     = Rate{speed: 1, text: "real"}
)

// ParseRate reads "max", "original" (one row each 0.5 s, as in the original
// lab), "real" (as recorded), "x10" (ten times as fast as recorded) or "200/s".
//
// As recorded means: by their event times. All subjects are played at once, and the
// whole lasts as long as the day of the subject with the longest one. A row that comes
// late, whose event time is before that of rows already sent, follows at once. In file
// order, each stream is played after the one before it.
func ParseRate(text string) (Rate, error) {
	for _, r := range []Rate{Max, Original, Real} {
		if text == r.text {
			return r, nil
		}
	}
	if times, ok := strings.CutPrefix(text, "x"); ok {
		if speed, err := strconv.ParseFloat(times, 64); err == nil && speed >= 0.001 && speed <= 1e6 {
			return Rate{speed: speed, text: text}, nil
		}
	}
	if count, ok := strings.CutSuffix(text, "/s"); ok {
		if n, err := strconv.ParseFloat(count, 64); err == nil && n >= 0.001 && n <= 1e9 {
			return PerSecond(n), nil
		}
	}
	return Rate{}, fmt.Errorf(`rate %q is none; give "max", "original", "real", "x10" or "200/s"`, text)
}

// PerSecond is a fixed rate of rows, at least 0.001 per second.
func PerSecond(rows float64) Rate {
	return Rate{every: time.Duration(float64(time.Second) / rows), text: strconv.FormatFloat(rows, 'f', -1, 64) + "/s"}
}

// String returns what ParseRate reads.
func (r Rate) String() string {
	if r.text == "" {
		return Max.text
	}
	return r.text
}

// pacer keeps a rate against the clock: a row that was late doesn't make those
// after it late too.
type pacer struct {
	rate  Rate
	began time.Time
	due   time.Duration // of the last row, since began
	last  wisdm.Row
	at    time.Time // the latest event time of a row
}

func (p *pacer) wait(ctx context.Context, row wisdm.Row) error {
	if p.began.IsZero() {
		p.began = time.Now()
	} else {
		p.due += p.gap(row)
	}
	p.last = row
	if row.Time.After(p.at) {
		p.at = row.Time
	}
	return wait.For(ctx, p.due-time.Since(p.began))
}

// gap returns how long row is due after the last one.
func (p *pacer) gap(row wisdm.Row) time.Duration {
	if p.rate.speed == 0 {
		return p.rate.every
	}
	recorded := row.Time.Sub(p.at)
	if row.Stream() == p.last.Stream() && row.Seq == p.last.Seq+1 { // in file order too
		recorded = row.Time.Sub(p.last.Time)
	}
	return time.Duration(float64(max(0, recorded)) / p.rate.speed)
}
