package fence

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/labs"
)

var rules = Rules{
	Source: "smart_a", Topic: "smart_a", Index: "datuak_a", Client: "connect-smart_a",
	MQTT: []string{"127.0.0.1:1883"}, Kafka: []string{"127.0.0.1:9092"}, Elasticsearch: []string{"127.0.0.1:9200", "127.0.0.1:9201"},
	Settings: []string{"table.exec.resource.default-parallelism"},
}

var params = map[string]string{
	"topic": "smart_a", "index": "datuak_a", "table": "lana_a", "sink": "datuak_a", "source": "smart_a",
	"kafka": "127.0.0.1:9092", "elasticsearch": "127.0.0.1:9200", "mqtt": "127.0.0.1:1883", "client": "connect-smart_a",
}

const (
	kafkaTable = "CREATE TABLE t (a INT) WITH ('connector'='kafka','topic'='smart_a','properties.bootstrap.servers'='127.0.0.1:9092','format'='json'"
	esTable    = "CREATE TABLE t (a INT) WITH ('connector'='elasticsearch-7','hosts'='http://127.0.0.1:9200','index'='datuak_a','format'='json'"
)

// refused returns why a file of SQL is refused, or nil.
func refused(file, text string, params map[string]string) error {
	_, err := SQL(file, text, params, rules)
	return err
}

func TestSQLThatIsTaken(t *testing.T) {
	for _, text := range []string{
		"", "-- nothing", kafkaTable + ")", esTable + ");",
		kafkaTable + ", 'scan.watermark.idle-timeout' = '5s', 'scan.watermark.emit.strategy' = 'on-event')",
		kafkaTable + ", 'properties.group.id' = 'me', 'json.ignore-parse-errors' = 'true', 'scan.startup.mode'='earliest-offset')",
		"create temporary table if not exists `smart_b`.x.`á` (a INT, b ROW<c ARRAY<INT>>, PRIMARY KEY (a) NOT ENFORCED) comment 'other' WITH ('connector' = 'blackhole')",
		"CREATE TABLE t (a INT) PARTITIONED BY (a) WITH (\n 'connector' = 'datagen', -- why\n 'fields.a.min' = '1')",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-2.b_C-d'", 1) + ")",
		strings.Replace(esTable, "http://127.0.0.1:9200", "https://127.0.0.1:9201", 1) + ")",
		"CREATE TEMPORARY VIEW v AS SELECT a, 'ADD JAR' FROM t /* the topic 'smart_b' */ WHERE b LIKE '%''x'",
		"INSERT INTO s SELECT * FROM t; SELECT 1; WITH q AS (SELECT 1) SELECT * FROM q; VALUES (1)",
		strings.Repeat("INSERT INTO a SELECT 1;", 4) + "CREATE TABLE `insert` (a INT COMMENT 'INSERT INTO') WITH ('connector' = 'blackhole')",
		"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT CASE WHEN x THEN 1 END FROM t; END",
		"STATEMENT SET BEGIN INSERT INTO a SELECT 1; END; BEGIN STATEMENT SET; INSERT INTO a SELECT 2; END;",
		"SET 'execution.runtime-mode' = 'batch'; SET table.local-time-zone = UTC; SET; SET 'execution.checkpointing.interval' = '10s'; SET 'execution.checkpointing.interval' = '500 ms'; SET 'execution.checkpointing.interval' = '2 Seconds'; SET 'execution.checkpointing.interval' = '1min'; SET 'execution.checkpointing.interval' = '1000'; SET 'table.exec.resource.default-parallelism'='2'",
		"SELECT REPEAT('x', 1000), LPAD(a, 10, 'x'), RPAD(CAST(b AS STRING), 7), repeat FROM t; SELECT `repeat`('x', 5)",
		"CREATE TABLE t (s STRING) WITH ('connector' = 'datagen', 'fields.s.length' = '1000', 'fields.a.start' = '1', 'fields.a.end' = '100000', 'fields.a.kind' = 'sequence')",
		"DROP TABLE IF EXISTS t; DROP TEMPORARY VIEW IF EXISTS `v`; SHOW TABLES; SHOW CREATE TABLE t; DESCRIBE t; DESC x.`y`; EXPLAIN PLAN FOR SELECT 1",
	} {
		if err := refused("x.sql", text, nil); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTheLabsOwnFilesAreTaken(t *testing.T) {
	for path, look := range map[string]func(string, []byte) error{
		"03-flink/solution/tables.sql":           func(f string, text []byte) error { return refused(f, string(text), params) },
		"04-export/solution/export.sql":          func(f string, text []byte) error { return refused(f, string(text), params) },
		"02-bridge/solution/camel-mqtt.json":     func(f string, text []byte) error { return Connector(f, filled(text), rules) },
		"02-bridge/solution/confluent-mqtt.json": func(f string, text []byte) error { return Connector(f, filled(text), rules) },
		"04-export/solution/index-template.json": func(f string, text []byte) error { return Template(f, filled(text), rules) },
	} {
		lab, name, _ := strings.Cut(path, "/solution/")
		_, text, err := labs.Solution(lab, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := look(path, text); err != nil {
			t.Error(err)
		}
	}
}

func filled(text []byte) []byte {
	s := string(text)
	for name, value := range params {
		s = strings.ReplaceAll(s, "${"+name+"}", value)
	}
	return []byte(s)
}

func TestSQLThatIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"ADD JAR '/tmp/x.jar'":                                                                       "ADD JAR",
		"CREATE FUNCTION f AS 'java.lang.Runtime'":                                                   "CREATE FUNCTION",
		"CREATE TEMPORARY SYSTEM FUNCTION f AS 'x'":                                                  "CREATE TEMPORARY SYSTEM",
		"CREATE CATALOG c WITH ('type'='jdbc')":                                                      "CREATE CATALOG",
		"CREATE DATABASE d":                                                                          "CREATE DATABASE",
		"CREATE OR REPLACE TABLE t AS SELECT 1":                                                      "CREATE OR REPLACE",
		"LOAD MODULE hive":                                                                           "LOAD MODULE",
		"CALL sys.x()":                                                                               "CALL",
		"USE CATALOG c":                                                                              "USE CATALOG",
		"ALTER TABLE t SET ('topic' = 'smart_b')":                                                    "ALTER TABLE",
		"STOP JOB '1'":                                                                               "STOP JOB",
		"EXECUTE PLAN '/x'":                                                                          "EXECUTE PLAN",
		"COMPILE PLAN '/x' FOR INSERT INTO a SELECT 1":                                               "COMPILE PLAN",
		"INSERT OVERWRITE t SELECT 1":                                                                "INSERT OVERWRITE",
		"DELETE FROM t":                                                                              "DELETE FROM",
		"TRUNCATE TABLE t":                                                                           "TRUNCATE TABLE",
		"RESET":                                                                                      "RESET",
		"SHOW JOBS":                                                                                  "this SHOW",
		"SHOW JARS":                                                                                  "this SHOW",
		"DESCRIBE JOB 'x'":                                                                           "only tables",
		"DROP TABLE t":                                                                               "only IF EXISTS",
		"DROP CATALOG c":                                                                             "only tables and views",
		"DROP TABLE IF EXISTS t CASCADE":                                                             "unexpected",
		"SET 'pipeline.jars' = 'file:///x.jar'":                                                      `"pipeline.jars"`,
		"SET rest.address = evil":                                                                    `"rest.address"`,
		"SET 'PIPELINE.JARS' = 'x'":                                                                  "malformed",
		"SET /* x */ 'pipeline.name' = 'x'":                                                          "malformed",
		"SET 'pipeline.name' = 'x'":                                                                  `"pipeline.name"`,
		"SET pipeline.name = x":                                                                      `"pipeline.name"`,
		"SET 'execution.checkpointing.interval' = '499ms'":                                           "500ms",
		"SET 'execution.checkpointing.interval' = '1 ms'":                                            "1 ms",
		"SET 'execution.checkpointing.dir' = '/x'":                                                   "execution.checkpointing.dir",
		"SELECT * FROM t /*+ OPTIONS('topic'='smart_b') */":                                          "hint",
		"INSERT INTO t /*+ OPTIONS('index'='b') */ SELECT 1":                                         "hint",
		"EXPLAIN SELECT * FROM t /*+ OPTIONS('topic'='b') */":                                        "hint",
		"STATEMENT SET BEGIN ADD JAR 'x'; END":                                                       "can contain only INSERT INTO",
		"STATEMENT SET BEGIN INSERT INTO a SELECT 1; END ADD JAR 'x'":                                "unexpected",
		"BEGIN STATEMENT SET ADD JAR 'x'":                                                            "unexpected",
		"CREATE TABLE t LIKE other":                                                                  "needs its columns",
		"CREATE TABLE t WITH ('connector'='kafka') AS SELECT 1":                                      "needs its columns",
		"CREATE TABLE t (a INT)":                                                                     "needs its WITH",
		"CREATE TABLE t (a INT) LIKE other":                                                          "needs its WITH",
		kafkaTable + ") LIKE other":                                                                  "nothing can follow",
		kafkaTable + ") LIKE other (OVERWRITING OPTIONS)":                                            "nothing can follow",
		kafkaTable + ") AS SELECT 1":                                                                 "nothing can follow",
		kafkaTable + ", 'topic-pattern' = '.*')":                                                     "topic-pattern",
		kafkaTable + ", 'topic' = 'smart_b')":                                                        "twice",
		kafkaTable + ", 'Topic' = 'smart_b')":                                                        "'Topic'",
		kafkaTable + ", 'properties.sasl.jaas.config' = 'x')":                                        "sasl",
		kafkaTable + ", 'properties.metric.reporters' = 'x')":                                        "metric.reporters",
		kafkaTable + ", 'properties.' = 'x')":                                                        "'properties.'",
		kafkaTable + ", 'sink.partitioner' = 'evil.Class')":                                          "evil.Class",
		kafkaTable + ", 'key.format' = 'avro-confluent')":                                            "avro-confluent",
		kafkaTable + ", 'scan.parallelism' = '1000')":                                                "1000",
		kafkaTable + ", 'key.json.x' '=' 'x')":                                                       "malformed",
		kafkaTable + ",)":                                                                            "malformed",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_b'", 1) + ")":                               "'smart_b'",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_a;b'", 1) + ")":                             "'smart_a;b'",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_a '", 1) + ")":                              "'smart_a '",
		strings.Replace(kafkaTable, "'smart_a'", "'SMART_A'", 1) + ")":                               "'SMART_A'",
		strings.Replace(kafkaTable, "'smart_a'", "'smаrt_a'", 1) + ")":                               "can't be", // a Cyrillic letter
		strings.Replace(kafkaTable, "'smart_a'", "U&'smart_a'", 1) + ")":                             "malformed",
		strings.Replace(kafkaTable, "'smart_a'", "_utf8'x'", 1) + ")":                                "malformed",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_a' 'b'", 1) + ")":                           "malformed",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_a'\n'b'", 1) + ")":                          "malformed",
		strings.Replace(kafkaTable, "'smart_a'", "`smart_a`", 1) + ")":                               "malformed",
		strings.Replace(kafkaTable, ":9092", ":9093", 1) + ")":                                       "9093",
		strings.Replace(kafkaTable, ":9092", ":9092,evil:1", 1) + ")":                                "evil:1",
		strings.Replace(kafkaTable, "kafka", "filesystem", 1) + ")":                                  "'filesystem'",
		strings.Replace(kafkaTable, "kafka", "Kafka", 1) + ")":                                       "'Kafka'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_b'", 1) + ")":                                "'datuak_b'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_aa'", 1) + ")":                               "'datuak_aa'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-'", 1) + ")":                               "'datuak_a-'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-,b'", 1) + ")":                             "'datuak_a-,b'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-x/../b'", 1) + ")":                         "datuak_a-x/../b",
		strings.Replace(esTable, "'datuak_a'", "'{f}'", 1) + ")":                                     "'{f}'",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-{usid}'", 1) + ")":                         "datuak_a-{usid}",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-{ts|yyyy}'", 1) + ")":                      "datuak_a-{ts|yyyy}",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-{now()|mm}'", 1) + ")":                     "datuak_a-{now()|mm}",
		strings.Replace(esTable, "'datuak_a'", "'<datuak_a-{now/d}>'", 1) + ")":                      "<datuak_a-{now/d}>",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a,datuak_b'", 1) + ")":                       "datuak_a,datuak_b",
		strings.Replace(esTable, "'datuak_a'", "'datuak_a-*'", 1) + ")":                              "datuak_a-*",
		strings.Replace(esTable, "'datuak_a'", "'_all'", 1) + ")":                                    "_all",
		strings.Replace(esTable, "127.0.0.1:9200", "u:p@127.0.0.1:9200", 1) + ")":                    "u:p@",
		strings.Replace(esTable, "127.0.0.1:9200", "127.0.0.1:9200@evil:9200", 1) + ")":              "@evil",
		strings.Replace(kafkaTable, ":9092", ":9092'/* */,/* */'topic'='smart_b", 1) + ")":           "twice",
		strings.Replace(kafkaTable, "'smart_a'", "'smart_a' -- '\n, 'topic'='smart_b'", 1) + ")":     "twice",
		"CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000000')":    "1000000000",
		"SELECT REPEAT('x', 2000000000)":                                                             "REPEAT could make a text",
		"SELECT 1; SELECT lpad(a, 1000001, 'x') FROM t":                                              "LPAD could make a text",
		"SELECT RPAD(a, b, 'x') FROM t":                                                              "RPAD could make a text",
		"SELECT REPEAT('x', 1000 * 1000 * 1000)":                                                     "REPEAT could make a text",
		"SELECT `REPEAT`('x', 2000000000)":                                                           "REPEAT could make a text",
		"SELECT REPEAT(REPEAT(REPEAT('x', 1000), 1000), 1000)":                                       "REPEAT could make a text",
		"CREATE VIEW v AS SELECT REPEAT('x', 9999) a; SELECT REPEAT(a, 9999) FROM v":                 "REPEAT could make a text",
		"SELECT REPEAT('x'":                                                                          "REPEAT could make a text",
		"CREATE TABLE t (s STRING) WITH ('connector' = 'datagen', 'fields.s.length' = '2000000000')": "2000000000",
		"CREATE TABLE t (s STRING) WITH ('connector' = 'datagen', 'fields.s.element.length' = '2000000000')":           "2000000000",
		"CREATE TABLE t (s INT) WITH ('connector' = 'datagen', 'fields.s.start' = '1', 'fields.s.end' = '2000000000')": "2000000000",
		"CREATE TABLE t (s STRING) WITH ('connector' = 'datagen', 'fields.*.length' = '2000000000')":                   "2000000000",
		"CREATE TABLE t (s STRING) WITH ('connector' = 'print')":                                                       "fills the log",
		"SELECT 1;" + strings.Repeat("INSERT INTO a SELECT 1;", 5):                                                     "x.sql:1:102: this file has more than 4 INSERTs",
		"STATEMENT SET BEGIN " + strings.Repeat("INSERT INTO a SELECT 1;", 255) + " END":                               "more than 4 INSERTs",
		"CREATE MATERIALIZED TABLE t AS SELECT 1":                                                                      "CREATE MATERIALIZED",
		"CREATE TABLE `t` (a INT COMMENT ') WITH (') LIKE `x`":                                                         "needs its WITH",
		"CREATE TABLE t (`a)` INT) WITH ('connector' = 'kafka', 'topic' = 'smart_b')":                                  "'smart_b'",
		"CREATE TABLE t (a INT) COMMENT 'x' PARTITIONED BY (a) WITH ('connector' = 'kafka', 'topic' = 'smart_b')":      "'smart_b'",
		"EXECUTE STATEMENT SET BEGIN CREATE TABLE t LIKE x; END":                                                       "can contain only INSERT INTO",
		strings.Replace(esTable, "'datuak_a'", "'*'", 1) + ")":                                                         "'*'",
		strings.Replace(esTable, "127.0.0.1:9200", "evil:9200", 1) + ")":                                               "evil:9200",
		strings.Replace(esTable, "9200'", "9200;http://evil:1'", 1) + ")":                                              "evil:1",
		strings.Replace(esTable, "9200'", "9200/x'", 1) + ")":                                                          "9200/x",
		esTable + ", 'connection.path-prefix' = '/b')":                                                                 "path-prefix",
		esTable + ", 'failure-handler' = 'evil.Class')":                                                                "evil.Class",
		"CREATE TABLE t (a INT) WITH ('format' = 'json')":                                                              "connector ''",
		"SELECT \"a\"":          "unexpected",
		"ſELECT 1":              "letters other than",
		"SELECT\u00a01":         "can't be seen",
		"SELECT 1 /** x */ + 1": "ambiguous where this comment ends",
		"SELECT 1 /***/ + 1 /* '*/ ADD JAR 'x' */ -- '": "ambiguous where this comment ends",
		"SELECT 1 /* /* */ + 1":                         "ambiguous where this comment ends",
		"/* x */ ADD /* y */ JAR 'x'":                   "ADD JAR",
		"add\njar 'x'":                                  "ADD JAR",
		"'SELECT 1'":                                    "isn't allowed",
		"SELECT 1; USE x":                               "USE X",
	} {
		err := refused("x.sql", text, nil)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.sql:") {
			t.Errorf("%s: want %q, got %v", text, want, err)
		}
	}
}

// TestEndlessJobs: in a file that starts a job over an endless table, what would wait
// for its end is refused with the reason.
func TestEndlessJobs(t *testing.T) {
	endless := rules
	endless.Endless = true
	for text, want := range map[string]string{
		"INSERT INTO a SELECT 1; SELECT * FROM a":                   "x.sql:1:25: a query isn't allowed in this file: over a table that never ends",
		"WITH q AS (SELECT 1) SELECT * FROM q":                      "a query isn't allowed",
		"VALUES (1)":                                                "a query isn't allowed",
		"SET 'table.dml-sync'='true'; INSERT INTO a SELECT 1":       "makes the INSERT wait",
		"SET table.dml-sync = TRUE":                                 "makes the INSERT wait",
		"SET 'table.dml-sync'='false'; INSERT INTO a SELECT 1":      "",
		"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END":   "",
		"CREATE VIEW v AS SELECT 1; INSERT INTO a SELECT * FROM v;": "",
	} {
		_, err := SQL("x.sql", text, nil, endless)
		expect(t, err, want, text)
		if err := refused("x.sql", text, nil); err != nil {
			t.Errorf("%s: where jobs end: %v", text, err)
		}
	}
}

func TestAllFaultsAreReported(t *testing.T) {
	text := "SELECT 1;\nUSE x;\n\n" + kafkaTable + ",\n 'topic-pattern'='.*', 'sink.parallelism'='9');\n  ADD JAR '${topic}'"
	faults := faultsOf(refused("work/x.sql", text, params))
	var lines []string
	for _, f := range faults {
		lines = append(lines, strings.SplitN(f.Error(), ": ", 2)[0])
		if f.Hint() == "" {
			t.Errorf("%v doesn't say what to do", f)
		}
	}
	if got := strings.Join(lines, " "); got != "work/x.sql:2:1 work/x.sql:5:2 work/x.sql:5:43 work/x.sql:6:3" {
		t.Errorf("got %s: %v", got, faults)
	}
}

func TestSQLThatCannotBeSplit(t *testing.T) {
	var broken *flink.SQLError
	if err := refused("x.sql", "SELECT 'x", nil); !errors.As(err, &broken) {
		t.Errorf("got %v", err)
	}
	if err := refused("x.sql", strings.Repeat("-", SQLBytes+1), nil); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("got %v", err)
	}
}

// TestLongFilesAreQuick has files of the greatest length, made of pieces that are
// slow to read for a reader that starts over at each.
func TestLongFilesAreQuick(t *testing.T) {
	for _, piece := range []string{"(", "''", "(\n", ";", "SELECT 1;", "SELECT 1/**/;", "/*", "/* */ END ", "${", "${topic} ", "STATEMENT SET BEGIN ", "ñ "} {
		for _, text := range []string{"SELECT " + piece, "SELECT '" + piece} {
			text += strings.Repeat(piece, (SQLBytes-len(text))/len(piece))
			began := time.Now()
			SQL("x.sql", text, params, rules) // some are taken, others aren't
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("%d times %q took %v", len(text)/len(piece), piece, took)
			}
		}
	}
	if err := refused("x.sql", strings.Repeat("-- ${topic}\n", 1001), params); err == nil || !strings.Contains(err.Error(), "1001 parameters") {
		t.Errorf("got %v", err)
	}
}
