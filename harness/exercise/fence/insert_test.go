package fence

import "testing"

// TestInsertsIntoTopics: nothing bounds how much a topic holds, and a job may read what
// it writes.
func TestInsertsIntoTopics(t *testing.T) {
	for text, want := range map[string]string{
		kafkaTable + "); INSERT INTO t SELECT * FROM t":                                                                             "can't write to a table of Kafka",
		kafkaTable + "); INSERT INTO default_catalog.default_database.`t` SELECT * FROM t":                                          "can't write to a table of Kafka",
		kafkaTable + "); EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO t SELECT * FROM t; END":                    "can't write to a table of Kafka",
		kafkaTable + "); EXPLAIN INSERT INTO t SELECT 1":                                                                            "can't write to a table of Kafka",
		kafkaTable + "); CREATE TABLE b (a INT) WITH ('connector' = 'blackhole'); INSERT INTO b SELECT 1; INSERT INTO b SELECT 2":   "",
		"CREATE TABLE b (a INT) WITH ('connector' = 'blackhole');" + kafkaTable + "); INSERT INTO `b` (`a`) SELECT COUNT(*) FROM t": "",
	} {
		expect(t, refused("x.sql", text, params), want, text)
	}
}

// TestEscapedText: a later Flink could take \' for a part of the text, and what follows
// the quote as well.
func TestEscapedText(t *testing.T) {
	for text, want := range map[string]string{
		`SELECT E'\'; ADD JAR ''x''; --'`: "E'…'",
		`SELECT e'a'`:                     "E'…'",
		`SELECT 'a' AS e, N'b', X'ff'`:    "",
		`SELECT '\' AS e`:                 "",
		"SELECT `E` || 'a'":               "",
	} {
		expect(t, refused("x.sql", text, nil), want, text)
	}
}
