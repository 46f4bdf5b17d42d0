// Package course runs a lab's page, a notebook, on a stack that is up. It brings the
// pipeline to where the lab begins, with our own solutions of the labs before it and
// the same rows each time; runs the page's cells with the stack's logins; and removes
// what the page has created.
//
// # Where a page begins
//
// It depends on the lab's hop. For mqtt there is nothing; for kafka there is an empty
// topic; for flink the topic has the lab's rows; for elasticsearch the session of the
// sql cells also has lab 3's table over it; and for later hops the index is filled.
//
// # Parameters
//
//	${topic} ${source} ${table} ${sink} ${index} ${client}   names, as in the labs' files
//	${connector}                  the name for a connector of Kafka Connect
//	${mqtt} ${kafka}              host:port, as servers reach each other
//	${elasticsearch}              host:port: in sql as Flink reaches it, otherwise as this machine does
//	${connect} ${flink} ${gateway}   host:port of Kafka Connect, and of Flink's JobManager and SQL Gateway
//	${kibana} ${grafana}          host:port
//	${addresses}                  in sh, a file for the --attach of `lab publish`
//
// Whatever else a page creates must have a name that begins with one of these: an
// index may be called ${index}-something.
//
// # Asking again
//
// Servers answer a request before it has taken effect. So a cell that shows an output
// and only reads, an http GET or a SELECT, is run again until it prints what is shown,
// for a limited time.
package course

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/component"
)

// Seed is the seed of each page's rows: what a page shows must hold for every run.
const Seed = 7

const (
	// patience is how long a cell that only reads is run again.
	patience = 20 * time.Second
	// Settle is a Patience for refreshing a page, whose shown outputs often differ:
	// after this time requests have taken effect.
	Settle = 4 * time.Second
)

// tidyLimit is the time to remove everything that a page has created.
const tidyLimit = time.Minute

// Runner is a stack to run pages on.
type Runner struct {
	// Pipeline has the stack and the run's own names. Its Files are what the page
	// begins with.
	pipeline.Pipeline
	// Lab is the lab command's program, which sh cells call as lab; "" for none.
	Lab string
	// Patience is how long a cell that only reads is run again: 20s if it is 0.
	Patience time.Duration
	// Seed is what the rows are generated from; 0 stands for the pages' Seed.
	Seed uint64
	// Ends has each table of Kafka's end where its topic ends now: so does a query over it.
	Ends bool
}

// Components returns the components that a lab's page needs: the lab's own, Flink for
// sql cells, and those that its http cells name.
func Components(l lab.Lab, page *notebook.Page) []string {
	names := slices.Clone(l.Components)
	need := func(more ...string) {
		for _, name := range more {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, c := range page.Cells {
		if c.Kind == notebook.SQL {
			need("kafka")
			need(component.Flink...)
		}
		for _, h := range hosts {
			if c.Kind == notebook.HTTP && strings.Contains(c.Code, "://${"+h.name+"}") {
				need(h.component)
			}
		}
	}
	return names
}

// NeedsPython reports whether a page's cells call `lab python`, whose packages must be
// installed before.
func NeedsPython(page *notebook.Page) bool {
	return slices.ContainsFunc(page.Cells, func(c notebook.Cell) bool { return strings.Contains(c.Code, "lab python ") })
}

// Run brings the pipeline to where the lab begins, runs the page's cells, and
// removes what was created. The cells' results are in the report; the error is one of
// the harness or of a server, or says that a parameter of the page is unknown.
func (r Runner) Run(ctx context.Context, l lab.Lab, page *notebook.Page, o notebook.Options) (report notebook.Report, err error) {
	err = r.At(ctx, l, page, func(ctx context.Context, s Stage) error {
		o.Params = s.Params
		report, err = notebook.Run(ctx, page, s.Executors, o)
		return err
	})
	return report, err
}

// At brings the pipeline to where the lab begins, calls do, and removes what was created.
func (r Runner) At(ctx context.Context, l lab.Lab, page *notebook.Page, do func(context.Context, Stage) error) (err error) {
	dir, err := os.MkdirTemp("", "lab-page-")
	if err != nil {
		return err
	}
	p := &pageRun{Runner: r, lab: l, page: page, dir: dir}
	defer func() { err = errors.Join(err, p.tidy()) }()
	params, err := p.params()
	if err != nil {
		return err
	}
	if err := p.begin(ctx); err != nil {
		return err
	}
	return do(ctx, Stage{Params: params, Executors: p.executors(), run: p})
}

// pageRun is one run of one page.
type pageRun struct {
	Runner
	lab     lab.Lab
	page    *notebook.Page
	dir     string // of its files
	session *flink.Session
	jobs    []string
}

func (p *pageRun) has(kind notebook.Kind) bool {
	return slices.ContainsFunc(p.page.Cells, func(c notebook.Cell) bool { return c.Kind == kind && !c.NoRun })
}

func (p *pageRun) executors() notebook.Executors {
	within := p.Patience
	if within == 0 {
		within = patience
	}
	return notebook.Executors{
		notebook.SQL:  again{p.sql(), within},
		notebook.HTTP: again{notebook.HTTPExecutor{Client: p.client}, within},
		notebook.JSON: notebook.JSONExecutor{Dir: p.dir},
		notebook.Sh:   notebook.ShellExecutor{Shell: p.shell},
	}
}
