// Package course runs a lab's page, a notebook, on a stack that is up. It brings
// the pipeline to where the lab begins, with our own solutions of the labs before
// it and rows that are the same each time; has the page's cells executed with the
// stack's logins; and removes what the page has made.
//
// # Where a page begins
//
// It depends on the hop that the lab is about: for kafka there is an empty topic;
// for flink the topic has the lab's rows; for elasticsearch the session of the sql
// cells has lab 3's table over it too; and for what comes after that, the index is
// full. For mqtt there is nothing.
//
// # Parameters
//
//	${topic} ${source} ${table} ${sink} ${index} ${client}   names, as in the labs' files
//	${connector}                  the name for a connector of Kafka Connect
//	${mqtt} ${kafka}              host:port, as one server reaches another
//	${elasticsearch}              host:port: in sql as Flink reaches it, else as this machine does
//	${connect} ${flink} ${gateway}   host:port of Kafka Connect, and of Flink's JobManager and SQL Gateway
//	${kibana} ${grafana}          host:port
//	${addresses}                  in sh, a file for the --attach of `lab publish`
//
// What a page makes beside these has to have a name that begins with one of them:
// an index may be called ${index}-something.
//
// # Asking again
//
// Servers answer before what they were told has had its effect. So a cell that
// shows an output and only reads, an http GET or a SELECT, is asked again until it
// prints what is shown, for some seconds at most.
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
)

// Seed is that of each page's rows: what a page shows must be true of any run.
const Seed = 7

const (
	// patience is how long a cell that only reads is asked again.
	patience = 20 * time.Second
	// Settle is a Patience for a page that is refreshed: what it shows is another
	// output mostly, and what servers were told has had its effect after it.
	Settle = 4 * time.Second
)

// tidyLimit is for all that a page has made to be gone.
const tidyLimit = time.Minute

// Runner is a stack to run pages on.
type Runner struct {
	// Pipeline has the stack, and names that are the run's own. Its Files are those
	// that the page begins with.
	pipeline.Pipeline
	// Lab is the lab command's program, which sh cells call as lab; "" for none.
	Lab string
	// Patience is how long a cell that only reads is asked again: 20s if it is 0.
	Patience time.Duration
}

// Components returns what a lab's page needs: the lab's own, Flink for sql cells,
// and those that its http cells name.
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
			need("kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway")
		}
		for _, h := range hosts {
			if c.Kind == notebook.HTTP && strings.Contains(c.Code, "://${"+h.name+"}") {
				need(h.component)
			}
		}
	}
	return names
}

// Run brings the pipeline to where the lab begins, runs the page's cells, and
// removes what was made. What cells come to is in the report; the error is that
// of the harness, of a server, or of a page whose parameters aren't known.
func (r Runner) Run(ctx context.Context, l lab.Lab, page *notebook.Page, o notebook.Options) (report notebook.Report, err error) {
	dir, err := os.MkdirTemp("", "lab-page-")
	if err != nil {
		return report, err
	}
	p := &pageRun{Runner: r, lesson: l, page: page, dir: dir}
	defer func() { err = errors.Join(err, p.tidy()) }()
	if o.Params, err = p.params(); err != nil {
		return report, err
	}
	if err := p.begin(ctx); err != nil {
		return report, err
	}
	return notebook.Run(ctx, page, p.executors(), o)
}

// pageRun is one run of one page.
type pageRun struct {
	Runner
	lesson  lab.Lab
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
