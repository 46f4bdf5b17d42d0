package grade

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
)

// The kinds of this file and of query.go suit labs that nobody has foreseen: what is
// right is what a query over the rows that were sent gives.

func init() {
	register(lab.Kind{Name: "job", Options: []lab.Option{sqlFile},
		Doc: "the student's statements, an INSERT INTO among them, run once over all rows and end"}, checkJob)
	register(lab.Kind{Name: "topic", Needs: []string{"job"}, Options: []lab.Option{
		{Name: "name", Type: lab.TextOption, Required: true, Doc: "the topic, one of the lab's topics, such as ${topic}-windows"},
		{Name: "records", Type: lab.TextOption, Doc: "how many records it must have: a number, or a query over the table sent whose answer is one"},
		{Name: "keys", Type: lab.OneOf("all", "none"), Doc: "whether each record must have a key, or none"},
	}, Doc: "a topic has as many records as it should, with or without keys"}, checkTopic)
}

// own fills the run's names into an option of the lab's.
func (a *attempt) own(c lab.Check, option string) (string, error) {
	return a.ours.Fill(fmt.Sprintf("the check %s: %s", c.ID, option), a.lab.Personal(c.With[option], a.name))
}

func startsJob(s flink.Statement) bool { return s.Begins("INSERT", "EXECUTE", "BEGIN") }

func (a *attempt) noJob(c lab.Check) error {
	return fmt.Errorf("%s/%s starts no job: it lacks an INSERT INTO", a.lab.ID, a.fileOf(c))
}

// checkJob runs the student's file over the rows that are in Kafka, in batch mode: its
// tables end where the topic ends, so its jobs do too, and no row is late.
func checkJob(ctx context.Context, a *attempt, c lab.Check) verdict {
	if err := a.fill(ctx); err != nil {
		return broken(err)
	}
	statements, err := a.bounded(c)
	if err != nil {
		return failed(err)
	}
	if !slices.ContainsFunc(statements, startsJob) {
		return failed(a.noJob(c))
	}
	results, err := a.runJobs(ctx, statements, a.batch())
	if err != nil && a.job == "" && strings.Contains(err.Error(), "in batch mode") && !slices.ContainsFunc(statements, setsMode) {
		// The student hasn't chosen batch, and Flink's own default isn't batch either.
		results, err = a.runJobs(ctx, statements, pipeline.SessionConfig("pipeline.name", a.batch()["pipeline.name"]))
	}
	if err != nil {
		return failed(err)
	}
	for _, r := range results {
		if r.JobID == "" {
			continue
		}
		if err := a.ours.Flink().AwaitJob(ctx, r.JobID, nil); err != nil {
			v := failed(err)
			v.hint = cmp.Or(v.hint, flink.Hint(err.Error()))
			return v
		}
	}
	return passed()
}

func setsMode(s flink.Statement) bool {
	return s.Begins("SET") && strings.Contains(s.Text, "execution.runtime-mode")
}

// noSession is an error of the gateway's, before it got any statement.
type noSession struct{ error }

func (e noSession) Unwrap() error { return e.error }

// session opens one for a student's statements.
func (a *attempt) session(ctx context.Context, config map[string]string) (*flink.Session, error) {
	session, err := a.ours.Flink().OpenSession(ctx, config)
	if err != nil {
		return nil, noSession{err}
	}
	return session, nil
}

// runJobs runs statements in a session of their own, and notes their jobs.
func (a *attempt) runJobs(ctx context.Context, statements []flink.Statement, config map[string]string) ([]*flink.Result, error) {
	session, err := a.session(ctx, config)
	if err != nil {
		return nil, err
	}
	defer session.Close(context.WithoutCancel(ctx))
	results, err := session.RunAll(ctx, statements)
	for _, r := range results {
		if r.JobID == "" {
			continue
		}
		a.undo = append(a.undo, a.canceler(r.JobID))
		a.job, a.jobs = r.JobID, append(a.jobs, r.JobID)
	}
	return results, err
}

// checkTopic reads a topic that the student's job has written.
func checkTopic(ctx context.Context, a *attempt, c lab.Check) verdict {
	name, err := a.own(c, "name")
	if err != nil {
		return broken(err)
	}
	t := topic.Topic{Addr: a.ours.Kafka(), Name: name, Login: a.ours.Access["kafka"]}
	count, keyed := 0, 0
	err = t.Each(ctx, func(m kafka.Message) error {
		count++
		if m.Key != nil {
			keyed++
		}
		return nil
	})
	if err != nil {
		return failed(err)
	}
	v := passed()
	if c.With["records"] != "" {
		want, err := a.number(ctx, c, "records")
		if err != nil {
			return broken(err)
		}
		if int64(count) != want {
			v = failed(fmt.Errorf("the topic %s has %d records, want %d", c.With["name"], count, want))
		}
		v.expected, v.actual = fmt.Sprintf("%d records", want), fmt.Sprintf("%d records", count)
	}
	switch keys := c.With["keys"]; {
	case keys == "all" && keyed < count:
		return failed(fmt.Errorf("%d of the %d records in the topic %s have no key", count-keyed, count, c.With["name"]))
	case keys == "none" && keyed > 0:
		return failed(fmt.Errorf("%d of the %d records in the topic %s have a key", keyed, count, c.With["name"]))
	}
	return v
}

// number returns an option that is a number, or a query over the rows that gives one.
func (a *attempt) number(ctx context.Context, c lab.Check, option string) (int64, error) {
	if n, err := strconv.ParseInt(c.With[option], 10, 64); err == nil {
		return n, nil
	}
	rows, err := a.sent(ctx, c, option)
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return 0, fmt.Errorf("the check %s: %s: the query gives %d rows, want one number", c.ID, option, len(rows))
	}
	n, err := strconv.ParseInt(fmt.Sprint(rows[0][0]), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the check %s: %s: the query gives %v, want a number", c.ID, option, rows[0][0])
	}
	return n, nil
}
