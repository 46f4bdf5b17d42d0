package watch

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/probe"
)

func (s *stack) readFlink(ctx context.Context) Reading {
	if s.Sites.Addr("flink-jobmanager", "rest") == "" {
		return absent
	}
	jobs, err := s.Flink().Jobs(ctx)
	if err != nil {
		return Reading{Err: err}
	}
	job, found := choose(jobs, s.Names, s.ownJobs)
	if !found {
		return Reading{Note: "no job"}
	}
	return s.flink.read(ctx, job, s.Pipeline)
}

// choose returns the job that most likely fills the index: the run's own jobs come first,
// then those that aren't over, then the latest. With own there are only the run's own.
func choose(jobs []flink.Job, names pipeline.Names, own bool) (best flink.Job, found bool) {
	rank := func(j flink.Job) int {
		rank := 0
		if !j.Over() {
			rank++
		}
		if cleanup.Owns(names, j.Name) {
			rank += 2
		}
		return rank
	}
	for _, j := range jobs {
		if own && !cleanup.Owns(names, j.Name) {
			continue
		}
		if !found || rank(j) > rank(best) || rank(j) == rank(best) && j.Start.After(best.Start) {
			best, found = j, true
		}
	}
	return best, found
}

// jobReader remembers how much a job has read, which Flink forgets when the job ends.
type jobReader struct {
	job  string
	rows int64
}

func (m *jobReader) read(ctx context.Context, job flink.Job, p pipeline.Pipeline) Reading {
	count := p.FlinkCount(job.ID)
	if job.ID != m.job {
		*m = jobReader{job: job.ID}
		count = fresh(count)
	}
	r := Reading{Note: fmt.Sprintf("job %s is %s", job.Name, job.State)}
	if job.State == "FAILED" || job.State == "FAILING" || job.State == "RESTARTING" {
		r.Problem = fmt.Sprintf("job %s is %s", job.Name, job.State)
		if whole, err := p.Flink().Job(ctx, job.ID); err == nil && whole.Cause != "" {
			r.Problem += ": " + whole.Cause
		}
	}
	if job.State == "RUNNING" {
		rows, err := count(ctx)
		if err != nil {
			return Reading{Err: err}
		}
		m.rows = rows
	}
	r.Rows, r.Passed = m.rows, m.rows
	return r
}

// fetchTime is how long the JobManager may take to fetch its metrics.
const fetchTime = 500 * time.Millisecond

// fresh asks twice: the JobManager answers with the metrics from the request before,
// and only then fetches new ones.
func fresh(count probe.Counter) probe.Counter {
	return func(ctx context.Context) (int64, error) {
		if _, err := count(ctx); err != nil {
			return 0, err
		}
		if err := wait.For(ctx, fetchTime); err != nil {
			return 0, err
		}
		return count(ctx)
	}
}
