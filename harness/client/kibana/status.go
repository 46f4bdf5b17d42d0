package kibana

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/util/wait"
)

const statusPause = 500 * time.Millisecond

// Status is the state of Kibana.
type Status struct {
	Version string // such as 7.17.29
	// Available: it serves. Overall is its own word for its state, and Summary has
	// more.
	Available        bool
	Overall, Summary string
}

// Status asks once. That Kibana answers doesn't mean that it serves.
func (c Client) Status(ctx context.Context) (Status, error) {
	var answer struct {
		Version struct{ Number string }
		Status  struct {
			// 7.17.6 has State instead of Level, and Nickname instead of Summary.
			Overall struct{ Level, State, Summary, Nickname string }
		}
	}
	if err := c.call(ctx, httpjson.Request{URL: "/api/status"}, &answer); err != nil {
		return Status{}, fmt.Errorf("ask for the status: %w", err)
	}
	o := answer.Status.Overall
	return Status{
		Version: answer.Version.Number, Overall: o.Level + o.State, Summary: o.Summary + o.Nickname,
		Available: o.Level == "available" || o.Level == "" && o.State == "green",
	}, nil
}

// Wait returns when Kibana serves. It ends early if Kibana refuses the login.
func (c Client) Wait(ctx context.Context) (status Status, err error) {
	err = wait.Until(ctx, statusPause, func() (bool, error) {
		var err error
		status, err = c.Status(ctx)
		if err == nil && !status.Available {
			return false, fmt.Errorf("its status is %q: %s", status.Overall, status.Summary)
		}
		return err == nil || errors.As(err, new(*dial.RefusedError)), err
	})
	if errors.As(err, new(*wait.Ended)) {
		err = fmt.Errorf("wait for Kibana at %s: %w", c.Addr, err)
	}
	return status, err
}
