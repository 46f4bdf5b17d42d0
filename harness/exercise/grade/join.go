package grade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

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
	register(lab.Kind{Name: "forgets", Needs: after,
		Doc: "the job has an interval join, and no join that keeps rows for ever"}, checkForgets)
}

// joined is a record that the student's job has written.
type joined struct {
	Usid           int
	Device, Sensor string
	Seq            int64
	Name           string // NULL is ""
	PhoneSeq       *int64 `json:"phone_seq"`
	WatchSeq       *int64 `json:"watch_seq"`
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
