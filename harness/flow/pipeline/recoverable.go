package pipeline

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/util/wait"
)

const (
	lab7        = "07-recover"
	recoverFile = "recover.sql"
	jobPause    = 500 * time.Millisecond // between two looks at a job
)

// StartRecoverable puts the template and runs lab 7's file, whose job continues
// where the last one of this run stopped and is restarted whenever it fails. It
// returns the job's id.
func (p Pipeline) StartRecoverable(ctx context.Context) (job string, err error) {
	if err := p.PutTemplate(ctx); err != nil {
		return "", err
	}
	statements, err := p.FileStatements(lab7, recoverFile)
	if err != nil {
		return "", err
	}
	return p.runJob(ctx, statements, fmt.Sprintf("%s of lab %s", recoverFile, lab7), restarts...)
}

// restarts makes a job that fails start again from its last checkpoint, each second
// and as often as it takes: the servers that it needs may be away for a while. It is
// set in the session and not in the cluster: a query that can't work must fail.
var restarts = []string{
	"restart-strategy.type", "fixed-delay",
	"restart-strategy.fixed-delay.attempts", "2147483647",
	"restart-strategy.fixed-delay.delay", "1 s",
}

// Sustain watches a job of StartRecoverable until ctx ends, and starts it again
// whenever the JobManager no longer has it: a JobManager that restarts loses its
// jobs, while Kafka still knows how far they have read. again, if any, is called
// with each new job. Servers may be away meanwhile for any length of time.
func (p Pipeline) Sustain(ctx context.Context, job string, again func(job string)) {
	for wait.For(ctx, jobPause) == nil {
		jobs, err := p.Flink().Jobs(ctx)
		if err != nil || lives(jobs, job) {
			continue
		}
		started, err := p.StartRecoverable(ctx)
		if started != "" {
			job = started
		}
		if err == nil && again != nil {
			again(job)
		}
	}
}

func lives(jobs []flink.Job, id string) bool {
	for _, j := range jobs {
		if j.ID == id {
			return !j.Over()
		}
	}
	return false
}
