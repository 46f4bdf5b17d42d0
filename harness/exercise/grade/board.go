package grade

import (
	"context"
	"fmt"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "import", Doc: "Kibana or Grafana accepts the files, and every reference in them resolves"}, checkImport)
}

// board is what a student's dashboard shows, whichever program draws it.
type board struct {
	charts []panel.Panel
	// choices are the fields whose values a viewer can choose from.
	choices []string
	// check compares what is shown of the attempt's index with the oracle.
	check func(context.Context) hop.Result
}

// board reads the student's files as the program does that the lab is about.
// They name the index as the labs call it, whatever this attempt's is called.
func (a *attempt) board(ctx context.Context) (board, error) {
	if a.lab.Hop == hop.Grafana {
		return a.grafana(nil)
	}
	label, text, err := a.open(a.lab.Files[0])
	if err != nil {
		return board{}, err
	}
	charts, controls, err := savedobject.Reader{Major: dashboard.KibanaMajor(ctx, a.ours)}.Read(label, text)
	if err != nil {
		return board{}, err
	}
	b := board{charts: charts}
	for _, c := range controls {
		if len(c.Buckets) > 0 { // a range of numbers has none
			b.choices = append(b.choices, c.Buckets[0].Field)
		}
	}
	b.check = func(ctx context.Context) hop.Result {
		own, err := savedobject.Target{From: indexName, Index: a.ours.Names.Index}.Apply(label, text)
		if err != nil {
			return hop.Result{Hop: hop.Kibana, Outcome: hop.Failed, Expected: a.oracle.Count(), Detail: err.Error()}
		}
		return dashboard.CheckKibanaFile(ctx, a.ours, label, own, a.oracle)
	}
	return b, nil
}

// grafana reads the files with what is chosen of the dashboard's variables.
func (a *attempt) grafana(chosen map[string][]string) (board, error) {
	var files []provisioning.File
	for _, name := range a.lab.Files {
		label, text, err := a.open(name)
		if err != nil {
			return board{}, err
		}
		files = append(files, provisioning.File{Name: label, Text: text})
	}
	o := provisioning.Options{Name: a.lab.ID, Variables: chosen}
	read, err := provisioning.ReadFiles(files, o)
	if err != nil {
		return board{}, err
	}
	b := board{charts: read.Panels}
	for _, v := range read.Variables {
		b.choices = append(b.choices, v.Field)
	}
	b.check = func(ctx context.Context) hop.Result {
		o.Index = a.ours.Names.Index
		own, err := provisioning.ReadFiles(files, o)
		if err != nil {
			return hop.Errored(hop.Grafana, a.oracle.Count(), err) // they were read before
		}
		return dashboard.CheckProvisioned(ctx, a.ours, own, a.oracle)
	}
	return b, nil
}

// indexName is what the labs call the index that lab 4 fills.
var indexName = pipeline.NewNames("").Index

// checkImport asks that the program would take the files, and that what their
// parts refer to is there.
func checkImport(ctx context.Context, a *attempt, _ lab.Check) verdict {
	if _, err := a.board(ctx); err != nil {
		return failed(err)
	}
	return passed()
}

// fillIndex brings the rows into the index, with our own solutions.
func (a *attempt) fillIndex(ctx context.Context) error {
	if a.indexed {
		return nil
	}
	if err := a.fill(ctx); err != nil {
		return err
	}
	var err error
	if a.job, err = a.ours.FillIndex(ctx, a.oracle.Count()); err != nil {
		return err
	}
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return err
	}
	if n, err := elastic.Count(ctx); err != nil || n != a.oracle.Count() {
		return fmt.Errorf("the index has %d rows, want %d, before it is drawn: %w", n, a.oracle.Count(), err)
	}
	a.indexed = true
	return nil
}
