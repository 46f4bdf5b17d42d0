// Package paneldef writes a panel into a student's dashboard from a definition of a few
// words, in the form in which Grafana and Kibana export panels.
package paneldef

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
)

// Definition is what a panel is to show. What is nil stays as the file has it.
type Definition struct {
	Title   string
	Metrics []panel.Metric
	Buckets []Bucket
	Where   *string // which rows, in the program's own language of queries
}

// Bucket groups the rows by a field.
type Bucket struct {
	By    panel.Grouping
	Field string
	Step  string // a number, or a time such as 10s; "" for terms
}

// statistics are those that a definition may name, besides count and percentile.
var statistics = []panel.Statistic{panel.Avg, panel.Min, panel.Max, panel.Sum, panel.Unique}

// Show reads metrics such as "count", "avg of x, y" and "percentile 50 of z".
func (d *Definition) Show(text string) error {
	words := strings.Fields(strings.ReplaceAll(text, ",", " "))
	var m panel.Metric
	switch {
	case len(words) == 1 && words[0] == string(panel.Count):
		d.Metrics = append(d.Metrics, panel.Metric{Of: panel.Count})
		return nil
	case len(words) > 3 && words[0] == "percentile" && words[2] == "of":
		percent, err := strconv.ParseFloat(words[1], 64)
		if err != nil || !(0 <= percent && percent <= 100) { // false for NaN too
			return fmt.Errorf("%q isn't a percentage", words[1])
		}
		m.Of, m.Percent, words = panel.Percentile, percent, words[3:]
	case len(words) > 2 && words[1] == "of" && slices.Contains(statistics, panel.Statistic(words[0])):
		m.Of, words = panel.Statistic(words[0]), words[2:]
	default:
		return fmt.Errorf(`%q: want a text such as "avg of x, y", "percentile 50 of z" or "count"; in place of avg there are also %v`, text, statistics[1:])
	}
	for _, m.Field = range words {
		d.Metrics = append(d.Metrics, m)
	}
	return nil
}

var timeStep = regexp.MustCompile(`^[1-9][0-9]*(ms|s|m|h|d)$`)

// Over reads a bucket such as "device", for each of its values, "x by 5", in steps of a
// number, or "@timestamp by 10s", in steps of time.
func (d *Definition) Over(text string) error {
	field, step, stepped := strings.Cut(text, " by ")
	b := Bucket{By: panel.Terms, Field: strings.TrimSpace(field), Step: strings.TrimSpace(step)}
	width, err := strconv.ParseFloat(b.Step, 64)
	switch {
	case b.Field == "" || strings.ContainsAny(b.Field, " ,"):
		return fmt.Errorf(`%q: want a field, and for steps their width, such as "x by 5"`, text)
	case !stepped:
	case timeStep.MatchString(b.Step):
		b.By = panel.DateHistogram
	case err == nil && 0 < width && width < 1e15:
		b.By, b.Step = panel.Histogram, strconv.FormatFloat(width, 'f', -1, 64)
	default:
		return fmt.Errorf("%q: the step %q isn't a number above 0 or a time such as 10s", text, b.Step)
	}
	d.Buckets = append(d.Buckets, b)
	return nil
}

// shown describes the metrics.
func (d Definition) shown() string {
	var words []string
	for _, m := range d.Metrics {
		words = append(words, m.String())
	}
	return strings.Join(words, ", ")
}

// Panel is one that a file has.
type Panel struct {
	Title string
	Todo  bool // something in it has yet to be filled in
}

// Write changes the panel of a dashboard's file that has the definition's title, or adds
// one where none has. The other panels stay as they are, byte for byte. The file is an
// export of Kibana's where its name ends with .ndjson, otherwise a dashboard of Grafana's.
func Write(file string, text []byte, d Definition) (changed []byte, added bool, err error) {
	write := grafana
	if kibanas(file) {
		write = kibana
	}
	if changed, added, err = write(text, d); err != nil {
		return nil, false, fmt.Errorf("%s: %w", file, err)
	}
	return changed, added, nil
}

// List returns the panels of a dashboard's file, in its order.
func List(file string, text []byte) (list []Panel, err error) {
	read := grafanaPanels
	if kibanas(file) {
		read = kibanaPanels
	}
	if list, err = read(text); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return list, nil
}

func kibanas(file string) bool { return strings.HasSuffix(file, ".ndjson") }

type object = map[string]any

// decode keeps numbers as they are written.
func decode(text []byte) (o object, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&o)
	return o, err
}

// encode writes what decode has read, in one line unless there is an indent.
func encode(v any, prefix, indent string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, indent)
	_ = encoder.Encode(v) // of maps, lists, texts and numbers nothing fails
	return strings.TrimSuffix(out.String(), "\n")
}

// numbers returns what numbers aggregations from first on, without those of kept ones.
func numbers(first int, kept []any) func() string {
	used := map[string]bool{}
	for _, k := range kept {
		if k, ok := k.(object); ok {
			used[fmt.Sprint(k["id"])] = true
		}
	}
	next := first - 1
	return func() string {
		for next++; used[strconv.Itoa(next)]; next++ {
		}
		return strconv.Itoa(next)
	}
}

// at follows keys into nested objects. It returns an empty one where there is none.
func at(o object, keys ...string) object {
	for _, key := range keys {
		o, _ = o[key].(object)
	}
	if o == nil {
		return object{}
	}
	return o
}

// below returns the lowest y of a grid that is free, given the places of its panels.
func below(lowest int64, place object) int64 {
	y, _ := place["y"].(json.Number)
	h, _ := place["h"].(json.Number)
	top, _ := y.Int64()
	height, _ := h.Int64()
	return max(lowest, top+height)
}
