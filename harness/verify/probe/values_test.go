package probe

import (
	"math"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// summaryOf returns what the oracle says of all rows, and the same as a probe
// would see it.
func summaryOf(t *testing.T) (wisdm.Sum, axes) {
	t.Helper()
	tally := wisdm.NewTally()
	for _, r := range oracle(t, 100).Rows() {
		r.Subject, r.Activity, r.Device, r.Sensor = 0, "", "", ""
		tally.Add(r)
	}
	want := *tally.Groups()[wisdm.Group{}]
	var got axes
	for i, s := range want.Stats() {
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
		count := want.Rows
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
		"no time":    {`2023-11-14T22:13:20.05Z`, "isn't an ISO-8601 time"},
		"no zone":    {`.05Z`, "with its zone"},
		"no subject": {`"usid":1600,`, "usid"},
		"no JSON":    {`{`, "invalid character"},
	} {
		if _, err := parseDocument([]byte(strings.Replace(good, want[0], "", 1))); err == nil || !strings.Contains(err.Error(), want[1]) {
			t.Errorf("%s: error = %v, want %q", harm, err, want[1])
		}
	}
}

func TestValueOfAnotherType(t *testing.T) {
	for source, want := range map[string]string{
		`{"@timestamp":1700000000000}`: "@timestamp is a JSON number, want text",
		`{"x":"1.5"}`:                  "x is a JSON string, want a number",
		`{"seq":1.5}`:                  "seq is a JSON number 1.5, want a number",
	} {
		if _, err := parseDocument([]byte(source)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", source, err, want)
		}
	}
}

// TestMadeOf: a primary key in another order, with more columns, or with another
// delimiter tells rows apart as well.
func TestMadeOf(t *testing.T) {
	row := wisdm.Row{Subject: 1600, Device: "phone", Sensor: "accel", Seq: 1600}
	for id, want := range map[string]bool{
		"1600_phone_accel_1600": true, "accel-phone-1600-1600": true, "1600$phone$accel$1600": true, "1600_phone_accel_1600_-7_A": true,
		"1600_phone_accel_1": false, "1600_phone_accel": false, "phone_accel_1600_7": false, "6GUeHaIB_OG1FYYH2emt": false, "": false,
	} {
		if got := madeOf(id, row); got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

func TestReadSum(t *testing.T) {
	row := []any{int64(1600), "A", "watch", "accel", int64(3), int64(7), int64(8),
		1.0, 2.0, 1.5, int64(4), int64(6), int64(5), -1.0, 1.0, 0.0,
		"2023-11-14 22:13:20.000", "2023-11-14 22:13:20.050"}
	group, sum, err := readSum(row)
	if err != nil || group.String() != "activity A of subject 1600, watch accel" || sum.rows != 3 || sum.mix != (wisdm.Mix{AB: 7, AC: 8}) ||
		sum.values[1].Max != 6 || sum.last.Sub(sum.first).Milliseconds() != 50 {
		t.Errorf("%s: %+v, %v", group, sum, err)
	}
	row[16] = nil
	if _, _, err := readSum(row); err == nil || !strings.Contains(err.Error(), "event_time") {
		t.Errorf("error = %v, want one of event_time", err)
	}
	// A table that reads no time is wrong, and not an error of the harness.
	r := Flink{}.compare(t.Context(), oracle(t, 10).Sums(), [][]any{row})
	if want := "activity A of subject 1600, watch accel: event_time is NULL"; r.Outcome != hop.Failed || !strings.HasPrefix(r.Detail, want) {
		t.Errorf("%+v, want failed with %q", r, want)
	}
}
