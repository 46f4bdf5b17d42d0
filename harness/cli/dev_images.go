package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
)

const imagesHelp = `images shows in which container image each component runs. 'lab dev images build'
makes images without a registry: a base of the distribution's packages (a JRE
and mosquitto, by mmdebstrap), and one for each server with the artefacts that
the local runtime uses too. A public image is used only where no built one is
there. Kibana and Grafana are in no package from which an image could be built.`

const imagesBuildHelp = `build makes the images of a stack's components from the distribution's packages and the
Maven artefacts; it needs a container engine and mmdebstrap. 'lab run --runtime
containers' uses them.`

func (a *app) imagesCommand() *cobra.Command {
	var name string
	command := &cobra.Command{
		Use: "images", Short: "show the container images, or build them without a registry", Long: imagesHelp,
		Example: "  lab dev images\n  lab dev images build --stack current",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.images(c.Context(), name) },
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

// stackAndEngine returns the stack that was asked for, and a container engine,
// which the caller closes.
func stackAndEngine(ctx context.Context, name string) (version.Stack, *image.Engine, error) {
	versions, err := version.Find(version.Wanted(name))
	if err != nil {
		return versions, nil, usageError{err}
	}
	engine, err := image.NewEngine(ctx)
	return versions, engine, err
}

// images prints one line per component: its name, its image, and whether it is there.
func (a *app) images(ctx context.Context, name string) error {
	versions, engine, err := stackAndEngine(ctx, name)
	if err != nil {
		return err
	}
	defer engine.Close()
	for _, c := range versions.Components() {
		found, err := image.Find(ctx, engine, c)
		state := "can be pulled"
		switch {
		case err != nil:
			state = "missing"
		case engine.Has(ctx, found.Name):
			state = "there"
		}
		fmt.Fprintf(a.out, "%-18s %-14s %s\n", c.Name, state, found.Name)
	}
	return nil
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
	board.Set(name, p.Done, p.Total, run.Downloading(p.Done, p.Total, p.Waiting))
}
