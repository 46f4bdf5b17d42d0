package dashboard

import (
	"context"
	"fmt"

	"hoplab.example/dashboards"
	"hoplab.example/harness/client/kibana"
	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/esversion"
	"hoplab.example/harness/verify/hop"
)

// KibanaObjects returns hoplab's dashboard for the run's index, as an export that a
// Kibana of this major version imports, and the export's name. For 0 it is the one with
// the objects of all. It shows the time over, or its own for the zero Range. Where the
// index has a name of the run's own, the objects do too, and so replace nobody else's.
func KibanaObjects(p pipeline.Pipeline, over panel.Range, major int) (file string, text []byte, err error) {
	from := pipeline.NewNames("").Index
	target := panels.Target{From: from, Index: p.Names.Index, Range: over}
	if p.Names.Index != from {
		target.Suffix = "-" + p.Names.Index
	}
	file, text = dashboards.For(major)
	text, err = target.Apply(file, text)
	return file, text, err
}

// CheckKibana compares what hoplab's dashboard shows of the run's index with the
// oracle: each chart, and what each filter offers. The searches are those that
// Kibana sends; Kibana itself isn't needed.
func CheckKibana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	file, text, err := KibanaObjects(p, Around(oracle), KibanaMajor(ctx, p))
	if err != nil {
		return hop.Errored(hop.Kibana, oracle.Count(), err)
	}
	return CheckKibanaFile(ctx, p, file, text, oracle)
}

// CheckKibanaFile is CheckKibana with another export, unchanged. One that can't be
// read is a failure.
func CheckKibanaFile(ctx context.Context, p pipeline.Pipeline, file string, ndjson []byte, oracle *wisdm.Oracle) hop.Result {
	charts, controls, err := panels.Reader{Major: KibanaMajor(ctx, p)}.Read(file, ndjson)
	if err != nil {
		return hop.Result{Hop: hop.Kibana, Expected: oracle.Count(), Outcome: hop.Failed, Detail: err.Error()}
	}
	elastic, err := p.ElasticProbe()
	if err != nil {
		return hop.Errored(hop.Kibana, oracle.Count(), err)
	}
	return elastic.CheckPanels(ctx, hop.Kibana, drawn(p, append(charts, controls...), oracle), panels.Query, oracle)
}

// KibanaMajor returns which Kibana the stack's dashboards are for: its major
// version is Elasticsearch's. It is 0, for any, where Elasticsearch doesn't say, which
// is for the checks that need it.
func KibanaMajor(ctx context.Context, p pipeline.Pipeline) int {
	if p.Sites == nil {
		return 0
	}
	node, err := esversion.Ask(ctx, p.Elasticsearch(), p.Access["elasticsearch"])
	if err != nil {
		return 0
	}
	release, err := esversion.Parse(node.Version)
	if err != nil {
		return 0
	}
	return release.Major
}

// KeepInKibana is CheckKibana where a Kibana runs: that must import the dashboard and
// return it. What was imported stays there.
func KeepInKibana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	result, _ := inKibana(ctx, p, oracle)
	return result
}

func inKibana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) (hop.Result, []kibana.Ref) {
	refs, err := ImportKibana(ctx, p, oracle)
	if err != nil {
		return hop.Errored(hop.Kibana, oracle.Count(), err), refs
	}
	return CheckKibana(ctx, p, oracle), refs
}

// CheckInKibana is KeepInKibana that removes again what was imported.
func CheckInKibana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	result, refs := inKibana(ctx, p, oracle)
	tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeLimit)
	defer cancel()
	if err := Kibana(p).Delete(tidy, refs); err != nil && result.Outcome == hop.Passed {
		return hop.Errored(hop.Kibana, oracle.Count(), fmt.Errorf("remove what was imported: %w", err))
	}
	return result
}

// oldestKibana wrote the shipped dashboard.
var oldestKibana = esversion.Release{Major: 7, Minor: 17}

// Kibana returns a client of the stack's Kibana.
func Kibana(p pipeline.Pipeline) kibana.Client {
	return kibana.Client{Addr: p.Sites.Addr("kibana", "http"), Login: p.Access["kibana"]}
}

// ImportKibana imports hoplab's dashboard into the stack's Kibana once that is
// ready, and reads it back. It returns what Kibana has imported, also with an error,
// for kibana.Client.Delete.
func ImportKibana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) ([]kibana.Ref, error) {
	client := Kibana(p)
	status, err := client.Wait(ctx)
	if err != nil {
		return nil, err
	}
	release, err := esversion.Parse(status.Version)
	if err == nil && release.Compare(oldestKibana) < 0 {
		return nil, fmt.Errorf("the Kibana at %s is %s, and refuses the dashboard, which %v wrote; use a Kibana of that version or newer", client.Addr, status.Version, oldestKibana)
	}
	if of := KibanaMajor(ctx, p); err == nil && of != 0 && release.Major != of {
		return nil, fmt.Errorf("the Kibana at %s is %s, and Elasticsearch at %s is a %d: Kibana has to be of Elasticsearch's major version, so it shows another one's index", client.Addr, status.Version, p.Elasticsearch(), of)
	}
	file, text, err := KibanaObjects(p, Around(oracle), release.Major)
	if err != nil {
		return nil, err
	}
	refs, err := client.Import(ctx, file, text)
	if err != nil {
		return refs, err
	}
	sent := kibana.Objects(text)
	for _, r := range refs {
		o, err := client.Get(ctx, r)
		if err != nil {
			return refs, fmt.Errorf("read back what was imported: %w", err)
		}
		if err := kibana.Changed(sent[r], o); err != nil {
			return refs, fmt.Errorf("read back from the Kibana at %s: %w", client.Addr, err)
		}
		for _, to := range o.References {
			if _, err := client.Get(ctx, to.Ref); err != nil {
				return refs, fmt.Errorf("follow the reference %q of %s: %w", to.Name, r, err)
			}
		}
	}
	return refs, nil
}
