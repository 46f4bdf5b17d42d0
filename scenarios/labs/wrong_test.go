package labs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

// wrong is ada's solution in which one thing is changed. What the lab lets choose is ada's
// in old, and cy's in new.
type wrong struct {
	name, lab, file, old, new string
	points                    int
	check, reason             string // the first one that isn't passed, and why
	hint                      string // the first that 'lab hint' then gives; some hidden checks have none
}

// and changes another place in the file too.
func (w wrong) and(old, new string) wrong {
	w.old, w.new = w.old+also+old, w.new+also+new
	return w
}

// also is between the places of a file that are changed.
const also = "\x00"

// own fills in what the lab lets choose as ada's.
func (w wrong) own(t *testing.T) wrong {
	t.Helper()
	l, err := lab.Find(allLabs(t), w.lab)
	if err != nil {
		t.Fatal(err)
	}
	w.new = l.Personal(w.new, "ada")
	return w
}

// alone reports an answer whose points depend on how busy the machine is, such as what a
// broker may drop, or that keeps Elasticsearch busy.
func (w wrong) alone() bool {
	return strings.Contains(w.reason, "QoS 0") || strings.Contains(w.hint, "Groups inside groups")
}

// limits are small for a script that uses up its CPU time: on a busy machine, the default
// of that takes longer than the script has by the clock.
func (w wrong) limits() (l sandbox.Limits) {
	if strings.Contains(w.reason, "CPU time") {
		l.CPU = time.Second
	}
	if strings.Contains(w.reason, "used up its time") {
		l.Wall = clientsTime
	}
	return l
}

func TestWrongAnswers(t *testing.T) {
	gradeWrong(t, []wrong{
		{"QoS 0", "publish", "publish.sh", "--qos 1", "--qos 0", 7, "qos", "2000 messages came with QoS 0", "Which qualities of service"},
		{"every row twice", "publish", "publish.sh", "lab publish", "lab publish --broker \"$MQTT\" --topic \"$TOPIC\" --qos 1 --input \"$INPUT\"\nlab publish", 3, "rows", "2000 messages are rows that had been published before", "How many times does the script publish the rows?"},
		{"only half of the rows", "publish", "publish.sh", "--input", "--rows 1000 --input", 3, "rows", "1000 missing", "How many rows should there be"},
		{"rows of one's own", "publish", "publish.sh", `--input "$INPUT"`, "--rows 2000 --seed 5", 3, "rows", "", "The number is right, and the rows are others."},
		{"no such flag", "publish", "publish.sh", "--qos", "--quality", 1, "ends", "unknown flag: --quality", "Which command or flag does it complain about?"},
		{"another broker", "publish", "publish.sh", `--broker "$MQTT"`, "", 1, "ends", "127.0.0.1:1883", "The broker's address is in $MQTT"},
		{"a script that never ends", "publish", "publish.sh", "lab publish", "while :; do :; done; lab publish", 1, "ends", "used up its CPU time", "Does the script end?"},
		{"another's topic", "flink", "tables.sql", "'${topic}'", "'smart'", 0, "files", "tables.sql:", "what can be there instead"},
		{"another's index", "export", "export.sql", "'${index}'", "'datuak'", 0, "files", "export.sql:", "what can be there instead"},
		{"a template for all", "export", "index-template.json", `"${index}-*"`, `"*"`, 0, "files", "index-template.json:", "what can be there instead"},
		{"another server", "bridge", "camel-mqtt.json", "tcp://${mqtt}", "tcp://example.com:1883", 0, "files", "camel-mqtt.json:", "what can be there instead"},
		{"a jar", "flink", "tables.sql", "CREATE TABLE", "ADD JAR '/tmp/x.jar'; CREATE TABLE", 0, "files", "tables.sql:", "what can be there instead"},
		{"BIGINT for a real number", "flink", "tables.sql", "x          DOUBLE", "x          BIGINT", 5, "columns", "column x is cut to a whole number in ", "Which values have a fraction?"},
		{"a comma is missing", "flink", "tables.sql", "'connector' = 'kafka',", "'connector' = 'kafka'", 0, "files", "03-flink/tables.sql:", "what can be there instead"},
		{"no such type", "flink", "tables.sql", "x          DOUBLE", "x          REALLY", 1, "runs", "03-flink/tables.sql:8", "names the file, the line and the column"},
		{"only rows to come", "flink", "tables.sql", "earliest-offset", "latest-offset", 5, "count", "SELECT COUNT(*) returned 0, want 9600", "At which offset"},
		{"no watermark", "flink", "tables.sql", "WATERMARK FOR event_time AS event_time - INTERVAL '${late}' SECOND", "note AS action", 9, "window", "time attribute", "Flink can't tell when a window is complete."},
		{"a key that isn't unique", "export", "export.sql", "PRIMARY KEY (usid, device, sensor, seq)", "PRIMARY KEY (usid, seq)", 6, "count", "150 rows are there, want 600", "two rows with the same primary key"},
		{"a time that is text", "export", "index-template.json", `"@timestamp": { "type": "date" }`, `"@timestamp": { "type": "text" }`, 1, "template", "field @timestamp would be mapped as text: no chart over time", "As what must a time be mapped"},
		{"columns that are swapped", "export", "export.sql", "action, ts, x, y, z", "action, ts, y, x, z", 8, "documents", "x", "Which field differs?"},
		{"a query beside an endless job", "export", "export.sql", "CREATE TABLE", "SELECT * FROM `${table}`; CREATE TABLE", 0, "files", "a query isn't allowed in this file", "what can be there instead"},
		{"no such class", "bridge", "camel-mqtt.json", "CamelSourceConnector", "CamelSinkConnektor", 0, "files", "CamelSinkConnektor", "what can be there instead"},
		{"no JSON", "bridge", "camel-mqtt.json", "{", "[", 0, "files", "camel-mqtt.json", "what can be there instead"},
		{"a converter that wraps", "bridge", "camel-mqtt.json", "org.apache.kafka.connect.converters.ByteArrayConverter", "org.apache.kafka.connect.json.JsonConverter", 6, "records", "", "Is it the JSON that was published?"},
		{"another time format", "flink", "tables.sql", "ISO-8601", "SQL", 5, "count", "Fail to deserialize at field: event_time", "How is event_time written in a message?"},
		{"a local time", "flink", "tables.sql", "TIMESTAMP_LTZ(3)", "TIMESTAMP(3)", 3, "columns", "column event_time is TIMESTAMP(3), and a message has", "What does the Z at its end mean?"},
		{"time is ignored", "flink", "tables.sql", "'json.timestamp-format.standard' = 'ISO-8601'", "'json.ignore-parse-errors' = 'true'", 7, "rows", "event_time is NULL", "Flink couldn't read the time, and was set to go on."},
		{"a number that is too small", "flink", "tables.sql", "ts         BIGINT", "ts         INT", 5, "count", "Fail to deserialize at field: ts", "Does its column's type hold the value"},
		{"another name", "flink", "tables.sql", "usid       BIGINT", "user_id    BIGINT", 5, "columns", "column usid isn't there", "A column's name is that of the key in the JSON."},
		{"a group that there isn't", "flink", "tables.sql", "earliest-offset", "group-offsets", 5, "count", "group.id is required", "this table has no group"},
		{"no such mode", "flink", "tables.sql", "earliest-offset", "earliest", 5, "count", "Could not parse value", "names a value that Flink doesn't know"},
		{"a watermark of ten years", "flink", "tables.sql", "'${late}' SECOND", "'10' YEAR", 9, "window", "it still took rows that came 2h0m0s late", "How long must a window wait"},
		{"a watermark that is ahead", "flink", "tables.sql", "event_time - INTERVAL '${late}' SECOND", "event_time + INTERVAL '1' SECOND", 9, "window", "rows that came up to 4s late were dropped", "A watermark says that no older row will come."},
		{"a watermark that waits for nobody", "flink", "tables.sql", "event_time - INTERVAL '${late}' SECOND", "event_time", 9, "window", "rows that came up to 4s late were dropped", "A watermark says that no older row will come."},
		{"a float in the table", "flink", "tables.sql", "y          DOUBLE", "y          FLOAT", 5, "columns", "column y has other digits than were sent in ", "How many digits has a value in the JSON"},
		{"a time with a space", "export", "export.sql", "ISO-8601", "SQL", 6, "count", "failed to parse field [@timestamp] of type [date]", "How is @timestamp written in them"},
		{"no key", "export", "export.sql", "TIMESTAMP_LTZ(3),\n  PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED", "TIMESTAMP_LTZ(3)", 8, "documents", "its _id is not made of usid, device, sensor and seq", "Where does a document's _id come from?"},
		{"another index of one's own", "export", "export.sql", "'${index}'", "'${index}-x'", 6, "count", "0 rows are there, want 600", "Into which index does the table write?"},
		{"no type of Elasticsearch's", "export", "index-template.json", `"x": { "type": "double" }`, `"x": { "type": "dooble" }`, 1, "template", "No handler for type [dooble] declared on field [x]", "Elasticsearch has refused the template."},
		{"a float", "export", "index-template.json", `"x": { "type": "double" }`, `"x": { "type": "float" }`, 1, "template", "field x would be mapped as float: for searches and sums it has other digits than were sent in ", "Does that have enough digits?"},
		{"nothing about full queues", "bridge", "camel-mqtt.json", queue + redeliver, "", 3, "count", "rows are there, want 3000", "Where does a row wait while the connector is paused"},
		{"a queue alone", "bridge", "camel-mqtt.json", redeliver, "", 3, "count", "rows are there, want ", "Where does a row wait while the connector is paused"},
		{"a longer queue", "bridge", "camel-mqtt.json", queue + redeliver, `"camel.component.seda.queueSize": 10000,`, 3, "count", "rows are there, want 12000", "Where does a row wait while the connector is paused"},
		{"a queue that waits", "bridge", "camel-mqtt.json", redeliver, `"camel.component.seda.defaultBlockWhenFull": "true",`, 3, "count", "rows are there, want ", "Where does a row wait while the connector is paused"},
		{"a copied script", "publish", "publish.sh", "--rate ${publish_rate}", "--rate ${publish_rate}", 9, "own", another, "Which rate is yours?"},
		{"a copied connector", "bridge", "camel-mqtt.json", "${queue}", "${queue}", 9, "own", another, "How long is your queue?"},
		{"a copied table", "flink", "tables.sql", "'${late}'", "'${late}'", 11, "own", another, "How many seconds late may your rows be?"},
		{"a copied export", "export", "export.sql", "'${bulk}'", "'${bulk}'", 13, "own", another, "How many documents may one of your requests have?"},
		{"a copied job", "recover", recover, "'${every}'", "'${every}'", 13, "own", another, "How often do your checkpoints come?"},
		{"an unfilled flag", "publish", "publish.sh", "--qos 1", "--qos TODO", 0, "files", "publish.sh:5: there is a TODO left to fill in", "Replace each TODO"},
		{"another topic of MQTT", "publish", "publish.sh", `"$TOPIC"`, "smart", 1, "ends", `it published to "smart"`, "Which topic is yours?"},
		{"a program that there isn't", "publish", "publish.sh", "#!/bin/sh", "#!/no/fish", 1, "ends", "publish.sh:1: the script is to be run by /no/fish, which isn't there", "The script's first line names"},
		{"quotes of a word processor", "publish", "publish.sh", `"$TOPIC"`, "“$TOPIC”", 1, "ends", "it published to", "An editor has put other quotes"},
		{"rows that aren't there", "publish", "publish.sh", `"$INPUT"`, "rows.txt", 1, "ends", "rows.txt", "Where are the rows?"},
	})
}

const (
	// queue is the length of our connector's queue, and redeliver what makes it wait where
	// that is full.
	queue     = `"camel.component.seda.queueSize": "${queue}",` + "\n  "
	redeliver = `"camel.error.handler.max.redeliveries": "-1",`
	// another is the reason why a file fails that is copied from cy.
	another = "for ada: this is the value of another student's task"
)

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
			l, err := lab.Find(append(allLabs(t), course(t)...), c.lab)
			if err != nil {
				t.Fatal(err)
			}
			dir := copyOf(t, l, "solution")
			made := strings.Split(l.Personal(c.new, "cy"), also)
			for i, old := range strings.Split(l.Personal(c.old, "ada"), also) {
				replace(t, filepath.Join(dir, c.file), old, made[i])
			}
			result := gradedWithin(t, l, dir, c.limits())
			points, _ := result.Points()
			for _, made := range result.Checks {
				if made.Outcome == hop.Passed {
					continue
				}
				if made.Outcome != hop.Failed || made.ID != c.check || !strings.Contains(made.Reason, c.reason) {
					t.Errorf("%s is %s: %s\nwant %s failed: %s", made.ID, made.Outcome, made.Reason, c.check, c.reason)
				}
				if first := firstHint(l, made); (c.hint == "") != (first == "") || !strings.Contains(first, c.hint) {
					t.Errorf("%s: %s\nthe first hint is %q, want %q", made.ID, made.Reason, first, c.hint)
				}
				break
			}
			if points != c.points {
				t.Errorf("%d points, want %d\n%+v", points, c.points, result.Checks)
			}
		})
	}
}

// firstHint is what 'lab hint' gives first for a check that hasn't passed.
func firstHint(l lab.Lab, made report.Check) string {
	for _, c := range l.Checks {
		if _, hints := c.HintsFor(made.Reason); c.ID == made.ID && len(hints) > 0 {
			return hints[0]
		}
	}
	return ""
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
