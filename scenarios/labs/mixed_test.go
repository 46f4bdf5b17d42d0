package labs

import (
	"strings"
	"testing"

	"hoplab.example/labs"
)

// fields is the part of lab 13's solution that makes fields of a message.
func fields(t *testing.T) string {
	t.Helper()
	_, text, err := labs.Solution("13-bad-rows", "rows.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "job.\n")
	part, _, found := strings.Cut(rest, "-- Why a message")
	if !found {
		t.Fatal("the solution has another form")
	}
	return part
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
	gradeWrong(t, []wrong{
		{"read as JSON", "bad-rows", file, "'format' = 'raw'", "'format' = 'json'", 1, "job", "Json", "Which format takes any message?"},
		{"errors that are ignored", "bad-rows", file, "'format' = 'raw'", "'format' = 'json',\n  'json.ignore-parse-errors' = 'true'", 3, "split", "3000 rows are in neither topic", "Only one format gives a message as it came."},
		{"errors that the format ignores", "bad-rows", file, fields(t), ignoring, 3, "split", "30 broken messages are in neither topic", "Something drops it"},
		{"a cast that fails", "bad-rows", file, "TRY_CAST(JSON_VALUE(message, '$.x')", "CAST(JSON_VALUE(message, '$.x')", 1, "job", "NumberFormatException", "Which cast gives NULL?"},
		{"the old name only", "bad-rows", file, action, "JSON_VALUE(message, '$.action')", 3, "split", "rows are in the wrong topic", "Which of your conditions does it fail?"},
		{"no unit of the old publisher", "bad-rows", file, sensor, "JSON_VALUE(message, '$.unit')", 12, "new", "rows lack the right unit", "Which rows have no unit of their own"},
		{"one unit for all", "bad-rows", file, "WHEN 'gyro' THEN 'rad/s'", "WHEN 'gyro' THEN 'm/s2'", 12, "new", "rows lack the right unit", "Which rows have no unit of their own"},
		{"bad rows that are dropped", "bad-rows", file, "WHERE reason IS NOT NULL", "WHERE reason = 'this is no JSON object'", 3, "split", "broken messages are in neither topic", "Something drops it"},
		{"all of them twice", "bad-rows", file, "FROM judged WHERE reason IS NOT NULL", "FROM judged", 3, "split", "rows are in both topics", "A condition and its opposite"},
		{"a value that isn't looked at", "bad-rows", file, "OR z IS NULL", "", 3, "split", "broken messages are in the wrong topic", "The example was taken for a row."},
		{"a type that isn't converted", "bad-rows", file, "TRY_CAST(JSON_VALUE(message, '$.x') AS DOUBLE)", "JSON_VALUE(message, '$.x' RETURNING DOUBLE NULL ON ERROR)", 1, "job", "ClassCastException", "What converts it"},
		{"another name in the dead letters", "bad-rows", file, "message STRING, reason STRING", "msg STRING, why STRING", 3, "split", `30 dead letters have no field message, such as {"msg":`, "what the two fields of a dead letter are called"},
		{"columns that are swapped", "bad-rows", file, "SELECT usid, action, ts, x, y, z", "SELECT usid, action, ts, y, x, z", 11, "old", "x", "The message names the field that differs."},
		{"one reason for all", "bad-rows", file, "SELECT message, reason FROM", "SELECT message, 'bad' FROM", 12, "reasons", `have the reason "bad"`, "The first condition of a CASE"},
		{"somebody's topic", "bad-rows", file, "'${topic}-dead'", "'dead'", 0, "files", "'topic' can't be 'dead'", "what can be there instead"},
	})
}
