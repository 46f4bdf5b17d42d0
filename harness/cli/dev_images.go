package cli

import (
	"context"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/program"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
)

const imagesBuildHelp = `build makes lookalikes of the images of a stack's components: same paths, users, environment,
volumes and ports (docs/images.md). It needs a container engine and mmdebstrap. 'lab run
--runtime containers' uses them.

--like-public gives them the public images' names. That is for CI: a machine that can pull
has better ones. Kibana and Grafana, which hoplab has as public images only, then have
stand-ins: they show whether hoplab sets up their containers right, and draw nothing.`

const devImagesHelp = `images has 'lab dev images build', which makes lookalikes of the public images without
a registry, of the distribution's packages (by mmdebstrap) and the artefacts that the local
runtime uses too. They are used where the engine doesn't have the public ones. 'lab images'
shows which are there, and pulls the public ones.`

func (a *app) devImagesCommand() *cobra.Command {
	var name string
	command := &cobra.Command{
		Use: "images", Short: "build container images without a registry", Long: devImagesHelp,
		Example: "  lab dev images build --stack current",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.PersistentFlags().StringVar(&name, "stack", "", stackHelp)
	completeFlag(command, "stack", completeStacks)
	var public bool
	build := &cobra.Command{
		Use: "build", Short: "make images without a registry that are laid out as the public ones", Long: imagesBuildHelp,
		Example: "  lab dev images build\n  lab dev images build --like-public --stack current", Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.buildImages(c.Context(), name, public) },
	}
	build.Flags().BoolVar(&public, "like-public", false, "give them the public names, for CI")
	command.AddCommand(build)
	return command
}

func (a *app) buildImages(ctx context.Context, name string, public bool) error {
	versions, engine, err := stackAndEngine(ctx, name)
	if err != nil {
		return err
	}
	defer engine.Close()
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	store := maven.Store{Dir: filepath.Join(cache, "artefacts")}
	board := a.err.Board()
	defer board.Close()
	builder := image.Builder{
		Engine: engine, Public: public,
		Program: func(ctx context.Context) (string, error) { return ownProgram(ctx, engine, cache) },
		Install: func(ctx context.Context, pom string) (string, error) {
			dir, err := store.InstallPom(ctx, pom, func(p maven.Progress) { showDownload(board, pom, p) })
			if err == nil {
				board.End(pom, "downloaded")
			}
			return dir, err
		},
		Report: func(name string, done bool) {
			if done {
				board.Note(name + " is there")
			} else {
				board.Note("making " + name)
			}
		},
	}
	return builder.Build(ctx, versions.Standard())
}

// ownProgram returns this program, for the engine's platform.
func ownProgram(ctx context.Context, engine *image.Engine, cache string) (string, error) {
	platform, err := engine.Platform(ctx)
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return program.Static(ctx, self, cache, path.Base(platform))
}

func showDownload(board *ui.Board, name string, p maven.Progress) {
	board.Set(name, p.Done, p.Total, run.Downloading(runtime.Download{Done: p.Done, Total: p.Total, Waiting: p.Waiting}))
}
