package savedobject

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
)

// eachLine calls do with each line of a file of recorded answers, decoded.
func eachLine[T any](t *testing.T, file string, do func(T)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var one T
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v: %s", file, err, line)
		}
		do(one)
	}
}

// TestIntervalsOfKibana compares date intervals with those that Kibana 7.17.6 makes of them over
// time ranges: one of each kind in which an older reader differed, of 35,640.
func TestIntervalsOfKibana(t *testing.T) {
	eachLine(t, "testdata/intervals-7.17.6.jsonl", func(c struct {
		Range, Interval, Calendar, Error string
		Normalized                       bool
		Millis                           float64
	}) {
		length, err := time.ParseDuration(c.Range)
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(2023, 11, 14, 0, 0, 0, 0, time.UTC)
		p := panel.Panel{View: panel.View{TimeField: "t"}, Range: panel.Range{From: from, To: from.Add(length)}}
		var b panel.Bucket
		err = setDateHistogram(&b, p, params{Interval: c.Interval, Field: "t", UseNormalizedEsInterval: &c.Normalized})
		switch {
		case (err != nil) != (c.Error != ""):
			t.Errorf("%q over %s: %v; Kibana says %q", c.Interval, length, err, c.Error)
		case err == nil && (b.Interval != c.Millis || c.Calendar == "1w" && b.Calendar != panel.Week):
			t.Errorf("%q over %s: %v ms, calendar %q; Kibana sends %v ms, %q", c.Interval, length, b.Interval, b.Calendar, c.Millis, c.Calendar)
		}
	})
}

// TestQueriesOfKibana compares queries with what Kibana 7.17.6 makes of them: those of
// 20,000 in which an older reader differed. It refuses some, and for others it is known
// only that it takes them.
func TestQueriesOfKibana(t *testing.T) {
	eachLine(t, "testdata/kql-7.17.6.jsonl", func(c struct {
		Query, Refused string
		Sent           any
	}) {
		terms, err := parseKQL(c.Query)
		// null without quotes is JSON's null to Kibana, as a field or as a value.
		if none := strings.Contains(c.Query, "null"); (err != nil) != (c.Refused != "" || none) {
			t.Errorf("%q: %v, %v; Kibana says %q", c.Query, terms, err, c.Refused)
		}
		if err != nil || c.Sent == nil {
			return
		}
		text, err := json.Marshal(filters(panel.Panel{Filter: terms}))
		var got []any
		if err != nil || json.Unmarshal(text, &got) != nil {
			t.Fatal(err)
		}
		if want := plain(c.Sent); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%q: %s; Kibana sends %v", c.Query, text, want)
		}
	})
}

// plain writes what Kibana sends for a query as it does for the equivalent filter.
func plain(sent any) any {
	query := sent.(map[string]any)
	if one, is := query["bool"].(map[string]any); is {
		return plain(one["should"].([]any)[0])
	}
	if match, is := query["match"]; is {
		return map[string]any{"match_phrase": match}
	}
	return query
}
