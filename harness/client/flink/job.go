package flink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Job is a job as the JobManager describes it.
type Job struct {
	ID    string
	Name  string
	State string // CREATED, RUNNING, FAILING, RESTARTING, FINISHED, FAILED, CANCELED, …
	Start time.Time
	End   time.Time // zero while the job isn't over
	// Cause is the root cause of its last failure in one line, or "" if none is
	// known. A RESTARTING job has one too. Jobs doesn't ask for it.
	Cause string
}

// Over reports whether the job has ended, successfully or not.
func (j Job) Over() bool {
	return j.State == "FINISHED" || j.State == "FAILED" || j.State == "CANCELED"
}

type wireJob struct {
	ID    string `json:"jid"`
	Name  string
	State string
	Start int64 `json:"start-time"` // milliseconds since 1970
	End   int64 `json:"end-time"`   // milliseconds since 1970, or -1
}

func (w wireJob) job() Job {
	j := Job{ID: w.ID, Name: w.Name, State: w.State, Start: time.UnixMilli(w.Start)}
	if w.End > 0 {
		j.End = time.UnixMilli(w.End)
	}
	return j
}

func jobPath(id string) string { return "/jobs/" + url.PathEscape(id) }

// Jobs lists the jobs that the JobManager knows, including those that are over.
func (c *Client) Jobs(ctx context.Context) ([]Job, error) {
	var overview struct{ Jobs []wireJob }
	if err := c.jobManager.call(ctx, http.MethodGet, "/jobs/overview", nil, &overview); err != nil {
		return nil, fmt.Errorf("list the jobs: %w", err)
	}
	jobs := make([]Job, len(overview.Jobs))
	for i, w := range overview.Jobs {
		jobs[i] = w.job()
	}
	return jobs, nil
}

// Job asks for one job, and for the cause of its last failure.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	job, err := c.state(ctx, id)
	if err != nil {
		return job, err
	}
	job.Cause, err = c.cause(ctx, id)
	return job, err
}

// state looks a job up in the list of all jobs: the JobManager's answer about a
// single job can be seconds old (web.refresh-interval).
func (c *Client) state(ctx context.Context, id string) (Job, error) {
	jobs, err := c.Jobs(ctx)
	if err != nil {
		return Job{ID: id}, fmt.Errorf("ask for job %s: %w", id, err)
	}
	for _, job := range jobs {
		if job.ID == id {
			return job, nil
		}
	}
	return Job{ID: id}, fmt.Errorf("ask for job %s: the JobManager at %s has no job with this id; it forgets its jobs when it is restarted", id, c.jobManager.addr)
}

// Operators lists what the parts of a job are called, such as
// "IntervalJoin[12] -> Calc[13] -> Sink: pairs".
func (c *Client) Operators(ctx context.Context, id string) (names []string, err error) {
	var job struct{ Vertices []struct{ Name string } }
	if err := c.jobManager.call(ctx, http.MethodGet, jobPath(id), nil, &job); err != nil {
		return nil, fmt.Errorf("ask for the operators of job %s: %w", id, err)
	}
	for _, v := range job.Vertices {
		names = append(names, v.Name)
	}
	return names, nil
}

func (c *Client) cause(ctx context.Context, id string) (string, error) {
	var said struct {
		Root string `json:"root-exception"`
	}
	if err := c.jobManager.call(ctx, http.MethodGet, jobPath(id)+"/exceptions", nil, &said); err != nil {
		return "", fmt.Errorf("ask why job %s failed: %w", id, err)
	}
	if said.Root == "" {
		return "", nil
	}
	return reduce([]string{said.Root}).reason, nil
}

// AwaitJob waits until the job is FINISHED. Any other end is a *JobError. A job
// that can't work restarts forever: when ctx ends, the error is a *WaitError with
// the job's last failure. report, unless nil, receives each new state.
func (c *Client) AwaitJob(ctx context.Context, id string, report func(Job)) error {
	job, err := c.awaitEnd(ctx, id, report)
	switch {
	case err != nil:
		return err
	case job.State == "FINISHED":
		return nil
	}
	if job.Cause, err = c.lastCause(ctx, job); err != nil {
		return errors.Join(&JobError{job}, err)
	}
	return &JobError{job}
}

// lastCause is for a job that is over. The JobManager reports the cause with a delay.
func (c *Client) lastCause(ctx context.Context, job Job) (string, error) {
	limited, cancel := context.WithTimeout(ctx, tidyLimit)
	defer cancel()
	pause := newPause()
	for {
		cause, err := c.cause(ctx, job.ID)
		if err != nil || cause != "" || job.State != "FAILED" || pause.Sleep(limited) != nil {
			return cause, err
		}
	}
}

// pollLimit is for one of the many requests for a job's state; tests lower it.
var pollLimit = 15 * time.Second

func (c *Client) awaitEnd(ctx context.Context, id string, report func(Job)) (Job, error) {
	pause := newPause()
	var last Job
	for {
		limited, cancel := context.WithTimeout(ctx, pollLimit)
		job, err := c.state(limited, id)
		late := limited.Err() != nil // and asked again, as long as ctx lasts
		cancel()
		if err != nil && !late {
			return job, err
		}
		if err == nil {
			if report != nil && job.State != last.State {
				report(job)
			}
			last = job
		}
		if last.Over() {
			return last, nil
		}
		if err := pause.Sleep(ctx); err != nil {
			return last, c.waitedFor(ctx, id, last, err)
		}
	}
}

// waitedFor returns what is known of a job when ctx has ended. A failure to get the
// cause isn't reported.
func (c *Client) waitedFor(ctx context.Context, id string, last Job, err error) error {
	ctx, cancel := tidyContext(ctx)
	defer cancel()
	last.ID = id
	last.Cause, _ = c.cause(ctx, id)
	return &WaitError{last, err}
}

// Cancel cancels the job and waits until it is over. A job that is already over
// isn't an error, however it ended.
func (c *Client) Cancel(ctx context.Context, id string) error {
	err := c.jobManager.call(ctx, http.MethodPatch, jobPath(id)+"?mode=cancel", nil, nil)
	if err != nil {
		if job, failed := c.state(ctx, id); failed == nil && job.Over() {
			return nil
		}
		return fmt.Errorf("cancel job %s: %w", id, err)
	}
	_, err = c.awaitEnd(ctx, id, nil)
	return err
}
