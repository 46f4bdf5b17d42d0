package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
)

const runHelp = `run starts the servers side by side, sends sensor rows through all of them, and
compares what is at each hop with what should be there, which it computes from
the rows themselves.

Without --input, --rows and --seed, the rows are those that come with hoplab;
with --rows or --seed they are generated. --input reads the WISDM dataset as UCI
ships it (its zip, or the folder that it unpacks to) or one file of it; a tar.gz,
WISDM v1.1, and a CSV whose first line names the columns are read too.

Where an earlier 'lab run --keep' or 'lab up' has left a stack up, run uses it
and leaves it up. With --attach FILE it uses components that run somewhere else.
In both cases it removes the topic, index and job that it made, unless --keep is
given. Where more than one run is up, --run chooses one.

With --full the rows aren't kept, so there may be as many as the dataset has, or
more: generated ones, ` + "`--rows`" + ` of them (default 15,630,426), or those of --input.
Each hop up to Elasticsearch is compared with sums of the rows of each subject,
activity, device and sensor: their number, minima, maxima and means, and a 128-bit
fingerprint that changes with any row that is lost, changed or there twice. Where a
group differs, its rows are read again and compared one by one. The publisher waits
while more than 20,000 rows are in flight before Kafka. A table shows the rows/s
of each hop and the peak memory of each process; the run fails if one of hoplab's own
took more than 128 MB.

With --with superset there is a seventh hop: Flink writes the rows as files, a SQL engine
(Spark's Thrift server) has them as a table beside one of the activities' names, and
Superset shows their join. Both come from PyPI, about 540 MB, on the first use or by 'lab
fetch --with superset', and need Python 3.10 to 3.12.

With --keep, 'lab watch' and 'lab preview' show what the run left. 'lab work 1' is the
first lab.`

const runExample = `  lab run
  lab run --rows 100000 --seed 7
  lab run --input wisdm-dataset.zip --rows 50000
  lab run --stack seed
  lab run --with superset --keep && lab open superset
  lab run --full --report full.json
  lab run --full --attach cluster.yaml --partitions 12 --parallel 4 --shards 4
  lab run --keep && lab status
  lab run --report report.json`

// runOptions are run's flags.
type runOptions struct {
	input          inputOptions
	report         string
	stack          stackOptions
	broker, bridge string
	rate           string
	qos            int
	full           bool
	scale          pipeline.Scale
	with           []string
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	command := &cobra.Command{
		Use: "run", Short: "send rows through the pipeline and check each hop", Long: runHelp, Example: runExample,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.run(c, o) },
	}
	o.input.flags(command)
	o.stack.flags(command)
	runFlag(command, &o.stack.run)
	f := command.Flags()
	f.StringVar(&o.report, "report", "", "write the results to this file, as JSON")
	f.BoolVar(&o.stack.keep, "keep", false, "leave the stack up, the Flink job running, and the dashboard in a Kibana that runs")
	f.StringVar(&o.broker, "broker", "", "mosquitto or mochi (default: mosquitto where it is installed)")
	f.StringVar(&o.bridge, "bridge", "go", "go, hoplab's own, or connect, Kafka Connect with the open Camel connector")
	f.StringVar(&o.rate, "rate", publish.Max.String(), "how fast to publish: max, original (one row each 0.5 s), real, x10, 200/s")
	f.BoolVar(&o.full, "full", false, "send as many rows as the dataset has, or --rows, without keeping them; show rows/s and memory")
	withFlag(command, &o.with)
	scaleFlags(command, &o.scale)
	f.IntVar(&o.qos, "qos", 1, "MQTT quality of service: 0, 1 or 2")
	return command
}

func scaleFlags(c *cobra.Command, s *pipeline.Scale) {
	f := c.Flags()
	f.IntVar(&s.Partitions, "partitions", 0, "partitions of the Kafka topic (default 3)")
	f.IntVar(&s.Parallel, "parallel", 0, "parallelism of Flink's job (default: what Flink is configured with, here 1)")
	f.IntVar(&s.Shards, "shards", 0, "shards of the Elasticsearch index (default: the template's, 1)")
}

// components returns the components that the flow needs.
func (o runOptions) components(broker string) ([]string, error) {
	names := append(pipeline.Components(broker), o.with...)
	if slices.Contains(o.with, "superset") {
		names = append(names, "spark") // a file of addresses has what was named only
	}
	switch o.bridge {
	case "go":
		return names, nil
	case "connect":
		return append(names, "connect"), nil
	}
	return nil, usageError{fmt.Errorf("--bridge is %q; it is go or connect", o.bridge)}
}

// check refuses what can't be sent, and returns how fast to publish.
func (o runOptions) check() (publish.Rate, error) {
	rate, err := publish.ParseRate(o.rate)
	if err != nil {
		return rate, usageError{err}
	}
	if o.full && o.qos == 0 {
		return rate, usageError{errors.New("--full needs --qos 1 or 2: with 0, rows may be lost and nobody waits for them")}
	}
	if o.full && len(o.with) > 0 {
		return rate, usageError{errors.New("--full checks the hops up to Elasticsearch only: give it or --with")}
	}
	if err := o.scale.Check(); err != nil {
		return rate, usageError{err}
	}
	return rate, errors.Join(checkWith(o.with), checkQoS(o.qos))
}

func (a *app) run(c *cobra.Command, o runOptions) error {
	ctx := c.Context()
	rate, err := o.check()
	if err != nil {
		return err
	}
	broker, file, err := a.broker(o.broker, &o.stack)
	if err != nil {
		return err
	}
	names, err := o.components(broker)
	if err != nil {
		return err
	}
	began := time.Now()
	o.stack.long = o.full
	input, want, err := o.expect(c, a.err)
	if err != nil {
		return err
	}
	a.err.Say("%s rows of %s", ui.Count(want.count()), input.Name())
	r, err := a.openRun(ctx, names, o.stack, file)
	if err != nil {
		return err
	}
	defer r.Close(a.err)
	a.err.Say("everything is up after %.1f s", r.Took.Seconds())
	flow := endtoend.Flow{
		Input: input, Oracle: want.oracle, Ledger: want.ledger, Base: wisdm.DefaultBase, Rate: rate, Max: o.input.rows, QoS: byte(o.qos),
		Connect: o.bridge == "connect", KeepJob: o.stack.keep, Superset: slices.Contains(o.with, "superset"),
	}
	p := pipelineOn(r, broker)
	p.Scale = o.scale
	report, err := a.flow(ctx, r, p, flow, began)
	if err != nil {
		return err
	}
	if o.report != "" {
		if err := report.Write(o.report); err != nil {
			return err
		}
	}
	if o.stack.keep {
		if err := a.keep(ctx, r, p.Names); err != nil {
			return err
		}
	}
	if err := errors.Join(verdict(report), tooLarge(report.Load)); err != nil {
		return err
	}
	a.welcome()
	return nil
}

// welcome says what comes next, after the first run that passed.
func (a *app) welcome() {
	cache, err := dirs.Cache()
	if err != nil {
		return
	}
	first, err := os.OpenFile(filepath.Join(cache, "welcomed"), os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return // it was said before, or can't be noted
	}
	first.Close()
	a.err.Say("next: 'lab work 1' begins the first lab; 'lab run --keep' leaves the servers up, and 'lab watch --open' then shows the rows flow")
}

// flow sends the rows on the run r, shows how far they are, and prints the table of
// hops.
func (a *app) flow(ctx context.Context, r *run.Run, p pipeline.Pipeline, f endtoend.Flow, began time.Time) (report hop.Report, err error) {
	if r.Shared() {
		if err := cleanup.Claim(ctx, p); err != nil {
			return report, err
		}
		if !f.KeepJob {
			defer remove(a.err, p)
		}
	}
	if r.Runtime != "attach" {
		defer endtoend.ShareCores()()
	}
	stop := func() (map[string]time.Duration, error) { return nil, nil }
	if f.Ledger != nil {
		if stop, err = usage.Parts(); err != nil {
			return report, err
		}
		defer stop()
	}
	flowing := time.Now()
	flowed := flowing
	look := func() []hop.Process {
		if f.Ledger == nil {
			return nil
		}
		return processes(ctx, r, f.Connect)
	}
	took := stages{before: look()}
	f.Flowed = func() { flowed, took.flowed = time.Now(), look() }
	board := a.err.Board()
	showFlow(board, &f)
	var results []hop.Result
	err = r.During(ctx, func(ctx context.Context) error {
		results, err = endtoend.Run(ctx, p, f)
		return err
	})
	board.Close()
	if err != nil {
		return report, err
	}
	report = hop.NewReport(results)
	fmt.Fprintln(a.out)
	if f.Ledger != nil {
		took.compared = look()
		report.Load = took.load(f.Expected(), flowed.Sub(flowing), time.Since(began))
		if report.Load.Parts, err = ownParts(stop()); err != nil {
			return report, err
		}
		report.PrintLoad(a.out, ui.Count, a.paint)
		return report, nil
	}
	var text strings.Builder
	report.Print(&text, ui.Count, a.paint)
	a.tell(strings.TrimSuffix(text.String(), "\n"))
	return report, nil
}

// showFlow has a flow show how far it is.
func showFlow(board *ui.Board, f *endtoend.Flow) {
	total, speed, full := f.Expected(), newSpeedometer(), f.Ledger != nil
	f.Stage = func(what string) { board.Note(what) }
	f.Report = func(name string, n int64) {
		text := fmt.Sprintf("%s of %s rows", ui.Count(n), ui.Count(total))
		if full && n < total {
			text += speed.read(name, time.Now(), n, total)
		}
		if n >= total {
			board.End(name, text)
		} else {
			board.Set(name, n, total, text)
		}
	}
}

func verdict(r hop.Report) error {
	switch r.Outcome {
	case hop.Passed:
		return nil
	case hop.Error:
		return errors.New("a hop could not be checked; the details are below the table")
	}
	return failedError{"a hop doesn't hold what it should; the details are below the table"}
}
