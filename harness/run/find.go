package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/ui"
)

// Up is a run that is up.
type Up struct {
	Client *keeper.Client
	State  keeper.State
}

// AskedError says that what was asked for doesn't exist or isn't allowed: the command line is wrong.
type AskedError struct{ error }

func (e AskedError) Unwrap() error { return e.error }

func asked(format string, args ...any) error { return AskedError{fmt.Errorf(format, args...)} }

// NotUpError says that no run is up, or none of the name.
type NotUpError struct{ Name string }

func (e *NotUpError) Error() string {
	if e.Name == "" {
		return "no run is up"
	}
	return fmt.Sprintf("no run called %q is up", e.Name)
}

// Hint says what to do next.
func (e *NotUpError) Hint() string {
	if e.Name == "" {
		return "'lab run --keep' leaves one up, with rows in it; 'lab up' starts the servers alone"
	}
	return fmt.Sprintf("'lab status' lists the runs that are up; 'lab up --name %s' starts one", e.Name)
}

// List returns the runs that are up, or the one called name where that is given. It
// also sweeps what killed runs have left, and says so on u, unless that is nil.
func List(ctx context.Context, u *ui.UI, name string) ([]Up, error) {
	var say func(string)
	if u != nil {
		say = func(what string) { u.Say("%s", what) }
	}
	runs, err := Dir("")
	if err != nil {
		return nil, err
	}
	clients, err := keeper.List(ctx, filepath.Clean(runs), say)
	if err != nil {
		return nil, err
	}
	var all []Up
	for _, c := range clients {
		if name != "" && c.Name() != name {
			continue
		}
		if state, err := c.State(ctx); err == nil { // otherwise it has just ended
			all = append(all, Up{c, state})
		}
	}
	if name != "" && len(all) == 0 {
		return nil, &NotUpError{name}
	}
	return all, nil
}

// Choose returns the run called name or, without a name, the one that was left up.
// Where none was, it is the one that another command has up.
func Choose(ctx context.Context, u *ui.UI, name string) (Up, error) {
	all, err := List(ctx, u, name)
	if err != nil {
		return Up{}, err
	}
	if left := leftUp(all); len(left) > 0 {
		all = left
	}
	if len(all) == 0 {
		return Up{}, &NotUpError{}
	}
	return one(all)
}

// leftUp returns the runs that no other process owns, with whose end they would end.
func leftUp(all []Up) (left []Up) {
	for _, u := range all {
		if u.State.Owner == 0 || u.State.Owner == os.Getpid() {
			left = append(left, u)
		}
	}
	return left
}

func one(some []Up) (Up, error) {
	if len(some) == 1 {
		return some[0], nil
	}
	var names []string
	for _, u := range some {
		names = append(names, u.Client.Name())
	}
	return Up{}, asked("%d runs are up, %s: choose one with --run, or end the others with 'lab down NAME'", len(names), strings.Join(names, " and "))
}
