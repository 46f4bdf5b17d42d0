package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/util/dirs"
)

const pythonHelp = `python runs Python with the packages that the labs in Python use, paho-mqtt and
kafka-python. They are downloaded once, about 1 MB, into the cache; the Python is this
machine's, 3.10 or newer. What follows the flags, or --, is Python's own. python ends with Python's
exit code.

The environment has the addresses of MQTT and Kafka as MQTT and KAFKA, each as HOST:PORT:
those of --attach, or of the run that is up.`

func (a *app) pythonCommand() *cobra.Command {
	var name, file string
	command := &cobra.Command{
		Use: "python [FILE [ARG...]]", Short: "run a script with the labs' Python packages", Long: pythonHelp,
		Example: "  lab python work/09-clients/publish.py\n  lab python -- -c 'import paho.mqtt; print(paho.mqtt.__version__)'",
		Args:    arguments(cobra.ArbitraryArgs),
		RunE:    func(c *cobra.Command, args []string) error { return a.python(c.Context(), name, file, args) },
	}
	runFlag(command, &name)
	command.Flags().StringVar(&file, "attach", "", "a file of addresses: its mqtt and kafka")
	command.Flags().SetInterspersed(false) // what follows a file is the script's
	return command
}

func (a *app) python(ctx context.Context, name, file string, args []string) error {
	env, err := a.clients(ctx)
	if err != nil {
		return err
	}
	addresses, err := a.clientAddresses(ctx, name, file)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, env.Python, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, a.out, a.err
	cmd.Env = append(append(os.Environ(), env.Variables()...), addresses...)
	err = cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ctx.Err() == nil {
		return commandError{ended.ExitCode()}
	}
	return err
}

// clientAddresses are the variables with the servers' addresses, as far as they are known.
func (a *app) clientAddresses(ctx context.Context, name, file string) (list []string, err error) {
	add := func(variable, addr string) {
		if addr != "" {
			list = append(list, variable+"="+addr)
		}
	}
	if file != "" {
		for variable, component := range map[string]string{"MQTT": "mosquitto", "KAFKA": "kafka"} {
			addr, _, err := addressOf(file, component)
			if err != nil {
				return nil, err
			}
			add(variable, addr)
		}
		return list, nil
	}
	found, err := run.Choose(ctx, a.err, name)
	if err != nil {
		if name != "" {
			return nil, err
		}
		return nil, nil // a script may need no server
	}
	add("MQTT", found.State.Addr(found.State.Broker(), "mqtt"))
	add("KAFKA", found.State.Addr("kafka", "client"))
	return list, nil
}

// installing keeps two students' gradings from showing the same download twice.
var installing sync.Mutex

// clients returns what runs scripts of the labs, and installs it where it isn't there.
func (a *app) clients(ctx context.Context) (python.Env, error) {
	installing.Lock()
	defer installing.Unlock()
	dir, err := dirs.Cache()
	if err != nil {
		return python.Env{}, err
	}
	store := python.Of(dir)
	if missing, _, err := store.Missing(ctx, python.Clients); err == nil && len(missing) > 0 {
		a.err.Say("downloading the labs' Python packages into %s, about 1 MB, once", dir)
	}
	return store.Env(ctx, python.Clients, func(cache.Progress) {})
}
