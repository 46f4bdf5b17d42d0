package apart

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"hoplab.example/harness/util/reexec"
)

// Role is what the process does. Its one argument is the Task, as JSON.
func Role(args []string) int {
	signal.Ignore(os.Interrupt) // of a terminal's whole group: this process ends with its input
	return role(args, os.Stdin, os.Stdout, os.Stderr)
}

func role(args []string, in io.Reader, out, log io.Writer) int {
	var task Task
	if err := reexec.Task(args, &task); err != nil {
		fmt.Fprintln(log, "apart:", err)
		return 2
	}
	if err := serve(task, in, out); err != nil {
		fmt.Fprintf(log, "apart: %s: %v\n", task.Kind, err)
		return 1
	}
	return 0
}

// work is a task that has begun.
type work interface {
	report() Report
	end() error
}

// serve answers each line of in, until there are no more.
func serve(task Task, in io.Reader, out io.Writer) (err error) {
	var running work
	var began time.Duration
	defer func() {
		if running != nil {
			err = errors.Join(err, running.end())
		}
	}()
	answers := json.NewEncoder(out)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var a answer
		switch {
		case lines.Text() == "begin" && running == nil:
			began, _ = used()
			if running, err = begin(context.Background(), task); err != nil {
				a.Err = err.Error()
			}
		case lines.Text() != "report":
			a.Err = fmt.Sprintf("%q can't be done now", lines.Text())
		}
		if running != nil {
			a.Report = running.report()
			cpu, peak := used()
			a.CPU, a.Peak = cpu-began, peak
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

func begin(ctx context.Context, task Task) (work, error) {
	switch task.Kind {
	case Bridge:
		return beginBridge(ctx, task)
	case Discard:
		return beginDiscard(ctx, task)
	case Plain:
		return beginPlain(task)
	}
	return nil, fmt.Errorf("there is no task of kind %q", task.Kind)
}
