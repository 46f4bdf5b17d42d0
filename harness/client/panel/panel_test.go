package panel

import (
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// given is an input of given rows.
type given []wisdm.Row

func (g given) Open() (wisdm.Source, error) { return &source{g}, nil }
func (g given) Name() string                { return "given rows" }

type source struct{ left given }

func (s *source) Read() (wisdm.Row, error) {
	if len(s.left) == 0 {
		return wisdm.Row{}, io.EOF
	}
	row := s.left[0]
	s.left = s.left[1:]
	return row, nil
}

func row(subject int, activity string, ms int64, x, y float64) wisdm.Row {
	return wisdm.Row{Subject: subject, Activity: activity, TS: ms * 1e6, X: x, Y: y, Device: "watch", Sensor: "accel"}
}

// sample has rows of two activities, the first of each at DefaultBase.
func sample(t *testing.T) *wisdm.Oracle {
	t.Helper()
	oracle, err := wisdm.ReadOracle(given{
		row(1600, "A", 0, 1, -0.5), row(1600, "A", 4000, 2, 0), row(1600, "A", 12000, 6, 0.5),
		row(1601, "B", 0, -3, 1), row(1601, "B", 11000, 5, 1.5),
	}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	return oracle
}

// chart is a panel of all rows of the sample.
func chart(buckets []Bucket, metrics ...Metric) Panel {
	return Panel{
		File: "d.json", ID: "p", Title: "T", View: View{"v", "datuak", "@timestamp"},
		Range:   Range{wisdm.DefaultBase.Add(-time.Minute), wisdm.DefaultBase.Add(time.Minute)},
		Buckets: buckets, Metrics: metrics,
	}
}

var (
	byTime     = Bucket{ID: "t", By: DateHistogram, Field: "@timestamp", Interval: 10000}
	byActivity = Bucket{ID: "a", By: Terms, Field: "action"}
	count      = Metric{Of: Count}
	meanX      = Metric{ID: "x", Of: Avg, Field: "x"}
)

func TestExpect(t *testing.T) {
	cases := []struct {
		name  string
		panel Panel
		want  Table
	}{
		{"all rows", chart(nil, count, meanX, Metric{Of: Min, Field: "x"}, Metric{Of: Max, Field: "x"}, Metric{Of: Sum, Field: "x"},
			Metric{Of: Percentile, Field: "x", Percent: 50}, Metric{Of: Unique, Field: "usid"}),
			Table{{nil, 5, []float64{5, 2.2, -3, 6, 11, 2, 2}}}},
		{"over time", chart([]Bucket{byTime}, meanX), Table{
			{[]string{"2023-11-14T22:13:20.000Z"}, 3, []float64{0}},
			{[]string{"2023-11-14T22:13:30.000Z"}, 2, []float64{5.5}},
		}},
		{"over time by activity", chart([]Bucket{byActivity, byTime}, count), Table{
			{[]string{"A", "2023-11-14T22:13:20.000Z"}, 2, []float64{2}},
			{[]string{"A", "2023-11-14T22:13:30.000Z"}, 1, []float64{1}},
			{[]string{"B", "2023-11-14T22:13:20.000Z"}, 1, []float64{1}},
			{[]string{"B", "2023-11-14T22:13:30.000Z"}, 1, []float64{1}},
		}},
		{"over y, which rounds down below 0 too", chart([]Bucket{{ID: "y", By: Histogram, Field: "y", Interval: 1}}, meanX), Table{
			{[]string{"-1"}, 1, []float64{1}}, {[]string{"0"}, 2, []float64{4}}, {[]string{"1"}, 2, []float64{1}},
		}},
		{"the activity with fewest rows", chart([]Bucket{{ID: "a", By: Terms, Field: "action", Size: 1, Ascending: true}}, count),
			Table{{[]string{"B"}, 2, []float64{2}}}},
		{"subjects by number, downwards", chart([]Bucket{{ID: "s", By: Terms, Field: "usid", ByKey: true}}, count),
			Table{{[]string{"1601"}, 2, []float64{2}}, {[]string{"1600"}, 3, []float64{3}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Expect(c.panel, sample(t))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, c.want)
		})
	}
}

func same(t *testing.T, got, want Table) {
	t.Helper()
	equal := func(a, b Point) bool {
		return slices.Equal(a.Keys, b.Keys) && a.Count == b.Count && slices.Equal(a.Values, b.Values)
	}
	if !slices.EqualFunc(got, want, equal) {
		t.Errorf("table is\n%v, want\n%v", got, want)
	}
}

func TestExpectTakesOnlyWhatIsShown(t *testing.T) {
	p := chart(nil, count)
	p.Filter = []Term{{Field: "action", Values: []string{"A", "C"}}, {Field: "usid", Values: []string{"1600"}}}
	p.Range = Range{wisdm.DefaultBase.Add(4 * time.Second), wisdm.DefaultBase.Add(12 * time.Second)}
	got, err := Expect(p, sample(t))
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, Table{{nil, 2, []float64{2}}}) // both ends are in it
}

func TestExpectKnowsFields(t *testing.T) {
	for _, p := range []Panel{
		chart(nil, Metric{Of: Avg, Field: "w"}),
		chart([]Bucket{{By: Terms, Field: "w"}}),
		{File: "d.json", ID: "p", Title: "T", Filter: []Term{{Field: "w"}}},
	} {
		if _, err := Expect(p, sample(t)); err == nil || err.Error() != `d.json: panel "T" (p): rows have no field "w"` {
			t.Errorf("error = %v", err)
		}
	}
}

func TestCheckMapping(t *testing.T) {
	types := map[string]string{"@timestamp": "date", "action": "keyword", "x": "double", "note": "text"}
	timeless := chart(nil, count)
	timeless.View.TimeField = ""
	texted := chart(nil, count)
	texted.View.TimeField = "note"
	filtered := chart(nil, count)
	filtered.Filter = []Term{{Field: "note"}}
	cases := []struct {
		panel Panel
		want  []string
	}{
		{chart([]Bucket{byActivity, byTime}, count, meanX), nil},
		{timeless, []string{"v has no time field"}},
		{texted, []string{`field "note" (time field) is mapped as text, want date (without an index template, Elasticsearch maps a string as text`}},
		{filtered, []string{`field "note" (filter) is mapped as text, want keyword`}},
		{chart(nil, Metric{Of: Avg, Field: "speed"}), []string{`field "speed" (avg) isn't in the mapping of index datuak`}},
		{chart(nil, Metric{Of: Max, Field: "action"}, Metric{Of: Unique, Field: "action"}), []string{`field "action" (max) is mapped as keyword, want a number`}},
		{chart([]Bucket{{By: Histogram, Field: "action"}, {By: DateHistogram, Field: "x"}}), []string{"want a number", "(date_histogram) is mapped as double, want date"}},
		{chart([]Bucket{{By: Terms}}), []string{"its terms names no field"}},
	}
	for _, c := range cases {
		got := CheckMapping(c.panel, types)
		if len(got) != len(c.want) {
			t.Errorf("problems: %q, want %q", got, c.want)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(got[i], want) || !strings.HasPrefix(got[i], `d.json: panel "T" (p): `) {
				t.Errorf("problem %q, want %q", got[i], want)
			}
		}
	}
}

func TestIdle(t *testing.T) {
	for want, filter := range map[bool]Term{true: {Field: "sensor", Values: []string{"gyro"}}, false: {Field: "sensor", Values: []string{"accel", "gyro"}}} {
		p := chart(nil, count)
		p.Filter, p.Range = []Term{filter}, Range{}
		if got := Idle(p, sample(t)); got != want {
			t.Errorf("of %v, idle is %v", filter, got)
		}
	}
	unknown := chart(nil, count)
	unknown.Filter = []Term{{Field: "w"}}
	if Idle(unknown, sample(t)) {
		t.Error("a panel on a field that isn't there is left out, and so isn't told of")
	}
}

// TestTooMany: terms without rows multiply with those around them; terms with rows, those
// of few values and a limit of terms keep a panel small.
func TestTooMany(t *testing.T) {
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: 600}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	terms := func(empty bool, size int, fields ...string) (buckets []Bucket) {
		for _, field := range fields {
			buckets = append(buckets, Bucket{By: Terms, Field: field, Empty: empty, Size: size})
		}
		return buckets
	}
	for _, c := range []struct {
		buckets []Bucket
		want    bool
	}{
		{terms(true, 0, "ts", "x", "y", "z"), true},
		{terms(true, 10_000_000, "ts", "x", "y"), true},
		{terms(true, 10, "ts", "x", "y"), false},
		{terms(false, 0, "ts", "x", "y", "z"), false},
		{terms(true, 0, "action", "device", "sensor", "x"), false},
		{terms(true, 0, "w", "w"), false},
	} {
		if got := TooMany(chart(c.buckets, count), oracle); (got != "") != c.want {
			t.Errorf("%v: %q", c.buckets, got)
		}
	}
}
