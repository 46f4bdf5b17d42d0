package panel

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	nested := `{"hits":{"total":{"value":5}},"aggregations":{"a":{"buckets":[
		{"key":"A","doc_count":3,"t":{"buckets":[
			{"key":1700000000000,"key_as_string":"1700000000000","doc_count":2,"x":{"value":1.5}},
			{"key":1700000010000,"doc_count":0,"x":{"value":null}},
			{"key":1700000020000,"doc_count":1,"x":{"value":null}}]}}]}}}`
	got, err := Read(chart([]Bucket{byActivity, byTime}, count, meanX), []byte(nested))
	if err != nil || len(got) != 2 {
		t.Fatalf("table %v, %v; want the two buckets that have rows", got, err)
	}
	if got[0].Keys[1] != "2023-11-14T22:13:20.000Z" || got[0].Values[0] != 2 || got[0].Values[1] != 1.5 || !math.IsNaN(got[1].Values[1]) {
		t.Errorf("table %v", got)
	}
	for _, total := range []string{`{"value":5,"relation":"eq"}`, `5`} {
		for _, values := range []string{`{"2.0":-1.5}`, `[{"key":2.0,"value":-1.5}]`} {
			answer := `{"hits":{"total":` + total + `},"aggregations":{"p":{"values":` + values + `}}}`
			got, err := Read(chart(nil, Metric{ID: "p", Of: Percentile, Percent: 2}), []byte(answer))
			if err != nil || len(got) != 1 || got[0].Count != 5 || got[0].Values[0] != -1.5 {
				t.Errorf("%s: %v, %v", answer, got, err)
			}
		}
	}
	if got, err := Read(chart(nil, count), []byte(`{"hits":{"total":{"value":0}}}`)); err != nil || len(got) != 0 {
		t.Errorf("without rows: %v, %v", got, err)
	}
}

func TestReadNumericTerms(t *testing.T) {
	got, err := Read(chart([]Bucket{{ID: "s", By: Terms, Field: "usid"}}, count), []byte(`{"aggregations":{"s":{"buckets":[{"key":1600,"doc_count":3}]}}}`))
	if err != nil || len(got) != 1 || got[0].Keys[0] != "1600" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadErrors(t *testing.T) {
	p := chart([]Bucket{byTime}, meanX)
	for answer, want := range map[string]string{
		`nonsense`:                             "read the answer",
		`{}`:                                   `aggregation "t" is missing`,
		`{"hits":{"total":"many"}}`:            "number of hits",
		`{"aggregations":{"t":{"buckets":1}}}`: `aggregation "t"`,
		`{"aggregations":{"t":{"buckets":[{"key":"x","doc_count":1}]}}}`:                     `a key of aggregation "t" is "x"`,
		`{"aggregations":{"t":{"buckets":[{"key":1}]}}}`:                                     "has no doc_count",
		`{"aggregations":{"t":{"buckets":[{"key":1,"doc_count":1}]}}}`:                       `aggregation "x" (avg of x) is missing`,
		`{"aggregations":{"t":{"buckets":[{"key":1,"doc_count":1,"x":{"value":"a lot"}}]}}}`: `aggregation "x" (avg of x)`,
	} {
		if _, err := Read(p, []byte(answer)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "d.json") {
			t.Errorf("%s: %v, want %s", answer, err, want)
		}
	}
	percentile := chart(nil, Metric{ID: "p", Of: Percentile, Percent: 2})
	for _, values := range []string{`{"3.0":1}`, `[{"key":3,"value":1}]`, `7`} {
		if got, err := Read(percentile, []byte(`{"hits":{"total":1},"aggregations":{"p":{"values":`+values+`}}}`)); err == nil {
			t.Errorf("%s: %v, no error", values, got)
		}
	}
}

func TestAggregations(t *testing.T) {
	p := chart([]Bucket{byActivity, byTime}, count, meanX,
		Metric{ID: "p", Of: Percentile, Field: "x", Percent: 2}, Metric{ID: "p", Of: Percentile, Field: "x", Percent: 50})
	got, err := json.MarshalIndent(Aggregations(p, func(b Bucket) Object { return Object{string(b.By): Object{"field": b.Field}} }), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "aggregations.json")
	if *update {
		os.MkdirAll("testdata", 0o755)
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(got)+"\n" != string(want) {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}
