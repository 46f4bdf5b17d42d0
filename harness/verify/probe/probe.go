// Package probe reads what is at each hop of the pipeline, and compares it with
// what the oracle says must be there. A probe never asks an earlier hop what to
// expect.
package probe

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/util/wait"
)

// answerLimit is how long a server may take to answer a probe.
const answerLimit = 10 * time.Second

// disconnectMillis is how long a client may take to say goodbye.
const disconnectMillis = 100

// maxProblems is how many of a kind are listed; the others are counted.
const maxProblems = 5

// problems collects what is wrong, and limits the list.
type problems struct {
	list []string
	more int
}

func (p *problems) add(format string, args ...any) {
	if len(p.list) == maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, fmt.Sprintf(format, args...))
}

func (p *problems) all() []string {
	if p.more == 0 {
		return p.list
	}
	return append(p.list, fmt.Sprintf("and %d more", p.more))
}

// Progress is called with the number of rows read so far; nil for nobody.
type Progress func(rows int64)

const progressEvery = 10_000 // rows

func (p Progress) report(rows int64) {
	if p != nil && rows%progressEvery == 0 {
		p(rows)
	}
}

// Counter asks a hop how many rows it holds now.
type Counter func(context.Context) (int64, error)

const countPause = 100 * time.Millisecond

// Watch asks count until it is at least want, and calls report with each new answer.
// It also ends when nothing has changed for stall since after was closed. That
// isn't an error: the hop's check then says what is missing. It returns the time
// between the first answer above zero and the last change.
func Watch(ctx context.Context, count Counter, want int64, after <-chan struct{}, stall time.Duration, report func(int64)) (time.Duration, error) {
	var last int64
	var first, changed time.Time
	moved := time.Now()
	for {
		n, err := count(ctx)
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if err == nil && n != last {
			last, changed, moved = n, time.Now(), time.Now()
			if first.IsZero() {
				first = changed
			}
			report(n)
		}
		if !isClosed(after) {
			moved = time.Now()
		}
		if err == nil && last >= want || time.Since(moved) > stall {
			return changed.Sub(first), err
		}
		if err := wait.For(ctx, countPause); err != nil {
			return 0, err
		}
	}
}

// Await asks count until it is at least want, or nothing has changed for stall. It
// returns the last answer: what is missing is for the caller to say.
func Await(ctx context.Context, count Counter, want int64, stall time.Duration) (n int64, err error) {
	now := make(chan struct{})
	close(now)
	_, err = Watch(ctx, count, want, now, stall, func(seen int64) { n = seen })
	return n, err
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
