package panel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Read reads Elasticsearch's answer to a panel's query. Buckets without rows are
// left out.
func Read(p Panel, answer []byte) (Table, error) {
	var found struct {
		Hits struct {
			Total json.RawMessage
		}
		Aggregations map[string]json.RawMessage
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", p, err)
	}
	total, err := hits(found.Hits.Total)
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer's number of hits: %w", p, err)
	}
	table, err := reader{p}.read(p.Buckets, nil, total, found.Aggregations)
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", p, err)
	}
	return table, nil
}

// hits reads hits.total: an object, a number with rest_total_hits_as_int, or
// nothing if no total was asked for.
func hits(total json.RawMessage) (n int64, err error) {
	if len(total) == 0 {
		return 0, nil
	}
	if bytes.HasPrefix(total, []byte("{")) {
		var object struct{ Value int64 }
		err = json.Unmarshal(total, &object)
		return object.Value, err
	}
	return n, json.Unmarshal(total, &n)
}

type reader struct{ panel Panel }

func (r reader) read(buckets []Bucket, keys []string, count int64, aggs map[string]json.RawMessage) (Table, error) {
	if len(buckets) == 0 {
		if count == 0 {
			return nil, nil
		}
		values, err := r.values(count, aggs)
		return Table{{keys, count, values}}, err
	}
	var level struct{ Buckets []map[string]json.RawMessage }
	text, found := aggs[buckets[0].ID]
	if !found {
		return nil, fmt.Errorf("aggregation %q is missing", buckets[0].ID)
	}
	if err := json.Unmarshal(text, &level); err != nil {
		return nil, fmt.Errorf("aggregation %q: %w", buckets[0].ID, err)
	}
	var table Table
	for _, b := range level.Buckets {
		key, err := readKey(buckets[0], b["key"])
		if err != nil {
			return nil, err
		}
		var inside int64
		if err := json.Unmarshal(b["doc_count"], &inside); err != nil {
			return nil, fmt.Errorf("bucket %s of aggregation %q has no doc_count: %w", key, buckets[0].ID, err)
		}
		part, err := r.read(buckets[1:], append(keys[:len(keys):len(keys)], key), inside, b)
		if err != nil {
			return nil, err
		}
		table = append(table, part...)
	}
	return table, nil
}

// readKey reads a bucket's key. For a date histogram Elasticsearch writes
// milliseconds since 1970.
func readKey(b Bucket, text json.RawMessage) (string, error) {
	if b.By == Terms {
		var term any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		err := decoder.Decode(&term)
		return fmt.Sprint(term), err
	}
	var number float64
	if err := json.Unmarshal(text, &number); err != nil {
		return "", fmt.Errorf("a key of aggregation %q is %s: %w", b.ID, text, err)
	}
	return b.Key(number), nil
}

// Key prints the key of a histogram's bucket as it is in a Point. number is in
// milliseconds since 1970 for a date histogram.
func (b Bucket) Key(number float64) string {
	if b.By == DateHistogram {
		return stamp(time.UnixMilli(int64(number)))
	}
	return strconv.FormatFloat(number, 'g', -1, 64)
}

func (r reader) values(count int64, aggs map[string]json.RawMessage) ([]float64, error) {
	values := make([]float64, len(r.panel.Metrics))
	for i, m := range r.panel.Metrics {
		if m.Of == Count {
			values[i] = float64(count)
			continue
		}
		text, found := aggs[m.ID]
		if !found {
			return nil, fmt.Errorf("aggregation %q (%s) is missing", m.ID, m)
		}
		value, err := readValue(m, text)
		if err != nil {
			return nil, fmt.Errorf("aggregation %q (%s): %w", m.ID, m, err)
		}
		values[i] = value
	}
	return values, nil
}

// readValue reads {"value": 1.5}, or percentiles in either of their two forms:
// {"values": {"2.0": 1.5}}, and {"values": [{"key": 2.0, "value": 1.5}]} if keyed
// is false. Null becomes NaN.
func readValue(m Metric, text json.RawMessage) (float64, error) {
	var single struct {
		Value  *float64
		Values json.RawMessage
	}
	if err := json.Unmarshal(text, &single); err != nil {
		return 0, err
	}
	if m.Of != Percentile {
		return number(single.Value), nil
	}
	var keyed map[string]*float64
	if json.Unmarshal(single.Values, &keyed) == nil {
		for key, value := range keyed {
			if percent, err := strconv.ParseFloat(key, 64); err == nil && percent == m.Percent {
				return number(value), nil
			}
		}
		return 0, fmt.Errorf("the answer lacks it: %.200s", text)
	}
	var list []struct {
		Key   float64
		Value *float64
	}
	if err := json.Unmarshal(single.Values, &list); err != nil {
		return 0, err
	}
	for _, v := range list {
		if v.Key == m.Percent {
			return number(v.Value), nil
		}
	}
	return 0, fmt.Errorf("the answer lacks it: %.200s", text)
}

func number(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
