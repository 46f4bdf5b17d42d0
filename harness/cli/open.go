package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
)

// pages are the components that have something for a browser, by what a person calls
// them.
var pages = func() map[string]component.Component {
	pages := map[string]component.Component{}
	for _, c := range component.All() {
		if c.Page.Name != "" {
			pages[c.Page.Name] = c
		}
	}
	return pages
}()

func (a *app) openCommand() *cobra.Command {
	var name string
	var quiet bool
	command := &cobra.Command{
		Use: "open SERVER", Short: "open a server's own page in a browser",
		Long: "open opens the own page of a server that is up, in your browser, and prints its address:\n" + strings.Join(slices.Sorted(maps.Keys(pages)), ", ") + ".\n" +
			"'lab watch --open' and 'lab preview --open' do so with hoplab's own pages.",
		Example: "  lab open flink\n  lab open elasticsearch --print",
		Args:    arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeFrom(slices.Sorted(maps.Keys(pages))...)),
		RunE: func(c *cobra.Command, args []string) error { return a.open(c.Context(), name, args[0], quiet) },
	}
	runFlag(command, &name)
	command.Flags().BoolVar(&quiet, "print", false, "print the address alone")
	return command
}

func (a *app) open(ctx context.Context, name, server string, quiet bool) error {
	c, known := pages[server]
	if !known {
		return usageError{fmt.Errorf("%q has no page; these have: %s", server, strings.Join(slices.Sorted(maps.Keys(pages)), ", "))}
	}
	found, err := run.Choose(ctx, a.err, name)
	if err != nil {
		return err
	}
	if found.State.Components[c.Name] == nil {
		return noComponent(found, c.Name)
	}
	logins, err := found.Client.Access()
	if err != nil {
		return err
	}
	url := dial.URL(logins[c.Name], found.State.Addr(c.Name, c.Page.Port)) + c.Page.Path
	fmt.Fprintln(a.out, url)
	if login := logins[c.Name]; slices.Contains(component.Secured, c.Name) {
		a.err.Say("its login: user %s, password %s", login.User, login.Password.Reveal())
	}
	if quiet {
		return nil
	}
	return openPage(ctx, url)
}

// printPages says which servers of a run have a page.
func (a *app) printPages(state keeper.State) {
	var up []string
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if state.Components[pages[name].Name] != nil {
			up = append(up, "'lab open "+name+"'")
		}
	}
	if len(up) > 0 {
		a.err.Say("the servers' own pages: %s; 'lab watch' shows the rows flow", strings.Join(up, ", "))
	}
}
