package course

import (
	"context"
	"time"

	"hoplab.example/harness/client/flink"
)

const writesLimit = 30 * time.Second

// writes returns the error of a job that fails at what it reads or writes first: it ends,
// or restarts forever. A job that neither ends nor completes a checkpoint in time is left
// alone. A job's sink has written what it was given when a checkpoint completes; the first
// may be before the first row is read.
func writes(ctx context.Context, client *flink.Client, id string) error {
	limited, cancel := context.WithTimeout(ctx, writesLimit)
	defer cancel()
	job, err := client.AwaitCheckpoint(limited, id, 1, nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return nil
	case job.Over():
		return client.AwaitJob(limited, id, nil) // which waits for the cause
	case job.Cause != "":
		return &flink.JobError{Job: job}
	}
	return nil
}
