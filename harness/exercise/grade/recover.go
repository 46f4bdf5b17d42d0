package grade

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

func init() {
	file := []lab.Option{sqlFile}
	register(lab.Kind{Name: "first-half", Options: file, Doc: "the student's job writes the first half of the rows"}, checkFirstHalf)
	register(lab.Kind{Name: "recover", Needs: []string{"first-half"}, Options: file, Doc: "the job is cancelled and started again, and the index then has all rows"}, checkRecover)
	register(lab.Kind{Name: "resume", Needs: []string{"recover"}, Doc: "the second job reads no row that the first one has read"}, checkResume)
	register(lab.Kind{Name: "replay", Needs: []string{"first-half"}, Options: file, Doc: "with the group's offsets set back the job reads all rows again, and no document is duplicated"}, checkReplay)
}

// checkFirstHalf runs the student's file for the first time, with half of the rows in
// Kafka.
func checkFirstHalf(ctx context.Context, a *attempt, c lab.Check) verdict {
	err := a.ours.NeedSink(ctx)
	if err != nil {
		return broken(err)
	}
	if a.rows, err = a.feed(ctx); err != nil {
		return broken(err)
	}
	if err := a.inKafka(ctx, a.rows.half); err != nil {
		return broken(err)
	}
	if err := a.ours.PutTemplate(ctx); err != nil {
		return broken(err)
	}
	a.undo = append(a.undo, a.forget)
	if err := a.start(ctx, c); err != nil {
		return failed(err)
	}
	return a.written(ctx, a.rows.half)
}

func (a *attempt) inKafka(ctx context.Context, want int64) error {
	if err := await(ctx, a.ours.KafkaProbe().Count, want); err != nil {
		return err
	}
	if n, err := a.ours.KafkaProbe().Count(ctx); err != nil || n != want {
		return errors.Join(fmt.Errorf("the topic has %d rows of those that were sent, want %d", n, want), err)
	}
	return nil
}

// start cancels the job that runs and starts the student's in a session of its
// own, which then ends: what it had in it is lost.
func (a *attempt) start(ctx context.Context, c lab.Check) error {
	if a.job != "" {
		if err := a.ours.Flink().Cancel(ctx, a.job); err != nil {
			return err
		}
	}
	statements, err := a.statements(c)
	if err != nil {
		return err
	}
	session, err := a.session(ctx, pipeline.SessionConfig("pipeline.name", "export "+a.ours.Names.Index))
	if err != nil {
		return err
	}
	defer session.Close(context.WithoutCancel(ctx))
	results, err := session.RunAll(ctx, statements)
	if none := a.started(results); err == nil {
		err = none
	}
	return err
}

// started finds the job. One of a statement before the one that failed is there
// too.
func (a *attempt) started(results []*flink.Result) error {
	before := a.job
	for _, r := range results {
		if r.JobID == "" {
			continue
		}
		if a.job != before {
			a.undo = append(a.undo, a.canceler(a.job))
		}
		a.job = r.JobID
	}
	if a.job == before {
		return fmt.Errorf("%s/%s starts no job: it lacks an INSERT INTO", a.lab.ID, a.lab.Files[0])
	}
	return nil
}

func (a *attempt) canceler(job string) func() {
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
		defer cancel()
		a.ours.Flink().Cancel(ctx, job)
	}
}

// forget has Kafka forget the offsets that jobs have committed.
func (a *attempt) forget() {
	a.canceler(a.job)() // a group that somebody reads for stays
	ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
	defer cancel()
	a.ours.Group().Remove(ctx)
}

// settle is for a job to write what is more than it should: the sink writes once
// a second, and at each checkpoint.
const settle = 5 * time.Second

// written asks how many rows the index has once no more come.
func (a *attempt) written(ctx context.Context, want int64) verdict {
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return broken(err)
	}
	a.checkpoint(ctx, 0, elastic.Count, want)
	if v := a.hasWritten(ctx, elastic.Count, want); v.outcome != hop.Passed {
		return v
	}
	a.settled(ctx, elastic.Count, want)
	return a.blameJob(ctx, counted(ctx, elastic.Count, want))
}

// settled waits until the index has more rows than it should, until the job has completed
// two checkpoints that it began since, at each of which its sink writes what came before,
// or for settle, where checkpoints are rare.
func (a *attempt) settled(ctx context.Context, count probe.Counter, want int64) {
	ctx, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	before, enabled, err := a.ours.Flink().Checkpoints(ctx, a.job)
	wait.Until(ctx, ask, func() (bool, error) {
		if n, err := count(ctx); err != nil || n > want {
			return true, nil
		}
		if err != nil || !enabled {
			return false, nil
		}
		made, _, err := a.ours.Flink().Checkpoints(ctx, a.job)
		return err == nil && made.Completed >= before.Begun+2, nil
	})
}

// checkRecover cancels the job, sends the second half, and runs the student's
// file again.
func checkRecover(ctx context.Context, a *attempt, c lab.Check) verdict {
	a.checkpoint(ctx, 0, a.committed, a.rows.half)
	if err := await(ctx, a.committed, a.rows.half); err != nil && ctx.Err() != nil {
		return broken(err)
	}
	a.rows.committed, _ = a.committed(ctx)
	if err := a.ours.Flink().Cancel(ctx, a.job); err != nil {
		return broken(err)
	}
	if err := errors.Join(a.rows.rest(ctx), a.inKafka(ctx, a.oracle.Count())); err != nil {
		return broken(err)
	}
	if err := a.start(ctx, c); err != nil {
		return failed(err)
	}
	if v := a.written(ctx, a.oracle.Count()); v.outcome != hop.Passed {
		return v
	}
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return broken(err)
	}
	elastic.AnyID = true // checkReplay looks at the key
	return a.blameJob(ctx, judged(elastic.Check(ctx, a.oracle)))
}

// committed counts the rows that the group has committed. That it has committed
// none isn't an error here: checkResume reports it.
func (a *attempt) committed(ctx context.Context) (int64, error) {
	return committedBy(ctx, a.ours.Group())
}

func committedBy(ctx context.Context, group pipeline.Group) (sum int64, err error) {
	offsets, err := group.Committed(ctx)
	for _, offset := range offsets {
		sum += offset
	}
	var none *pipeline.NoOffsetsError
	if errors.As(err, &none) {
		err = nil
	}
	return sum, err
}

// checkResume asks how many rows the second job has read. The first one was
// cancelled when it had committed all that it had read, if it commits at all.
func checkResume(ctx context.Context, a *attempt, _ lab.Check) verdict {
	want := a.oracle.Count() - a.rows.half
	v := counted(ctx, a.ours.FlinkCount(a.job), want)
	if v.outcome == hop.Failed {
		v.reason = fmt.Sprintf("the second job read %s, want %s; when the first one was cancelled, the group %q had committed %d of the %d that it had read",
			v.actual, v.expected, a.ours.Names.Topic, a.rows.committed, a.rows.half)
	}
	return v
}

// checkReplay sets the group back and runs the file once more: all rows are read
// again.
func checkReplay(ctx context.Context, a *attempt, c lab.Check) verdict {
	if err := a.ours.Flink().Cancel(ctx, a.job); err != nil {
		return broken(err)
	}
	var none *pipeline.NoOffsetsError // then there is nothing to set back
	if err := a.ours.Group().SetBack(ctx); err != nil && !errors.As(err, &none) {
		return failed(err)
	}
	if err := a.start(ctx, c); err != nil {
		return failed(err)
	}
	if err := a.hasRead(ctx, a.oracle.Count()); err != nil {
		return failed(err)
	}
	if v := counted(ctx, a.ours.FlinkCount(a.job), a.oracle.Count()); v.outcome != hop.Passed {
		v.reason = fmt.Sprintf("with the group %q set back the job read %s, want %s", a.ours.Names.Topic, v.actual, v.expected)
		return v
	}
	if v := a.written(ctx, a.oracle.Count()); v.outcome != hop.Passed {
		return v
	}
	return checkElastic(ctx, a, c)
}
