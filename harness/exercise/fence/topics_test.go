package fence

import (
	"strings"
	"testing"
)

// TestTopics: a lab's topics beside the run's own can be read and written, no others,
// and by no job that never ends.
func TestTopics(t *testing.T) {
	rules := Rules{Topic: "smart_a", Topics: []string{"smart_a-windows"}, Kafka: []string{"k:1"}}
	file := func(topic string) string {
		return "CREATE TABLE t (x INT) WITH ('connector' = 'kafka', 'topic' = '" + topic + "', 'properties.bootstrap.servers' = 'k:1', 'format' = 'json'); INSERT INTO t SELECT 1"
	}
	endless := rules
	endless.Endless = true
	for _, c := range []struct {
		rules       Rules
		topic, want string
	}{
		{rules, "smart_a-windows", ""},
		{rules, "smart_a", "can't write to a table of Kafka"},
		{rules, "smart_a-other", "write '${topic}' or '${topic}-windows'"},
		{rules, "smart_a-windows;smart_b", "can't be 'smart_a-windows;smart_b'"},
		{endless, "smart_a-windows", "can't write to a table of Kafka"},
		{Rules{Topic: "smart_a", Kafka: []string{"k:1"}}, "smart_a-windows", "write '${topic}'"},
	} {
		_, err := SQL("f.sql", file(c.topic), nil, c.rules)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.topic, err, c.want)
		}
	}
}
