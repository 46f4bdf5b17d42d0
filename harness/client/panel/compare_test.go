package panel

import (
	"math"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// TestCompare changes what a panel shows, a little each time.
func TestCompare(t *testing.T) {
	p := chart([]Bucket{byActivity}, count, meanX, Metric{Of: Max, Field: "x"})
	cases := []struct {
		name   string
		change func(Table) Table
		want   string // "" for no difference
	}{
		{"nothing", func(s Table) Table { return s }, ""},
		{"a mean, by the order of additions", func(s Table) Table { s[0].Values[1] += 1e-12; return s }, ""},
		{"a mean", func(s Table) Table { s[0].Values[1] += 1e-6; return s }, "bucket A: avg of x is 3.000001, want 3 ("},
		{"a maximum", func(s Table) Table { s[1].Values[2] = math.Nextafter(5, 6); return s }, "bucket B: max of x is 5.000000000000001, want 5"},
		{"no number", func(s Table) Table { s[0].Values[1] = math.NaN(); return s }, "bucket A: avg of x is NaN"},
		{"a count", func(s Table) Table { s[0].Count = 4; return s }, "bucket A: 4 rows, want 3"},
		{"a bucket is missing", func(s Table) Table { return s[:1] }, "bucket B: is missing, want 2 rows"},
		{"a bucket too many", func(s Table) Table { return append(s, Point{[]string{"C"}, 7, []float64{7, 0, 0}}) }, "bucket C: has 7 rows, want none"},
		{"the order", func(s Table) Table { return Table{s[1], s[0]} }, "bucket A: is drawn in the wrong place: bucket B is there"},
		{"all", func(Table) Table { return nil }, "no data: the index has nothing to show"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			table, err := Expect(p, sample(t))
			if err != nil {
				t.Fatal(err)
			}
			found, err := Compare(p, c.change(table), sample(t))
			all := strings.Join(found, "\n")
			if err != nil || (c.want == "") != (len(found) == 0) || !strings.Contains(all, c.want) {
				t.Errorf("found %q, %v; want %q", all, err, c.want)
			}
		})
	}
}

func TestCompareIsBrief(t *testing.T) {
	p := chart([]Bucket{{By: Histogram, Field: "x", Interval: 0.5}}, count)
	found, err := Compare(p, Table{{Keys: []string{"100"}, Count: 1}}, sample(t))
	if err != nil || len(found) != maxDifferences+1 || !strings.HasSuffix(found[maxDifferences], "and 1 more differences") {
		t.Errorf("%v, %q", err, found)
	}
}

// TestPercentileTolerance: a t-digest may be off by half a percentage point of
// rank and a row, no more.
func TestPercentileTolerance(t *testing.T) {
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: 3000}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := chart(nil, Metric{ID: "p", Of: Percentile, Field: "x", Percent: 2})
	p.Range = Range{time.Time{}, wisdm.DefaultBase.Add(time.Hour)}
	x := oracle.Group(wisdm.All)["all"].X
	for percent, good := range map[float64]bool{2: true, 2.5: true, 1.5: true, 3: false, 1: false, 98: false} {
		found, err := Compare(p, Table{{nil, 3000, []float64{x.Percentile(percent)}}}, oracle)
		if err != nil || (len(found) == 0) != good {
			t.Errorf("with percentile %v for 2: %q, %v", percent, found, err)
		}
	}
}

// TestPercentileRounding: of few rows the least value is the bound, and
// Elasticsearch's interpolation of it may be the next number below.
func TestPercentileRounding(t *testing.T) {
	p := chart(nil, Metric{ID: "p", Of: Percentile, Field: "x", Percent: 2})
	for below, good := range map[float64]bool{0: true, 5e-16: true, 1e-6: false} {
		found, err := Compare(p, Table{{nil, 5, []float64{-3 - below}}}, sample(t))
		if err != nil || (len(found) == 0) != good {
			t.Errorf("%v below the least value: %q, %v", below, found, err)
		}
	}
}

// TestPercentilesOfManyStudents: each student has other rows, in groups so small that
// Elasticsearch reads the 2nd percentile between the least value and itself. What that
// is rounded to must not fail anybody.
func TestPercentilesOfManyStudents(t *testing.T) {
	p := chart([]Bucket{{ID: "s", By: Terms, Field: "sensor", ByKey: true, Ascending: true}},
		Metric{ID: "x", Of: Percentile, Field: "x", Percent: 2}, Metric{ID: "y", Of: Percentile, Field: "y", Percent: 2})
	p.Range, p.Filter = Range{time.Time{}, wisdm.DefaultBase.Add(time.Hour)}, []Term{{Field: "action", Values: []string{"C"}}}
	rounded := 0
	for seed := range uint64(200) {
		oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: seed, Rows: 600}, wisdm.DefaultBase, 0)
		if err != nil {
			t.Fatal(err)
		}
		table, err := Expect(p, oracle)
		if err != nil {
			t.Fatal(err)
		}
		rows := p.rowsByKey(oracle)
		for _, point := range table {
			for i, m := range p.Metrics {
				least, share := m.stat(rows[point.key()]).Min, 0.02*float64(point.Count)
				point.Values[i] = least*(1-share) + least*share
				if point.Values[i] != least {
					rounded++
				}
			}
		}
		if found, err := Compare(p, table, oracle); err != nil || len(found) > 0 {
			t.Errorf("seed %d: %q, %v", seed, found, err)
		}
	}
	if rounded == 0 {
		t.Error("nothing was rounded: this tests nothing")
	}
}

// TestNoData names the time that has data: an empty chart is the classic.
func TestNoData(t *testing.T) {
	early := chart([]Bucket{byTime}, count)
	early.Range = Range{time.Unix(0, 0), time.Unix(60, 0)}
	filtered := chart(nil, count)
	filtered.Filter = []Term{{Field: "action", Values: []string{"Q"}}}
	for want, p := range map[string]Panel{
		"no data: the dashboard shows 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z, and the rows are from 2023-11-14T22:13:20.000Z to 2023-11-14T22:13:32.000Z": early,
		"no data: no row matches its filter": filtered,
	} {
		found, err := Compare(p, nil, sample(t))
		if err != nil || len(found) != 1 || !strings.HasSuffix(found[0], want) {
			t.Errorf("found %q, %v; want %q", found, err, want)
		}
	}
}
