package ui

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"hoplab.example/harness/util/printable"
)

// Board shows the progress of several things at once.
type Board struct {
	ui   *UI
	bars *mpb.Progress

	mu    sync.Mutex
	lines map[string]*line
}

type line struct {
	bar   *mpb.Bar
	text  atomic.Value // string; the bar's drawing reads it without the lock
	plain plainLine
	ended bool
}

// plainLine is what was last written where there are no bars.
type plainLine struct {
	at      time.Time
	text    string
	counted bool  // it had a total
	quarter int64 // of that total
}

// plainPause is between two plain lines on something whose total isn't known.
const plainPause = 5 * time.Second

// Board begins a board. Close it.
func (u *UI) Board() *Board {
	b := &Board{ui: u, lines: map[string]*line{}}
	if u.terminal {
		b.bars = mpb.New(mpb.WithOutput(u.out), mpb.WithWidth(30))
	}
	return b
}

// Set shows how far name is: done of total (0 where that isn't known), and a
// word on it. Plain lines are written at each quarter; where the total isn't
// known when the word changes, but not every moment.
func (b *Board) Set(name string, done, total int64, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.line(name)
	if l.ended {
		return
	}
	l.text.Store(text)
	if l.bar != nil {
		l.bar.SetTotal(max(total, 1), false)
		l.bar.SetCurrent(done)
		return
	}
	if now := (plainLine{time.Now(), text, total > 0, quarter(done, total)}); l.plain.gives(now) {
		l.plain = now
		b.ui.Say("%-18s %s", name, join(text, done, total))
	}
}

func quarter(done, total int64) int64 {
	if total <= 0 {
		return 0
	}
	return 4 * done / total
}

// gives reports whether a line is due for now.
func (p plainLine) gives(now plainLine) bool {
	switch {
	case p.at.IsZero() || p.counted != now.counted:
		return true
	case now.counted:
		return now.quarter > p.quarter
	}
	return now.text != p.text && now.at.Sub(p.at) >= plainPause
}

// End shows the last word on name, which is done.
func (b *Board) End(name, text string) { b.end(name, text, true) }

// Fail shows the last word on name, which didn't get to its end.
func (b *Board) Fail(name, text string) { b.end(name, text, false) }

func (b *Board) end(name, text string, done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.line(name)
	if l.ended {
		return
	}
	l.ended = true
	l.text.Store(text)
	switch {
	case l.bar != nil && done:
		l.bar.SetTotal(1, true) // a full bar
	case l.bar != nil:
		l.bar.Abort(false)
	default:
		b.ui.Say("%-18s %s", name, text)
	}
}

// Note says what is being done now, above the bars.
func (b *Board) Note(text string) {
	if b.bars != nil {
		fmt.Fprintln(b.bars, Wrap(printable.Text(text), b.ui.Width()))
		return
	}
	b.ui.Say("%s", text)
}

// Close leaves the board as it stands.
func (b *Board) Close() {
	b.mu.Lock()
	for _, l := range b.lines {
		if l.bar != nil && !l.ended {
			l.bar.Abort(false)
		}
		l.ended = true
	}
	b.mu.Unlock()
	if b.bars != nil {
		b.bars.Wait()
	}
}

func (b *Board) line(name string) *line {
	l := b.lines[name]
	if l == nil {
		l = &line{}
		if b.bars != nil {
			l.bar = b.bar(name, l)
		}
		b.lines[name] = l
	}
	return l
}

// bar begins without a total: with one, mpb would take the bar as done at that number, which
// is known later, or grows.
func (b *Board) bar(name string, l *line) *mpb.Bar {
	l.text.Store("")
	text := func(decor.Statistics) string { return " " + l.text.Load().(string) }
	return b.bars.New(0, mpb.BarStyle().Rbound("]").Lbound("["),
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 18, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(text)))
}

func join(text string, done, total int64) string {
	if total <= 0 {
		return text
	}
	return fmt.Sprintf("%s (%d %%)", text, 100*done/total)
}
