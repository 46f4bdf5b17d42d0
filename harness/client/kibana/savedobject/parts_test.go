package savedobject

import (
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// TestIntervals against what Kibana's own steps give.
func TestIntervals(t *testing.T) {
	for length, want := range map[time.Duration]time.Duration{
		15 * time.Minute: 30 * time.Second, 10 * time.Minute: 10 * time.Second, time.Hour: time.Minute, 24 * time.Hour: 30 * time.Minute,
		7 * 24 * time.Hour: 3 * time.Hour, 10 * time.Second: 200 * time.Millisecond, time.Minute: time.Second, 0: time.Millisecond,
		16800 * time.Hour: week, 5 * 365 * day: 30 * day, 60 * 365 * day: 365 * day,
	} {
		if got := autoInterval(length); got != want {
			t.Errorf("auto over %s: %s, want %s", length, got, want)
		}
	}
	for length, want := range map[time.Duration]time.Duration{
		10 * time.Minute: 5 * time.Second, 1000 * time.Second: 10 * time.Second, time.Hour: 30 * time.Second, time.Second: 10 * time.Millisecond,
	} {
		if got := leastInterval(length); got != want {
			t.Errorf("the least over %s: %s, want %s", length, got, want)
		}
	}
	for ms, want := range map[float64]string{
		7 * 86400_000: "fixed_interval 7d", 30 * 86400_000: "fixed_interval 30d",
		10_000: "fixed_interval 10s", 1000: "fixed_interval 1s", 60_000: "calendar_interval 1m", 120_000: "fixed_interval 2m",
		3600_000: "calendar_interval 1h", 86400_000: "calendar_interval 1d", 1500: "fixed_interval 1500ms",
	} {
		if name, value := elasticInterval(panel.Bucket{Interval: ms}); name+" "+value != want {
			t.Errorf("%v ms: %s %s, want %s", ms, name, value, want)
		}
	}
	for text, want := range map[string]time.Duration{"1440m": 24 * time.Hour, "3600s": time.Hour, "1500ms": 1500 * time.Millisecond, "60000ms": time.Minute} {
		if got, _, err := parseInterval(text); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]panel.Calendar{"w": "1w", "1M": "1M", "y": "1y"} {
		if _, got, err := parseInterval(text); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"0s", "-1s", "2w", "2M", "10", "s10", "99999999999d"} {
		if got, _, err := parseInterval(text); err == nil {
			t.Errorf("%q: %s, want an error", text, got)
		}
	}
}

// TestShortIntervalIsLengthened, as Kibana does silently.
func TestShortIntervalIsLengthened(t *testing.T) {
	p := mustRead(t, strings.ReplaceAll(good(), `interval\":\"10s`, `interval\":\"1s`))
	if p.Buckets[0].Interval != 5000 {
		t.Errorf("1 s over 10 minutes became %v ms, want 5000", p.Buckets[0].Interval)
	}
}

// TestNumberIntervals: "auto", which is the default, and a number are fitted to the
// data later.
func TestNumberIntervals(t *testing.T) {
	for given, want := range map[string]panel.Bucket{
		`{}`:                                 {Fit: panel.Fit{Auto: true, Bars: 100}},
		`{"interval":"auto"}`:                {Fit: panel.Fit{Auto: true, Bars: 100}},
		`{"interval":"auto","maxBars":20}`:   {Fit: panel.Fit{Auto: true, Bars: 20}},
		`{"interval":"auto","maxBars":""}`:   {Fit: panel.Fit{Auto: true, Bars: 100}},
		`{"interval":"auto","maxBars":2000}`: {Fit: panel.Fit{Auto: true, Bars: 100}},
		`{"interval":0.2}`:                   {Interval: 0.2, Fit: panel.Fit{Bars: 100}},
		`{"interval":"5","maxBars":20}`:      {Interval: 5, Fit: panel.Fit{Bars: 100}},
	} {
		var by params
		var b panel.Bucket
		if err := strictjson.Unmarshal([]byte(given), &by); err != nil {
			t.Fatal(err)
		}
		if err := setInterval(&b, by); err != nil || b != want {
			t.Errorf("%s: %+v, %v; want %+v", given, b, err, want)
		}
	}
	for _, given := range []string{`{"interval":"many"}`, `{"interval":0}`, `{"interval":-1}`, `{"interval":"1e400"}`, `{"interval":[]}`, `{"interval":"auto","maxBars":"x"}`, `{"interval":1,"intervalBase":2}`} {
		var by params
		if err := strictjson.Unmarshal([]byte(given), &by); err != nil {
			t.Fatal(err)
		}
		if err := setInterval(new(panel.Bucket), by); err == nil {
			t.Errorf("%s: no error", given)
		}
	}
}

// TestLongRanges: over 16,800 hours Kibana 7.17.6 makes a week of each shorter interval,
// and over longer times 30 days.
func TestLongRanges(t *testing.T) {
	for _, c := range []struct {
		hours    time.Duration
		interval string
		want     string
	}{
		{16799, "60s", "calendar_interval 1d"}, {16800, "60s", "calendar_interval 1w"}, {16800, "2d", "calendar_interval 1w"},
		{16800, "auto", "calendar_interval 1w"}, {16800, "7d", "fixed_interval 7d"}, {16800, "1M", "calendar_interval 1M"},
		{5 * 365 * 24, "auto", "fixed_interval 30d"}, {5 * 365 * 24, "10s", "calendar_interval 1w"}, {9 * 365 * 24, "10s", "fixed_interval 30d"},
	} {
		p := panel.Panel{Range: panel.Range{From: now, To: now.Add(c.hours * time.Hour)}, View: panel.View{TimeField: "t"}}
		var b panel.Bucket
		err := setDateHistogram(&b, p, params{Interval: c.interval, Field: "t"})
		if name, value := elasticInterval(b); err != nil || name+" "+value != c.want {
			t.Errorf("%s over %d h: %s %s, %v; want %s", c.interval, c.hours, name, value, err, c.want)
		}
	}
}

// TestTermsSizes: without a size the editor's 5, with 0 Elasticsearch's 10, since
// Kibana 7.17.6 then sends none.
func TestTermsSizes(t *testing.T) {
	for given, want := range map[string]int{`{}`: 5, `{"size":0}`: 10, `{"size":20}`: 20} {
		var by params
		if err := strictjson.Unmarshal([]byte(given), &by); err != nil {
			t.Fatal(err)
		}
		var b panel.Bucket
		if err := setTerms(&b, by, nil); err != nil || b.Size != want {
			t.Errorf("%s: size %d, %v; want %d", given, b.Size, err, want)
		}
	}
}
