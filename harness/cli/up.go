package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
)

const upHelp = `up starts servers and leaves them up, for 'lab run', the labs and other programs. 'lab
status' shows where they are reached, 'lab down' ends them. Where more than one run is
up, by --name, --run chooses one on each command that uses a run.

With --secure, Mosquitto, Kafka and Elasticsearch ask for a user and a password, which
is random. up writes a file of addresses and passwords, which only you may read; 'lab
run --attach FILE' reads it, on this machine or another.`

const upExample = `  lab up
  lab up --only mosquitto,kafka
  lab up --name class --secure --write class.yaml && lab run --attach class.yaml`

// upOptions are up's flags.
type upOptions struct {
	stack       stackOptions
	only        []string
	name, write string
	secure      bool
}

func (a *app) upCommand() *cobra.Command {
	var o upOptions
	command := &cobra.Command{
		Use: "up", Short: "start servers and leave them up", Long: upHelp, Example: upExample,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.up(c.Context(), o) },
	}
	f := command.Flags()
	f.StringSliceVar(&o.only, "only", nil, "the components to start (default: all, with one MQTT broker)")
	f.StringVar(&o.name, "name", run.Kept, "the run's name")
	stackFlag(command, &o.stack.stack)
	f.BoolVar(&o.secure, "secure", false, "ask for user and password: "+strings.Join(component.Securable, ", "))
	f.StringVar(&o.write, "write", "", "write the file of addresses here (default: into the run's folder)")
	f.StringVar(&o.stack.runtime, "runtime", "", "containers or local (default: containers where an engine and all images are there)")
	completeFlag(command, "runtime", completeFrom("containers", "local"))
	f.StringToIntVar(&o.stack.ports, "port", nil, "fix a component's port, such as kafka.client=9092 (default: free ones)")
	return command
}

var stackNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// upNames returns the components to start.
func (a *app) upNames(o upOptions, versions version.Stack) ([]string, error) {
	if !stackNames.MatchString(o.name) {
		return nil, usageError{fmt.Errorf("--name is %q; it may have letters, digits, '.', '_' and '-'", o.name)}
	}
	if cmp.Or(o.stack.runtime, os.Getenv(choose.Variable)) == "attach" {
		return nil, usageError{errors.New("--runtime attach starts nothing; up is for containers and local")}
	}
	names := o.only
	if len(names) == 0 {
		names = append(pipeline.Components(a.installedBroker()), "connect")
	}
	if _, err := versions.ByName(names...); err != nil {
		return nil, usageError{err}
	}
	if o.secure && slices.Contains(names, "mochi") {
		return nil, usageError{errors.New("--secure: mochi, the built-in broker, lets everybody in; use mosquitto")}
	}
	return names, nil
}

func (a *app) up(ctx context.Context, o upOptions) error {
	versions, err := version.Find(version.Wanted(o.stack.stack))
	if err != nil {
		return usageError{err}
	}
	names, err := a.upNames(o, versions)
	if err != nil {
		return err
	}
	r, err := run.Open(ctx, names, run.Options{
		Name: o.name, Make: true, Stack: o.stack.stack, Runtime: o.stack.runtime, Ports: o.stack.ports, Secure: o.secure, UI: a.err,
	})
	if err != nil {
		return err
	}
	defer r.Close(a.err)
	path := cmp.Or(o.write, filepath.Join(r.Client.Dir(), "attach.yaml"))
	if err := attach.Write(path, r, slices.Collect(maps.Keys(r.Components)), r.Access, r.Folder()); err != nil {
		return err
	}
	if err := r.Keep(ctx); err != nil {
		return err
	}
	a.printAddresses(r)
	a.err.Say("addresses and passwords are in %s", path)
	return nil
}
