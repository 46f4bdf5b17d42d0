package flink

import "fmt"

// JobError reports a job that ended in a state other than FINISHED.
type JobError struct{ Job Job }

func (e *JobError) Error() string {
	text := fmt.Sprintf("Flink job %s (%s) ended %s", e.Job.Name, e.Job.ID, e.Job.State)
	if e.Job.Cause != "" {
		text += ": " + e.Job.Cause
	}
	return text
}

// Hint says what to do next, or "" if there is no advice.
func (e *JobError) Hint() string { return Hint(e.Job.Cause) }

// WaitError says that the context ended before the job did. It wraps the
// context's error.
type WaitError struct {
	Job Job // as last seen
	Err error
}

func (e *WaitError) Error() string {
	text := fmt.Sprintf("wait for Flink job %s: %v", e.Job.ID, e.Err)
	if e.Job.State != "" {
		text += "; it is " + e.Job.State
	}
	if e.Job.Cause != "" {
		text += "; its last failure: " + e.Job.Cause
	}
	return text
}

func (e *WaitError) Unwrap() error { return e.Err }

// Hint says what to do next, or "" if there is no advice.
func (e *WaitError) Hint() string { return Hint(e.Job.Cause) }
