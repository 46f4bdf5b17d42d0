package flink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Checkpoints are the ids of a job's latest checkpoints, which count from 1; 0 stands
// for none. Source: Flink 1.20, REST API, /jobs/:jobid/checkpoints.
type Checkpoints struct {
	Begun     int64 // whatever became of it
	Completed int64
}

// Checkpoints asks which checkpoints a job has made. enabled is false where it makes
// none.
func (c *Client) Checkpoints(ctx context.Context, id string) (made Checkpoints, enabled bool, err error) {
	var said struct {
		Latest struct {
			Completed struct{ ID int64 }
		}
		History []struct{ ID int64 }
	}
	err = c.jobManager.call(ctx, http.MethodGet, jobPath(id)+"/checkpoints", nil, &said)
	var answer *answerError
	if errors.As(err, &answer) && answer.status == http.StatusNotFound {
		return made, false, nil
	}
	if err != nil {
		return made, false, fmt.Errorf("ask for the checkpoints of job %s: %w", id, err)
	}
	made.Completed = said.Latest.Completed.ID
	for _, h := range said.History {
		made.Begun = max(made.Begun, h.ID)
	}
	return made, true, nil
}
