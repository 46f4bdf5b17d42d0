package grafana

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
)

// frame is one of Grafana's data frames: columns. Source: Grafana's developer
// documents, "Data frames", and recorded answers of 10.1, 12.2 and 12.7.
type frame struct {
	Schema struct {
		Name   string // of a series, since 10.3
		Fields []struct {
			Name, Type string
			Labels     map[string]string // of a series, before 10.3
			Config     struct{ DisplayNameFromDS string }
		}
	}
	Data struct{ Values [][]any }
}

// name returns the name of a series.
func (f frame) name() string {
	return cmp.Or(f.Schema.Name, f.Schema.Fields[1].Config.DisplayNameFromDS)
}

// readFrames makes a panel's table of the answer to its query. Over time it has one
// frame per group and metric; otherwise one frame, with a column per bucket and metric
// (answers of 10.1, 12.2 and 12.7).
func readFrames(p panel.Panel, refID string, answer []byte) (panel.Table, error) {
	var found struct {
		Results map[string]struct {
			Error  string
			Frames []frame
		}
	}
	if len(answer) == 0 {
		return nil, fmt.Errorf("%s: Grafana answers with nothing, as it does if two columns have the same name; its log says why", p)
	}
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&found); err != nil {
		return nil, fmt.Errorf("%s: read Grafana's answer: %w", p, err)
	}
	result, known := found.Results[refID]
	switch {
	case !known:
		return nil, fmt.Errorf("%s: Grafana's answer has no result %q: %.200s", p, refID, answer)
	case result.Error != "":
		return nil, fmt.Errorf("%s: Grafana says: %s", p, result.Error)
	}
	read := readColumns
	if p.Buckets[len(p.Buckets)-1].By == panel.DateHistogram {
		read = readSeries
	}
	table, err := read(p, result.Frames)
	if err != nil {
		return nil, fmt.Errorf("%s: read Grafana's answer: %w", p, err)
	}
	return table, nil
}

// readSeries reads frames of two columns, a time and a value. Those of a group
// follow one another, one frame per metric.
func readSeries(p panel.Panel, frames []frame) (panel.Table, error) {
	numbers := layoutOf(p.Metrics)
	if len(frames)%numbers.width != 0 {
		return nil, fmt.Errorf("it has %d series, want %d per group", len(frames), numbers.width)
	}
	var table panel.Table
	for group := range slices.Chunk(frames, numbers.width) {
		var keys []string
		columns := []([]any){nil}
		for i, f := range group {
			own, err := groupOf(p, f)
			if err != nil {
				return nil, err
			}
			if i > 0 && !slices.Equal(own, keys) {
				return nil, fmt.Errorf("a series of the group %q is among those of %q", own, keys)
			}
			keys = own
			if len(f.Data.Values) != 2 {
				return nil, fmt.Errorf("a series has %d columns, want a time and a value", len(f.Data.Values))
			}
			columns[0] = f.Data.Values[0]
			columns = append(columns, f.Data.Values[1])
		}
		part, err := points(p.Buckets[len(p.Buckets)-1:], numbers, keys, columns)
		if err != nil {
			return nil, err
		}
		table = append(table, part...)
	}
	return table, nil
}

// separator stands between the parts of a series' name.
const separator = "|"

// alias has Grafana name each series by the terms of its group, and by its metric.
// Source: Grafana's manual, "Elasticsearch query editor", series naming and alias
// patterns.
func alias(p panel.Panel) string {
	var parts []string
	for _, b := range p.Buckets[:len(p.Buckets)-1] {
		parts = append(parts, "{{term "+b.Field+"}}")
	}
	return strings.Join(append(parts, "{{metric}}", "{{field}}"), separator)
}

// groupOf returns the terms of a series' group: its labels, or what alias has made
// its name.
func groupOf(p panel.Panel, f frame) (keys []string, err error) {
	if len(f.Schema.Fields) != 2 {
		return nil, fmt.Errorf("a series has %d fields, want a time and a value", len(f.Schema.Fields))
	}
	terms := p.Buckets[:len(p.Buckets)-1]
	if len(terms) == 0 {
		return nil, nil
	}
	for _, b := range terms {
		if key, found := f.Schema.Fields[1].Labels[b.Field]; found {
			keys = append(keys, key)
		}
	}
	if len(keys) == len(terms) {
		return keys, nil
	}
	parts := strings.Split(f.name(), separator)
	if len(parts) != len(terms)+2 {
		return nil, fmt.Errorf("the series %q isn't named after its group, want a name of %d parts with %q between them", f.name(), len(terms)+2, separator)
	}
	return parts[:len(terms)], nil
}

// readColumns reads the one frame of a table.
func readColumns(p panel.Panel, frames []frame) (panel.Table, error) {
	numbers := layoutOf(p.Metrics)
	switch {
	case len(frames) == 0 || len(frames) == 1 && len(frames[0].Data.Values) == 0:
		return nil, nil
	case len(frames) > 1 || len(frames[0].Data.Values) != len(p.Buckets)+numbers.width:
		return nil, fmt.Errorf("it has %d tables, the first of %d columns, want one of %d", len(frames), len(frames[0].Data.Values), len(p.Buckets)+numbers.width)
	}
	return points(p.Buckets, numbers, nil, frames[0].Data.Values)
}

// points reads columns: a key of each bucket, and the numbers. Buckets without rows
// are left out.
func points(buckets []panel.Bucket, numbers layout, keys []string, columns [][]any) (panel.Table, error) {
	var table panel.Table
	for i := range columns[0] {
		point := panel.Point{Keys: slices.Clone(keys), Values: make([]float64, len(numbers.order))}
		var row []float64
		for j, column := range columns {
			if i >= len(column) {
				return nil, fmt.Errorf("its columns are of different lengths")
			}
			if j < len(buckets) {
				point.Keys = append(point.Keys, key(buckets[j], column[i]))
				continue
			}
			number, err := toFloat(column[i])
			if err != nil {
				return nil, err
			}
			row = append(row, number)
		}
		for j, metric := range numbers.order {
			point.Values[metric] = row[j]
		}
		if count := row[numbers.count]; count > 0 { // and not NaN
			point.Count = int64(count)
			table = append(table, point)
		}
	}
	return table, nil
}

func key(b panel.Bucket, value any) string {
	number, err := toFloat(value)
	if b.By == panel.Terms || err != nil {
		return fmt.Sprint(value)
	}
	return b.Key(number)
}

// toFloat reads a number; null is one that isn't there.
func toFloat(value any) (float64, error) {
	switch v := value.(type) {
	case nil:
		return math.NaN(), nil
	case json.Number:
		return v.Float64()
	}
	return 0, fmt.Errorf("%v stands where a number should be", value)
}

// layout says which number is in which column, after the buckets' keys.
type layout struct {
	order []int // the metric in each column
	count int   // the column of the number of rows
	width int   // of the columns with numbers
}

// layoutOf returns the columns of these metrics, and of a count where they have
// none: Draw adds one. Percentiles of one aggregation are sorted by their names,
// such as 2.0 and 50.0, as texts (answers of 10.1 and 12.7).
func layoutOf(metrics []panel.Metric) layout {
	order := make([]int, len(metrics))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if x, y := metrics[a], metrics[b]; x.ID == y.ID {
			return strings.Compare(percentName(x), percentName(y))
		}
		return a - b
	})
	count := slices.IndexFunc(order, func(i int) bool { return metrics[i].Of == panel.Count })
	if count < 0 {
		return layout{order, len(order), len(order) + 1}
	}
	return layout{order, count, len(order)}
}

func percentName(m panel.Metric) string {
	name := strconv.FormatFloat(m.Percent, 'f', -1, 64)
	if !strings.Contains(name, ".") {
		name += ".0"
	}
	return name
}
