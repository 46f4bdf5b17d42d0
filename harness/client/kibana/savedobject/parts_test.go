package savedobject

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

func TestKQL(t *testing.T) {
	cases := []struct {
		text string
		want []panel.Term
		err  string
	}{
		{text: "  "},
		{text: `action : "A"`, want: []panel.Term{{Field: "action", Values: []string{"A"}}}},
		{text: `action:A`, want: []panel.Term{{Field: "action", Values: []string{"A"}}}},
		{text: `action : ("A" or "B" OR C)`, want: []panel.Term{{Field: "action", Values: []string{"A", "B", "C"}}}},
		{text: `a:1 and b : "x \"y\" : ("`, want: []panel.Term{{Field: "a", Values: []string{"1"}}, {Field: "b", Values: []string{`x "y" : (`}}}},
		{text: `action : ""`, want: []panel.Term{{Field: "action", Values: []string{""}}}},
		// As Kibana 7.17.6 parses them.
		{text: `a : "x\ty\u0041\z"`, want: []panel.Term{{Field: "a", Values: []string{"x\tyA" + `\z`}}}},
		{text: "a\u00a0:\u00a0A", want: []panel.Term{{Field: "a", Values: []string{"A"}}}},
		{text: `a : "null" and b : Null`, want: []panel.Term{{Field: "a", Values: []string{"null"}}, {Field: "b", Values: []string{"Null"}}}},
		{text: `a : null`, err: `column 5: want a value, there is "null"`},
		{text: `null : 1600`, err: `column 1: want a field, there is "null"`},
		{text: `action:(A or B)and sensor:x`, err: "column 16: want and"},
		{text: `action:"A"and sensor:"B"`, err: "column 11: want and"},
		{text: `{  :  @x`, err: "column 1: want a field"},
		{text: `A,B :}not`, err: "column 6: want a value"},

		{text: `action`, err: `at column 7: want : and a value, as in action : "A", there is its end`},
		{text: `"action" : 1`, err: "column 1: want a field"},
		{text: `x > 1`, err: `column 3: want : and a value`},
		{text: `x : A*`, err: `column 5: want a value, there is "A*"`},
		{text: `x : 1 or x : 2`, err: `column 7: want and, there is "or"`},
		{text: `x : 1 and`, err: "want a field, there is its end"},
		{text: `x : (1 and 2)`, err: `column 8: want or`},
		{text: `x : (1`, err: "want or, there is its end"},
		{text: `not x : 1`, err: "column 1: want a field"},
		{text: `x : "1`, err: "column 5: want a value"},
		{text: `x :`, err: "want a value, there is its end"},
	}
	for _, c := range cases {
		got, err := parseKQL(c.text)
		if c.err == "" && (err != nil || !reflect.DeepEqual(got, c.want)) {
			t.Errorf("%s: %v, %v; want %v", c.text, got, err, c.want)
		}
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: error %v, want %q", c.text, err, c.err)
		}
	}
}

func TestInstant(t *testing.T) {
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		text string
		end  bool
		want time.Time
	}{
		{"2023-11-14T22:10:00.000Z", false, time.Date(2023, 11, 14, 22, 10, 0, 0, time.UTC)},
		{"2023-11-14T23:10:00+01:00", true, time.Date(2023, 11, 14, 22, 10, 0, 0, time.UTC)},
		{"now", false, now}, {"now-15m", false, now.Add(-15 * time.Minute)}, {"now+1w", true, now.Add(7 * 24 * time.Hour)},
		{"now/d", false, day}, {"now/d", true, day.Add(24*time.Hour - time.Millisecond)}, {"now-1d/d", false, day.Add(-24 * time.Hour)},
	}
	for _, c := range cases {
		if got, err := instant(c.text, now, c.end); err != nil || !got.Equal(c.want) {
			t.Errorf("%s: %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"", "later", "now-", "now-m", "now-1y", "now/", "now/w", "now/y", "2023-11-14", "now-15m/"} {
		if got, err := instant(text, now, false); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

// TestIntervals against what Kibana's own steps give.
func TestIntervals(t *testing.T) {
	for length, want := range map[time.Duration]time.Duration{
		15 * time.Minute: 30 * time.Second, 10 * time.Minute: 10 * time.Second, time.Hour: time.Minute, 24 * time.Hour: 30 * time.Minute,
		7 * 24 * time.Hour: 3 * time.Hour, 10 * time.Second: 200 * time.Millisecond, time.Minute: time.Second, 0: time.Millisecond,
	} {
		if got, err := parseInterval("auto", length); err != nil || got != want {
			t.Errorf("auto over %s: %s, %v; want %s", length, got, err, want)
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
		10_000: "fixed_interval 10s", 1000: "fixed_interval 1s", 60_000: "calendar_interval 1m", 120_000: "fixed_interval 2m",
		3600_000: "calendar_interval 1h", 86400_000: "calendar_interval 1d", 1500: "fixed_interval 1500ms",
	} {
		if name, value := elasticInterval(ms); name+" "+value != want {
			t.Errorf("%v ms: %s %s, want %s", ms, name, value, want)
		}
	}
	for text, want := range map[string]time.Duration{"1440m": 24 * time.Hour, "3600s": time.Hour, "1500ms": 1500 * time.Millisecond, "60000ms": time.Minute} {
		if got, err := parseInterval(text, time.Hour); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"0s", "-1s", "1w", "w", "M", "y", "10", "s10", "99999999999d"} {
		if got, err := parseInterval(text, time.Hour); err == nil {
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

// TestWeeks: over 16,800 hours, Kibana 7.17.6 makes a week of each shorter interval.
func TestWeeks(t *testing.T) {
	for hours, good := range map[time.Duration]bool{16799: true, 16800: false} {
		p := panel.Panel{Range: panel.Range{From: now, To: now.Add(hours * time.Hour)}, View: panel.View{TimeField: "t"}}
		got, err := dateInterval(p, params{Interval: "60s", Field: "t"})
		if (err == nil) != good {
			t.Errorf("over %d h: %v, %v", hours, got, err)
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
