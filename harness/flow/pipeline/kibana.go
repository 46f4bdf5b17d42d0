package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/dashboards"
	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/client/kibana"
	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/rows/wisdm"
)

const kibanaFile = "dashboards/kibana-7.ndjson"

// KibanaObjects returns hoplab's dashboard for the run's index, as an export
// that Kibana imports. shift is how far the rows' event times are from
// wisdm.DefaultBase. Where the index has a name of the run's own, so have the
// objects, so that they replace nothing of others'.
func (p Pipeline) KibanaObjects(shift time.Duration) ([]byte, error) {
	from := NewNames("").Index
	target := panels.Target{From: from, Index: p.Names.Index, Shift: shift}
	if p.Names.Index != from {
		target.Suffix = "-" + p.Names.Index
	}
	return target.Apply(kibanaFile, dashboards.Kibana7)
}

// CheckKibana compares what hoplab's dashboard shows of the run's index with the
// oracle: each chart, and what each filter offers. The searches are those that
// Kibana sends, so that no Kibana needs to be there.
func (p Pipeline) CheckKibana(ctx context.Context, oracle *wisdm.Oracle, shift time.Duration) hop.Result {
	text, err := p.KibanaObjects(shift)
	if err != nil {
		return hop.Errored(hop.Kibana, oracle.Count(), err)
	}
	return p.CheckKibanaFile(ctx, kibanaFile, text, oracle)
}

// CheckKibanaFile is CheckKibana with an export that is taken as it is. One that
// can't be read has failed.
func (p Pipeline) CheckKibanaFile(ctx context.Context, file string, ndjson []byte, oracle *wisdm.Oracle) hop.Result {
	charts, controls, err := panels.Reader{}.Read(file, ndjson)
	if err != nil {
		return hop.Result{Hop: hop.Kibana, Expected: oracle.Count(), Outcome: hop.Failed, Detail: err.Error()}
	}
	elastic, err := p.ElasticProbe()
	if err != nil {
		return hop.Errored(hop.Kibana, oracle.Count(), err)
	}
	return elastic.CheckPanels(ctx, hop.Kibana, p.drawn(append(charts, controls...), oracle), panels.Query, oracle)
}

// CheckInKibana is CheckKibana where a Kibana runs: it has to take the dashboard
// and to give it back. What was imported is removed again.
func (p Pipeline) CheckInKibana(ctx context.Context, oracle *wisdm.Oracle, shift time.Duration) hop.Result {
	refs, err := p.ImportKibana(ctx, shift)
	var result hop.Result
	if err != nil {
		result = hop.Errored(hop.Kibana, oracle.Count(), err)
	} else {
		result = p.CheckKibana(ctx, oracle, shift)
	}
	tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*tidyLimit)
	defer cancel()
	if err := p.Kibana().Delete(tidy, refs); err != nil && result.Outcome == hop.Passed {
		return hop.Errored(hop.Kibana, oracle.Count(), fmt.Errorf("remove what was imported: %w", err))
	}
	return result
}

// Kibana returns a client of the stack's Kibana.
func (p Pipeline) Kibana() kibana.Client {
	return kibana.Client{Addr: p.Sites.Addr("kibana", "http"), Login: p.Access["kibana"]}
}

// ImportKibana brings hoplab's dashboard into the stack's Kibana once that
// serves, and reads it back. It returns what Kibana has taken, also where there
// is an error, for kibana.Client.Delete.
func (p Pipeline) ImportKibana(ctx context.Context, shift time.Duration) ([]kibana.Ref, error) {
	text, err := p.KibanaObjects(shift)
	if err != nil {
		return nil, err
	}
	client := p.Kibana()
	if _, err := client.Wait(ctx); err != nil {
		return nil, err
	}
	refs, err := client.Import(ctx, kibanaFile, text)
	if err != nil {
		return refs, err
	}
	for _, r := range refs {
		o, err := client.Get(ctx, r)
		if err != nil {
			return refs, fmt.Errorf("read back what was imported: %w", err)
		}
		for _, to := range o.References {
			if _, err := client.Get(ctx, to.Ref); err != nil {
				return refs, fmt.Errorf("follow the reference %q of %s: %w", to.Name, r, err)
			}
		}
	}
	return refs, nil
}

// claimKibana makes sure that no saved object of the run's is there already.
func (p Pipeline) claimKibana(ctx context.Context) error {
	client := p.Kibana()
	if client.Addr == "" {
		return nil
	}
	text, err := p.KibanaObjects(0)
	if err != nil {
		return err
	}
	for _, r := range kibana.Refs(text) {
		if _, err := client.Get(ctx, r); !errors.Is(err, kibana.ErrNotFound) {
			return p.claimed(r.Type, r.ID, "Kibana at "+client.Addr, err)
		}
	}
	return nil
}

func (p Pipeline) removeKibana(ctx context.Context) error {
	text, err := p.KibanaObjects(0)
	if err != nil {
		return err
	}
	return p.Kibana().Delete(ctx, kibana.Refs(text))
}
