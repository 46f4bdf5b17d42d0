package savedobject

import (
	"encoding/json"
	"reflect"
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
// aggregations, as they were given and as it stores them, in a browser whose time zone was Africa/Abidjan, here called UTC.
func TestProbe(t *testing.T) {
	around := mustRead(t, good())
	eachLine(t, "testdata/probe-7.17.6.jsonl", func(probe struct {
		Name             string
		Aggs, Serialized []agg
		Sent             any
	}) {
		p := panel.Panel{View: around.View, Range: around.Range}
		err := addAggs(&p, probe.Aggs)
		read, same := err == nil, err == nil
		if read {
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
			t.Errorf("%s is refused: %v", probe.Name, err)
		}
		if same && otherwise[probe.Name] != "" {
			t.Errorf("%s is the same, though %q is said of it", probe.Name, otherwise[probe.Name])
		}
		again := panel.Panel{View: around.View, Range: around.Range}
		if err := addAggs(&again, probe.Serialized); read && (err != nil || !reflect.DeepEqual(again, p)) {
			t.Errorf("%s is another panel as Kibana writes it: %v, %v; want %v", probe.Name, again, err, p)
		}
	})
}
