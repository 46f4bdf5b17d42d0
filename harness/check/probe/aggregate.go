package probe

import (
	"context"
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
func compareGroup(group string, count int64, got axes, want wisdm.Summary, found *problems) {
	if count != want.Count {
		found.add("%s: %d rows, want %d", group, count, want.Count)
		return // the values of other rows differ anyway
	}
	for i, stat := range []wisdm.Stat{want.X, want.Y, want.Z} {
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

const aggregateQuery = `{"size":0,"aggs":{"groups":{"terms":{"field":"action","size":100},"aggs":{
  "x":{"stats":{"field":"x"}},"y":{"stats":{"field":"y"}},"z":{"stats":{"field":"z"}}}}}}`

type stats struct{ Min, Max, Avg float64 }

// checkAggregates compares Elasticsearch's own stats of each activity.
func (e *Elastic) checkAggregates(ctx context.Context, oracle *wisdm.Oracle, found *problems) error {
	var answer struct {
		Aggregations struct {
			Groups struct {
				Buckets []struct {
					Key     string
					Count   int64 `json:"doc_count"`
					X, Y, Z stats
				}
			}
		}
	}
	err := e.call("aggregate", &answer)(e.client.Search(
		e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithBody(strings.NewReader(aggregateQuery))))
	if err != nil {
		return err
	}
	want := oracle.Group(wisdm.ByActivity)
	for _, b := range answer.Aggregations.Groups.Buckets {
		var got axes
		for i, s := range []stats{b.X, b.Y, b.Z} {
			got[i].Min, got[i].Max, got[i].Mean = s.Min, s.Max, s.Avg
		}
		compareGroup("activity "+b.Key, b.Count, got, want[b.Key], found)
		delete(want, b.Key)
	}
	for key, summary := range want {
		found.add("activity %s: no row, want %d", key, summary.Count)
	}
	return nil
}

func describeGroup(action string, subject int64) string {
	return fmt.Sprintf("activity %s of subject %d", action, subject)
}
