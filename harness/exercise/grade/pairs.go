package grade

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/printable"
)

func init() {
	register(lab.Kind{Name: "pairs", Needs: []string{"job"}, Options: []lab.Option{
		{Name: "topic", Type: lab.TextOption, Required: true, Doc: "the topic that the job writes, such as ${topic}-pairs"},
		{Name: "within", Type: lab.TextOption, Required: true, Doc: "how many seconds a pair is apart at most, such as ${within}"}},
		Doc: "a topic has each pair of a row of the phone and one of the watch, of the same usid, action and sensor, that are close in event time, as usid, sensor, phone_seq and watch_seq"}, checkPairs)
}

// pair names a row of the phone and one of the watch.
func pair(usid int, sensor string, phone, watch int64) string {
	return fmt.Sprintf("usid %d, %s, phone_seq %d, watch_seq %d", usid, sensor, phone, watch)
}

// pairsOf returns the pairs of rows that are apart by no more than within, and as a query
// would name them, those of two sensors.
func pairsOf(rows []wisdm.Row, within time.Duration) (all, mixed map[string]bool) {
	type group struct {
		subject  int
		activity string
	}
	watch := map[group][]wisdm.Row{}
	for _, r := range rows {
		if r.Device == "watch" {
			g := group{r.Subject, r.Activity}
			watch[g] = append(watch[g], r)
		}
	}
	all, mixed = map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		if r.Device != "phone" {
			continue
		}
		for _, w := range watch[group{r.Subject, r.Activity}] {
			switch p := pair(r.Subject, r.Sensor, r.Seq, w.Seq); {
			case w.Time.Sub(r.Time).Abs() > within:
			case w.Sensor == r.Sensor:
				all[p] = true
			default:
				mixed[p] = true
			}
		}
	}
	return all, mixed
}

func checkPairs(ctx context.Context, a *attempt, c lab.Check) verdict {
	within, err := a.seconds(c, "within")
	if err != nil {
		return broken(err)
	}
	found, total := map[string]int{}, 0
	var all shape
	var f fates
	err = a.records(ctx, c, "topic", func(value []byte) {
		var one joined
		total++
		all.add(value)
		switch {
		case json.Unmarshal(value, &one) != nil:
		case one.PhoneSeq == nil || one.WatchSeq == nil:
			f.add(alone, printable.Clip(string(value), 100))
		default:
			found[pair(one.Usid, one.Sensor, *one.PhoneSeq, *one.WatchSeq)]++
		}
	})
	if err != nil {
		return broken(err)
	}
	if err := all.wrong("usid", "sensor", "phone_seq", "watch_seq"); err != nil {
		return failed(err)
	}
	want, mixed := pairsOf(a.oracle.Rows(), within)
	f.compare(found, want, mixed)
	v := f.verdict(alone, unpaired, extra, again, ofTwo)
	v.expected, v.actual = fmt.Sprintf("%d pairs", len(want)), fmt.Sprintf("%d records", total)
	return v
}

const (
	alone    = "records are of one row without a partner"
	unpaired = "pairs are missing"
	extra    = "pairs don't belong together"
	again    = "pairs are there more than once"
	ofTwo    = "pairs are of rows of two sensors"
)

// compare counts what is wrong with the pairs that were found. A query that leaves the
// sensor out finds those of mixed too, some under the name of a right pair.
func (f *fates) compare(found map[string]int, want, mixed map[string]bool) {
	tooMany, n := fates{}, 0
	for _, p := range slices.Sorted(maps.Keys(found)) {
		switch {
		case !want[p]:
			tooMany.add(extra, p)
		case found[p] > 1:
			tooMany.add(again, p)
		default:
			continue
		}
		if n++; mixed[p] {
			tooMany.add(ofTwo, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(want)) {
		if found[p] == 0 {
			f.add(unpaired, p)
		}
	}
	if tooMany.count[ofTwo] == n {
		f.take(tooMany, ofTwo)
	} else {
		f.take(tooMany, extra, again)
	}
}

// take takes over what others have of some kinds.
func (f *fates) take(others fates, kinds ...string) {
	for _, kind := range kinds {
		if n := others.count[kind]; n > 0 {
			f.add(kind, others.example[kind])
			f.count[kind] += n - 1
		}
	}
}
