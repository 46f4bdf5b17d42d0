package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/verify/hop"
)

const notebookHelp = `notebook N runs the cells of lab N's page, labs/NN-name/README.md, in order on real
servers, and compares what each prints with the output that the page shows below
it. In a shown output [N] stands for any number, [TIME] for a time, [ID] for a name,
[..] for any text in a line, and a line ... for any lines.

The servers are those that are up; those that are missing are started, and end with
the command unless --keep is given. The page gets rows and names of its own, and what
it makes is removed at the end.

The page is the checkout's if the current folder is in one, and otherwise the one that
is built into lab; --page names a lab's folder or its README.md. With --update the
shown outputs that differ are replaced, with their wildcards where these still hold;
look at the change before you keep it.

Exit code 1 means that a cell hasn't passed.`

const notebookExample = `  lab notebook 3
  lab notebook flink --keep-going
  lab notebook 3 --update && git diff labs/03-flink/README.md`

type notebookOptions struct {
	page              string
	update, keepGoing bool
	labSet            labsOptions
	stack             stackOptions
}

func (a *app) notebookCommand() *cobra.Command {
	var o notebookOptions
	command := &cobra.Command{
		Use: "notebook N", Short: "run the cells of a lab's page, and compare what they print", Long: notebookHelp, Example: notebookExample,
		Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error { return a.notebook(c.Context(), args[0], o) },
	}
	o.stack.flags(command)
	runFlag(command, &o.stack.run)
	f := command.Flags()
	o.labSet.flags(f)
	f.StringVar(&o.page, "page", "", "the lab's folder, or its README.md (default: that of the checkout in the current folder)")
	f.BoolVar(&o.update, "update", false, "replace the shown outputs that differ")
	f.BoolVar(&o.keepGoing, "keep-going", false, "continue after a cell that hasn't passed")
	f.BoolVar(&o.stack.keep, "keep", false, "leave up the servers that were started")
	return command
}

// folder returns the lab's folder, and where it is on disk: "" for the one that is
// built into lab.
func (o notebookOptions) folder(l lab.Lab) (lab.Folder, string, error) {
	dir := filepath.Join(cmp.Or(o.labSet.dir, "labs"), l.ID)
	if o.page != "" {
		dir = strings.TrimSuffix(filepath.Clean(o.page), string(filepath.Separator)+course.Page)
		if dir == course.Page {
			dir = "."
		}
	}
	_, err := os.Stat(filepath.Join(dir, course.Page))
	switch {
	case err == nil:
		folder, err := lab.FolderAt(dir)
		return folder, dir, err
	case o.page != "" || o.update:
		return lab.Folder{}, "", usageError{fmt.Errorf("lab %d has no page there: %w; be in the checkout's folder, or name the lab's folder with --page", l.Number(), err)}
	}
	if _, err := fs.Stat(l.Folder.FS, course.Page); err != nil {
		return lab.Folder{}, "", usageError{fmt.Errorf("lab %d has no page: %w", l.Number(), err)}
	}
	return l.Folder, "", nil
}

func (a *app) notebook(ctx context.Context, name string, o notebookOptions) error {
	l, err := findLab(name, o.labSet)
	if err != nil {
		return err
	}
	folder, dir, err := o.folder(l)
	if err != nil {
		return err
	}
	page, err := course.ReadPage(folder, course.Page)
	if err == nil && !o.update {
		page, err = course.CheckPage(folder)
	}
	if err != nil {
		return usageError{err}
	}
	s, err := a.openGrading(ctx, course.Components(l, page), &o.stack)
	if err != nil {
		return err
	}
	defer s.Close(a.err)
	run := func(page *notebook.Page) (notebook.Report, error) { return a.runPage(ctx, s, l, page, o, a.cellEnded) }
	report, err := a.runOrUpdate(folder, dir, page, run, o.update)
	if err != nil {
		return err
	}
	if o.stack.keep && !s.Shared() {
		if err := s.Keep(ctx); err != nil {
			return err
		}
	}
	return pageVerdict(report, o.update)
}

type runPage func(*notebook.Page) (notebook.Report, error)

func (a *app) runOrUpdate(folder lab.Folder, dir string, page *notebook.Page, run runPage, update bool) (notebook.Report, error) {
	if !update {
		return run(page)
	}
	report, changed, err := course.RefreshPage(folder, dir, run)
	switch {
	case err != nil:
		return report, err
	case changed:
		a.err.Say("%s was updated", filepath.Join(dir, course.Page))
	default:
		a.err.Say("%s is unchanged", filepath.Join(dir, course.Page))
	}
	return report, nil
}

func (a *app) runPage(ctx context.Context, g *grading, l lab.Lab, page *notebook.Page, o notebookOptions, ended func(notebook.Event)) (report notebook.Report, err error) {
	err = a.onPage(ctx, g, page, func(ctx context.Context, runner course.Runner) error {
		if o.update {
			runner.Patience = course.Settle
		}
		report, err = runner.Run(ctx, l, page, notebook.Options{KeepGoing: o.keepGoing || o.update, Event: ended})
		return err
	})
	return report, err
}

// onPage calls do with what runs a page on the servers.
func (a *app) onPage(ctx context.Context, g *grading, page *notebook.Page, do func(context.Context, course.Runner) error) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if course.NeedsPython(page) {
		if _, err := a.clients(ctx); err != nil {
			return err
		}
	}
	runner := course.Runner{Pipeline: pipelineOn(g.Run, g.broker), Lab: self}
	return g.During(ctx, func(ctx context.Context) error {
		if g.Shared() {
			if err := cleanup.Claim(ctx, runner.Pipeline); err != nil {
				return err
			}
		}
		return do(ctx, runner)
	})
}

// cellEnded shows a cell, with what is wrong below it.
func (a *app) cellEnded(e notebook.Event) {
	if e.Result == nil {
		return
	}
	fmt.Fprintf(a.out, "  %s %5.1f s  line %3d  %s\n", a.painted(e.Result.Outcome), e.Result.Took.Seconds(), e.Cell.Line, e.Cell.Name())
	if e.Result.Outcome == hop.Failed || e.Result.Outcome == hop.Error { // why a cell is skipped is seen above it
		hang(a.out, "", e.Result.Detail, 0)
	}
}

// pageVerdict returns the error of a page that hasn't passed. After an update, a cell
// whose output differed isn't a failure: the page shows that output now.
func pageVerdict(r notebook.Report, updated bool) error {
	wrong := 0
	for _, c := range r.Results {
		if c.Outcome == hop.Error {
			return errors.New("a cell could not be run; what it said is above")
		}
		if c.Outcome != hop.Passed && !(updated && c.Difference != nil) {
			wrong++
		}
	}
	if wrong > 0 {
		return failedError{fmt.Sprintf("%d of the page's %d cells have not passed, including those that were skipped", wrong, len(r.Results))}
	}
	return nil
}
