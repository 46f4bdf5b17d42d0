package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/runtime/containers"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
)

const composeHelp = `compose writes a compose file of a stack: the public images, pinned, each server with the
settings that it has in 'lab run', its ports on this machine's loopback, and its data in a
volume. 'docker compose up -d --wait' (2.23.1 or newer) starts it, 'docker compose down' ends
it, and 'down -v' removes its data too. hoplab isn't needed to run it.

What an image lacks, such as Flink's connectors, is mounted from the cache, into which
it is downloaded now: the file is for this machine.

With --check FILE it reads a compose file of your own instead, with the Dockerfiles that
it builds, and lists what keeps it from coming up on another machine: addresses that
lead to the container itself, images that move, services that don't wait, open ports,
rights over the machine. It starts nothing. Lab 12 is about such files.`

const composeHead = `# The stack %s, written by 'lab compose'.
#
#   docker compose up -d --wait   starts it: all servers answer when that returns
#   docker compose down           ends it; its data stays in volumes
#   docker compose down -v        removes the data too
#
# Ports are published on this machine's loopback, since no server asks for a login.
`

type composeOptions struct {
	stack string
	only  []string
	ports map[string]int
	check string
}

func (a *app) composeCommand() *cobra.Command {
	var o composeOptions
	command := &cobra.Command{
		Use: "compose", Short: "write a compose file of a stack", Long: composeHelp,
		Example: "  lab compose > compose.yaml\n  lab compose --only mosquitto,kafka --port kafka.client=19094\n  lab compose --check work/12-compose/compose.yaml",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.compose(c.Context(), o) },
	}
	stackFlag(command, &o.stack)
	f := command.Flags()
	f.StringSliceVar(&o.only, "only", nil, "the components to have (default: all that have an image, without Kafka Connect)")
	f.StringToIntVar(&o.ports, "port", nil, "another port on this machine, such as kafka.client=19094 (default: each component's own)")
	f.StringVar(&o.check, "check", "", "read this compose file instead, and list what keeps it from coming up on another machine")
	return command
}

func (a *app) compose(ctx context.Context, o composeOptions) error {
	if o.check != "" {
		return a.checkCompose(ctx, o.check)
	}
	versions, err := version.Find(version.Wanted(o.stack))
	if err != nil {
		return usageError{err}
	}
	if err := run.CheckPorts(versions.Components(), o.ports); err != nil {
		return err
	}
	names := o.only
	if len(names) == 0 {
		names = composeDefault(versions)
	}
	components, err := versions.ByName(versions.Needed(names...)...)
	if err != nil {
		return usageError{err}
	}
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	board := a.err.Board()
	text, err := containers.Compose{
		Stack: versions.Name, All: versions.Components(), Components: components, Ports: o.ports,
		Jars: func(ctx context.Context, pom string) (string, error) {
			store := maven.Store{Dir: filepath.Join(cache, "artefacts")}
			return store.InstallPom(ctx, pom, func(p maven.Progress) { showDownload(board, pom, p) })
		},
	}.File(ctx)
	board.Close()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, composeHead, versions.Name)
	_, err = a.out.Write(text)
	return err
}

// composeDefault are a stack's components that have an image; Kafka Connect is another
// bridge, which few need.
func composeDefault(versions version.Stack) (names []string) {
	for _, c := range versions.Standard() {
		if c.Program.Builtin == "" && c.Name != "connect" {
			names = append(names, c.Name)
		}
	}
	return names
}
