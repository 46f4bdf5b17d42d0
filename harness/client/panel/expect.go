package panel

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"hoplab.example/harness/rows/wisdm"
)

// Expect computes what a panel must show, from the input rows alone.
func Expect(p Panel, oracle *wisdm.Oracle) (Table, error) {
	for _, field := range p.fields() {
		if _, known := fields[field]; !known {
			return nil, fmt.Errorf("%s: rows have no field %q", p, field)
		}
	}
	for _, t := range leaves(p.Filter) {
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
	}
	var rows []wisdm.Row
	for _, row := range oracle.Rows() {
		if p.shows(row) {
			rows = append(rows, row)
		}
	}
	return p.group(p.Buckets, nil, rows), nil
}

// mostGroups is beyond what Elasticsearch lets an answer hold (search.max_buckets), and
// well within its memory.
// Asked for many times as many, 7.17.29 went on after the search was cancelled until its
// heap was full, and ended.
const mostGroups = 1_000_000

// TooMany says that a panel would make more groups than can be asked for, or "".
func TooMany(p Panel, oracle *wisdm.Oracle) string {
	n := p.combinations(oracle.Rows())
	if n <= mostGroups {
		return ""
	}
	return fmt.Sprintf("%s: terms that are shown without rows too make %.0e groups inside groups, far more than Elasticsearch gives in an answer (search.max_buckets)", p, n)
}

// combinations returns how many groups terms without rows make inside one another.
func (p Panel) combinations(rows []wisdm.Row) float64 {
	n := 1.0
	for _, b := range p.Buckets {
		if _, known := fields[b.Field]; b.By != Terms || !b.Empty || !known {
			continue
		}
		keys := map[string]bool{}
		for _, row := range rows {
			key, _ := b.keyOf(row)
			keys[key] = true
		}
		n *= float64(min(len(keys), cmp.Or(b.Size, len(keys))))
	}
	return n
}

// Idle reports whether no row at any time matches the panel's filter.
func Idle(p Panel, oracle *wisdm.Oracle) bool {
	for _, t := range leaves(p.Filter) {
		if _, known := fields[t.Field]; !known && t.Field != AnyField || t.check() != nil {
			return false // Expect reports it
		}
	}
	return !slices.ContainsFunc(oracle.Rows(), p.matchesFilter)
}

func (p Panel) shows(row wisdm.Row) bool { return p.Range.Has(row.Time) && p.matchesFilter(row) }

func (p Panel) matchesFilter(row wisdm.Row) bool {
	for _, term := range p.Filter {
		if !term.met(row) {
			return false
		}
	}
	return true
}

func (p Panel) group(buckets []Bucket, keys []string, rows []wisdm.Row) Table {
	if len(rows) == 0 {
		return nil
	}
	if len(buckets) == 0 {
		return Table{{keys, int64(len(rows)), p.compute(rows)}}
	}
	var table Table
	for _, g := range p.split(buckets[0], rows) {
		table = append(table, p.group(buckets[1:], append(keys[:len(keys):len(keys)], g.key), g.rows)...)
	}
	return table
}

// group is what one bucket holds.
type group struct {
	key  string
	at   float64 // a histogram's key
	by   float64 // what terms are ordered by
	rows []wisdm.Row
}

// orderOf returns the number by which a group of these rows is ordered: a metric, or
// how many rows there are.
func (p Panel) orderOf(b Bucket, rows []wisdm.Row) float64 {
	for _, m := range p.Metrics {
		if b.By == Terms && m.ID == b.ByMetric && b.ByMetric != "" {
			return m.compute(rows)
		}
	}
	return float64(len(rows))
}

// split puts rows into buckets, in the order in which Elasticsearch lists them.
func (p Panel) split(b Bucket, rows []wisdm.Row) []*group {
	found := map[string]*group{}
	var groups []*group
	for _, row := range rows {
		key, at := b.keyOf(row)
		if found[key] == nil {
			found[key] = &group{key: key, at: at}
			groups = append(groups, found[key])
		}
		found[key].rows = append(found[key].rows, row)
	}
	for _, g := range groups {
		g.by = p.orderOf(b, g.rows)
	}
	slices.SortFunc(groups, b.order)
	if b.By == Terms && b.Size > 0 && len(groups) > b.Size {
		groups = groups[:b.Size]
	}
	return groups
}

// keyOf returns a row's bucket. Numbers are rounded down to a multiple of the
// interval, as in Elasticsearch's histogram aggregations: floor(value/interval)·interval.
func (b Bucket) keyOf(row wisdm.Row) (string, float64) {
	field := fields[b.Field]
	if b.By == Terms {
		return field.text(row), field.number(row)
	}
	at := math.Floor(field.number(row)/b.Interval) * b.Interval
	if b.Calendar != "" {
		at = float64(b.Calendar.start(row.Time).UnixMilli())
	}
	return b.Key(at), at
}

// order compares histogram buckets by key, and terms by key, by a metric or by number
// of rows, the greatest first, and then by key.
func (b Bucket) order(x, y *group) int {
	byKey := cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.key, y.key))
	if b.By != Terms {
		return byKey
	}
	if !b.ByKey {
		byCount := cmp.Compare(x.by, y.by)
		if !b.Ascending {
			byCount = -byCount
		}
		return cmp.Or(byCount, byKey)
	}
	if !b.Ascending {
		return -byKey
	}
	return byKey
}

func (p Panel) compute(rows []wisdm.Row) []float64 {
	values := make([]float64, len(p.Metrics))
	for i, m := range p.Metrics {
		values[i] = m.compute(rows)
	}
	return values
}

func (m Metric) compute(rows []wisdm.Row) float64 {
	if m.Of == Count {
		return float64(len(rows))
	}
	field := fields[m.Field]
	if m.Of == Unique {
		seen := map[string]bool{}
		for _, row := range rows {
			seen[field.text(row)] = true
		}
		return float64(len(seen))
	}
	stat := m.stat(rows)
	switch m.Of {
	case Min:
		return stat.Min
	case Max:
		return stat.Max
	case Avg:
		return stat.Mean
	case Sum:
		return stat.Mean * float64(len(rows))
	}
	return stat.Percentile(m.Percent)
}

func (m Metric) stat(rows []wisdm.Row) wisdm.Stat {
	values := make([]float64, len(rows))
	for i, row := range rows {
		values[i] = fields[m.Field].number(row)
	}
	return wisdm.NewStat(values)
}

// field reads a field of the index from a row. The number of a text is 0.
type field struct {
	number func(wisdm.Row) float64
	text   func(wisdm.Row) string
	kind   kind
}

// kind is how a field's values are compared.
type kind int

const (
	numberKind kind = iota
	textKind
	timeKind
)

var fields = map[string]field{
	"@timestamp": timed(func(r wisdm.Row) float64 { return float64(r.Time.UnixMilli()) }),
	"ts":         numeric(func(r wisdm.Row) float64 { return float64(r.TS) }),
	"usid":       numeric(func(r wisdm.Row) float64 { return float64(r.Subject) }),
	"seq":        numeric(func(r wisdm.Row) float64 { return float64(r.Seq) }),
	"x":          numeric(func(r wisdm.Row) float64 { return r.X }),
	"y":          numeric(func(r wisdm.Row) float64 { return r.Y }),
	"z":          numeric(func(r wisdm.Row) float64 { return r.Z }),
	"action":     textual(func(r wisdm.Row) string { return r.Activity }),
	"device":     textual(func(r wisdm.Row) string { return r.Device }),
	"sensor":     textual(func(r wisdm.Row) string { return r.Sensor }),
}

func numeric(of func(wisdm.Row) float64) field {
	return field{of, func(r wisdm.Row) string { return strconv.FormatFloat(of(r), 'f', -1, 64) }, numberKind}
}

func timed(of func(wisdm.Row) float64) field {
	f := numeric(of)
	f.kind = timeKind
	return f
}

func textual(of func(wisdm.Row) string) field {
	return field{func(wisdm.Row) float64 { return 0 }, of, textKind}
}

// fields returns the names of all fields that the panel uses.
func (p Panel) fields() (names []string) {
	for _, t := range leaves(p.Filter) {
		if t.Field != AnyField {
			names = append(names, t.Field)
		}
	}
	for _, b := range p.Buckets {
		names = append(names, b.Field)
	}
	for _, m := range p.Metrics {
		if m.Of != Count {
			names = append(names, m.Field)
		}
	}
	return names
}
