package grafana

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
)

// frame is one of Grafana's data frames: columns. Source: Grafana's developer
// documents, "Data frames", and grafana-plugin-sdk-go, package data.
type frame struct {
	Schema struct {
		Fields []struct {
			Name, Type string
			Labels     map[string]string
		}
	}
	Data struct{ Values [][]any }
}

// readFrames makes a panel's table of the answer to its query. Over time,
// Grafana's Elasticsearch data source makes one frame a metric and group, with a
// group's terms as labels; otherwise one frame, with a column a bucket and a
// metric. Percentiles of one aggregation are in the order of their names.
func readFrames(p panel.Panel, refID string, answer []byte) (panel.Table, error) {
	var found struct {
		Results map[string]struct {
			Error  string
			Frames []frame
		}
	}
	decoder := json.NewDecoder(strings.NewReader(string(answer)))
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
// follow one another, a frame a metric, the count of rows last.
func readSeries(p panel.Panel, frames []frame) (panel.Table, error) {
	order := columnOrder(p.Metrics)
	each := len(order) + 1
	if len(frames)%each != 0 {
		return nil, fmt.Errorf("it has %d series, want %d a group", len(frames), each)
	}
	var table panel.Table
	for group := range slices.Chunk(frames, each) {
		keys, err := labels(p, group[0])
		if err != nil {
			return nil, err
		}
		columns := []([]any){nil}
		for _, f := range group {
			if len(f.Data.Values) != 2 {
				return nil, fmt.Errorf("a series has %d columns, want a time and a value", len(f.Data.Values))
			}
			columns[0] = f.Data.Values[0]
			columns = append(columns, f.Data.Values[1])
		}
		part, err := points(p.Buckets[len(p.Buckets)-1:], order, keys, columns)
		if err != nil {
			return nil, err
		}
		table = append(table, part...)
	}
	return table, nil
}

// labels has the terms of a series' group.
func labels(p panel.Panel, f frame) (keys []string, err error) {
	if len(f.Schema.Fields) != 2 {
		return nil, fmt.Errorf("a series has %d fields, want a time and a value", len(f.Schema.Fields))
	}
	for _, b := range p.Buckets[:len(p.Buckets)-1] {
		key, found := f.Schema.Fields[1].Labels[b.Field]
		if !found {
			return nil, fmt.Errorf("a series has no label %q", b.Field)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// readColumns reads the one frame of a table.
func readColumns(p panel.Panel, frames []frame) (panel.Table, error) {
	order := columnOrder(p.Metrics)
	switch {
	case len(frames) == 0 || len(frames) == 1 && len(frames[0].Data.Values) == 0:
		return nil, nil
	case len(frames) > 1 || len(frames[0].Data.Values) != len(p.Buckets)+len(order)+1:
		return nil, fmt.Errorf("it has %d tables, the first of %d columns, want one of %d", len(frames), len(frames[0].Data.Values), len(p.Buckets)+len(order)+1)
	}
	return points(p.Buckets, order, nil, frames[0].Data.Values)
}

// points reads columns: a key of each bucket, the metrics in this order, and the
// count of rows. Buckets without rows are left out.
func points(buckets []panel.Bucket, order []int, keys []string, columns [][]any) (panel.Table, error) {
	var table panel.Table
	for i := range columns[0] {
		point := panel.Point{Keys: slices.Clone(keys), Values: make([]float64, len(order))}
		var numbers []float64
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
			numbers = append(numbers, number)
		}
		for j, metric := range order {
			point.Values[metric] = numbers[j]
		}
		if point.Count = int64(numbers[len(order)]); point.Count > 0 {
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

// columnOrder says of which metric each column is. Percentiles of one aggregation
// are sorted by their names, such as 2.0 and 50.0, as texts.
func columnOrder(metrics []panel.Metric) []int {
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
	return order
}

func percentName(m panel.Metric) string {
	name := strconv.FormatFloat(m.Percent, 'f', -1, 64)
	if !strings.Contains(name, ".") {
		name += ".0"
	}
	return name
}
