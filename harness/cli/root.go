package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/util/ui"
)

// Exit codes, as `lab --help` lists them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitError       = 3
	exitInterrupted = 130
)

const rootHelp = `lab runs a streaming pipeline for real and checks every hop of it:

  rows -> publisher -> Mosquitto -> bridge -> Kafka -> Flink SQL -> Elasticsearch

Begin with 'lab run', which starts the servers, sends some 3,000 sensor rows
through them and compares what is at each hop with what should be there; then work
on the first lab, with 'lab work 1'. 'lab doctor' says what this machine lacks.

In bash, 'source <(lab completion bash)' has Tab complete commands, flags, and the
names of labs, runs and components; 'lab completion --help' lists other shells.

Exit codes:
  0    all is well
  1    a hop or a file doesn't hold what it should
  2    the command line is wrong, or a row of the input
  3    the harness couldn't do its work: a server died, a tool is missing
  130  interrupted (Ctrl-C)`

// app is what the commands share.
type app struct {
	out io.Writer // what a script would read
	err *ui.UI    // what a person would read
	// paint colours an outcome's word where out is a terminal.
	paint func(string) string
	// width returns the columns of out's terminal, and size its lines too; 0 where it isn't one.
	width func() int
	size  func() (columns, lines int)
}

// tell writes text to out, wrapped at words where that is a terminal.
func (a *app) tell(text string) { fmt.Fprintln(a.out, ui.Wrap(text, a.width())) }

// failedError ends the command with exitFailed: the harness worked, and a hop or a file
// doesn't hold what it should.
type failedError struct{ text string }

func (e failedError) Error() string { return e.text }

// commandError is the exit code of a command that was run for the user, who has seen
// its output.
type commandError struct{ code int }

func (e commandError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// errEnded says that Ctrl-C has ended a command for which that is the normal end.
var errEnded = errors.New("ended")

type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// execute runs the command line and returns its exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	screen := ui.New(stdout)
	a := &app{out: stdout, err: ui.New(stderr), paint: screen.Outcome, width: screen.Width, size: screen.Size}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var command commandError
	switch {
	case err == nil || errors.Is(err, errEnded):
		return exitOK
	case errors.As(err, &command):
		return command.code
	}
	if ctx.Err() != nil {
		a.err.Say("lab: interrupted")
		return exitInterrupted
	}
	a.err.Say("lab: %s", describe(err))
	return code(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "lab", Short: "run a streaming-data pipeline and check each hop", Long: rootHelp,
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see '%s --help'", err, c.CommandPath())}
	})
	root.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	for id, g := range a.groups() {
		id := strconv.Itoa(id)
		root.AddGroup(&cobra.Group{ID: id, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = id
		}
		root.AddCommand(g.commands...)
		if g.title == thisMachine {
			root.SetHelpCommandGroupID(id)
			root.SetCompletionCommandGroupID(id)
		}
	}
	old := a.workCommand()
	old.Use, old.Hidden, old.Deprecated = "lab N", true, "it is 'lab work N' now"
	root.AddCommand(old)
	return root
}

// arguments turns what a validator refuses into a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{fmt.Errorf("%w; see '%s --help'", err, c.CommandPath())}
		}
		return nil
	}
}

func code(err error) int {
	var failed failedError
	var usage usageError
	var asked run.AskedError
	var input inputError
	switch {
	case strings.HasPrefix(err.Error(), "unknown command"): // cobra has no type for it
		return exitUsage
	case errors.As(err, &failed):
		return exitFailed
	case errors.As(err, &usage), errors.As(err, &asked), errors.As(err, &input):
		return exitUsage
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitError
}

// describe returns an error's text with what to do next, where an error in its
// chain knows that. The text may quote a student's file or the name of one.
func describe(err error) string {
	text := err.Error()
	if next := hint.Of(err); next != "" {
		text += "\nnext: " + next
	}
	return printable.Text(text)
}
