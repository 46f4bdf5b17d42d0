// Package run manages a run's life cycle: it finds the runs that are up, starts others,
// watches their components while work is done on them, and ends them.
package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/util/wait"
)

// Kept is the name of a run that is left up and was given no other.
const Kept = "lab"

// Run is a stack that is up, or the part of it that a program uses.
type Run struct {
	// State is what the keeper knew when the components were ready.
	keeper.State
	Client *keeper.Client
	Names  []string // the components that the program uses
	Reused bool     // it was up before
	Took   time.Duration
	Access access.Set
	// Prefix begins all names that are made on a cluster that others use too.
	Prefix string
	// Files is the folder that the components of such a cluster share, or "".
	Files string
	kept  bool
}

// Own returns the name of a run of this process's own, such as bench-4711.
func Own(what string) string { return fmt.Sprintf("%s-%d", what, os.Getpid()) }

// Dir returns the folder of the run of that name.
func Dir(name string) (string, error) {
	runs, err := dirs.Runs()
	return filepath.Join(runs, name), err
}

// Start starts the keeper of the run of that name, or finds it where it runs. No
// component is up yet: see [Run.Ready]. The run ends with this process, and uses the
// user's cache, unless c has another owner or cache; c.Dir is set here.
func Start(ctx context.Context, name string, c keeper.Config, components []string) (_ *Run, err error) {
	if c.Dir, err = Dir(name); err != nil {
		return nil, err
	}
	if c.Cache == "" {
		if c.Cache, err = dirs.Cache(); err != nil {
			return nil, err
		}
	}
	if c.Owner == 0 {
		c.Owner = os.Getpid()
	}
	client, err := keeper.Start(ctx, c)
	if err != nil {
		os.Remove(c.Dir) // where it is empty, since ctx ended before anything was started
		return nil, err
	}
	return &Run{Client: client, Names: components}, nil
}

// StartOwn is [Start] under a name of this process's own, after a sweep of what killed
// runs have left.
func StartOwn(ctx context.Context, what string, c keeper.Config, components []string) (*Run, error) {
	if _, err := List(ctx, nil, ""); err != nil {
		return nil, err
	}
	return Start(ctx, Own(what), c, components)
}

// Ready starts those of the run's components that aren't up and returns when all are
// ready. report, which may be nil, is called with the state while they start.
func (r *Run) Ready(ctx context.Context, report func(keeper.State)) error {
	began := time.Now()
	err := r.Client.Ensure(ctx, r.Names, report)
	if err == nil {
		r.State, err = r.Client.State(ctx)
	}
	if err == nil && r.Runtime != "attach" { // there, the file of addresses has the logins
		r.Access, err = r.Client.Access()
	}
	r.Took = time.Since(began)
	return err
}

// Shared reports whether what is made on the run stays after the program's end.
func (r *Run) Shared() bool { return r.Reused || r.Runtime == "attach" }

const watchPause = 500 * time.Millisecond

// Folder returns the run's folder where its components are processes that reach it, the
// one that a file of addresses names, or "".
func (r *Run) Folder() string {
	if r.Runtime != "local" {
		return r.Files
	}
	return r.Client.Dir()
}

// During does some work with a context that ends when one of the run's components
// fails. It then returns the component's error, whatever the work's is.
func (r *Run) During(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go r.watch(ctx, cancel)
	err := work(ctx)
	if cause := context.Cause(ctx); cause != nil {
		return cause // other errors follow from this one
	}
	return err
}

func (r *Run) watch(ctx context.Context, end context.CancelCauseFunc) {
	for wait.For(ctx, watchPause) == nil {
		if err := r.Client.Check(ctx, r.Names); err != nil && ctx.Err() == nil {
			end(err)
		}
	}
}

// Keep leaves the run up after this process has ended, and after [Run.Close].
func (r *Run) Keep(ctx context.Context) error {
	err := r.Client.Disown(ctx)
	r.kept = err == nil
	return err
}

const (
	// stopLimit is how long taking a stack down may take. Once, its JVMs write their
	// archives of classes, which takes some seconds.
	stopLimit = 90 * time.Second
	// slowStop is how long that may take without a word.
	slowStop = 2 * time.Second
)

// Close is [Run.Stop], unless the run was up before or is kept. It says where that fails or is
// slow.
func (r *Run) Close(u *ui.UI) {
	if r.Reused || r.kept {
		return
	}
	slow := time.AfterFunc(slowStop, func() {
		u.Say("taking the stack down; the first time, the servers save class archives, so later starts are faster")
	})
	defer slow.Stop()
	if err := r.Stop(); err != nil {
		u.Say("%v", err)
	}
}

// Stop takes the stack down, whatever has become of the context of its start.
func (r *Run) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if err := r.Client.Stop(ctx); err != nil {
		return fmt.Errorf("take the stack down: %w", err)
	}
	return nil
}
