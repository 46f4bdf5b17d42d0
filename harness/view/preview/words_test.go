package preview

import (
	"math"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
)

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 3000: "3,000", -1234567: "−1,234,567", 9.80665: "9.8066", -0.5: "−0.5", 1234.5678: "1,234.6",
		0.00012: "0.00012", 1e20: "1e+20", 2.5e9 + 0.5: "2.5e+09", 12: "12", math.Inf(1): none,
	} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
	if number(math.NaN()) != none {
		t.Error("NaN is a number")
	}
}

func TestFileName(t *testing.T) {
	for _, c := range []struct{ file, id, want string }{
		{"dashboards/kibana-7.ndjson", "1", "kibana-7-1.svg"},
		{"../../etc/passwd", "../x", "passwd----x.svg"},
		{"a.json", "", "a-panel.svg"},
	} {
		if got := FileName(panel.Panel{File: c.file, ID: c.id}, ".svg"); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.file, c.id, got, c.want)
		}
	}
}

func TestNumberTicks(t *testing.T) {
	for _, c := range []struct {
		s           span
		first, last string
	}{
		{span{-7.2, 8.1}, "−5", "5"},
		{span{0, 3100}, "0", "3,000"},
		{span{0.11, 0.19}, "0.12", "0.18"},
		{span{0, 5e9}, "0", "5e+09"},
	} {
		marks := numberTicks(c.s, 5)
		if len(marks) < 2 || len(marks) > 7 || marks[0].Label != c.first || marks[len(marks)-1].Label != c.last {
			t.Errorf("%v: %v", c.s, marks)
		}
	}
}

// TestTimeTicks: any span has some marks, in UTC, with the day where it begins.
func TestTimeTicks(t *testing.T) {
	base := time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC)
	for length, want := range map[time.Duration]string{
		300 * time.Millisecond: "22:13:20.050\n2023-11-14", time.Minute: "22:13:30\n2023-11-14",
		3 * time.Hour: "22:30\n2023-11-14", 90 * 24 * time.Hour: "2023-12-07", 50 * 365 * 24 * time.Hour: "2028-05-11",
	} {
		marks := timeTicks(span{float64(base.UnixMilli()), float64(base.Add(length).UnixMilli())}, 6)
		if len(marks) < 2 || len(marks) > 7 || marks[0].Label != want {
			t.Errorf("%v: %+v", length, marks)
		}
	}
}
