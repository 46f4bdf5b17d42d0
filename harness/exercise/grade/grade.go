// Package grade runs a lab's checks on a student's files, on a stack that is up:
// our own solutions of the earlier labs bring the rows to where the lab begins,
// the student's files take over, and what is then at the hop is compared with the
// oracle.
//
// Each attempt has names and rows of its own, so a hard-coded answer is wrong. What
// it made is removed afterwards.
package grade

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// Grader runs the checks of labs.
type Grader struct {
	Sites  pipeline.Sites
	Access access.Set
	Broker string // the component that serves MQTT
	// Prefix begins all names on a cluster that others use too.
	Prefix string
	// Salt is mixed into every seed, so students can't predict the rows of the
	// grading. Empty for practice.
	Salt string
	// Lab is the lab command's program, which a student's scripts call.
	Lab string
	// Scratch is the folder for what scripts run in: one that is swept where a
	// grader was killed, such as the run's. "" is that for temporary files.
	Scratch string
	// Python returns what runs students' scripts in Python; nil where no lab needs that.
	Python func(context.Context) (python.Env, error)
	// Healthy reports whether the whole stack is still up: what fails on a broken
	// one isn't the student's fault.
	Healthy func(context.Context) error
	// Report, if set, is called with each check as soon as it is made.
	Report func(report.Check)
	// Script limits students' scripts; what is 0 has the sandbox's defaults.
	Script sandbox.Limits
	// Left, if set, gets what couldn't be removed from the servers after an attempt, as a
	// function that tries again.
	Left func(remove func() error)
	// Begun, if set, gets the names that an attempt has on the servers. Stays, if set, gets
	// what removes what the attempt has made there, which stays until that is called.
	Begun func(pipeline.Names)
	Stays func(remove func() error)
	// Bare lets a student's scripts run unguarded where the system has no sandbox.
	Bare bool
}

// Seed returns what a student's rows of a lab are generated from. It is the same
// each time, and differs between students.
func (g Grader) Seed(student, lab string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", g.Salt, student, lab)
	return h.Sum64()
}

// Grade runs the checks of one lab on the files of a folder. An error of the
// grader's own is the outcome of its check.
func (g Grader) Grade(ctx context.Context, student string, l lab.Lab, dir string) report.Grade {
	result := report.Grade{ID: l.ID, Title: l.Title, Weight: l.Weight}
	a, err := g.attempt(student, l, dir)
	if err == nil {
		defer a.tidy()
		if g.Begun != nil {
			g.Begun(a.ours.Names)
		}
	}
	done := map[string]report.Check{}
	for _, c := range l.Checks {
		made := empty(c)
		switch blame := blamed(c, done); {
		case err != nil:
			made.Outcome, made.Reason = hop.Error, err.Error()
		case blame != "":
			made.Outcome, made.Cause = hop.Skipped, blame
			made.Reason = fmt.Sprintf("skipped because %q has not passed", blame)
		default:
			made = a.check(ctx, c)
		}
		done[c.ID] = made
		result.Checks = append(result.Checks, made)
		if g.Report != nil {
			g.Report(made)
		}
	}
	return result
}

func empty(c lab.Check) report.Check {
	return report.Check{ID: c.ID, Title: c.Title, Max: c.Points, Hidden: c.Hidden, Rationale: c.Rationale}
}

// blamed returns the title of the check because of which c makes no sense, or "":
// one on which it depends, directly or through checks that were skipped.
func blamed(c lab.Check, done map[string]report.Check) string {
	for _, id := range c.After {
		if before := done[id]; before.Outcome != hop.Passed {
			return cmp.Or(before.Cause, before.Title, id)
		}
	}
	return ""
}

// check makes one check within its time limit.
func (a *attempt) check(ctx context.Context, c lab.Check) report.Check {
	made := empty(c)
	limit := c.Limit
	if limit == 0 {
		limit = lab.DefaultLimit
	}
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	v := a.make(limited, c)
	if v.outcome != hop.Passed && v.outcome != hop.Error && limited.Err() != nil {
		v.reason = fmt.Sprintf("%s%v\n%s", overdue, limit, v.reason)
	}
	if v.outcome != hop.Passed {
		v = a.excuse(ctx, v)
	}
	made.Outcome, made.Reason, made.Hint, made.Expected, made.Actual = v.outcome, a.impersonal(v.reason), v.hint, v.expected, v.actual
	if made.Outcome == hop.Passed {
		made.Points = c.Points
	}
	made.Took = time.Since(began)
	return made
}

// make makes a check. One that panics is an error, and the other checks go on.
func (a *attempt) make(ctx context.Context, c lab.Check) (v verdict) {
	defer func() {
		if fault := recover(); fault != nil {
			v = broken(fmt.Errorf("the check itself is broken: %v\n%s", fault, panicStack()))
		}
	}()
	do := kinds[c.Run]
	if do == nil {
		return broken(fmt.Errorf("there is no kind of check %q", c.Run))
	}
	return do(ctx, a, c)
}

// impersonal leaves out of a reason where the grader keeps the student's files:
// students read it, on other machines.
func (a *attempt) impersonal(reason string) string {
	for _, dir := range []string{a.scripts, a.dir, sandbox.Home} {
		if dir != "" {
			reason = strings.ReplaceAll(reason, dir, a.lab.ID)
		}
	}
	if a.env.Packages != "" {
		reason = strings.ReplaceAll(reason, a.env.Packages, "site-packages")
		reason = strings.ReplaceAll(reason, filepath.Dir(filepath.Dir(a.env.Python)), "python")
	}
	return strings.ReplaceAll(reason, a.lab.ID+"/./", a.lab.ID+"/")
}

// panicStack says where a panic came from, as functions and lines without folders.
func panicStack() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)]) // from what called recover's function
	var lines []string
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			lines = append(lines, fmt.Sprintf("at %s (%s:%d)", path.Base(frame.Function), filepath.Base(frame.File), frame.Line))
		}
		if !more || len(lines) == 3 {
			return strings.Join(lines, "\n")
		}
	}
}

// excuse turns a failure that isn't the student's into an error: the stack is
// gone, or somebody has ended the grading.
func (a *attempt) excuse(ctx context.Context, v verdict) verdict {
	cause := context.Cause(ctx)
	if cause == nil && a.Healthy != nil {
		cause = a.Healthy(ctx)
	}
	if cause != nil {
		return verdict{outcome: hop.Error, reason: cause.Error()}
	}
	return v
}

// attempt is one grading of one lab.
type attempt struct {
	Grader
	lab      lab.Lab
	name     string            // the student's
	dir      string            // of the student's files
	scripts  string            // of the copy that a script runs in
	env      python.Env        // of scripts in Python, once one has run
	student  pipeline.Pipeline // with the student's files
	ours     pipeline.Pipeline // the same names with our solutions
	input    wisdm.Input
	oracle   *wisdm.Oracle
	undo     []func() // the last first
	said     []byte   // what the script printed that succeeded
	heard    *probe.MQTT
	filled   bool // the rows are in Kafka
	indexed  bool // and in Elasticsearch
	job      string
	jobs     []string  // all that checkJob has started
	consumer *consumer // the last one
	scaled   *scaled   // a group that has grown
	rows     *feed     // of a lab that gets them in halves
	live     *live     // a job that runs while rows come
}

func (g Grader) attempt(student string, l lab.Lab, dir string) (*attempt, error) {
	input := l.Generator(g.Seed(student, l.ID))
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return nil, err
	}
	names := pipeline.NewNames(fmt.Sprintf("g%x_%s", g.Seed(student, l.ID)&0xffffff, nonce())).Prefixed(g.Prefix)
	a := &attempt{Grader: g, lab: l, name: student, dir: dir, input: input, oracle: oracle}
	a.ours = pipeline.Pipeline{Sites: g.Sites, Names: names, Broker: g.Broker, Access: g.Access}
	a.student = a.ours
	a.student.Files, a.student.SQL = a.read, a.sql
	return a, nil
}

// nonce keeps the names of a grading apart from those of one that was killed.
func nonce() string {
	var b [4]byte
	rand.Read(b[:])
	return fmt.Sprintf("%x", b)
}

// verdict is the result of a check.
type verdict struct {
	outcome                        hop.Outcome
	reason, hint, expected, actual string
}

func passed() verdict { return verdict{outcome: hop.Passed} }

// failed says what is wrong with a student's work, and what to do next where the
// error knows. A server that can't be reached, or has no room for a request, isn't the
// student's fault.
func failed(err error) verdict {
	var network *net.OpError
	full := httpjson.Code(err) == http.StatusTooManyRequests || // Elasticsearch's circuit breaker
		strings.Contains(err.Error(), "Insufficient number of network buffers") // Flink's, which all jobs share
	if full || errors.As(err, &network) || errors.As(err, &noSession{}) {
		return broken(err)
	}
	v := verdict{outcome: hop.Failed, reason: err.Error(), hint: hint.Of(err)}
	if strings.Contains(v.reason, v.hint) { // once is enough
		v.hint = ""
	}
	return v
}

func broken(err error) verdict { return verdict{outcome: hop.Error, reason: err.Error()} }

// judged is the verdict of a hop's check.
func judged(r hop.Result) verdict {
	return verdict{
		outcome: r.Outcome, reason: r.Detail,
		expected: fmt.Sprintf("%d rows", r.Expected), actual: fmt.Sprintf("%d rows", r.Actual),
	}
}
