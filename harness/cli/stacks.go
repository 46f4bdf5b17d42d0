package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/ui"
)

const stackHelp = "the versions that run: classic, seed or current; 'lab stacks' lists them (default: $" + version.Variable + ", or classic)"

const stacksHelp = `stacks shows each stack: which versions of the servers go together, and why. 'lab run
--stack NAME' runs one, and so do the other commands that start servers.

Each version has a public container image, whose tag is shown, and Maven artefacts,
which a pom of fixtures/poms names; a server without a pom runs in containers only.`

func (a *app) stacksCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use: "stacks [NAME]", Short: "show which versions go together, and why", Long: stacksHelp, Example: "  lab stacks\n  lab stacks seed --json",
		Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeStacks),
		RunE: func(_ *cobra.Command, args []string) error { return a.stacks(first(args), asJSON) },
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON: a list of stacks")
	return command
}

func stackFlag(c *cobra.Command, stack *string) {
	c.Flags().StringVar(stack, "stack", "", stackHelp)
	completeFlag(c, "stack", completeStacks)
}

func (a *app) stacks(name string, asJSON bool) error {
	shown := version.All()
	if name != "" {
		one, err := version.Find(name)
		if err != nil {
			return usageError{err}
		}
		shown = []version.Stack{one}
	}
	if asJSON {
		encoder := json.NewEncoder(a.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(shown)
	}
	for i, s := range shown {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		printStack(a.out, s)
	}
	return nil
}

func printStack(out io.Writer, s version.Stack) {
	name := s.Name
	if name == version.Default {
		name += " (default)"
	}
	fmt.Fprintf(out, "%s\n%s\n\n", name, ui.Wrap(s.Why, 80))
	table := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(table, "  PART\tVERSION\tIMAGE\tPOMS\tWHY")
	for _, p := range s.Parts {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", p.Name, p.Version, orDash(p.Image), orDash(strings.Join(p.Poms, ", ")), p.Why)
		for _, jar := range p.Jars {
			fmt.Fprintf(table, "  \t\t\t\twith %s\n", jar)
		}
	}
	table.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
