package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
)

// completionLimit is how long pressing Tab may take.
const completionLimit = 2 * time.Second

// only lets a command's first argument alone be completed by complete.
func only(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(c, args, begun)
	}
}

// completeFrom offers fixed words.
func completeFrom(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

func completeLabs(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	dir, _ := c.Flags().GetString("labs")
	set, err := labsOptions{dir: dir}.set()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp // Tab has nowhere to print an error
	}
	all, _ := set.All()
	for _, l := range all {
		list = append(list, cobra.CompletionWithDesc(fmt.Sprint(l.Number()), l.Title))
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

func completeStacks(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return version.Names(), cobra.ShellCompDirectiveNoFileComp
}

func completeRuns(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	for name, state := range statesUp(c, "") {
		list = append(list, cobra.CompletionWithDesc(name, "stack "+state.Stack))
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completeComponents offers those of the run that --run names, or of all that are up.
func completeComponents(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	name, _ := c.Flags().GetString("run")
	found := map[string]bool{}
	for _, state := range statesUp(c, name) {
		for name := range state.Components {
			found[name] = !slices.Contains(args, name)
		}
	}
	maps.DeleteFunc(found, func(_ string, offered bool) bool { return !offered })
	return slices.Sorted(maps.Keys(found)), cobra.ShellCompDirectiveNoFileComp
}

// statesUp returns the runs that are up, or the one called name; none after an error.
func statesUp(c *cobra.Command, name string) map[string]keeper.State {
	ctx, cancel := context.WithTimeout(c.Context(), completionLimit)
	defer cancel()
	states := map[string]keeper.State{}
	found, _ := run.List(ctx, nil, name)
	for _, up := range found {
		states[up.Client.Name()] = up.State
	}
	return states
}

// completeFlag sets how a flag's value is completed.
func completeFlag(c *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the command has no such flag
	}
}
