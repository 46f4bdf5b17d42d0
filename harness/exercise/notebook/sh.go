package notebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ShellExecutor runs sh cells with Shell, which decides where they run and what they
// may do. env has the parameters as NAME=value, sorted. An error with a method
// ExitCode() int, such as *exec.ExitError, is the script's own; output is what it has
// printed, standard output and errors together. Shell must bound the output: Run cuts
// it, but by then it is in memory.
type ShellExecutor struct {
	Shell func(ctx context.Context, script string, env []string) (output []byte, err error)
}

// Run implements Executor.
func (e ShellExecutor) Run(ctx context.Context, c Cell) (string, error) {
	var env []string
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		env = append(env, name+"="+c.Params[name])
	}
	output, err := e.Shell(ctx, c.Code, env)
	if err == nil {
		return string(output), nil
	}
	var exit interface {
		error
		ExitCode() int
	}
	if !errors.As(err, &exit) {
		return "", fmt.Errorf("run the script: %w", err)
	}
	end := fmt.Sprintf("exit status %d", exit.ExitCode())
	if exit.ExitCode() < 0 {
		end = exit.Error() // a signal
	}
	return "", &Failure{Text: joined(string(output), end), Err: fmt.Errorf("the script ends with %w", err)}
}

// joined joins texts by newlines, without empty ones.
func joined(texts ...string) string {
	var out strings.Builder
	for _, text := range texts {
		if text = strings.TrimSuffix(text, "\n"); text != "" {
			out.WriteString(text + "\n")
		}
	}
	return out.String()
}
