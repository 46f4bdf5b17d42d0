package ui

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Board shows the progress of several things at once.
type Board struct {
	ui   *UI
	bars *mpb.Progress

	mu    sync.Mutex
	lines map[string]*line
}

type line struct {
	bar       *mpb.Bar
	text      atomic.Value // string; the bar's drawing reads it without the lock
	printed   string       // the last text that was written as a plain line
	milestone int64
	ended     bool
}

// Board begins a board. Close it.
func (u *UI) Board() *Board {
	b := &Board{ui: u, lines: map[string]*line{}}
	if u.terminal {
		b.bars = mpb.New(mpb.WithOutput(u.out), mpb.WithWidth(30))
	}
	return b
}

// Set shows how far name is: done of total (0 where that isn't known), and a
// word on it. Plain lines are written when the word changes and at each quarter.
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
		l.bar.SetCurrent(min(done, max(total, 1)-1)) // mpb takes a full bar for the end
		return
	}
	quarter := int64(0)
	if total > 0 {
		quarter = 4 * done / total
	}
	if text != l.printed || quarter > l.milestone {
		l.printed, l.milestone = text, quarter
		b.ui.Say("%-18s %s", name, join(text, done, total))
	}
}

// End shows the last word on name.
func (b *Board) End(name, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.line(name)
	if l.ended {
		return
	}
	l.ended = true
	l.text.Store(text)
	if l.bar != nil {
		l.bar.SetTotal(-1, true)
		return
	}
	b.ui.Say("%-18s %s", name, text)
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

func (b *Board) bar(name string, l *line) *mpb.Bar {
	l.text.Store("")
	text := func(decor.Statistics) string { return " " + l.text.Load().(string) }
	return b.bars.New(1, mpb.BarStyle().Rbound("]").Lbound("["),
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 18, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(text)))
}

func join(text string, done, total int64) string {
	if total <= 0 {
		return text
	}
	return fmt.Sprintf("%s (%d %%)", text, 100*done/total)
}
