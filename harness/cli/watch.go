package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/view/watch"
)

const watchHelp = `watch serves a page on this machine that shows the pipeline at work: how many rows
are at each hop, how fast they come, the last ones, and in red what is wrong: a
server that has died, a job that restarts, a hop that is behind the one before it.
It updates by itself; it reads the servers only while a page is open. Ctrl-C ends it,
and leaves the servers up.

To see rows move, leave a stack up and let them flow, each in a terminal of its own:

  lab run --keep
  lab watch --open
  lab bridge
  lab publish --rate 20/s --loop

--source, --topic and --index name what is watched; they are those of the first
'lab run --keep' of a stack. --check compares Kafka and Elasticsearch with the
input rows each time they stop changing; give --input, --rows and --seed
as the run had them.

Only this machine can open the page, and only with its whole address, which has a
secret in it. --open shows that address to the machine's other users, in the list of
processes; if there are any, copy the address into a browser instead.

watch N is a workbench beside your editor: the page of lab N, and what 'lab work N' in
another terminal says of your files as you save them, with the reason and the hint for
the first check that fails. The rows are those of the last attempt, which stay as long as
'lab work N' waits.

--once prints what the page would show as JSON, and ends with exit code 1 if
something is wrong.`

const watchExample = `  lab watch --open
  lab watch --port 8099 --index datuak_103000 --topic smart_103000
  lab watch --once --check
  lab watch --attach class.yaml --source ann-smart --index ann-datuak`

// watchOptions are watch's flags.
type watchOptions struct {
	input                             inputOptions
	run, attach, source, topic, index string
	port                              int
	open, once, check                 bool
	work, student                     string
	labSet                            labsOptions
}

func (a *app) watchCommand() *cobra.Command {
	var o watchOptions
	command := &cobra.Command{
		Use: "watch [N]", Short: "show the pipeline at work, or your work on a lab, on a local page", Long: watchHelp, Example: watchExample,
		Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error { return a.watch(c, first(args), o) },
	}
	o.input.flags(command)
	names := pipeline.NewNames("")
	f := command.Flags()
	runFlag(command, &o.run)
	f.StringVar(&o.attach, "attach", "", "a file of addresses: watch these servers, instead of a run's")
	f.StringVar(&o.source, "source", names.Source, "MQTT topic")
	f.StringVar(&o.topic, "topic", "", "Kafka topic (default: the MQTT topic)")
	f.StringVar(&o.index, "index", names.Index, "Elasticsearch index")
	f.IntVar(&o.port, "port", 0, "serve the page on this port of 127.0.0.1 (default: a free one)")
	f.BoolVar(&o.open, "open", false, "open the page in a browser")
	f.BoolVar(&o.once, "once", false, "print one look as JSON and end")
	f.BoolVar(&o.check, "check", false, "compare Kafka and Elasticsearch with the input rows")
	f.StringVar(&o.work, "work", "work", "the folder of your files, for watch N")
	f.StringVar(&o.student, "student", os.Getenv("USER"), "your name or number, as with 'lab work'")
	o.labSet.flags(f)
	return command
}

func (o watchOptions) validate(c *cobra.Command, lab string) error {
	f := c.Flags()
	switch {
	case o.port < 0 || o.port > 65535:
		return usageError{fmt.Errorf("--port is %d; give 1 to 65535, or 0 for a free one", o.port)}
	case o.once && (o.open || f.Changed("port")):
		return usageError{errors.New("--once serves no page: give it without --open and --port")}
	case lab != "" && (o.check || f.Changed("source") || f.Changed("topic") || f.Changed("index")):
		return usageError{errors.New("watch N shows the rows of your own attempt: give it without --check, --source, --topic and --index")}
	case o.attach != "" && o.run != "":
		return usageError{errors.New("--run and --attach both choose the servers to watch: give one of the two")}
	}
	for _, name := range []string{"input", "rows", "seed", "subjects", "skip-bad"} {
		if f.Changed(name) && !o.check {
			return usageError{fmt.Errorf("--%s says which rows to compare with: give --check too", name)}
		}
	}
	return nil
}

func (a *app) watch(c *cobra.Command, name string, o watchOptions) error {
	ctx := c.Context()
	if err := o.validate(c, name); err != nil {
		return err
	}
	var oracle *wisdm.Oracle
	if o.check {
		var err error
		if _, oracle, err = o.input.read(c, a.err); err != nil {
			return err
		}
	}
	var own *lab.Lab
	if name != "" {
		l, err := findLab(name, o.labSet)
		if err != nil {
			return err
		}
		own = &l
	}
	config, err := a.watched(ctx, o, own, oracle)
	if err != nil {
		return err
	}
	if o.once {
		return a.lookOnce(ctx, config)
	}
	var opening sync.WaitGroup
	defer opening.Wait()
	err = watch.Serve(ctx, config, o.port, func(url string) {
		a.err.Say("watching %s at\n  %s\nCtrl-C ends this; the servers stay up", config.Run, url)
		if o.open {
			opening.Go(func() { a.openAddress(ctx, url) })
		}
	})
	if err == nil {
		return errEnded
	}
	return err
}

// openAddress opens the page; it can be opened by hand where that fails.
func (a *app) openAddress(ctx context.Context, url string) {
	if err := openPage(ctx, url); err != nil && ctx.Err() == nil {
		a.err.Say("%s", describe(err))
	}
}

func (a *app) lookOnce(ctx context.Context, config watch.Config) error {
	shown, err := watch.Once(ctx, config)
	if err != nil {
		return err
	}
	text := json.NewEncoder(a.out)
	text.SetIndent("", "  ")
	if err := text.Encode(shown); err != nil {
		return err
	}
	if n := len(shown.Problems); n > 0 {
		return failedError{fmt.Sprintf("%d things are wrong, the first at %s: %s", n, shown.Problems[0].Where, shown.Problems[0].Text)}
	}
	return nil
}

// watched returns what to show, and of which servers; own is the lab of a workbench.
func (a *app) watched(ctx context.Context, o watchOptions, own *lab.Lab, oracle *wisdm.Oracle) (watch.Config, error) {
	topic := cmp.Or(o.topic, o.source)
	p := pipeline.Pipeline{Broker: "mosquitto", Names: pipeline.Names{
		Source: o.source, Topic: topic, Table: pipeline.NewNames("").Table, Sink: o.index, Index: o.index,
	}}
	c := watch.Config{Names: map[string]string{hop.MQTT: o.source, hop.Kafka: topic, hop.Elasticsearch: o.index}}
	var components func(context.Context) ([]watch.Component, error)
	var err error
	if o.attach != "" {
		file, err := attach.Load(o.attach)
		if err != nil {
			return c, usageError{err}
		}
		p.Sites, p.Access, p.Broker, c.Run = file, file.Access(), file.Broker(), file.Path
	} else if components, err = a.watchedRun(ctx, o.run, &p, &c); err != nil {
		return c, err
	}
	source := func(p pipeline.Pipeline) watch.Source { return watch.NewSource(p, components, own != nil) }
	c.Source = source(p)
	if own != nil {
		if err := o.bench(*own, &c, p, source); err != nil {
			return c, err
		}
	}
	c.Secrets = secretsOf(p.Access)
	if oracle != nil {
		c.Expected, c.Checks = oracle.Count(), watch.ChecksOf(p, oracle)
	}
	return c, nil
}

// watchedRun fills in a run's servers, and returns what asks how they are.
func (a *app) watchedRun(ctx context.Context, name string, p *pipeline.Pipeline, c *watch.Config) (func(context.Context) ([]watch.Component, error), error) {
	found, err := run.Choose(ctx, a.err, name)
	if err != nil {
		return nil, err
	}
	if p.Access, err = found.Client.Access(); err != nil {
		return nil, err
	}
	p.Sites, p.Broker, c.Run = found.State, found.State.Broker(), fmt.Sprintf("run %s, stack %s", found.Client.Name(), found.State.Stack)
	return func(ctx context.Context) ([]watch.Component, error) {
		state, err := found.Client.State(ctx)
		return componentsOf(state), err
	}, nil
}

func componentsOf(s keeper.State) (list []watch.Component) {
	for _, name := range slices.Sorted(maps.Keys(s.Components)) {
		c := s.Components[name]
		list = append(list, watch.Component{Name: name, Phase: string(c.Phase), Error: c.Error, Hint: cmp.Or(c.Hint, logHint(c))})
	}
	return list
}

func logHint(c *keeper.ComponentState) string {
	if c.Error == "" {
		return ""
	}
	return "its full log is in " + c.Log
}

func secretsOf(set access.Set) (list []string) {
	for _, login := range set {
		list = append(list, login.Secrets()...)
	}
	return list
}
