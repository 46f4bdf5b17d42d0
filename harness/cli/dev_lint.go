package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/author"
	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
)

const lintHelp = `lint checks the labs of a folder, for their authors: lab.yaml, the files to fill in
and their solutions, hints, points, pages in all languages, links and images. DIR
is the labs' folder (default: that of --labs, or the checkout's). --private adds the
hidden checks and solutions of a folder that students don't have.

With --run it also starts the servers, and checks that each lab gives no points
for files that aren't filled in and all points for its solution, and that its page
shows what is true.

Each problem is one line, file:line: message. The exit code is 1 if there is one.`

const lintExample = `  lab dev lint
  lab dev lint --run --lab 3
  lab dev lint --json ~/course/labs --private ~/course/private`

type lintOptions struct {
	json, run bool
	labs      []string
	except    []string
	labSet    labsOptions
	stack     stackOptions
}

func (a *app) lintCommand() *cobra.Command {
	var o lintOptions
	command := &cobra.Command{
		Use: "lint [DIR]", Short: "check the labs, for their authors", Long: lintHelp, Example: lintExample,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.lint(c.Context(), args, o) },
	}
	o.stack.flags(command)
	f := command.Flags()
	o.labSet.flags(f)
	o.labSet.privateFlag(f)
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&o.run, "run", false, "start the servers, and check on them too")
	f.StringSliceVar(&o.labs, "lab", nil, "with --run: only these labs, such as 3,4 (default: all)")
	f.StringSliceVar(&o.except, "except", nil, fmt.Sprintf("leave out problems of these rules: %v", author.Rules()))
	return command
}

// openSet returns the labs of the folder that the command line names, or of
// the checkout.
func openSet(args []string, o labsOptions) (set lab.Set, err error) {
	if len(args) > 0 {
		o.dir = args[0]
	}
	if o.dir, err = labsFolder(o.dir); err != nil {
		return set, err
	}
	return o.set()
}

func labsFolder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	dir, err := lab.Default(".")
	if err != nil {
		return "", usageError{err}
	}
	return dir, nil
}

func (o lintOptions) rules() (rules []author.Rule, err error) {
	for _, name := range o.except {
		if !slices.Contains(author.Rules(), author.Rule(name)) {
			return nil, usageError{fmt.Errorf("--except: there is no rule %q; there are %v", name, author.Rules())}
		}
		rules = append(rules, author.Rule(name))
	}
	return rules, nil
}

func (a *app) lint(ctx context.Context, args []string, o lintOptions) error {
	except, err := o.rules()
	if err != nil {
		return err
	}
	if len(o.labs) > 0 && !o.run {
		return usageError{fmt.Errorf("--lab chooses the labs that --run tries; without --run, all are checked")}
	}
	set, err := openSet(args, o.labSet)
	if err != nil {
		return err
	}
	report, err := author.Lint(set)
	if err != nil {
		return usageError{err}
	}
	var untried error
	if o.run {
		untried = a.tryLabs(ctx, set, o, &report)
	}
	report.Except(except...)
	if o.json {
		err = report.PrintJSON(a.out)
	} else {
		report.Print(a.out)
	}
	switch {
	case untried != nil:
		return untried
	case err == nil && len(report.Problems) > 0:
		return failedError{"the labs have problems, which are listed above"}
	}
	return err
}

// tryLabs checks the labs on a stack.
func (a *app) tryLabs(ctx context.Context, set lab.Set, o lintOptions, report *author.Report) error {
	labs, err := chosen(author.Sound(set), o.labs)
	if err != nil || len(labs) == 0 {
		return err
	}
	s, err := a.openGrading(ctx, append(components(labs), pageServers(labs)...), &o.stack)
	if err != nil {
		return err
	}
	defer s.Close(a.err)
	stack := author.Stack{Grade: s.grader("").Grade, Run: a.pageRunner(s)}
	for _, l := range labs {
		a.err.Say("trying lab %s", l.ID)
		if err := author.Try(ctx, l, stack, report); err != nil {
			return err
		}
	}
	return nil
}

// pageServers returns the components that the labs' pages need.
func pageServers(labs []lab.Lab) (names []string) {
	for _, l := range labs {
		if page, err := course.ReadPage(l.Folder, course.Page); err == nil { // Lint reports one that can't be read
			names = append(names, course.Components(l, page)...)
		}
	}
	return names
}

// pageRunner runs labs' pages, each with names of its own.
func (a *app) pageRunner(s *grading) func(context.Context, lab.Lab, *notebook.Page) (notebook.Report, error) {
	return func(ctx context.Context, l lab.Lab, page *notebook.Page) (notebook.Report, error) {
		return a.runPage(ctx, s, l, page, notebookOptions{}, nil)
	}
}

// chosen returns the labs that are named, or all.
func chosen(all []lab.Lab, names []string) (some []lab.Lab, err error) {
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		l, err := lab.Find(all, name)
		if err != nil {
			return nil, usageError{err}
		}
		some = append(some, l)
	}
	return some, nil
}
