package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"hoplab.example/harness/rows/wisdm"
)

// meanTolerance is relative: a mean may differ by the order of its additions.
const meanTolerance = 1e-9

// axes is what an aggregate says of x, y and z of one group.
type axes [3]struct{ Min, Max, Mean float64 }

// compareGroup reports where an aggregate of one group isn't the oracle's:
// counts, minima and maxima are exact, means within meanTolerance of the
// largest value.
func compareGroup(group string, count int64, got axes, want wisdm.Sum, found *problems) {
	if count != want.Rows {
		found.add("%s: %d rows, want %d", group, count, want.Rows)
		return // the values of other rows differ anyway
	}
	for i, stat := range want.Stats() {
		axis := string("xyz"[i])
		if got[i].Min != stat.Min || got[i].Max != stat.Max {
			found.add("%s: %s is between %v and %v, want %v and %v", group, axis, got[i].Min, got[i].Max, stat.Min, stat.Max)
		}
		scale := max(math.Abs(stat.Min), math.Abs(stat.Max))
		if !(math.Abs(got[i].Mean-stat.Mean) <= meanTolerance*scale) { // a NaN is wrong too
			found.add("%s: mean of %s is %v, want %v", group, axis, got[i].Mean, stat.Mean)
		}
	}
}

type stats struct{ Min, Max, Avg float64 }

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
	compareGroup(group.String(), b.Count, got, want, found)
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
