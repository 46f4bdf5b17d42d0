package savedobject

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"hoplab.example/harness/client/panel"
)

// otherwise says in which of the recorded searches hoplab's own differs, and why that
// makes no difference to the numbers; or why it refuses the aggregation.
var otherwise = map[string]string{
	"date_histogram 60s":                               "the same buckets in UTC, as calendar_interval",
	"date_histogram min_doc_count 0":                   "empty buckets, which aren't compared",
	"date_histogram min_doc_count true":                "empty buckets",
	"date_histogram extended":                          "empty buckets",
	"date_histogram tz":                                "refused: buckets of another time zone",
	"metric median":                                    "percentiles as an object",
	"terms orderBy _term":                              "the old name of _key",
	"terms size 0":                                     "no size, which is Elasticsearch's 10",
	"terms other":                                      "the bucket of rows without the field, of which there are none",
	"terms missing only":                               "the bucket of rows without the field, of which there are none",
	"terms orderBy missing id":                         "refused: Elasticsearch does too",
	"histogram default":                                "fitted later",
	`histogram {"interval": "auto"}`:                   "fitted later",
	`histogram {"interval": 0}`:                        "refused: Elasticsearch does too",
	`histogram {"interval": 1, "min_doc_count": true}`: "empty buckets",
	`histogram {"interval": 1, "has_extended_bounds": true, "extended_bounds": {"min": -50, "max": 50}}`: "empty buckets",
	`histogram {"interval": 1, "intervalBase": 0.5}`:                                                     "refused",
	"json param": "refused", "filters": "refused", "range": "refused",
}

// TestProbe compares the searches with those that Kibana 7.17.6 makes of the same
// aggregations, in a browser whose time zone was Africa/Abidjan, here called UTC.
func TestProbe(t *testing.T) {
	text, err := os.ReadFile("testdata/probe-7.17.6.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	around := mustRead(t, good())
	for line := range strings.Lines(string(text)) {
		var probe struct {
			Name string
			Aggs []agg
			Sent any
		}
		if err := json.Unmarshal([]byte(line), &probe); err != nil {
			t.Fatal(err)
		}
		p := panel.Panel{View: around.View, Range: around.Range}
		same := addAggs(&p, probe.Aggs) == nil
		if same {
			body, err := Query(p)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := json.Marshal(body["aggs"])
			var got any
			if err != nil || json.Unmarshal(ours, &got) != nil {
				t.Fatal(err)
			}
			same = reflect.DeepEqual(got, probe.Sent)
			if !same && otherwise[probe.Name] == "" {
				t.Errorf("%s: %s\nKibana sends %v", probe.Name, ours, probe.Sent)
			}
		} else if otherwise[probe.Name] == "" {
			t.Errorf("%s is refused: %v", probe.Name, addAggs(&panel.Panel{View: p.View, Range: p.Range}, probe.Aggs))
		}
		if same && otherwise[probe.Name] != "" {
			t.Errorf("%s is the same, though %q is said of it", probe.Name, otherwise[probe.Name])
		}
	}
}
