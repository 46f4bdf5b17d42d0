package httpjson

import (
	"os"
	"testing"
)

// TestElasticCause has answers of Elasticsearch 7.17 to wrong requests.
func TestElasticCause(t *testing.T) {
	for file, want := range map[string]string{
		"no-such-type":      "No handler for type [dooble] declared on field [x]",
		"no-shards":         "index_template [fx_t] invalid, cause [Validation Failed: 1: Failed to parse value [0] for setting [index.number_of_shards] must be >= 1;]",
		"priority":          `[1:39] [index_template] failed to parse field [priority]: For input string: "x"`,
		"date-format":       "Error parsing [format] on field [x]: Invalid format: [yyyy-foo]: Unknown pattern letter: f",
		"unknown-parameter": "unknown parameter [fromat] on mapper [x] of type [date]",
		"date":              "failed to parse field [@timestamp] of type [date] in document with id 'Ur0_G6IBiPEgIp122Gue'. Preview of field's value: '2023-11-14 22:13:20Z'",
		"number":            "failed to parse field [x] of type [double] in document with id 'U70_G6IBiPEgIp122GvS'. Preview of field's value: 'abc'",
		"strict":            "mapping set to strict, dynamic introduction of [w] within [_doc] is not allowed",
		"search":            "[1:35] [avg] unknown field [fld] did you mean [field]?",
		"too-many-buckets":  "Trying to create too many buckets. Must be less than or equal to: [65536] but this number of buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting.",
		"no-index":          "no such index [fx_b]",
		"json":              "failed to parse: Unexpected character ('}' (code 125)): was expecting double-quote to start field name\n at [Source: (ByteArrayInputStream); line: 1, column: 9]",
	} {
		body, err := os.ReadFile("testdata/elasticsearch-" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if got := (&StatusError{Body: body}).Message(); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", file, got, want)
		}
	}
	for _, body := range []string{"", "<html>", "{}", `{"error":"text"}`, `{"error":{}}`} {
		if got := elasticCause([]byte(body)); got != "" {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestReason(t *testing.T) {
	cases := map[string]string{
		`{"error":{"reason":"no such index [a]","root_cause":[{"reason":"no such index [a]"}]},"status":404}`: "no such index [a]",
		`{"error":{"reason":"all shards failed","root_cause":[{"reason":"field [x] is not a number"}]}}`:      "field [x] is not a number",
		`<html>`: "<html>",
	}
	for body, want := range cases {
		if got := (&StatusError{Body: []byte(body)}).Message(); got != want {
			t.Errorf("Message of %s is %q, want %q", body, got, want)
		}
	}
}
