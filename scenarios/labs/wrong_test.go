package labs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

// wrong is a solution in which one thing is changed.
type wrong struct {
	name, lab, file, old, new string
	points                    int
	check, reason             string // the first one that isn't passed, and why
}

// alone reports an answer whose points depend on how busy the machine is: what a broker
// may drop.
func (w wrong) alone() bool { return strings.Contains(w.reason, "QoS 0") }

// limits are small for a script that uses up its CPU time: on a busy machine, the default
// of that takes longer than the script has by the clock.
func (w wrong) limits() (l sandbox.Limits) {
	if strings.Contains(w.reason, "CPU time") {
		l.CPU = time.Second
	}
	return l
}

func TestWrongAnswers(t *testing.T) {
	gradeWrong(t, []wrong{
		{"QoS 0", "publish", "publish.sh", "--qos 1", "--qos 0", 7, "qos", "2000 messages came with QoS 0"},
		{"every row twice", "publish", "publish.sh", "lab publish", "lab publish --broker \"$MQTT\" --topic \"$TOPIC\" --qos 1 --input \"$INPUT\"\nlab publish", 3, "rows", "2000 messages are rows that had been published before"},
		{"only half of the rows", "publish", "publish.sh", "--input", "--rows 1000 --input", 3, "rows", "1000 missing"},
		{"rows of one's own", "publish", "publish.sh", `--input "$INPUT"`, "--rows 2000 --seed 5", 3, "rows", ""},
		{"no such flag", "publish", "publish.sh", "--qos", "--quality", 1, "ends", "unknown flag: --quality"},
		{"another broker", "publish", "publish.sh", `--broker "$MQTT"`, "", 1, "ends", "127.0.0.1:1883"},
		{"a script that never ends", "publish", "publish.sh", "lab publish", "while :; do :; done; lab publish", 1, "ends", "used up its CPU time"},
		{"another's topic", "flink", "tables.sql", "'${topic}'", "'smart'", 0, "files", "tables.sql:"},
		{"another's index", "export", "export.sql", "'${index}'", "'datuak'", 0, "files", "export.sql:"},
		{"a template for all", "export", "index-template.json", `"${index}-*"`, `"*"`, 0, "files", "index-template.json:"},
		{"another server", "bridge", "camel-mqtt.json", "tcp://${mqtt}", "tcp://example.com:1883", 0, "files", "camel-mqtt.json:"},
		{"a jar", "flink", "tables.sql", "CREATE TABLE", "ADD JAR '/tmp/x.jar'; CREATE TABLE", 0, "files", "tables.sql:"},
		{"BIGINT for a real number", "flink", "tables.sql", "x          DOUBLE", "x          BIGINT", 5, "columns", "column x is BIGINT, want DOUBLE"},
		{"a comma is missing", "flink", "tables.sql", "'connector' = 'kafka',", "'connector' = 'kafka'", 0, "files", "03-flink/tables.sql:"},
		{"no such type", "flink", "tables.sql", "x          DOUBLE", "x          REALLY", 1, "runs", "03-flink/tables.sql:8"},
		{"only rows to come", "flink", "tables.sql", "earliest-offset", "latest-offset", 5, "count", "SELECT COUNT(*) returned 0, want 600"},
		{"no watermark", "flink", "tables.sql", "WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND", "note AS action", 10, "window", "no watermark"},
		{"a key that isn't unique", "export", "export.sql", "PRIMARY KEY (usid, device, sensor, seq)", "PRIMARY KEY (usid, seq)", 6, "count", "150 rows are there, want 600"},
		{"a time that is text", "export", "index-template.json", `"@timestamp": { "type": "date" }`, `"@timestamp": { "type": "text" }`, 1, "template", "field @timestamp would be mapped as text, want date"},
		{"columns that are swapped", "export", "export.sql", "action, ts, x, y, z", "action, ts, y, x, z", 8, "documents", "x"},
		{"a query beside an endless job", "export", "export.sql", "CREATE TABLE", "SELECT * FROM `${table}`; CREATE TABLE", 0, "files", "a query isn't allowed in this file"},
		{"no such class", "bridge", "camel-mqtt.json", "CamelSourceConnector", "CamelSinkConnektor", 0, "files", "CamelSinkConnektor"},
		{"no JSON", "bridge", "camel-mqtt.json", "{", "[", 0, "files", "camel-mqtt.json"},
		{"a converter that wraps", "bridge", "camel-mqtt.json", "org.apache.kafka.connect.converters.ByteArrayConverter", "org.apache.kafka.connect.json.JsonConverter", 6, "records", ""},
	})
}

// gradeWrong grades each answer. The first check that hasn't passed must say why.
func gradeWrong(t *testing.T, answers []wrong) {
	testenv.AsProcesses(t, "wrong answers")
	for _, c := range answers {
		t.Run(c.name, func(t *testing.T) {
			switch {
			case !c.alone():
				t.Parallel()
			case testing.Short():
				t.Skip("skipped because of -short: it has the machine to itself")
			}
			l, err := lab.Find(lessons(t), c.lab)
			if err != nil {
				t.Fatal(err)
			}
			dir := copyOf(t, l, "solution")
			replace(t, filepath.Join(dir, c.file), c.old, c.new)
			result := gradedWithin(t, l, dir, c.limits())
			points, _ := result.Points()
			for _, made := range result.Checks {
				if made.Outcome == hop.Passed {
					continue
				}
				if made.Outcome != hop.Failed || made.ID != c.check || !strings.Contains(made.Reason, c.reason) {
					t.Errorf("%s is %s: %s\nwant %s failed: %s", made.ID, made.Outcome, made.Reason, c.check, c.reason)
				}
				break
			}
			if points != c.points {
				t.Errorf("%d points, want %d\n%+v", points, c.points, result.Checks)
			}
		})
	}
}

func replace(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}
