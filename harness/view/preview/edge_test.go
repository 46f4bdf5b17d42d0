package preview

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
)

// made is a panel of one metric along one bucket, with these values.
func made(by panel.Grouping, interval float64, values ...float64) Drawn {
	p := panel.Panel{
		File: "made.json", ID: "made", Title: "Made", Kind: panel.Line,
		Buckets: []panel.Bucket{{ID: "b", By: by, Field: "y", Interval: interval}},
		Metrics: []panel.Metric{{ID: "m", Of: panel.Avg, Field: "x"}},
	}
	d := Drawn{Panel: p}
	for i, v := range values {
		key := fmt.Sprint(float64(i) * interval)
		if by == panel.DateHistogram {
			key = wisdm.DefaultBase.Add(time.Duration(float64(i) * interval * 1e6)).Format("2006-01-02T15:04:05.000Z07:00")
		}
		d.Table = append(d.Table, panel.Point{Keys: []string{key}, Count: 1, Values: []float64{v}})
	}
	return d
}

func many(n int, by panel.Grouping) Drawn {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.Sin(float64(i) / 50)
	}
	return made(by, 1, values...)
}

const hostile = `</title><script>alert("1")</script> & <b onload='x'>` + "\x00\x1b\u202e\xff"

func nasty() Drawn {
	d := made(panel.Terms, 1, 1, 2)
	d.Panel.ID, d.Panel.Title, d.Panel.Kind, d.Panel.File = hostile, hostile, panel.Bar, "../"+hostile
	d.Panel.Metrics[0].Label, d.Panel.Buckets[0].Field = hostile, hostile
	d.Table[0].Keys[0], d.Panel.View.Index = hostile, hostile
	d.Problems = []string{hostile}
	return d
}

// TestEdges draws what is unusual in each way: it must give good XML, and say
// what is named.
func TestEdges(t *testing.T) {
	none := made(panel.Histogram, 1)
	stat := Drawn{Panel: panel.Panel{Title: "s", Kind: panel.Stat, Metrics: []panel.Metric{{Of: panel.Count}}}}
	noMetric := made(panel.Terms, 1, 1)
	noMetric.Panel.Metrics = nil
	bars := made(panel.DateHistogram, 1000, -1, 2)
	bars.Panel.Kind = panel.Bar
	odd := made(panel.Histogram, 1, 1)
	odd.Table[0].Keys[0] = "yesterday"
	nan := math.NaN()
	cases := map[string]struct {
		d    Drawn
		want string
	}{
		"empty":            {none, "No data"},
		"empty stat":       {stat, "No data"},
		"no metric":        {noMetric, "No data"},
		"one point":        {made(panel.DateHistogram, 1000, 5), "2023-11-14"},
		"one zero":         {made(panel.Histogram, 1, 0), "avg of x"},
		"only NaN":         {made(panel.Histogram, 1, nan, nan), "none of its buckets has a value"},
		"infinite":         {made(panel.Histogram, 1, math.Inf(1), 1), "avg of x"},
		"huge":             {made(panel.Histogram, 1, 1e299, -1e299), "e+29"},
		"too far apart":    {made(panel.Histogram, 1, math.MaxFloat64, 1), "avg of x"},
		"tiny":             {made(panel.Histogram, 1, 1e-12, 2e-12), "e-12"},
		"nearly the same":  {made(panel.Histogram, 1, 1e18, 1e18+128), "avg of x"},
		"thousands":        {many(20_000, panel.DateHistogram), "22:13:35"},
		"thousands, terms": {many(3000, panel.Terms), "avg of x"},
		"hostile":          {nasty(), "&lt;script&gt;"},
		"bars below zero":  {bars, "avg of x"},
		"no such place":    {odd, "No data"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			svg, err := SVG(c.d)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, svg)
			if !strings.Contains(string(svg), c.want) || strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
				t.Errorf("want %q, and no NaN or Inf, in:\n%.3000s", c.want, svg)
			}
			if len(svg) > 400_000 {
				t.Errorf("%d bytes", len(svg))
			}
			if _, err := PNG(c.d); err != nil {
				t.Error(err)
			}
			var page bytes.Buffer
			if err := HTML(&page, []Dashboard{board([]Drawn{c.d})}); err != nil {
				t.Error(err)
			}
			if strings.Contains(page.String(), "<script") || strings.Contains(page.String(), "<b ") || strings.Contains(page.String(), "ZgotmplZ") {
				t.Error("a title became a part of the page")
			}
		})
	}
}

// TestGaps: a line ends where a value or a bucket is missing.
func TestGaps(t *testing.T) {
	d := made(panel.Histogram, 1, 1, 2, math.NaN(), 3, 4, 5)
	d.Table = append(d.Table[:4], d.Table[5:]...) // no bucket 4
	c := newChart(d)
	var got []string
	for _, part := range c.parts(c.series[0]) {
		got = append(got, fmt.Sprint(part.values))
	}
	if text := strings.Join(got, " "); text != "[1 2] [3] [5]" {
		t.Errorf("parts: %s", text)
	}
}

func TestManySeries(t *testing.T) {
	d := many(25, panel.Terms)
	d.Panel.Buckets = append(d.Panel.Buckets, panel.Bucket{By: panel.Histogram, Field: "x", Interval: 1})
	for i := range d.Table {
		d.Table[i].Keys = append(d.Table[i].Keys, "1")
	}
	c := newChart(d)
	if len(c.series) != maxSeries || c.series[1].name != "1" || !strings.Contains(strings.Join(c.notes, ""), "10 of 25 series") {
		t.Errorf("%d series, notes %q", len(c.series), c.notes)
	}
}

// TestTimeAxis is as long as the dashboard's time, unless that is much longer
// than there are rows.
func TestTimeAxis(t *testing.T) {
	base := wisdm.DefaultBase
	for minutes, cut := range map[int]bool{2: false, 600: true} {
		d := many(60, panel.DateHistogram)
		d.Panel.Buckets[0].Interval = 1000
		d.Table[59].Keys[0] = base.Add(time.Minute).Format(time.RFC3339)
		d.Panel.Range = panel.Range{From: base, To: base.Add(time.Duration(minutes) * time.Minute)}
		c := newChart(d)
		whole := c.x.max >= float64(d.Panel.Range.To.UnixMilli())
		if whole == cut || (len(c.notes) > 0) != cut {
			t.Errorf("%d minutes: the axis ends at %v, notes %q", minutes, time.UnixMilli(int64(c.x.max)), c.notes)
		}
	}
}

func TestThinKeepsExtremes(t *testing.T) {
	c := newChart(many(50_000, panel.Histogram))
	if got := len(c.series[0].at); got != 50_000 {
		t.Fatalf("%d points", got)
	}
	svg, err := SVG(many(50_000, panel.Histogram))
	if err != nil || len(svg) > 300_000 {
		t.Errorf("%d bytes, %v", len(svg), err)
	}
}

// TestStacked: of two lines with the same values both can be seen; where only the second has
// a bucket, it begins at 0.
func TestStacked(t *testing.T) {
	p := panel.Panel{Kind: panel.Line, Stacked: true, Metrics: []panel.Metric{{Of: panel.Count}},
		Buckets: []panel.Bucket{{By: panel.Terms}, {By: panel.Histogram, Interval: 1}}}
	table := panel.Table{
		{Keys: []string{"accel", "1"}, Values: []float64{40}}, {Keys: []string{"accel", "2"}, Values: []float64{38}},
		{Keys: []string{"gyro", "1"}, Values: []float64{40}}, {Keys: []string{"gyro", "3"}, Values: []float64{39}},
	}
	c := newChart(Drawn{Panel: p, Table: table})
	if got := fmt.Sprint(c.series[0].values, c.series[1].values); got != "[40 38] [80 39]" || c.yTitle != "rows, stacked" {
		t.Error(got)
	}
	if table[2].Values[0] != 40 {
		t.Error("the table has changed")
	}
}
