package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/experiment/compat"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
)

const compatHelp = `compat finds out which Elasticsearch goes with what, by trying it: it starts five
versions side by side, and sends the same rows into each of them with

  Flink 1.20              Flink's elasticsearch-7 sink, directly
  Flink 1.20 via esproxy  the same through a proxy that asks for version 7's replies
  Flink 2.2               the same version of that sink (3.0.1-1.17) on Flink 2
  Go exporter             'lab export', with go-elasticsearch's bulk API

and reads them with go-elasticsearch 8. Every document is compared with what it
should be. For Grafana and Kibana, the published rules are applied to the version
that the node reports. Where something fails, the error's own words are printed.

It runs as processes, whatever the runtime of other commands, and takes some 9 GB of
memory, and less than two minutes once all is downloaded. A combination that fails
doesn't change the exit code: finding those is what the table is for. --update writes
the table into a Markdown file, between two comments that say so.`

// compatOptions are compat's flags.
type compatOptions struct {
	rows   int64
	asJSON bool
	update string
}

func (a *app) compatCommand() *cobra.Command {
	var o compatOptions
	command := &cobra.Command{
		Use: "compat", Short: "try versions of Elasticsearch with each writer and reader", Long: compatHelp,
		Example: "  lab dev compat\n  lab dev compat --json\n  lab dev compat --update docs/stacks.md",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.compat(c.Context(), o) },
	}
	f := command.Flags()
	f.Int64Var(&o.rows, "rows", 500, "rows to write into each index")
	f.BoolVar(&o.asJSON, "json", false, "print JSON: each version's cells")
	f.StringVar(&o.update, "update", "", "write the table into this Markdown file")
	return command
}

func (o compatOptions) check() error {
	if o.rows < 1 || o.rows > 10_000 {
		return usageError{fmt.Errorf("--rows is %d; give 1 to 10000, since it is for trying out", o.rows)}
	}
	if o.update == "" {
		return nil
	}
	if _, err := compat.Place.Read(o.update); err != nil {
		return usageError{fmt.Errorf("--update: %w", err)}
	}
	return nil
}

func (a *app) compat(ctx context.Context, o compatOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	input := wisdm.Generator{Seed: 1, Rows: o.rows}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return err
	}
	names, err := compat.Components()
	if err != nil {
		return err
	}
	r, err := a.ownRun(ctx, "compat", keeper.Config{Runtime: "local", Stack: version.Compat}, names)
	if err != nil {
		return err
	}
	defer r.Close(a.err)
	a.err.Say("everything is up after %.1f s", r.Took.Seconds())
	m, err := a.compatMatrix(ctx, r, compat.Options{State: r.State, Input: input, Oracle: oracle, Topic: "compat_lab"})
	if err != nil {
		return err
	}
	if o.update != "" {
		if err := compat.Place.Write(o.update, m.Markdown()); err != nil {
			return err
		}
	}
	if o.asJSON {
		return json.NewEncoder(a.out).Encode(m)
	}
	m.Print(a.out, a.paint)
	return nil
}

// compatMatrix shows how far each version is.
func (a *app) compatMatrix(ctx context.Context, r *run.Run, o compat.Options) (m compat.Matrix, err error) {
	board := a.err.Board()
	defer board.Close()
	o.Report = func(version string, c compat.Cell) {
		board.Note(fmt.Sprintf("Elasticsearch %s, %s: %s", version, c.Column, c.Outcome()))
	}
	err = r.During(ctx, func(ctx context.Context) error {
		m, err = compat.Run(ctx, o)
		return err
	})
	if err == nil {
		a.err.Say("the matrix took %.1f s", m.Span.Round(time.Millisecond).Seconds())
	}
	return m, err
}
