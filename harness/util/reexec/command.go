package reexec

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// Command returns what starts this executable again in a role, until ctx ends, with
// task as its one argument. Others on the machine can read that: no secrets.
func Command(ctx context.Context, role string, task any) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(task)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, string(text))
	cmd.Env = append(os.Environ(), Env(role))
	return cmd, nil
}

// Task reads into task what Command was given, from the arguments of the process
// that it started.
func Task(args []string, task any) error {
	if len(args) != 1 {
		return fmt.Errorf("needs one argument, the task as JSON, not %d", len(args))
	}
	if err := json.Unmarshal([]byte(args[0]), task); err != nil {
		return fmt.Errorf("read what to do: %w", err)
	}
	return nil
}
