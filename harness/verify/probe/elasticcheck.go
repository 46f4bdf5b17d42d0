package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// patience is how long one answer may take of an index of millions of documents,
// whose segments may just be merged.
const patience = 2 * time.Minute

// Check compares the index with what is expected: the mapping's types, every
// document by its _id and field by field, and, where all are right, what
// Elasticsearch itself computes of each group (count, minimum, maximum, mean). Only
// where a group differs are documents read again.
func (e *Elastic) Check(ctx context.Context, want wisdm.Expected) hop.Result {
	ledger := want.Sums()
	if ledger.Count() > exactRows {
		patient, err := newElastic(e.addr, e.login, e.index, patience)
		if err != nil {
			return hop.Errored(hop.Elasticsearch, ledger.Count(), err)
		}
		patient.AnyID, patient.Progress = e.AnyID, e.Progress
		e = patient
	}
	var found problems
	if early := e.beforehand(ctx, ledger.Count(), &found); early != nil {
		return *early
	}
	fail := func(err error) hop.Result { return hop.Errored(hop.Elasticsearch, ledger.Count(), err) }
	if err := e.refresh(ctx); err != nil {
		return fail(err)
	}
	tally, err := e.tally(ctx, &found)
	if err != nil {
		return fail(err)
	}
	if len(found.list) == 0 && len(ledger.Differing(tally)) == 0 {
		if err := e.checkGroups(ctx, ledger, &found); err != nil {
			return fail(err)
		}
	}
	return summed(ctx, hop.Elasticsearch, ledger, tally, e.rowsIn, wisdm.CompareOptions{}, found.all())
}

func (e *Elastic) tally(ctx context.Context, found *problems) (*wisdm.Tally, error) {
	tally := wisdm.NewTally()
	err := e.eachPage(ctx, "", func(p page) error {
		for _, hit := range p.Hits.Hits {
			if row, ok := e.rowOf(Document{hit.ID, hit.Source}, found); ok {
				tally.Add(row)
				e.Progress.report(tally.Rows())
			}
		}
		return nil
	})
	return tally, err
}

// rowsIn returns the rows of some groups, of all where groups is nil. Invalid
// documents were already reported.
func (e *Elastic) rowsIn(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
	query, err := groupsFilter(groups)
	if err != nil {
		return nil, err
	}
	var rows []wisdm.Row
	err = e.eachPage(ctx, query, func(p page) error {
		rows = append(rows, e.rowsOf(p.appendTo(nil), &problems{})...)
		return nil
	})
	return rows, err
}

// groupsFilter returns the query for the documents of some groups, "" for all.
func groupsFilter(groups map[wisdm.Group]bool) (string, error) {
	if groups == nil {
		return "", nil
	}
	type object = map[string]any
	var either []object
	for g := range groups {
		var all []object
		for field, value := range (object{"usid": g.Subject, "action": g.Activity, "device": g.Device, "sensor": g.Sensor}) {
			all = append(all, object{"term": object{field: value}})
		}
		either = append(either, object{"bool": object{"filter": all}})
	}
	query, err := json.Marshal(object{"query": object{"bool": object{"should": either}}})
	return string(query), err
}

// beforehand checks that there is an index, and its mapping. It returns what the
// hop comes to where nothing more can be checked.
func (e *Elastic) beforehand(ctx context.Context, want int64, found *problems) *hop.Result {
	exists, err := e.Exists(ctx)
	if err == nil && !exists {
		return &hop.Result{Hop: hop.Elasticsearch, Expected: want, Outcome: hop.Failed,
			Detail: fmt.Sprintf("there is no index %q: no document was written", e.index)}
	}
	if err == nil {
		err = e.checkMapping(ctx, found)
	}
	if err == nil {
		return nil
	}
	result := hop.Errored(hop.Elasticsearch, want, err)
	return &result
}
