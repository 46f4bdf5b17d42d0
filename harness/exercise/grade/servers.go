package grade

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
)

// Servers are those on which a class is graded. Any student's file may end one, so
// what was graded when a server died is graded again on a fresh one, with nothing
// beside it. A file with which the same server dies again is at fault.
type Servers struct {
	// Check returns the error of a server that has died, as a *keeper.ComponentError.
	Check func(context.Context) error
	// During does work with a context that ends when Check has an error, and then
	// returns that.
	During func(ctx context.Context, work func(context.Context) error) error
	// Mend starts servers that have died, and returns once all of them serve, with the
	// death of the first that it found, if any.
	Mend func(context.Context) (*keeper.ComponentError, error)
	// Jobs is how many attempts run at a time.
	Jobs int
	// Say reports what became of a server.
	Say func(format string, args ...any)

	end  time.Duration // in place of endLimit, in tests
	turn sync.RWMutex  // an attempt has it for itself, or shares it
	mu   sync.Mutex
	gone bool           // Mend has failed: nothing is tried again
	cold bool           // a server was started again, and nobody has had a result since
	left []func() error // what removes what attempts have left on servers that died
}

const (
	sameDeaths = 2 // of one server in one check, after which the file is at fault
	mostDeaths = 3 // of one server, in whichever checks
	mostTries  = 5
	// endLimit is how long a server may take to end that has lost its connections.
	endLimit = 3 * time.Second
)

// Grader returns what grades a lab as g does, again where servers have kept it from a
// result.
func (s *Servers) Grader(g Grader) func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade {
	g.Left = s.leave
	return func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade {
		return s.grade(ctx, g, student, l, dir)
	}
}

func (s *Servers) grade(ctx context.Context, g Grader, student string, l lab.Lab, dir string) report.Grade {
	deaths, unexplained := map[string]int{}, 0
	for try := 1; ; try++ {
		alone := s.Jobs == 1 || try > 1
		made, dead := s.attempt(ctx, alone, func(ctx context.Context) report.Grade { return g.Grade(ctx, student, l, dir) })
		at := doubtful(made, alone && !s.isCold())
		if at < 0 || ctx.Err() != nil {
			s.setCold(false)
			return made
		}
		if dead == nil {
			if alone {
				unexplained++
			}
		} else {
			s.Say("%s died while %s of %s was graded", dead.Component, l.ID, student)
			deaths[dead.Component]++
			deaths[dead.Component+" "+made.Checks[at].ID]++
			if deaths[dead.Component+" "+made.Checks[at].ID] == sameDeaths || deaths[dead.Component] == mostDeaths {
				return blame(made, at, dead)
			}
		}
		if unexplained == 2 || try == mostTries || s.lost() {
			return unassigned(made)
		}
		s.mend(ctx)
	}
}

// attempt grades once. A server that was dead before isn't this attempt's.
func (s *Servers) attempt(ctx context.Context, alone bool, grade func(context.Context) report.Grade) (made report.Grade, dead *keeper.ComponentError) {
	leave := s.enter(ctx, alone)
	defer leave()
	if s.lost() {
		return grade(ctx), nil // what needs the server that is gone has no grade
	}
	err := s.During(ctx, func(ctx context.Context) error { made = grade(ctx); return nil })
	if err == nil && doubtful(made, alone) >= 0 {
		err = s.ending(ctx)
	}
	errors.As(err, &dead)
	if dead == nil && alone && doubtful(made, !s.isCold()) >= 0 {
		dead = s.start(ctx) // of whatever is noticed only now, before another attempt begins, which may end a server too
	}
	return made, dead
}

// enter waits for the attempt's turn, and for servers that died in another's.
func (s *Servers) enter(ctx context.Context, alone bool) (leave func()) {
	for {
		if alone {
			s.turn.Lock()
			leave = s.turn.Unlock
		} else {
			s.turn.RLock()
			leave = s.turn.RUnlock
		}
		if s.Check(ctx) == nil || s.lost() || ctx.Err() != nil {
			return leave
		}
		leave()
		s.mend(ctx)
	}
}

// ending returns the error of a server that dies within a moment.
func (s *Servers) ending(ctx context.Context) (err error) {
	limit := cmp.Or(s.end, endLimit)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	wait.Until(ctx, limit/20, func() (bool, error) { err = s.Check(ctx); return err != nil, nil })
	return err
}

// mend waits for what is being graded, and starts what has died.
func (s *Servers) mend(ctx context.Context) {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.start(ctx)
}

// start starts what has died, for whom nothing else is graded beside. It returns the first
// death that it found.
func (s *Servers) start(ctx context.Context) *keeper.ComponentError {
	if s.lost() {
		return nil
	}
	died, err := s.Mend(ctx)
	if died != nil {
		s.setCold(true)
	}
	if err != nil && ctx.Err() == nil {
		s.Say("it can't be started again: %v", err)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.gone = true
		return died
	}
	s.Sweep()
	return died
}

func (s *Servers) isCold() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cold
}

func (s *Servers) setCold(cold bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cold = cold
}

func (s *Servers) leave(remove func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = append(s.left, remove)
}

// Sweep removes what attempts have left on servers that had died. What still can't be
// removed is kept for the next time.
func (s *Servers) Sweep() (err error) {
	s.mu.Lock()
	left := s.left
	s.left = nil
	s.mu.Unlock()
	for _, remove := range left {
		if failed := remove(); failed != nil {
			err = errors.Join(err, failed)
			s.leave(remove)
		}
	}
	return err
}

func (s *Servers) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone
}

// fallen matches reasons that a server's death or a busy cluster gives as well.
var fallen = regexp.MustCompile(`(?i)NoResourceAvailable|connection refused|connection reset|broken pipe|\bEOF\b|TaskManager|TaskExecutor|JobManager|` +
	`disconnect|TimeoutException|no job with this id|session '?[0-9a-f-]+'? does not exist|lost its connection|no answer in`)

// overdue begins the reason of a check that wasn't done within its limit. Beside others, it
// may have waited for them.
const overdue = "it wasn't done within "

// missing matches reasons that rows give which are on their way: beside others, or through
// a server that was just started, that takes longer.
var missing = regexp.MustCompile(`^\d+ rows are there, want|job read \d+ rows, want|` + notThere)

// doubtful returns the first check that a fresh server, or one with less to do, may give
// another outcome, or -1. calm says that nothing else was being done.
func doubtful(made report.Grade, calm bool) int {
	for i, c := range made.Checks {
		switch {
		case c.Outcome == hop.Error,
			c.Outcome == hop.Failed && fallen.MatchString(c.Reason),
			c.Outcome == hop.Failed && !calm && (strings.HasPrefix(c.Reason, overdue) || missing.MatchString(c.Reason)):
			return i
		}
	}
	return -1
}

// blame fails the check in which a server died each time.
func blame(made report.Grade, at int, dead *keeper.ComponentError) report.Grade {
	how, _, _ := strings.Cut(dead.Text, "; the end of its log")
	for i := at; i < len(made.Checks); i++ {
		c := &made.Checks[i]
		switch {
		case i == at:
			c.Outcome = hop.Failed
			c.Reason = fmt.Sprintf("this file ended a server each time that it was graded, the last time on its own: %s%s", how, outOfMemory(dead.Text))
			c.Hint = "look for what makes the server hold far more than the lab's rows"
		case c.Outcome == hop.Error:
			c.Outcome, c.Cause = hop.Skipped, made.Checks[at].Title
			c.Reason = fmt.Sprintf("skipped because %q has not passed", c.Cause)
		}
	}
	return made
}

// outOfMemory says that a JVM's log ends with that.
func outOfMemory(text string) string {
	if strings.Contains(text, "OutOfMemoryError") {
		return " (out of memory)"
	}
	return ""
}

// unassigned makes an error of what no student can help: a cluster without a place for
// a job.
func unassigned(made report.Grade) report.Grade {
	for i := range made.Checks {
		if c := &made.Checks[i]; c.Outcome == hop.Failed && strings.Contains(c.Reason, "NoResourceAvailable") {
			c.Outcome = hop.Error
		}
	}
	return made
}
