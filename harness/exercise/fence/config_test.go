package fence

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const camelURL = "paho:smart_a?brokerUrl=tcp://127.0.0.1:1883&qos=1&clientId=connect-smart_a&cleanSession=false"

// camel is a connector's config, with changes.
func camel(changes map[string]any) []byte {
	config := map[string]any{
		"connector.class": "org.apache.camel.kafkaconnector.CamelSourceConnector", "tasks.max": "1", "topics": "smart_a", "camel.source.url": camelURL,
	}
	for key, value := range changes {
		config[key] = value
	}
	text, err := json.MarshalIndent(config, "", " ")
	if err != nil {
		panic(err)
	}
	return text
}

func TestConnectors(t *testing.T) {
	url := func(old, new string) map[string]any {
		return map[string]any{"camel.source.url": strings.Replace(camelURL, old, new, 1)}
	}
	for _, c := range []struct {
		changes map[string]any
		want    string // "" is taken
	}{
		{nil, ""},
		{map[string]any{"value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter", "errors.tolerance": "all"}, ""},
		{url("clientId=connect-smart_a", "clientId=connect-smart_a-2"), ""},
		{map[string]any{"topics": "smart_b"}, `"smart_b"; write '${topic}'`},
		{map[string]any{"topics": "smart_a,smart_b"}, "smart_a,smart_b"},
		{map[string]any{"topics.regex": ".*"}, "topics.regex"},
		{map[string]any{"tasks.max": "100"}, "100"},
		{map[string]any{"tasks.max": 1, "camel.component.seda.queueSize": 10000, "camel.component.seda.defaultBlockWhenFull": true}, ""},
		{map[string]any{"camel.component.seda.queueSize": 20000}, "write a number below 20000: a longer queue takes memory"},
		{map[string]any{"camel.error.handler.max.redeliveries": -1, "camel.error.handler.redelivery.delay": "100", "camel.error.handler": "default"}, ""},
		{map[string]any{"camel.error.handler": "dead-letter"}, "camel.error.handler can't be"},
		{map[string]any{"camel.component.seda.queue-size": 10000, "camel.component.seda.default-block-when-full": "true"}, ""},
		{map[string]any{"camel.component.seda.queue-size": 100000}, "queue-size can't be"},
		{map[string]any{"tasks.max": 100}, `tasks.max can't be "100"`},
		{map[string]any{"camel.source.max-poll-duration": 10000, "camel.source.maxBatchPollSize": "1000"}, ""},
		{map[string]any{"camel.source.maxPollDuration": 9000000000}, "write a number from 1 to 10000"},
		{map[string]any{"camel.source.max-batch-poll-size": "2000000000"}, "write a number from 1 to 10000"},
		{map[string]any{"camel.error.handler.redelivery.delay": 0}, ""},
		{map[string]any{"camel.error.handler.redelivery.delay": 10001}, "write a number from 0 to 10000"},
		{url("&qos=1", "&maxInflight=999999"), "for maxInflight, write a number from 1"},
		{map[string]any{"tasks.max": nil}, "tasks.max has no single value"},
		{map[string]any{"tasks.max": []int{1}}, "tasks.max has no single value"},
		{map[string]any{"connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector"}, "FileStreamSource"},
		{map[string]any{"connector.class": "CamelSource", "name": "mine"}, ""},
		{map[string]any{"connector.class": "CamelSourceConnector"}, ""},
		{map[string]any{"connector.class": "Source"}, "isn't allowed"},
		{map[string]any{"tasks.max": " 1 "}, ""},
		{map[string]any{"connector.class": " org.apache.camel.kafkaconnector.CamelSourceConnector"}, "isn't allowed"},
		{map[string]any{"transforms": "x"}, "transforms aren't allowed"},
		{map[string]any{"transforms.x.type": "org.apache.kafka.connect.transforms.RegexRouter"}, "transforms.x.type"},
		{map[string]any{"transforms.x.type": "org.apache.camel.kafkaconnector.transforms.CamelTypeConverterTransform$Value"}, "transforms aren't allowed"},
		{map[string]any{"producer.override.bootstrap.servers": "evil:1"}, "producer.override"},
		{map[string]any{"key.converter": "evil.Class"}, "evil.Class"},
		{map[string]any{"camel.source.maxPollDuration": "${file:/etc/passwd:x}"}, "fill in"},
		{map[string]any{"camel.source.maxPollDuration": "{{env:HOME}}"}, "fill in"},
		{map[string]any{"camel.source.path.topic": "smart_b"}, "camel.source.path.topic"},
		{url("paho:", "file:"), "paho:${source}?"},
		{url("paho:smart_a", "paho:smart_b"), "paho:${source}?"},
		{url("paho:smart_a", "paho://smart_a"), "begin it with paho:${source}?"},
		{url("paho:smart_a", "paho:#"), "without %"},
		{url("paho:smart_a", "paho:%73mart_b"), "without %"},
		{url("127.0.0.1:1883", "evil:1883"), "for brokerUrl, write 'tcp://${mqtt}'"},
		{url("127.0.0.1:1883", "127.0.0.1:1883,tcp://evil:1"), "brokerUrl"},
		{url("tcp://", "ssl://"), "brokerUrl"},
		{url("&qos=1", "&brokerUrl=tcp://127.0.0.1:1883"), "once"},
		{url("&qos=1", "&qos=3"), "qos"},
		{url("&qos=1", "&persistence=FILE&filePersistenceDirectory=/x"), "persistence"},
		{url("&qos=1", "&filePersistenceDirectory=/x"), "filePersistenceDirectory"},
		{url("&qos=1", "&willTopic=smart_b"), "willTopic"},
		{url("&qos=1", "&password=RAW(x)"), "without %"},
		{url("connect-smart_a", "connect-smart_b"), "for clientId, write '${client}', or"},
		{url("&clientId=connect-smart_a", ""), "clientId="},
	} {
		expect(t, Connector("c.json", camel(c.changes), rules), c.want, c.changes)
	}
	for _, form := range []string{`{"name": "x", "config": %s}`, "{\"config\": %s,\n\"name\": 1}"} {
		expect(t, Connector("c.json", fmt.Appendf(nil, form, camel(nil)), rules), "", form)
		expect(t, Connector("c.json", fmt.Appendf(nil, form, camel(map[string]any{"topics": "smart_b"})), rules), "smart_b", form)
	}
	for text, want := range map[string]string{
		`{"topics": "smart_a", "topics": "smart_b"}`: "twice",
		"{\n\"topics\": \"smart_a\"":                 "c.json:2: invalid JSON",
		`["x"]`:                                      "a JSON object",
		"{} {}":                                      "after the end",
		"{\"a\": \"\xff\"}":                          "UTF-8",
		`{"a":` + strings.Repeat("[", 100):           "deep",
		strings.Repeat(" ", ConfigBytes+1):           "bytes",
		"{}":                                         `connector.class ""`,
	} {
		expect(t, Connector("c.json", []byte(text), rules), want, text)
	}
}

func expect(t *testing.T, err error, want string, what any) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%.100v: %v", what, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%.100v: want %q, got %v", what, want, err)
	}
}

func TestTemplates(t *testing.T) {
	for text, want := range map[string]string{
		`{"index_patterns": "datuak_a"}`: "",
		`{"index_patterns": ["datuak_a-*"], "priority": 1, "template": {"settings": {"index": {"number_of_shards": 1}, "index.refresh_interval": "1s"}, "mappings": {"dynamic": false}}}`: "",
		`{"index_patterns": ["datuak_a"], "template": {"mappings": {"properties": {"script": {"type": "keyword", "fields": {"k": {"type": "text"}}}}}}}`:                                  "",
		`{}`:                        "no index_patterns",
		`{"index_patterns": []}`:    "index_patterns",
		`{"index_patterns": ["*"]}`: `"*"; write ["${index}", "${index}-*"]`,
		`{"index_patterns": ["datuak_a", "datuak_b"]}`:                                                                                   "datuak_b",
		`{"index_patterns": ["datuak_a*"]}`:                                                                                              "datuak_a*",
		`{"index_patterns": ["datuak_a-*,b"]}`:                                                                                           "datuak_a-*,b",
		`{"index_patterns": ["datuak_a"], "composed_of": ["datuak_b"]}`:                                                                  "another template",
		`{"index_patterns": ["datuak_a"], "composed_of": [], "_meta": {}, "version": 2}`:                                                 "",
		`{"index_patterns": ["datuak_a"], "data_stream": {}}`:                                                                            "data_stream",
		`{"index_patterns": ["datuak_a"], "aliases": {}}`:                                                                                "aliases",
		`{"index_patterns": ["datuak_a"], "template": {"aliases": {"datuak_b": {}}}}`:                                                    "aliases",
		`{"index_patterns": ["datuak_a"], "template": {"settings": {"index.default_pipeline": "p"}}}`:                                    "default_pipeline",
		`{"index_patterns": ["datuak_a"], "template": {"settings": {"index": {"final_pipeline": "p"}}}}`:                                 "final_pipeline",
		`{"index_patterns": ["datuak_a"], "template": {"settings": {"number_of_shards": 1000}}}`:                                         "1000",
		`{"index_patterns": ["datuak_a"], "template": {"settings": []}}`:                                                                 "a JSON object",
		`{"index_patterns": ["datuak_a"], "template": {"mappings": {"runtime": {}}}}`:                                                    "runtime",
		`{"index_patterns": ["datuak_a"], "template": {"mappings": {"properties": {"x": {"type": "long", "script": {"source": "1"}}}}}}`: "script",
		`{"index_patterns": ["datuak_a"], "template": {"mappings": {"properties": {"x": {"properties": {"y": {"script": "1"}}}}}}}`:      "script",
	} {
		expect(t, Template("t.json", []byte(text), rules), want, text)
	}
}

// TestMistakesInJSON: what people and editors write in place of JSON is named.
func TestMistakesInJSON(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "t.json:1: it is empty",
		" \n":                         "it is empty",
		"{\n “index_patterns”: 1}":    "t.json:2: invalid JSON: unexpected \"“\"; write straight double quotes",
		"{'a': 1}":                    "write double quotes",
		"// mine\n{}":                 "JSON has none",
		"{\"a\": 1, # b\n\"c\": 2}":   "JSON has none",
		"{\"a\": 1,\n}":               "t.json:2: invalid JSON: unexpected \"}\"; leave out the comma",
		"{\"a\": [1,]}":               "leave out the comma",
		"{\"a\": True}":               "in small letters",
		"{\u00a0\"a\": 1}":            `unexpected "\u00a0"; delete this character`,
		"PUT _index_template/a\n{}":   "leave the request out",
		"curl -X PUT localhost -d {}": "leave the request out",
		"{\"a\" 1}":                   "look for a missing comma",
		"{\"a\": [1}":                 "look for a missing comma, quote, value or bracket",
		"{\"a\": }":                   "look for a missing comma, quote, value or bracket",
	} {
		expect(t, Template("t.json", []byte(text), rules), want, text)
	}
}

func TestDashboards(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for _, c := range []struct {
		text  string
		lines bool
		want  string
	}{
		{`{"panels": [1, true, null]}`, false, ""},
		{"{}\n\n{\"a\": \"b\"}\n", true, ""},
		{deep, false, "deep"},
		{"{}\n" + deep, true, "d.json:2: it is nested"},
		{"{}\n{", true, "d.json:2: its JSON goes over several lines"},
		{"{}\n{a", true, "d.json:2: invalid JSON"},
		{"{}\n{}", false, "after the end"},
		{strings.Repeat(" ", DashboardBytes+1), true, "bytes"},
	} {
		expect(t, Dashboards("d.json", []byte(c.text), c.lines), c.want, c.text)
	}
}
