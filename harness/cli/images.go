package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/version"
)

const imagesHelp = `images shows in which container image each component of a stack runs, and whether the
container engine has it. 'lab images pull' pulls the public images before they are
needed. 'lab images save' and 'lab images load' carry them to machines without a network.

Where no image can be pulled, 'lab dev images build' makes images of packages.`

func (a *app) imagesCommand() *cobra.Command {
	var name string
	var asJSON bool
	var lock string
	command := &cobra.Command{
		Use: "images", Short: "show, pull, save and load the container images", Long: imagesHelp,
		Example: "  lab images\n  lab images pull\n  lab images save images.tar\n  lab images load images.tar",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.images(c.Context(), name, asJSON) },
	}
	command.PersistentFlags().StringVar(&name, "stack", "", stackHelp)
	completeFlag(command, "stack", completeStacks)
	command.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	pull := &cobra.Command{
		Use: "pull", Short: "pull the public images that the engine lacks", Example: "  lab images pull --stack current\n  lab images pull --lock images.lock",
		Long: "pull has the container engine pull each public image of a stack that it lacks, and\nshows how much of each has come. What has come stays when it is interrupted.\n\n--lock FILE writes the digest of each image into FILE. With a FILE that has them, on the\nother machines of a class or a year later, exactly these images are pulled, and another\nof the same tag is an error.",
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.pullImages(c.Context(), name, lock) },
	}
	pull.Flags().StringVar(&lock, "lock", "", "pull the images whose digests this file has, and write those of others into it")
	command.AddCommand(
		pull,
		&cobra.Command{
			Use: "save FILE", Short: "write the images to a file, for machines without a network", Example: "  lab images save images.tar\n  lab images save --stack current images.tar.gz",
			Long: "save writes the images of a stack that the engine has to FILE, as 'docker save' does, and\ncompresses them where its name ends with .gz. FILE appears only when it is complete.",
			Args: arguments(cobra.ExactArgs(1)),
			RunE: func(c *cobra.Command, args []string) error { return a.saveImages(c.Context(), name, args[0]) },
		},
		&cobra.Command{
			Use: "load FILE", Short: "take the images from a file of 'lab images save'", Example: "  lab images load images.tar",
			Long: "load has the container engine take the images from FILE, which 'lab images save' or\n'docker save' has written on a machine of the same architecture.",
			Args: arguments(cobra.ExactArgs(1)),
			RunE: func(c *cobra.Command, args []string) error { return a.loadImages(c.Context(), name, args[0]) },
		},
	)
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

// imageLine is what 'lab images' says of a component.
type imageLine struct {
	Component string `json:"component"`
	Image     string `json:"image"`
	State     string `json:"state"` // there, can be pulled, or missing
	Why       string `json:"why,omitempty"`
}

func (a *app) images(ctx context.Context, name string, asJSON bool) error {
	versions, engine, err := stackAndEngine(ctx, name)
	if err != nil {
		return err
	}
	defer engine.Close()
	lines := imageLines(ctx, engine, versions)
	if asJSON {
		encoder := json.NewEncoder(a.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(lines)
	}
	for _, l := range lines {
		fmt.Fprintf(a.out, "%-18s %-14s %s\n", l.Component, l.State, l.Image)
		if l.Why != "" {
			fmt.Fprintf(a.out, "%-18s %s\n", "", l.Why)
		}
	}
	return nil
}

func imageLines(ctx context.Context, engine *image.Engine, versions version.Stack) (lines []imageLine) {
	for _, c := range versions.Standard() {
		if c.Program.Builtin != "" {
			continue // it is part of hoplab
		}
		found, err := image.Find(ctx, engine, c)
		line := imageLine{Component: c.Name, Image: found.Name, State: "can be pulled"}
		switch {
		case err != nil:
			line.State, line.Why = "missing", err.Error()
		case engine.Has(ctx, found.Name):
			line.State = "there"
			if c.Program.ImageOnly && engine.IsLookalike(ctx, found.Name) {
				line.Why = "a stand-in of 'lab dev images build --like-public', which draws nothing"
			}
		}
		lines = append(lines, line)
	}
	return lines
}
