package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/util/ui"
)

// screen draws a board in place: each drawing replaces the one before.
type screen struct {
	out  io.Writer
	size func() (columns, lines int)

	mu             sync.Mutex
	board          board
	drawn          int // lines
	columns, lines int // of the terminal when it was drawn
}

// change changes the board, and draws it.
func (s *screen) change(edit func(*board)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.board)
	s.redraw("")
}

// Write writes what others say above the board.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redraw(string(p))
	return len(p), nil
}

func (s *screen) redraw(above string) {
	columns, lines := s.size()
	clear := ""
	switch {
	case s.drawn > 0 && (columns != s.columns || lines != s.lines): // lines may be wrapped anew, so their count is unknown
		clear = ansi.CursorHomePosition + ansi.EraseScreenBelow
	case s.drawn > 0:
		clear = "\r" + ansi.CursorUp(s.drawn) + ansi.EraseScreenBelow
	}
	text := s.board.draw(columns, lines-1, time.Now())
	s.drawn, s.columns, s.lines = strings.Count(text, "\n"), columns, lines
	io.WriteString(s.out, clear+above+text)
}

// onBoard shows the checks on a board, once or after each change of the files.
func (w work) onBoard(ctx context.Context, once bool) error {
	open := w.lab.Practice()
	s := &screen{out: w.out, size: w.size, board: board{lab: open, more: w.lab.Points() - open.Points(), marked: w.painted}}
	defer func(before *ui.UI) { w.err = before }(w.err)
	w.err = ui.New(s) // what is said meanwhile, such as of a download
	w.say = func(format string, args ...any) {
		s.change(func(b *board) { b.foot = append(b.foot, printable.Line(fmt.Sprintf(format, args...))) })
	}
	w.grader.Report = func(c report.Check) {
		s.change(func(b *board) { b.made.Checks, b.began = append(b.made.Checks, c), time.Now() })
	}
	check := func(ctx context.Context) error { return w.drawn(ctx, s) }
	if once {
		return check(ctx)
	}
	return w.watch(ctx, check)
}

// drawn makes the checks while the board shows how far they are.
func (w work) drawn(ctx context.Context, s *screen) error {
	s.change(func(b *board) { b.made, b.began, b.hint, b.foot = report.Grade{}, time.Now(), "", nil })
	stop := every(ctx, time.Second, func() { s.change(func(*board) {}) })
	result, err := w.made(ctx)
	stop()
	if err != nil {
		return err
	}
	hint := ""
	if result.Sound() {
		if hint, _, err = w.book.LastHint(w.lab); err != nil {
			return err
		}
	}
	s.change(func(b *board) { b.made, b.began, b.hint = result, time.Time{}, hint })
	if err := w.verdict(result); err != nil {
		return err
	}
	w.say("%s", w.right())
	return nil
}

// every calls do again and again until ctx ends or stop is called, which waits for it.
func every(ctx context.Context, pause time.Duration, do func()) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				do()
			}
		}
	})
	return func() { cancel(); running.Wait() }
}
