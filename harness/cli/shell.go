package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/course"
)

const shellHelp = `shell starts your shell ($SHELL) with lab on its PATH. 'exit' ends it.

shell N brings the pipeline to where lab N's page begins, with rows and names of its own,
and sets the variables that the page's sh cells use, such as $addresses and $source: each
of these cells can be pasted. In it, lab publish, listen, bridge and export use the servers of
$addresses unless others are named. What has been made is removed when the shell ends. The
servers that are missing are started, and stay up until 'lab down'.`

func (a *app) shellCommand() *cobra.Command {
	var o pageOptions
	command := &cobra.Command{
		Use: "shell [N]", Short: "start a shell with lab on its PATH", Long: shellHelp, Example: "  lab shell\n  lab shell 1",
		Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.shell(c.Context(), nil)
			}
			return a.pageShell(c.Context(), args[0], &o)
		},
	}
	o.flags(command)
	return command
}

func (a *app) pageShell(ctx context.Context, name string, o *pageOptions) error {
	l, page, err := o.read(name)
	if err != nil {
		return err
	}
	return a.withPage(ctx, l, page, o, func(ctx context.Context, runner course.Runner) error {
		return runner.At(ctx, l, page, func(ctx context.Context, s course.Stage) error { return a.shell(ctx, s.Params) })
	})
}

// shell runs the user's shell with lab on its PATH, and with variables.
func (a *app) shell(ctx context.Context, variables map[string]string) error {
	dir, err := os.MkdirTemp("", "lab-shell-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := onPath(dir)
	if err != nil {
		return err
	}
	inside, end := apart(ctx)
	defer end()
	program := userShell()
	command := exec.CommandContext(inside, program)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, a.out, a.err.Stream() // a pipe would be no terminal
	command.Env = append(os.Environ(), "PATH="+path)
	for name, value := range variables {
		command.Env = append(command.Env, name+"="+value)
	}
	a.err.Say("lab is on the PATH of this shell, %s; 'exit' ends it", filepath.Base(program))
	err = command.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended) && ended.ExitCode() >= 0:
		return commandError{ended.ExitCode()}
	case err != nil:
		return fmt.Errorf("run the shell %s (from $SHELL): %w", program, err)
	}
	return nil
}

// onPath returns a PATH on which this program is lab.
func onPath(dir string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if base := filepath.Base(self); base == "lab" || base == "lab.exe" {
		dir = filepath.Dir(self)
	} else if err := os.Symlink(self, filepath.Join(dir, "lab")); err != nil {
		return "", err
	}
	return dir + string(os.PathListSeparator) + os.Getenv("PATH"), nil
}

func userShell() string {
	if runtime.GOOS == "windows" {
		return os.Getenv("COMSPEC")
	}
	if shell := os.Getenv("SHELL"); shell != "" {
		return shell
	}
	return "sh"
}
