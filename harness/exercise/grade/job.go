package grade

import (
	"context"
	"time"

	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// A job that hasn't failed is waited for by its checkpoints, since a busy machine can
// take long for anything: patience is for the next one.
const patience, ask = 45 * time.Second, 200 * time.Millisecond

// hasRead waits until the job has read the rows. One that reads no more is given up
// once it has made a checkpoint, as it does as soon as all its parts run.
func (a *attempt) hasRead(ctx context.Context, want int64) error {
	count := a.ours.FlinkCount(a.job)
	a.checkpoint(ctx, 0, count, want)
	return await(ctx, count, want)
}

// hasWritten waits until the index has the rows, or the job has completed a checkpoint
// that it began since: Flink's sink then has all answers of Elasticsearch about what
// came before (ElasticsearchWriter.flush).
func (a *attempt) hasWritten(ctx context.Context, count probe.Counter, want int64) verdict {
	if made, _, err := a.ours.Flink().Checkpoints(ctx, a.job); err == nil {
		a.checkpoint(ctx, made.Begun, count, want)
	}
	return a.blameJob(ctx, counted(ctx, count, want))
}

// checkpoint waits until the job has completed a checkpoint that came after one. It
// also returns when count is at least want, where there is no such checkpoint to come,
// and when asking fails: the check then says what is wrong.
func (a *attempt) checkpoint(ctx context.Context, after int64, count probe.Counter, want int64) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	wait.Until(ctx, ask, func() (bool, error) {
		if n, err := count(ctx); err != nil || n >= want {
			return true, nil
		}
		job, err := a.ours.Flink().Job(ctx, a.job)
		if err != nil || job.Over() || job.Cause != "" {
			return true, nil
		}
		made, enabled, err := a.ours.Flink().Checkpoints(ctx, a.job)
		return err != nil || !enabled || made.Completed > after, nil
	})
}

// blameJob adds why the job can't write, where the check has failed.
func (a *attempt) blameJob(ctx context.Context, v verdict) verdict {
	if v.outcome == hop.Passed || a.job == "" {
		return v
	}
	if job, err := a.ours.Flink().Job(context.WithoutCancel(ctx), a.job); err == nil && job.Cause != "" {
		v.reason += "\nFlink's job \"" + job.Name + "\" is " + job.State + ": " + job.Cause
	}
	return v
}
