package labs

import (
	"fmt"
	"testing"
)

const (
	ndjson = "kibana-7.ndjson"
	model  = "dashboard.json"
	source = "datasource.yaml"
)

func TestWrongKibana(t *testing.T) {
	gradeWrong(t, []wrong{
		{"another index", "kibana", ndjson, `"title":"datuak"`, `"title":"smart"`, 15, "view", `data view hoplab-datuak shows the index "smart", want "datuak"`, "Which index has lab 4 filled?"},
		{"a number for the time", "kibana", ndjson, `"timeFieldName":"@timestamp"`, `"timeFieldName":"ts"`, 15, "view", `the time field "ts", which is mapped as long, want date`, "map as a date"},
		{"no time field", "kibana", ndjson, `"timeFieldName":"@timestamp",`, ``, 15, "view", "has no time field", "map as a date"},
		{"a field that isn't there", "kibana", ndjson, `\"field\":\"x\"`, `\"field\":\"w\"`, 16, "averages", "nothing on the dashboard shows avg of x over all rows\n", "Compare what the dashboard shows"},
		{"minima for maxima", "kibana", ndjson, `\"type\":\"max\"`, `\"type\":\"min\"`, 19, "maxima", "nothing on the dashboard shows max of x over all rows\n", "How must they differ?"},
		{"another percentile", "kibana", ndjson, `\"percents\":[2]`, `\"percents\":[20]`, 19, "percentiles", "nothing on the dashboard shows percentile 2 of x over all rows\n", "percents is a list"},
		{"over another field", "kibana", ndjson, `\"field\":\"y\",\"interval\":${step}}`, `\"field\":\"x\",\"interval\":1}`, 19, "over-y", "avg of x over histogram of y, nor avg of z over histogram of y", "A histogram's field"},
		{"no choice of activities", "kibana", ndjson, `\"fieldName\":\"action\"`, `\"fieldName\":\"device\"`, 20, "choice", "nothing on the dashboard shows a choice of action", "letter of the activity"},
		{"a copied dashboard", "kibana", ndjson, `\"interval\":${step}}`, `\"interval\":${step}}`, 20, "own", another, "How wide are your steps of y?"},
		{"another day", "kibana", ndjson, `"timeFrom":"2023-11-14T22:13:00.000Z","timeRestore":true,"timeTo":"2023-11-14T`, `"timeFrom":"2023-11-15T22:13:00.000Z","timeRestore":true,"timeTo":"2023-11-15T`,
			15, "drawn", "no data: the dashboard shows 2023-11-15T22:13:00.000Z to 2023-11-15T22:18:00.000Z, and the rows are from 2023-11-14T22:13:20", "when the rows were recorded"},
		{"a time that is cut", "kibana", ndjson, `"timeTo":"2023-11-14T22:18`, `"timeTo":"2023-11-14T22:15`, 19, "covers", "whole sessions last from 2023-11-14T22:13:20", "How long is a session"},
		{"the last 15 minutes", "kibana", ndjson, `"timeRestore":true`, `"timeRestore":false`, 1, "reads", `Store time with dashboard`, "The error names"},
		{"without the data view", "kibana", ndjson, `"id":"hoplab-datuak","migrationVersion"`, `"id":"other","migrationVersion"`, 1, "reads", "05-kibana/kibana-7.ndjson:2: ", "The error names"},
		{"no JSON", "kibana", ndjson, `{"attributes"`, `{attributes`, 0, "files", "05-kibana/kibana-7.ndjson:1: invalid JSON", "Look for a missing comma"},
	})
}

func TestWrongGrafana(t *testing.T) {
	gradeWrong(t, []wrong{
		{"another index", "grafana", source, "index: datuak", "index: smart", 14, "source", `06-grafana/dashboard.json: data source "datuak" shows the index "smart", want "datuak"`, "Which index has lab 4 filled?"},
		{"a number for the time", "grafana", source, `timeField: "@timestamp"`, "timeField: ts", 14, "source", `the time field "ts", which is mapped as long, want date`, "map as a date"},
		{"a time field that isn't there", "grafana", source, `timeField: "@timestamp"`, "timeField: time", 14, "source", `the time field "time", which the index lacks`, "map as a date"},
		{"no time field", "grafana", source, `timeField: "@timestamp"`, "", 1, "reads", "06-grafana/datasource.yaml: data source \"datuak\": it has no jsonData.timeField", "The error names"},
		{"another data source", "grafana", source, "name: datuak\n    uid: datuak", "name: other\n    uid: other", 1, "reads", `no data source has the uid or the name "datuak"`, "The error names"},
		{"a sensor that there isn't", "grafana", model, "sensor:gyro AND", "sensor:gyroscope AND", 15, "gyro", "avg of x over date_histogram of @timestamp where sensor is gyro", "Which word must differ?"},
		{"another year", "grafana", model, "\"from\": \"2023-11-14T22:13:00.000Z\",\n    \"to\": \"2023", "\"from\": \"2024-11-14T22:13:00.000Z\",\n    \"to\": \"2024",
			14, "drawn", "no data: the dashboard shows 2024-11-14T22:13:00.000Z to 2024-11-14T22:18:00.000Z, and the rows are from 2023", "when the rows were recorded"},
		{"the last hour", "grafana", model, "2023-11-14T22:13:00.000Z", "now-1h", 1, "reads", `from "now-1h" isn't before to`, "The error names"},
		{"a time that is cut", "grafana", model, "2023-11-14T22:18", "2023-11-14T22:15", 21, "covers", "whole sessions last from 2023-11-14T22:13:20", "How long is a session"},
		{"more buckets than Elasticsearch makes", "grafana", model, "\"interval\": \"1s\",\n                \"min_doc_count\": \"0\"", "\"interval\": \"1ms\",\n                \"min_doc_count\": \"0\"", 16, "drawn", "too many buckets", "An interval makes a bucket"},
		{"groups inside groups", "grafana", model, `"bucketAggs": [`, `"bucketAggs": [` + groups("seq", "ts", "x", "y", "z"), 16, "drawn", `panel "Accelerometer: mean of x, y and z" (2)`, "Groups inside groups multiply"},
		{"a panel that obeys nobody", "grafana", model, `"query": "action:$activity"`, `"query": "*"`, 20, "chosen", `panel "Rows per second by sensor" (4) still shows all rows where`, "Which panel shows the same"},
		{"a variable of devices", "grafana", model, `\"field\": \"action\"`, `\"field\": \"device\"`, 19, "choice", "nothing on the dashboard shows a choice of action", "The variable's query is"},
		{"a copied dashboard", "grafana", model, `"interval": "${step}"`, `"interval": "${step}"`, 22, "own", another, "How wide are your steps of y?"},
		{"no JSON", "grafana", model, `"uid": "hoplab",`, `"uid": "hoplab"`, 0, "files", "06-grafana/dashboard.json:3: invalid JSON", "Look for a missing comma"},
		{"no YAML", "grafana", source, "datasources:", "datasources: [", 1, "reads", "06-grafana/datasource.yaml: it isn't valid YAML", "The error names"},
	})
}

// groups are terms of fields, each inside those before it, with all combinations of their
// values: 600 rows have 600 to the power of five.
func groups(fields ...string) (text string) {
	for i, field := range fields {
		text += fmt.Sprintf(`{"id": "9%d", "type": "terms", "field": %q, "settings": {"min_doc_count": "0", "order": "desc", "orderBy": "_term", "size": "10000000"}},`, i, field)
	}
	return text
}
