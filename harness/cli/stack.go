package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/util/tool"
)

// stackOptions are the flags that choose a run that is up, or say how one is started.
type stackOptions struct {
	keep    bool
	run     string
	stack   string
	runtime string
	attach  string
	ports   map[string]int
	long    bool // the run will be long and busy
}

func (o *stackOptions) flags(c *cobra.Command) {
	f := c.Flags()
	stackFlag(c, &o.stack)
	f.StringVar(&o.runtime, "runtime", "", "attach, containers or local (default: containers where an engine and all images are there)")
	f.StringVar(&o.attach, "attach", "", "a file of addresses: use components that already run (the runtime attach)")
	completeFlag(c, "runtime", completeFrom("attach", "containers", "local"))
	f.StringToIntVar(&o.ports, "port", nil, "fix a component's port, such as kafka.client=9092 (default: free ones)")
}

// file returns the file of addresses, or nil where components are to be started.
func (o *stackOptions) file() (*attach.File, error) {
	if o.attach != "" {
		if o.runtime != "" && o.runtime != "attach" {
			return nil, usageError{fmt.Errorf("--runtime %s starts components, and --attach names some that run: give one of the two", o.runtime)}
		}
		o.runtime = "attach"
	}
	if cmp.Or(o.runtime, os.Getenv(choose.Variable)) != "attach" {
		return nil, nil
	}
	if o.run != "" {
		return nil, usageError{errors.New("--run chooses a run that is up, and the runtime attach uses servers that run elsewhere: give one of the two")}
	}
	file, err := choose.File(o.attach)
	if err != nil {
		return nil, usageError{err}
	}
	return file, nil
}

// broker returns the component that serves MQTT, which wanted names if it isn't "",
// and the file of addresses, or nil where components are to be started.
func (a *app) broker(wanted string, o *stackOptions) (string, *attach.File, error) {
	file, err := o.file()
	if err != nil {
		return "", nil, err
	}
	switch {
	case wanted == "mosquitto" || wanted == "mochi":
	case wanted != "":
		return "", nil, usageError{fmt.Errorf("--broker is %q; it is one of mosquitto, mochi", wanted)}
	case file != nil:
		wanted = file.Broker()
	default:
		wanted = a.installedBroker()
	}
	return wanted, file, nil
}

// installedBroker returns mosquitto, or the built-in broker where that isn't
// installed, and says so.
func (a *app) installedBroker() string {
	if _, err := tool.Mosquitto.Find(); err == nil {
		return "mosquitto"
	}
	a.err.Say("mosquitto is not installed: the built-in broker, mochi, serves MQTT ('lab doctor' says how to install it)")
	return "mochi"
}

// openRun returns a run with the named components ready.
func (a *app) openRun(ctx context.Context, names []string, o stackOptions, file *attach.File) (*run.Run, error) {
	return run.Open(ctx, names, run.Options{
		Name: o.run, Keep: o.keep, Stack: o.stack, Runtime: o.runtime, File: file, Ports: o.ports, Long: o.long, UI: a.err,
	})
}

// keep leaves the run up, and says where its rows are.
func (a *app) keep(ctx context.Context, r *run.Run, names pipeline.Names) error {
	if !r.Shared() {
		if err := r.Keep(ctx); err != nil {
			return err
		}
		a.printAddresses(r)
	}
	a.err.Say("the rows stay in Kafka's topic %s and in the index %s", names.Topic, names.Index)
	if r.Runtime != "attach" {
		a.err.Say("'lab preview --index %s --open' draws them", names.Index)
	}
	return nil
}

// printAddresses says where each component of a run that stays up is reached.
func (a *app) printAddresses(r *run.Run) {
	var text strings.Builder
	printState(&text, r.Client.Name(), r.State)
	a.err.Say("\n%s'lab status' shows this again, 'lab logs COMPONENT' a log, 'lab down' ends it", text.String())
}
