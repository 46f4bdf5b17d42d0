package labs

import (
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
)

// rest is a solution's file from some text on, without a student's values.
func rest(t *testing.T, id, file, from string) string {
	t.Helper()
	_, text, err := lab.Ours().Folder(id).Solution(file)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(text), from)
	if at < 0 {
		t.Fatalf("%s of %s has no %q", file, id, from)
	}
	return string(text)[at:]
}

// ignoring has a table instead whose format drops what it can't read.
const ignoring = `CREATE TABLE ${table} (
  usid BIGINT, action STRING, activity STRING, ts BIGINT, x DOUBLE, y DOUBLE, z DOUBLE,
  device STRING, sensor STRING, seq BIGINT, event_time STRING, unit STRING
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json', 'json.ignore-parse-errors' = 'true'
);
CREATE VIEW fields AS
SELECT '{}' AS message, usid, COALESCE(action, activity) AS action, ts, x, y, z, device, sensor, seq, event_time,
  COALESCE(unit, CASE sensor WHEN 'gyro' THEN 'rad/s' ELSE 'm/s2' END) AS unit
FROM ${table};
`

// TestWrongRows: what lab 13's page shows as traps fails the check that is about it.
func TestWrongRows(t *testing.T) {
	const file = "rows.sql"
	const action = "COALESCE(JSON_VALUE(message, '$.action'), JSON_VALUE(message, '$.activity'))"
	const sensor = "COALESCE(JSON_VALUE(message, '$.unit'), CASE JSON_VALUE(message, '$.sensor') WHEN 'gyro' THEN 'rad/s' ELSE 'm/s2' END)"
	fields, _, _ := strings.Cut(rest(t, "13-bad-rows", file, "\n-- Every message"), "-- Why a message")
	gradeWrong(t, []wrong{
		{"read as JSON", "bad-rows", file, "'format' = 'raw'", "'format' = 'json'", 1, "job", "Json", "Which format takes any message?"},
		{"errors that are ignored", "bad-rows", file, "'format' = 'raw'", "'format' = 'json',\n  'json.ignore-parse-errors' = 'true'", 3, "split", "3000 rows are in neither topic", "Only one format gives a message as it came."},
		{"errors that the format ignores", "bad-rows", file, fields, ignoring, 3, "split", "30 broken messages are in neither topic", "Something drops it"},
		{"a cast that fails", "bad-rows", file, "TRY_CAST(JSON_VALUE(message, '$.x')", "CAST(JSON_VALUE(message, '$.x')", 1, "job", "NumberFormatException", "Which cast gives NULL?"},
		{"the old name only", "bad-rows", file, action, "JSON_VALUE(message, '$.action')", 3, "split", "rows are in the wrong topic", "Which of your conditions does it fail?"},
		{"no unit of the old publisher", "bad-rows", file, sensor, "JSON_VALUE(message, '$.unit')", 12, "new", "rows lack the right unit", "Which rows have no unit of their own"},
		{"one unit for all", "bad-rows", file, "WHEN 'gyro' THEN 'rad/s'", "WHEN 'gyro' THEN 'm/s2'", 12, "new", "rows lack the right unit", "Which rows have no unit of their own"},
		{"bad rows that are dropped", "bad-rows", file, "WHERE reason IS NOT NULL", "WHERE reason = 'this is no JSON object'", 3, "split", "broken messages are in neither topic", "Something drops it"},
		{"all of them twice", "bad-rows", file, "FROM judged WHERE reason IS NOT NULL", "FROM judged", 3, "split", "rows are in both topics", "A condition and its opposite"},
		{"a value that isn't looked at", "bad-rows", file, "OR z IS NULL", "", 3, "split", "broken messages are in the wrong topic", "The example was taken for a row."},
		{"a time that isn't looked at", "bad-rows", file, "OR event_time IS NULL", "", 3, "split", "records of the good topic aren't rows, such as", "Which field has another name or type than it had, or none?"},
		{"a subject that isn't looked at", "bad-rows", file, "usid IS NULL OR", "", 3, "split", "records of the good topic aren't rows, such as", "Which field has another name or type than it had, or none?"},
		{"a sensor that isn't looked at", "bad-rows", file, "OR sensor IS NULL", "", 3, "split", "broken messages are in the wrong topic", "The example was taken for a row."},
		{"an activity that isn't looked at", "bad-rows", file, "OR action IS NULL", "", 3, "split", "broken messages are in the wrong topic", "The example was taken for a row."},
		{"a type that isn't converted", "bad-rows", file, "TRY_CAST(JSON_VALUE(message, '$.x') AS DOUBLE)", "JSON_VALUE(message, '$.x' RETURNING DOUBLE NULL ON ERROR)", 1, "job", "ClassCastException", "What converts it"},
		{"another name in the dead letters", "bad-rows", file, "message STRING, reason STRING", "msg STRING, why STRING", 3, "split", `30 dead letters have no field message, such as {"msg":`, "what the two fields of a dead letter are called"},
		{"columns that are swapped", "bad-rows", file, "SELECT usid, action, ts, x, y, z", "SELECT usid, action, ts, y, x, z", 11, "old", "x", "The message names the field that differs."},
		{"one reason for all", "bad-rows", file, "SELECT message, reason FROM", "SELECT message, 'bad' FROM", 12, "reasons", `have the reason "bad"`, "The first condition of a CASE"},
		{"somebody's topic", "bad-rows", file, "'${topic}-dead'", "'dead'", 0, "files", "'topic' can't be 'dead'", "what can be there instead"},
	})
}

// TestRightRows: other ways to write lab 13 get all points.
func TestRightRows(t *testing.T) {
	const (
		file   = "rows.sql"
		action = "COALESCE(JSON_VALUE(message, '$.action'), JSON_VALUE(message, '$.activity'))"
		unit   = "COALESCE(JSON_VALUE(message, '$.unit'), CASE JSON_VALUE(message, '$.sensor') WHEN 'gyro' THEN 'rad/s' ELSE 'm/s2' END)"
		set    = "EXECUTE STATEMENT SET\nBEGIN\n"
	)
	judged, _, _ := strings.Cut(rest(t, "13-bad-rows", file, "-- Why a message"), "CREATE TABLE `${sink}`")
	right := func(name, old, new string) wrong {
		return wrong{name, "bad-rows", file, old, new, 14, "", "", ""}
	}
	gradeWrong(t, []wrong{
		right("two jobs", rest(t, "13-bad-rows", file, set), strings.NewReplacer(set, "", "END;", "").Replace(rest(t, "13-bad-rows", file, set))),
		right("a CASE for the name", action, "CASE WHEN JSON_EXISTS(message, '$.action') THEN JSON_VALUE(message, '$.action') ELSE JSON_VALUE(message, '$.activity') END"),
		right("a unit of one's own", unit, "IF(JSON_VALUE(message, '$.sensor') = 'gyro', 'rad/s', 'm/s2')"),
		right("what is missing, by name", judged, whatIsMissing),
		right("a flag", judged, flagged),
		right("more in a dead letter", "message STRING, reason STRING\n) WITH", "message STRING, reason STRING, length INT\n) WITH").and("SELECT message, reason FROM judged", "SELECT message, reason, CHAR_LENGTH(message) FROM judged"),
		right("a comment and other settings", "'format' = 'raw'", "'format' = 'raw', 'raw.charset' = 'UTF-8', 'properties.group.id' = '${topic}' -- my group"),
		right("a smaller number for seq", "usid BIGINT, action STRING, ts BIGINT", "usid INT, action VARCHAR(10), ts BIGINT").and("SELECT usid, action,", "SELECT CAST(usid AS INT), CAST(action AS VARCHAR(10)),"),
	})
}

const (
	whatIsMissing = `CREATE VIEW judged AS
SELECT *, NULLIF(CONCAT_WS(', ',
    IF(message IS JSON OBJECT, CAST(NULL AS STRING), 'no object'),
    IF(usid IS NULL, 'no usid', CAST(NULL AS STRING)), IF(action IS NULL, 'no action', CAST(NULL AS STRING)), IF(ts IS NULL, 'no ts', CAST(NULL AS STRING)),
    IF(x IS NULL, 'no x', CAST(NULL AS STRING)), IF(y IS NULL, 'no y', CAST(NULL AS STRING)), IF(z IS NULL, 'no z', CAST(NULL AS STRING)),
    IF(device IS NULL, 'no device', CAST(NULL AS STRING)), IF(sensor IS NULL, 'no sensor', CAST(NULL AS STRING)),
    IF(seq IS NULL, 'no seq', CAST(NULL AS STRING)), IF(event_time IS NULL, 'no event_time', CAST(NULL AS STRING))), '') AS reason
FROM fields;

`
	flagged = `CREATE TEMPORARY VIEW checked AS
SELECT *, usid IS NOT NULL AND action IS NOT NULL AND ts IS NOT NULL AND x IS NOT NULL AND y IS NOT NULL AND z IS NOT NULL
  AND device IN ('phone', 'watch') AND sensor IN ('accel', 'gyro') AND seq > 0 AND event_time LIKE '____-__-__T%Z' AS ok
FROM fields;
CREATE TEMPORARY VIEW judged AS
SELECT *, CASE WHEN ok THEN CAST(NULL AS STRING) WHEN message IS NOT JSON THEN 'not JSON' WHEN message IS JSON ARRAY THEN 'a list' ELSE 'a field is missing or wrong' END AS reason
FROM checked;

`
)
