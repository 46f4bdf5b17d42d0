package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/rows/wisdm"
)

// patience is how long one answer may take of an index of millions of documents,
// whose segments may just be merged.
const patience = 2 * time.Minute

// CheckLedger is Check for as many rows as there may be: every document is read,
// and none kept. Elasticsearch's own aggregates are those of each group. Only
// where a group differs are its documents read again.
func (e *Elastic) CheckLedger(ctx context.Context, ledger *wisdm.Ledger, progress Progress) hop.Result {
	patient, err := newElastic(e.addr, e.login, e.index, patience)
	if err != nil {
		return hop.Errored(hop.Elasticsearch, ledger.Count(), err)
	}
	patient.AnyID = e.AnyID
	return patient.checkLedger(ctx, ledger, progress)
}

func (e *Elastic) checkLedger(ctx context.Context, ledger *wisdm.Ledger, progress Progress) hop.Result {
	var found problems
	if early := e.beforehand(ctx, ledger.Count(), &found); early != nil {
		return *early
	}
	fail := func(err error) hop.Result { return hop.Errored(hop.Elasticsearch, ledger.Count(), err) }
	if err := e.refresh(ctx); err != nil {
		return fail(err)
	}
	tally, err := e.tally(ctx, progress, &found)
	if err != nil {
		return fail(err)
	}
	if len(found.list) == 0 { // aggregates of a wrong mapping would only repeat it
		if err := e.checkGroups(ctx, ledger, &found); err != nil {
			return fail(err)
		}
	}
	return settled{
		name: hop.Elasticsearch, ledger: ledger, differ: ledger.Differing(tally), say: saySums(ledger, tally), reread: e.rowsIn,
		problems: found.all(), result: hop.Result{Actual: tally.Rows()},
	}.settle(ctx)
}

func (e *Elastic) tally(ctx context.Context, progress Progress, found *problems) (*wisdm.Tally, error) {
	tally := wisdm.NewTally()
	err := e.eachPage(ctx, "", func(p page) error {
		for _, hit := range p.Hits.Hits {
			if row, ok := e.rowOf(Document{hit.ID, hit.Source}, found); ok {
				tally.Add(row)
				progress.told(tally.Rows())
			}
		}
		return nil
	})
	return tally, err
}

// rowsIn returns the rows of some groups.
func (e *Elastic) rowsIn(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
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
	if err != nil {
		return nil, err
	}
	var rows []wisdm.Row
	err = e.eachPage(ctx, string(query), func(p page) error {
		rows = append(rows, e.rowsOf(p.appendTo(nil), &problems{})...) // what is no row was told already
		return nil
	})
	return rows, err
}

// groupsQuery asks for the groups of one subject after one of them, the first of
// all where that is empty. All subjects at once would have Elasticsearch go through
// the whole index for each page, which takes it longer than an answer may take.
const groupsQuery = `{"size":0,"query":{"term":{"usid":%d}},"aggs":{"groups":{"composite":{"size":1000,"sources":[
  {"usid":{"terms":{"field":"usid"}}},{"action":{"terms":{"field":"action"}}},
  {"device":{"terms":{"field":"device"}}},{"sensor":{"terms":{"field":"sensor"}}}]%s},
  "aggs":{"x":{"stats":{"field":"x"}},"y":{"stats":{"field":"y"}},"z":{"stats":{"field":"z"}},"t":{"stats":{"field":"@timestamp"}}}}}}`

type groupBucket struct {
	Key struct {
		Usid                   int
		Action, Device, Sensor string
	}
	Count   int64 `json:"doc_count"`
	X, Y, Z stats
	T       stats
}

// checkGroups compares Elasticsearch's own stats of each group.
func (e *Elastic) checkGroups(ctx context.Context, ledger *wisdm.Ledger, found *problems) error {
	missing, subjects := map[wisdm.Group]bool{}, map[int]bool{}
	for group := range ledger.Groups() {
		missing[group], subjects[group.Subject] = true, true
	}
	for subject := range subjects {
		err := e.eachGroup(ctx, subject, func(b groupBucket) {
			group := wisdm.Group{Subject: b.Key.Usid, Activity: b.Key.Action, Device: b.Key.Device, Sensor: b.Key.Sensor}
			delete(missing, group)
			compareBucket(b, group, ledger.Sum(group), found)
		})
		if err != nil {
			return err
		}
	}
	for group := range missing {
		found.add("%s: no row, want %d", group, ledger.Sum(group).Rows)
	}
	return nil
}

func compareBucket(b groupBucket, group wisdm.Group, want wisdm.Sum, found *problems) {
	var got axes
	for i, s := range []stats{b.X, b.Y, b.Z} {
		got[i].Min, got[i].Max, got[i].Mean = s.Min, s.Max, s.Avg
	}
	stats := want.Stats()
	compareGroup(group.String(), b.Count, got, wisdm.Summary{Count: want.Rows, X: stats[0], Y: stats[1], Z: stats[2]}, found)
	if first, last := want.First.UnixMilli(), want.Last.UnixMilli(); b.Count == want.Rows && (int64(b.T.Min) != first || int64(b.T.Max) != last) {
		found.add("%s: @timestamp is between %.0f and %.0f, want %d and %d (milliseconds)", group, b.T.Min, b.T.Max, first, last)
	}
}

func (e *Elastic) eachGroup(ctx context.Context, subject int, visit func(groupBucket)) error {
	for after := ""; ; {
		var answer struct {
			Aggregations struct {
				Groups struct {
					After   json.RawMessage `json:"after_key"`
					Buckets []groupBucket
				}
			}
		}
		err := e.call("aggregate", &answer)(e.client.Search(
			e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithTrackTotalHits(false),
			e.client.Search.WithBody(strings.NewReader(fmt.Sprintf(groupsQuery, subject, after)))))
		if err != nil {
			return err
		}
		groups := answer.Aggregations.Groups
		for _, b := range groups.Buckets {
			visit(b)
		}
		if groups.After == nil || len(groups.Buckets) == 0 {
			return nil
		}
		after = `,"after":` + string(groups.After)
	}
}
