package cli

import (
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/util/mdtable"
	"hoplab.example/harness/util/testreport"
)

const testsHelp = `tests reads what 'go test -json' prints and shows the results of each package and what
failed. At the end it says what 'go test' doesn't: how many tests were skipped because
something is missing, and how to install it. The exit code is 1 where a test failed or
none ran.

--update writes a table of what each package costs into a Markdown file. --again
writes the arguments, one per line, with which 'go test' reruns the tests that were
skipped because something was missing.`

var costs = mdtable.Place{
	What:  "the table of the tests' time",
	Begin: "<!-- written by: go test -json ./... | lab dev tests -->", End: "<!-- end of the tests' time -->",
}

func (a *app) testsCommand() *cobra.Command {
	var update, again string
	command := &cobra.Command{
		Use: "tests", Short: "show the results of the tests, and which were skipped because something is missing", Long: testsHelp,
		Example: "  go test -json ./... | go run ./harness/cmd/lab dev tests",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.tests(c.InOrStdin(), update, again) },
	}
	command.Flags().StringVar(&update, "update", "", "write the table of times into this Markdown file")
	command.Flags().StringVar(&again, "again", "", "write into this file how to run what was skipped because something is missing")
	return command
}

func (a *app) tests(in io.Reader, update, again string) error {
	if update != "" {
		if _, err := costs.Read(update); err != nil {
			return usageError{err}
		}
	}
	report, err := testreport.Read(in, a.out)
	if err != nil {
		return err
	}
	report.Print(a.out)
	if update != "" {
		if err := costs.Write(update, report.Table()); err != nil {
			return err
		}
	}
	if again != "" {
		if err := os.WriteFile(again, []byte(strings.Join(report.Again(), "\n")), 0o644); err != nil {
			return err
		}
	}
	if !report.Good() {
		return failedError{"the tests haven't passed"}
	}
	return nil
}
