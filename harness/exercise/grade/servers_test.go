package grade

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
)

// village has one server, which a test ends.
type village struct {
	dead    *keeper.ComponentError
	late    *keeper.ComponentError // dies when Mend looks
	mended  int
	refuses bool // to start again
}

func (v *village) servers(t *testing.T, jobs int) *Servers {
	check := func(context.Context) error {
		if v.dead != nil {
			return v.dead
		}
		return nil
	}
	return &Servers{
		Check: check, Jobs: jobs, Say: t.Logf, end: time.Millisecond,
		During: func(ctx context.Context, work func(context.Context) error) error {
			return errors.Join(work(ctx), check(ctx))
		},
		Mend: func(context.Context) (*keeper.ComponentError, error) {
			died := cmp.Or(v.dead, v.late)
			if v.refuses {
				return died, errors.New("no room")
			}
			v.mended, v.dead, v.late = v.mended+1, nil, nil
			return died, nil
		},
	}
}

// until makes a check that passes from some try on.
func until(passes int, before func(try int) verdict) func(int) verdict {
	return func(try int) verdict {
		if try >= passes {
			return passed()
		}
		return before(try)
	}
}

// TestServersThatDie: who was hit by a server's death is graded again, and who causes
// it fails. Each check's outcome depends on how often it was made.
func TestServersThatDie(t *testing.T) {
	village, try := &village{}, 0
	die := func(name any) verdict {
		village.dead = &keeper.ComponentError{Component: fmt.Sprint(name), Text: fmt.Sprint(name) + " died: exit status 3; the end of its log:\n  Terminating due to java.lang.OutOfMemoryError: Java heap space"}
		return broken(errors.New("connection refused"))
	}
	dieLate := func(int) verdict {
		village.late = &keeper.ComponentError{Component: "kafka", Text: "kafka died: exit status 3"}
		return broken(errors.New("connection reset"))
	}
	unsure := verdict{outcome: hop.Failed, reason: "the job failed: NoResourceAvailableException: no slot"}
	slow := verdict{outcome: hop.Failed, reason: overdue + "1s\nno rows"}
	silent := verdict{outcome: hop.Failed, reason: "ask for a panel of Elasticsearch: no answer in 10s"}
	wrong := verdict{outcome: hop.Failed, reason: "5 rows are there, want 6"}
	windows := verdict{outcome: hop.Failed, reason: "1 of 3 " + notThere + "; the first is another"}
	dieFirst := func(n int) verdict {
		if n == 1 {
			return die(1)
		}
		return wrong
	}
	for name, c := range map[string]struct {
		jobs   int
		make   func(try int) verdict
		want   hop.Outcome
		reason string
		tries  int
	}{
		"nothing dies":             {1, func(int) verdict { return passed() }, hop.Passed, "", 1},
		"wrong":                    {1, func(int) verdict { return wrong }, hop.Failed, "5 rows", 1},
		"one death":                {1, until(2, func(int) verdict { return die("kafka") }), hop.Passed, "", 2},
		"always":                   {1, func(int) verdict { return die("kafka") }, hop.Failed, "kafka died: exit status 3 (out of memory)", 2},
		"always, and noticed late": {1, dieLate, hop.Failed, "kafka died: exit status 3", 2},
		"late, beside others":      {2, dieLate, hop.Failed, "kafka died: exit status 3", 3},
		"another each time":        {1, func(n int) verdict { return die(n) }, hop.Error, "connection refused", mostTries},
		"two die, then none":       {1, until(3, func(n int) verdict { return die(n) }), hop.Passed, "", 3},
		"no slot once":             {2, until(2, func(int) verdict { return unsure }), hop.Passed, "", 2},
		"never a slot":             {2, func(int) verdict { return unsure }, hop.Error, "NoResourceAvailable", 3},
		"no answer beside others":  {2, until(2, func(int) verdict { return silent }), hop.Passed, "", 2},
		"never an answer":          {2, func(int) verdict { return silent }, hop.Failed, "no answer in", 3},
		"slow beside others":       {2, until(2, func(int) verdict { return slow }), hop.Passed, "", 2},
		"rows come late":           {2, until(2, func(int) verdict { return wrong }), hop.Passed, "", 2},
		"windows come late":        {2, until(2, func(int) verdict { return windows }), hop.Passed, "", 2},
		"rows after a restart":     {1, until(3, dieFirst), hop.Passed, "", 3},
		"slow with none beside":    {1, func(int) verdict { return slow }, hop.Failed, "no rows", 1},
	} {
		try = 0
		kinds["dies"] = func(context.Context, *attempt, lab.Check) verdict { try++; return c.make(try) }
		l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{{ID: "one", Run: "dies"}}}
		village.dead = nil
		made := village.servers(t, c.jobs).Grader(Grader{Sites: nowhere{}})(t.Context(), "ada", l, t.TempDir()).Checks[0]
		if made.Outcome != c.want || !strings.Contains(made.Reason, c.reason) || try != c.tries {
			t.Errorf("%s: %s after %d tries: %s\nwant %s after %d: %s", name, made.Outcome, try, made.Reason, c.want, c.tries, c.reason)
		}
		if strings.Contains(made.Reason, "Terminating") {
			t.Errorf("%s: the server's log is in a student's report: %s", name, made.Reason)
		}
	}
	delete(kinds, "dies")
}

// TestServerThatIsGone: what can't be started again costs one try, and who doesn't need
// it is graded.
func TestServerThatIsGone(t *testing.T) {
	village := &village{refuses: true}
	tries := 0
	kinds["gone"] = func(context.Context, *attempt, lab.Check) verdict {
		tries++
		village.dead = &keeper.ComponentError{Component: "kafka", Text: "kafka died"}
		return broken(errors.New("refused"))
	}
	kinds["fine"] = func(context.Context, *attempt, lab.Check) verdict { return passed() }
	t.Cleanup(func() { delete(kinds, "gone"); delete(kinds, "fine") })
	servers := village.servers(t, 1)
	for kind, want := range map[string]hop.Outcome{"gone": hop.Error, "fine": hop.Passed} {
		l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{{ID: "one", Run: kind}}}
		if made := servers.Grader(Grader{Sites: nowhere{}})(t.Context(), "ada", l, t.TempDir()).Checks[0]; made.Outcome != want {
			t.Errorf("%s: %s: %s", kind, made.Outcome, made.Reason)
		}
	}
	if tries > 2 {
		t.Errorf("%d tries on a server that is gone", tries)
	}
}

// TestDeadBefore: a death before an attempt isn't the attempt's.
func TestDeadBefore(t *testing.T) {
	village, tries := &village{dead: &keeper.ComponentError{Component: "kafka"}}, 0
	kinds["fine"] = func(context.Context, *attempt, lab.Check) verdict { tries++; return passed() }
	t.Cleanup(func() { delete(kinds, "fine") })
	servers := village.servers(t, 2)
	l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{{ID: "one", Run: "fine"}}}
	made := servers.Grader(Grader{Sites: nowhere{}})(t.Context(), "ada", l, t.TempDir()).Checks[0]
	if made.Outcome != hop.Passed || tries != 1 || village.mended != 1 {
		t.Errorf("%s after %d tries and %d starts", made.Outcome, tries, village.mended)
	}
}

// TestDeathAfterAnAttempt: a server that another student's file ends as soon as an attempt
// is over isn't counted against the attempt.
func TestDeathAfterAnAttempt(t *testing.T) {
	village := &village{}
	servers := village.servers(t, 2)
	var said []string
	servers.Say = func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{{ID: "one", Run: "races"}}}
	grade := servers.Grader(Grader{Sites: nowhere{}})
	var group sync.WaitGroup
	tries := 0
	kinds["races"] = func(_ context.Context, a *attempt, _ lab.Check) verdict {
		if a.name == "bo" {
			village.late = &keeper.ComponentError{Component: "kafka", Text: "kafka died"}
			return passed()
		}
		if tries++; tries == 2 { // on its own, and bo waits for that
			group.Go(func() { grade(t.Context(), "bo", l, t.TempDir()) })
			err := wait.Until(t.Context(), time.Millisecond, func() (bool, error) {
				stacks := make([]byte, 1<<20)
				return bytes.Contains(stacks[:runtime.Stack(stacks, true)], []byte("[sync.RWMutex.RLock]")), nil
			})
			if err != nil {
				t.Error(err)
			}
		}
		if tries > 2 {
			return passed()
		}
		return broken(errors.New("connection refused"))
	}
	t.Cleanup(func() { delete(kinds, "races") })
	made := grade(t.Context(), "ada", l, t.TempDir()).Checks[0]
	group.Wait()
	if made.Outcome != hop.Passed || len(said) > 0 {
		t.Errorf("ada: %s: %s, and it was said: %q", made.Outcome, made.Reason, said)
	}
}

// TestLeftOnServers: what couldn't be removed is removed once the servers are back.
func TestLeftOnServers(t *testing.T) {
	servers := (&village{}).servers(t, 1)
	fails, removed := true, 0
	servers.leave(func() error {
		if removed++; fails {
			return errors.New("refused")
		}
		return nil
	})
	if err := servers.Sweep(); err == nil || removed != 1 {
		t.Errorf("%v after %d", err, removed)
	}
	fails = false
	servers.mend(t.Context())
	if err := servers.Sweep(); err != nil || removed != 2 {
		t.Errorf("%v after %d", err, removed)
	}
}

// TestFullServerIsNoFault: what a server refuses since it has no room isn't a student's
// mistake; what it refuses otherwise is.
func TestFullServerIsNoFault(t *testing.T) {
	for code, want := range map[int]hop.Outcome{http.StatusTooManyRequests: hop.Error, http.StatusBadRequest: hop.Failed, http.StatusInternalServerError: hop.Failed} {
		err := fmt.Errorf("put the template: %w", &httpjson.StatusError{Code: code, Status: http.StatusText(code)})
		if got := failed(err); got.outcome != want {
			t.Errorf("%d is %s, want %s", code, got.outcome, want)
		}
	}
}
