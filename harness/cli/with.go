package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
)

// optional are the servers that --with adds, of which nothing is downloaded otherwise.
var optional = []string{"superset"}

func withFlag(c *cobra.Command, with *[]string) {
	c.Flags().StringSliceVar(with, "with", nil, "optional servers: superset, with the SQL engine that it asks (docs/superset.md)")
	completeFlag(c, "with", completeFrom(optional...))
}

func checkWith(with []string) error {
	for _, name := range with {
		if !slices.Contains(optional, name) {
			return usageError{fmt.Errorf("--with is %q; it can be %s", name, strings.Join(optional, ", "))}
		}
	}
	return nil
}

// fetchOptional installs the Python packages of these servers and of those that they
// need.
func (a *app) fetchOptional(ctx context.Context, with []string) error {
	if err := checkWith(with); err != nil {
		return err
	}
	versions, err := version.Find("")
	if err != nil {
		return err
	}
	components, err := versions.ByName(versions.Needed(with...)...)
	if err != nil {
		return err
	}
	dir, err := dirs.Cache()
	if err != nil {
		return err
	}
	board := a.err.Board()
	defer board.Close()
	for _, c := range components {
		if _, err := python.Of(dir).Install(ctx, c.Program.Python, func(p cache.Progress) { showDownload(board, c.Name, p) }); err != nil {
			return err
		}
		board.End(c.Name, "is in the cache")
	}
	return nil
}
