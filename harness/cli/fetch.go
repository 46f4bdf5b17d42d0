package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
)

const fetchHelp = `fetch downloads the servers of a stack with Maven, as the first run would, so that
later runs need neither Maven nor a network; --all downloads those of every stack.

--into FILE also writes them to a tar file. On a machine without Maven or a network,
--from FILE fills the cache from it. Each server's files are compared with the SHA-256
that comes with hoplab, after a download and after --from.

--with superset also downloads what 'lab run --with superset' needs, some 540 MB from
PyPI by pip, into the cache; the tar file doesn't hold that.`

type fetchOptions struct {
	stack, into, from string
	with              []string
	all               bool
}

func (a *app) fetchCommand() *cobra.Command {
	var o fetchOptions
	command := &cobra.Command{
		Use: "fetch", Short: "download the servers before they are needed, or carry them to other machines", Long: fetchHelp,
		Example: "  lab fetch\n  lab fetch --all --into servers.tar\n  lab fetch --from servers.tar",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.fetch(c.Context(), o) },
	}
	stackFlag(command, &o.stack)
	withFlag(command, &o.with)
	command.Flags().BoolVar(&o.all, "all", false, "the servers of all stacks")
	command.Flags().StringVar(&o.into, "into", "", "write the servers to this tar file too")
	command.Flags().StringVar(&o.from, "from", "", "take the servers from this tar file instead of downloading them")
	return command
}

func (a *app) fetch(ctx context.Context, o fetchOptions) error {
	if o.from != "" && (o.into != "" || o.all || o.stack != "" || len(o.with) > 0) {
		return usageError{errors.New("--from takes what is in its file: it goes with no other flag")}
	}
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	store := maven.Store{Dir: filepath.Join(cache, "artefacts")}
	if o.from != "" {
		return a.fetchFrom(store, o.from)
	}
	poms := fixtures.Poms()
	if !o.all {
		versions, err := version.Find(version.Wanted(o.stack))
		if err != nil {
			return usageError{err}
		}
		poms = pomsOf(versions)
	}
	if err := errors.Join(a.fetchInto(ctx, store, poms), a.fetchOptional(ctx, o.with)); err != nil || o.into == "" {
		return err
	}
	return export(store, poms, o.into)
}

func pomsOf(versions version.Stack) []string {
	var poms []string
	for _, c := range versions.Components() {
		poms = append(poms, c.Program.Poms...)
	}
	slices.Sort(poms)
	return slices.Compact(poms)
}

func (a *app) fetchInto(ctx context.Context, store maven.Store, poms []string) error {
	board := a.err.Board()
	defer board.Close()
	for _, pom := range poms {
		if _, err := store.InstallPom(ctx, pom, func(p maven.Progress) { showDownload(board, pom, p) }); err != nil {
			return err
		}
		board.End(pom, "is in the cache")
	}
	return nil
}

func (a *app) fetchFrom(store maven.Store, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	installed, err := store.Import(file)
	if err == nil {
		fmt.Fprintf(a.out, "in the cache now: %s\n", strings.Join(installed, ", "))
	}
	return err
}

// export writes the file under another name first: half a file must not be carried
// away.
func export(store maven.Store, poms []string, path string) error {
	partial := path + ".partial"
	file, err := os.Create(partial)
	if err != nil {
		return err
	}
	defer os.Remove(partial) // gone, unless something failed
	err = store.Export(file, poms)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(partial, path)
}
