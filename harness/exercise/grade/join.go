package grade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/mixed"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/printable"
)

func init() {
	name := lab.Option{Name: "topic", Type: lab.TextOption, Required: true, Doc: "the topic that the job writes, such as ${topic}-named"}
	after := []string{"job"}
	register(lab.Kind{Name: "named", Needs: after, Options: []lab.Option{name},
		Doc: "a topic has each row once (usid, device, sensor, seq), with the name that its activity had at its event time, or NULL; for labs with names: true"}, checkNamed)
	register(lab.Kind{Name: "pairs", Needs: after, Options: []lab.Option{name,
		{Name: "within", Type: lab.TextOption, Required: true, Doc: "how many seconds a pair is apart at most, such as ${within}"}},
		Doc: "a topic has each pair of a row of the phone and one of the watch, of the same usid, action and sensor, that are close in event time, as usid, sensor, phone_seq and watch_seq"}, checkPairs)
	register(lab.Kind{Name: "forgets", Needs: after,
		Doc: "the job has an interval join, and no join that keeps rows for ever"}, checkForgets)
}

// joined is a record that the student's job has written.
type joined struct {
	Usid           int
	Device, Sensor string
	Seq            int64
	Name           string // NULL is ""
	PhoneSeq       int64  `json:"phone_seq"`
	WatchSeq       int64  `json:"watch_seq"`
}

// fates counts what is wrong with records, by kind, with an example of each. The order of
// kinds is that in which a student should mend them.
type fates struct {
	count   map[string]int
	example map[string]string
}

func (f *fates) add(kind, example string) {
	if f.count == nil {
		f.count, f.example = map[string]int{}, map[string]string{}
	}
	if f.count[kind]++; f.count[kind] == 1 {
		f.example[kind] = example
	}
}

func (f *fates) verdict(kinds ...string) verdict {
	var lines []string
	for _, kind := range kinds {
		if n := f.count[kind]; n > 0 {
			lines = append(lines, fmt.Sprintf("%d %s, such as %s", n, kind, f.example[kind]))
		}
	}
	if len(lines) == 0 {
		return passed()
	}
	return failed(errors.New(strings.Join(lines, "\n")))
}

const (
	unnamedGone = "rows are missing whose activity had no name yet"
	rowGone     = "rows are missing"
	twice       = "rows are there more than once"
	misnamed    = "rows have another name than their activity had at their time"
	strange     = "records are no row that was sent"
)

// shape is what the records of a topic look like.
type shape struct {
	records, noJSON int
	first           string // of those that are no JSON, otherwise of all
	fields          map[string]bool
}

func (s *shape) add(value []byte) {
	var record map[string]json.RawMessage
	isJSON := json.Unmarshal(value, &record) == nil
	if s.records++; s.records == 1 {
		s.first, s.fields = printable.Clip(string(value), 100), map[string]bool{}
	}
	if !isJSON {
		if s.noJSON++; s.noJSON == 1 {
			s.first = printable.Clip(string(value), 100)
		}
	}
	for field := range record {
		s.fields[strings.ToLower(field)] = true
	}
}

// wrong says that records can't be what they should be, and nil where there is none. A
// format may leave out a field that is NULL, but not from all records.
func (s *shape) wrong(fields ...string) error {
	if s.noJSON > 0 {
		return fmt.Errorf("%d of %d records are no JSON objects, such as %s", s.noJSON, s.records, s.first)
	}
	for _, field := range fields {
		if s.records > 0 && !s.fields[field] {
			return fmt.Errorf("none of the %d records has the field %s; the first is %s", s.records, field, s.first)
		}
	}
	return nil
}

func checkNamed(ctx context.Context, a *attempt, c lab.Check) verdict {
	rows := a.oracle.Rows()
	names := mixed.Names(rows)
	found, total := map[string][]string{}, 0
	var all shape
	err := a.records(ctx, c, "topic", func(value []byte) {
		var one joined
		total++
		all.add(value)
		if json.Unmarshal(value, &one) == nil {
			id := wisdm.Row{Subject: one.Usid, Device: one.Device, Sensor: one.Sensor, Seq: one.Seq}.ID()
			found[id] = append(found[id], one.Name)
		}
	})
	if err != nil {
		return broken(err)
	}
	if err := all.wrong("usid", "device", "sensor", "seq", "name"); err != nil {
		return failed(err)
	}
	var f fates
	known := 0
	for _, r := range rows {
		want, got := mixed.NameAt(names, r.Activity, r.Time), found[r.ID()]
		known += len(got)
		switch {
		case len(got) == 0 && want == "":
			f.add(unnamedGone, r.ID()+" of activity "+r.Activity)
		case len(got) == 0:
			f.add(rowGone, r.ID())
		case len(got) > 1:
			f.add(twice, r.ID())
		case got[0] != want:
			f.add(misnamed, fmt.Sprintf("%s: %s instead of %s", r.ID(), orNull(got[0]), orNull(want)))
		}
	}
	for range total - known {
		f.add(strange, "one without usid, device, sensor or seq")
	}
	v := f.verdict(twice, rowGone, unnamedGone, misnamed, strange)
	v.expected, v.actual = fmt.Sprintf("%d records", len(rows)), fmt.Sprintf("%d records", total)
	return v
}

func orNull(name string) string {
	if name == "" {
		return "NULL"
	}
	return fmt.Sprintf("%q", name)
}

// pair names a row of the phone and one of the watch.
func pair(usid int, sensor string, phone, watch int64) string {
	return fmt.Sprintf("usid %d, %s, phone_seq %d, watch_seq %d", usid, sensor, phone, watch)
}

// pairsOf returns the pairs of rows that are apart by no more than within.
func pairsOf(rows []wisdm.Row, within time.Duration) map[string]bool {
	type group struct {
		subject          int
		activity, sensor string
	}
	watch := map[group][]wisdm.Row{}
	for _, r := range rows {
		if r.Device == "watch" {
			g := group{r.Subject, r.Activity, r.Sensor}
			watch[g] = append(watch[g], r)
		}
	}
	all := map[string]bool{}
	for _, r := range rows {
		if r.Device != "phone" {
			continue
		}
		for _, w := range watch[group{r.Subject, r.Activity, r.Sensor}] {
			if w.Time.Sub(r.Time).Abs() <= within {
				all[pair(r.Subject, r.Sensor, r.Seq, w.Seq)] = true
			}
		}
	}
	return all
}

func checkPairs(ctx context.Context, a *attempt, c lab.Check) verdict {
	within, err := a.seconds(c, "within")
	if err != nil {
		return broken(err)
	}
	found, total := map[string]int{}, 0
	var all shape
	err = a.records(ctx, c, "topic", func(value []byte) {
		var one joined
		total++
		all.add(value)
		if json.Unmarshal(value, &one) == nil {
			found[pair(one.Usid, one.Sensor, one.PhoneSeq, one.WatchSeq)]++
		}
	})
	if err != nil {
		return broken(err)
	}
	if err := all.wrong("usid", "sensor", "phone_seq", "watch_seq"); err != nil {
		return failed(err)
	}
	want := pairsOf(a.oracle.Rows(), within)
	const missing, extra, again = "pairs are missing", "pairs don't belong together", "pairs are there more than once"
	var f fates
	for _, p := range slices.Sorted(maps.Keys(want)) {
		if found[p] == 0 {
			f.add(missing, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(found)) {
		switch {
		case !want[p]:
			f.add(extra, p)
		case found[p] > 1:
			f.add(again, p)
		}
	}
	v := f.verdict(missing, extra, again)
	v.expected, v.actual = fmt.Sprintf("%d pairs", len(want)), fmt.Sprintf("%d records", total)
	return v
}

// Flink calls its operators so in the names of a job's parts, as in "Join[94] -> Calc[95]".
var (
	keepsAll = regexp.MustCompile(`(^|[^A-Za-z])Join[\[(]`)
	interval = regexp.MustCompile(`IntervalJoin[\[(]`)
)

// checkForgets reads the jobs' operators. A streaming Join keeps all rows of both sides
// unless table.exec.state.ttl takes them away, with pairs that are then missing.
func checkForgets(ctx context.Context, a *attempt, _ lab.Check) verdict {
	var names []string
	for _, id := range a.jobs {
		more, err := a.ours.Flink().Operators(ctx, id)
		if err != nil {
			return broken(err)
		}
		names = append(names, more...)
	}
	if slices.ContainsFunc(names, keepsAll.MatchString) {
		return failed(errors.New("the job has a regular join, which keeps every row of both sides in its state for ever"))
	}
	if !slices.ContainsFunc(names, interval.MatchString) {
		return failed(fmt.Errorf("the job has no interval join; its parts are\n%s", strings.Join(names, "\n")))
	}
	return passed()
}
