package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
)

const upHelp = `up starts servers and leaves them up, for 'lab run' and for other programs; 'lab
down' ends them. With --secure, Mosquitto, Kafka and Elasticsearch ask for a user
and a password, which are random. up writes a file of addresses and passwords,
which only you may read; 'lab run --attach FILE' reads it.`

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
	f.StringVar(&o.name, "name", keptName, "the run's name")
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
		return nil, usageError{fmt.Errorf("--runtime attach starts nothing; up is for containers and local")}
	}
	names := o.only
	if len(names) == 0 {
		broker, err := a.chooseBroker("")
		if err != nil {
			return nil, err
		}
		names = []string{broker, "kafka", "connect", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch"}
	}
	if _, err := versions.ByName(names...); err != nil {
		return nil, usageError{err}
	}
	if o.secure && slices.Contains(names, "mochi") {
		return nil, usageError{fmt.Errorf("--secure: mochi, the built-in broker, lets everybody in; use mosquitto")}
	}
	return versions.Needed(names...), checkPorts(versions.Components(), o.stack.ports)
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
	s, err := a.startUp(ctx, versions, names, o)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			s.close(a.err)
		}
	}()
	if err := a.ready(ctx, s); err != nil {
		return err
	}
	if s.access, err = s.client.Access(); err != nil {
		return err
	}
	path := o.write
	if path == "" {
		path = filepath.Join(s.client.Dir(), "attach.yaml")
	}
	if err := attach.Write(path, s, upAll(s.State), s.access); err != nil {
		return err
	}
	if err := s.client.Disown(ctx); err != nil {
		return err
	}
	kept = true
	s.printAddresses(a.err)
	a.err.Say("addresses and passwords are in %s", path)
	return nil
}

func upAll(s keeper.State) []string {
	var names []string
	for name := range s.Components {
		names = append(names, name)
	}
	return names
}

// startUp returns the run of that name: the one that is up, or a new one.
func (a *app) startUp(ctx context.Context, versions version.Stack, names []string, o upOptions) (*running, error) {
	runs, err := dirs.Runs()
	if err != nil {
		return nil, err
	}
	all, err := keeper.List(ctx, runs)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Name() != o.name {
			continue
		}
		logins, err := c.Access()
		if err == nil && o.secure != (logins != nil) {
			err = usageError{fmt.Errorf("the run %q is up, and was started %s --secure; 'lab down %s' ends it, --name gives another", o.name, withOrWithout(logins != nil), o.name)}
		}
		return &running{client: c, names: names, reused: true}, err
	}
	cache, err := dirs.Cache()
	if err != nil {
		return nil, err
	}
	chosen, err := a.chooseRuntime(ctx, o.stack.runtime, versions, names)
	if err != nil {
		return nil, err
	}
	client, err := keeper.Start(ctx, keeper.Config{
		Dir: filepath.Join(runs, o.name), Cache: cache, Runtime: chosen, Stack: versions.Name, Owner: os.Getpid(),
		Ports: o.stack.ports, Secure: o.secure,
	})
	return &running{client: client, names: names}, err
}

func withOrWithout(with bool) string {
	if with {
		return "with"
	}
	return "without"
}

// ready starts the run's components and waits for them.
func (a *app) ready(ctx context.Context, s *running) error {
	began := time.Now()
	board := a.err.Board()
	err := s.client.Ensure(ctx, s.names, func(state keeper.State) { showBoot(board, state, s.names) })
	board.Close()
	if err == nil {
		s.State, err = s.client.State(ctx)
	}
	s.boot = time.Since(began)
	return err
}
