package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/containers"
)

const execHelp = `exec runs a command beside a component of a run that is up: in its container, or in
its folder on this machine. The command's environment has each component's addresses,
such as KAFKA_CLIENT=127.0.0.1:20123. exec ends with the command's own exit code. It
isn't for ending a server: 'lab kill COMPONENT' ends the server that hoplab started for
you.`

func (a *app) execCommand() *cobra.Command {
	var name string
	command := &cobra.Command{
		Use: "exec COMPONENT -- COMMAND [ARG...]", Short: "run a command beside a component", Long: execHelp,
		Example: "  lab exec elasticsearch -- sh -c 'curl -s $ELASTICSEARCH_HTTP/_cat/indices'\n  lab exec kafka -- ls",
		Args:    arguments(cobra.MinimumNArgs(2)), ValidArgsFunction: only(completeComponents),
		RunE: func(c *cobra.Command, args []string) error {
			return a.exec(c.Context(), name, args[0], args[1:])
		},
	}
	runFlag(command, &name)
	return command
}

func (a *app) exec(ctx context.Context, name, component string, command []string) error {
	found, err := run.Choose(ctx, a.err, name)
	if err == nil {
		err = ownComponent(found, component)
	}
	if err != nil {
		return err
	}
	code, dir := 0, found.Client.Dir()
	if found.State.Runtime == "containers" {
		code, err = containers.Exec(ctx, dir, component, command, a.out, a.err)
	} else {
		code, err = a.execHere(ctx, filepath.Join(dir, component), found.State, command)
	}
	if err == nil && code != 0 {
		return commandError{code}
	}
	return err
}

// execHere runs a command in a component's folder, with all addresses in its
// environment.
func (a *app) execHere(ctx context.Context, dir string, state keeper.State, command []string) (int, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, os.Stdin, a.out, a.err
	cmd.Env = append(os.Environ(), addressVariables(state)...)
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ctx.Err() == nil {
		return ended.ExitCode(), nil
	}
	return 0, err
}

func addressVariables(state keeper.State) []string {
	var list []string
	for name, c := range state.Components {
		for port, addr := range c.Ports {
			list = append(list, strings.ToUpper(strings.ReplaceAll(name+"_"+port, "-", "_"))+"="+addr)
		}
	}
	slices.Sort(list)
	return list
}
