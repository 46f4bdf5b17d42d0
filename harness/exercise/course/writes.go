package course

import (
	"cmp"
	"context"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/util/wait"
)

const (
	writesLimit = 30 * time.Second
	writesPause = 200 * time.Millisecond
	// A job's sink has written what it was given when a checkpoint completes. The first may
	// be before the first row is read.
	checkpoints = 2
)

// writes returns the error of a job that fails at what it reads or writes first: it ends,
// or restarts forever. A job that neither ends nor completes a checkpoint in time is left
// alone.
func writes(ctx context.Context, client *flink.Client, id string) error {
	limited, cancel := context.WithTimeout(ctx, writesLimit)
	defer cancel()
	var failed error
	wait.Until(limited, writesPause, func() (bool, error) {
		job, err := client.Job(limited, id)
		if err != nil {
			return false, err
		}
		if job.Over() {
			failed = client.AwaitJob(limited, id, nil) // which waits for the cause
			return true, nil
		}
		if job.Cause != "" {
			failed = &flink.JobError{Job: job}
		}
		// For a job that has just begun to run, Flink may say that it makes no checkpoints.
		made, _, err := client.Checkpoints(limited, id)
		return failed != nil || err == nil && made.Completed >= checkpoints, err
	})
	return cmp.Or(failed, ctx.Err())
}
