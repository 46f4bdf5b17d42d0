package mixed

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
)

// NamesTopic follows the run's topic in the name of the topic of the activities' names.
const NamesTopic = "-names"

// Name is what an activity is called from a time on, until a later Name.
type Name struct {
	Code  string    `json:"code"`
	Name  string    `json:"name"`
	Since time.Time `json:"since"` // UTC, whole milliseconds
}

// early is how long before the first row the names begin.
const early = time.Hour

// Names returns what the activities of rows, which are in the order of event time, are
// called, the oldest name first. The activity with most rows gets another name in the middle
// of its rows, and the one with second most gets its only name there.
func Names(rows []wisdm.Row) (all []Name) {
	times := map[string][]time.Time{}
	for _, r := range rows {
		times[r.Activity] = append(times[r.Activity], r.Time)
	}
	codes := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(len(times[b])-len(times[a]), cmp.Compare(a, b))
	})
	for i, code := range codes {
		middle := times[code][len(times[code])/2]
		first := Name{code, "activity " + code, rows[0].Time.Add(-early)}
		if i == 1 {
			first.Since = middle
		}
		all = append(all, first)
		if i == 0 {
			all = append(all, Name{code, "new " + code, middle})
		}
	}
	slices.SortStableFunc(all, func(a, b Name) int { return a.Since.Compare(b.Since) })
	return all
}

// NameAt returns what an activity is called at a time, "" before its first name.
func NameAt(all []Name, code string, at time.Time) (name string) {
	for _, n := range all {
		if n.Code == code && !n.Since.After(at) {
			name = n.Name
		}
	}
	return name
}

// fillNames writes the names into their topic, under the activity's letter.
func fillNames(ctx context.Context, p pipeline.Pipeline, input wisdm.Input) error {
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return err
	}
	names := Names(oracle.Rows())
	records := make([]kafka.Message, len(names))
	for i, n := range names {
		value, err := json.Marshal(n)
		if err != nil {
			return fmt.Errorf("write the name of %s: %w", n.Code, err)
		}
		records[i] = kafka.Message{Key: []byte(n.Code), Value: value, Time: n.Since}
	}
	t := p.KafkaProbe().Topic
	t.Name += NamesTopic
	return t.Write(ctx, records...)
}
