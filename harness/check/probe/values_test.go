package probe

import (
	"math"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdm"
)

// summaryOf returns what the oracle says of all rows, and the same as a probe
// would see it.
func summaryOf(t *testing.T) (wisdm.Summary, axes) {
	t.Helper()
	want := oracle(t, 100).Group(wisdm.All)["all"]
	var got axes
	for i, s := range []wisdm.Stat{want.X, want.Y, want.Z} {
		got[i].Min, got[i].Max, got[i].Mean = s.Min, s.Max, s.Mean
	}
	return want, got
}

func TestCompareGroup(t *testing.T) {
	cases := []struct {
		name string
		harm func(*axes, *int64)
		want string
	}{
		{"equal", func(*axes, *int64) {}, ""},
		{"mean in another order", func(a *axes, _ *int64) { a[0].Mean += 1e-12 }, ""},
		{"count", func(_ *axes, n *int64) { *n-- }, "99 rows, want 100"},
		{"minimum", func(a *axes, _ *int64) { a[1].Min -= 1e-9 }, "y is between"},
		{"maximum", func(a *axes, _ *int64) { a[2].Max += 1e-9 }, "z is between"},
		{"mean", func(a *axes, _ *int64) { a[0].Mean += 1e-4 }, "mean of x"},
		{"no mean", func(a *axes, _ *int64) { a[0].Mean = math.NaN() }, "mean of x"},
	}
	for _, c := range cases {
		want, got := summaryOf(t)
		count := want.Count
		c.harm(&got, &count)
		var found problems
		compareGroup("all", count, got, want, &found)
		text := strings.Join(found.all(), "\n")
		if c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}

func TestParseDocument(t *testing.T) {
	good := `{"usid":1600,"device":"watch","sensor":"accel","seq":3,"action":"A","ts":7,"x":1.5,"y":-2,"z":9.75,"@timestamp":"2023-11-14T22:13:20.05Z"}`
	row, err := parseDocument([]byte(good))
	if err != nil || row.ID() != "1600_watch_accel_3" || row.Y != -2 || row.Time.Format(wisdm.TimeLayout) != "2023-11-14T22:13:20.050Z" {
		t.Errorf("row = %+v, %v", row, err)
	}
	for harm, want := range map[string][2]string{
		"no value":   {`"x":1.5,`, "x, y or z is missing"},
		"no time":    {`2023-11-14T22:13:20.05Z`, "no ISO-8601 time"},
		"no subject": {`"usid":1600,`, "usid"},
		"no JSON":    {`{`, "invalid character"},
	} {
		if _, err := parseDocument([]byte(strings.Replace(good, want[0], "", 1))); err == nil || !strings.Contains(err.Error(), want[1]) {
			t.Errorf("%s: error = %v, want %q", harm, err, want[1])
		}
	}
}

func TestReason(t *testing.T) {
	cases := map[string]string{
		`{"error":{"reason":"no such index [a]","root_cause":[{"reason":"no such index [a]"}]},"status":404}`: "no such index [a]",
		`{"error":{"reason":"all shards failed","root_cause":[{"reason":"field [x] is not a number"}]}}`:      "all shards failed: field [x] is not a number",
		`<html>`: "<html>",
	}
	for body, want := range cases {
		if got := reason([]byte(body)); got != want {
			t.Errorf("reason(%s) = %q, want %q", body, got, want)
		}
	}
}

func TestReadGroup(t *testing.T) {
	row := []any{"A", int64(1600), int64(2), int64(3),
		1.0, 2.0, 1.5, int64(4), int64(6), int64(5), -1.0, 1.0, 0.0,
		"2023-11-14 22:13:20.000", "2023-11-14 22:13:20.050"}
	g, err := readGroup(row)
	if err != nil || g.name != "activity A of subject 1600" || g.rows != 2 || g.times != 3 || g.values[1].Max != 6 || g.last.Sub(g.first).Milliseconds() != 50 {
		t.Errorf("group = %+v, %v", g, err)
	}
	row[13] = nil
	if _, err := readGroup(row); err == nil || !strings.Contains(err.Error(), "event_time") {
		t.Errorf("error = %v, want one of event_time", err)
	}
}
