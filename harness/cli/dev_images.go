package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
)

const imagesBuildHelp = `build makes the images of a stack's components from the distribution's packages and the
Maven artefacts; it needs a container engine and mmdebstrap. 'lab run --runtime
containers' uses them.`

const devImagesHelp = `images has 'lab dev images build', which makes container images without a registry: a
base of the distribution's packages (a JRE and mosquitto, by mmdebstrap), and one for
each server with the artefacts that the local runtime uses too. A public image is used
only where no built one is there. Kibana and Grafana are in no package from which an
image could be built. 'lab images' shows which are there, and pulls the public ones.`

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
	command.AddCommand(&cobra.Command{
		Use: "build", Short: "make the images that can be made without a registry", Long: imagesBuildHelp,
		Example: "  lab dev images build", Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.buildImages(c.Context(), name) },
	})
	return command
}

func (a *app) buildImages(ctx context.Context, name string) error {
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
		Engine: engine,
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
	return builder.Build(ctx, versions.Components())
}

func showDownload(board *ui.Board, name string, p maven.Progress) {
	board.Set(name, p.Done, p.Total, run.Downloading(runtime.Download{Done: p.Done, Total: p.Total, Waiting: p.Waiting}))
}
