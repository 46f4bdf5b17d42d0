package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/wait"
)

const askLimit = 5 * time.Second // for one answer

// Check returns the error of one of the run's components that has failed, as a
// *keeper.ComponentError.
func (r *Run) Check(ctx context.Context) error { return r.Client.Check(ctx, r.Names) }

// mendTries is how often Mend starts what dies again while it waits for the rest.
const mendTries = 3

// Mend starts again those of the run's components that have died, with the files that
// they have left, and returns once all of them serve, with the death of the first that it
// found, if any. Where hoplab hasn't started them, it waits until somebody else has.
func (r *Run) Mend(ctx context.Context) (died *keeper.ComponentError, err error) {
	for range mendTries {
		var found *keeper.ComponentError
		if errors.As(r.Check(ctx), &found) && died == nil {
			died = found
		}
		if err = r.restart(ctx); err == nil {
			err = r.serving(ctx)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return died, err
}

func (r *Run) restart(ctx context.Context) error {
	state, err := r.Client.State(ctx)
	if err != nil {
		return err
	}
	for _, name := range r.Names {
		if c := state.Components[name]; c != nil && c.Phase == runtime.Failed {
			if err := r.Client.Do(ctx, keeper.Restart, name); err != nil {
				return fmt.Errorf("start %s again: %w", name, err)
			}
		}
	}
	return nil
}

// serving waits until each component says that it serves: one that is up may have lost
// another, as Flink's JobManager its TaskManager. One that dies meanwhile ends the wait.
func (r *Run) serving(ctx context.Context) error {
	stack, err := version.Find(r.Stack)
	if err != nil {
		return err
	}
	components, err := stack.ByName(r.Names...)
	if err != nil {
		return err
	}
	for _, c := range components {
		limited, cancel := context.WithTimeout(ctx, c.BootLimit)
		err := wait.Until(limited, watchPause, func() (bool, error) {
			if err := r.Check(limited); err != nil {
				return true, err
			}
			asked, cancel := context.WithTimeout(limited, askLimit)
			defer cancel()
			err := c.Ready(asked, known{r})
			return err == nil, err
		})
		cancel()
		if err != nil {
			return fmt.Errorf("wait until %s serves: %w", c.Name, err)
		}
	}
	return nil
}

// known has the addresses and logins of a run's components.
type known struct{ *Run }

var _ component.Logins = known{}

func (k known) Login(name string) access.Login { return k.Access[name] }
