package labs

import (
	"strings"
	"testing"
)

const (
	windowsSink = "  window_start TIMESTAMP(3),\n  n            BIGINT\n) WITH (\n  'connector' = 'kafka',\n  'topic' = '${topic}-windows',\n" +
		"  'properties.bootstrap.servers' = '${kafka}',\n  'format' = 'json'\n);\n\n"
	windowsInsert = "INSERT INTO `${sink}`\n"
	windowsQuery  = "SELECT window_start, COUNT(*)\nFROM TABLE(TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '${size}' SECOND))\nGROUP BY window_start, window_end;"
)

// TestWrongWindows: what lab 8's page shows as traps fails the check that is about it.
func TestWrongWindows(t *testing.T) {
	const (
		file      = "windows.sql"
		watermark = "event_time - INTERVAL '${late}' SECOND"
		idle      = "'scan.watermark.idle-timeout' = '2s',"
	)
	gradeWrong(t, []wrong{
		{"no idle timeout", "windows", file, idle, "", 3, "final", "has no watermark yet", "What could it do with a partition that is idle?"},
		{"ten years", "windows", file, watermark, "event_time - INTERVAL '10' YEAR", 3, "final", "the job's watermark is at 2013-11-", "The watermark is further behind"},
		{"no delay", "windows", file, watermark, "event_time", 7, "late", "late were dropped", "A watermark says that no older row will come."},
		{"ahead", "windows", file, watermark, "event_time + INTERVAL '40' SECOND", 7, "late", "were dropped, as if they were late", "A watermark says that no older row will come."},
		{"a second more", "windows", file, watermark, "event_time - INTERVAL '9' SECOND", 3, "final", "9s behind the latest row", "The watermark is further behind"},
		{"a second less", "windows", file, watermark, "event_time - INTERVAL '7' SECOND", 7, "late", "late were dropped", "A watermark says that no older row will come."},
		{"the clock", "windows", file, "event_time TIMESTAMP_LTZ(3),\n  WATERMARK FOR event_time AS " + watermark, "event_time AS PROCTIME()", 3, "final", "when no window of", "Which time does your job use?"},
		{"another size", "windows", file, "INTERVAL '${size}' SECOND", "INTERVAL '7' SECOND", 3, "final", "when no window of", "Which time does your job use?"},
		{"new rows only", "windows", file, "earliest-offset", "latest-offset", 3, "final", "its rows weren't read", "All rows count, also those"},
		{"an end", "windows", file, idle, idle + " 'scan.bounded.mode' = 'latest-offset',", 3, "final", "job is FINISHED, though", "What in the table says where it ends?"},
		{"another name", "windows", file, "  window_start TIMESTAMP(3),", "  begin_at TIMESTAMP(3),", 3, "final", "has the field window_start", "The page says which fields"},
		{"another format", "windows", file, "  'format' = 'json'\n);\n\nINSERT", "  'format' = 'csv'\n);\n\nINSERT", 3, "final", "no JSON objects", "The page says which fields"},
		{"no window", "windows", file, windowsQuery, "SELECT CAST(FLOOR(event_time TO MINUTE) AS TIMESTAMP(3)), COUNT(*) FROM `${table}` GROUP BY FLOOR(event_time TO MINUTE);", 1, "job", "update changes", "The result changes with each row"},
		{"no watermark", "windows", file, "event_time TIMESTAMP_LTZ(3),\n  WATERMARK FOR event_time AS " + watermark, "event_time TIMESTAMP_LTZ(3)", 1, "job", "time attribute", "Windows need a column"},
		{"batch mode", "windows", file, "CREATE TABLE `${table}`", "SET 'execution.runtime-mode' = 'batch';\nCREATE TABLE `${table}`", 1, "job", "batch mode", "Which SET says"},
		{"no job", "windows", file, windowsInsert, "", 1, "job", "starts no job", "Which statement moves rows?"},
	})
}

// TestRightWindows: other ways to write lab 8 get all points.
func TestRightWindows(t *testing.T) {
	right := func(name, old, new string) wrong {
		return wrong{name, "windows", "windows.sql", old, new, 11, "", "", ""}
	}
	gradeWrong(t, []wrong{
		right("the timeout by SET", "CREATE TABLE `${table}`", "SET 'table.exec.source.idle-timeout' = '1 s';\nCREATE TABLE `${table}`"),
		right("a longer timeout", "'2s'", "'5 s'"),
		right("a time zone, and ISO-8601", "  'format' = 'json'\n);\n\nINSERT", "  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'\n);\n\nINSERT"),
		right("a column with a time zone", "window_start TIMESTAMP(3)", "window_start TIMESTAMP_LTZ(3)"),
		right("a text", "SELECT window_start, COUNT(*)", "SELECT CAST(window_start AS TIMESTAMP(0)), COUNT(usid)"),
		right("a group window", windowsQuery, "SELECT TUMBLE_START(event_time, INTERVAL '${size}' SECOND), COUNT(*) FROM `${table}`\nGROUP BY TUMBLE(event_time, INTERVAL '${size}' SECOND);"),
		right("named arguments", "TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '${size}' SECOND)", "TUMBLE(DATA => TABLE `${table}`, TIMECOL => DESCRIPTOR(event_time), SIZE => INTERVAL '0:${size}' MINUTE TO SECOND)"),
		right("a table with a key", windowsSink, "  window_start TIMESTAMP(3), n BIGINT, PRIMARY KEY (window_start) NOT ENFORCED\n) WITH (\n  'connector' = 'upsert-kafka', 'key.format' = 'json', 'value.format' = 'json',\n"+
			"  'topic' = '${topic}-windows', 'properties.bootstrap.servers' = '${kafka}'\n);\n\n"),
		right("a watermark at times", "'2s',", "'2s', 'scan.watermark.emit.strategy' = 'on-periodic',"),
		right("a text for the time", windowsSink+windowsInsert+"SELECT window_start, COUNT(*)", strings.NewReplacer("TIMESTAMP(3)", "STRING", "BIGINT", "INT").Replace(windowsSink)+
			windowsInsert+"SELECT DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss'), CAST(COUNT(*) AS INT)"),
		right("a statement set", windowsInsert+windowsQuery, "EXECUTE STATEMENT SET BEGIN "+windowsInsert+windowsQuery+" END;"),
		right("a look at the table", windowsInsert, "SELECT * FROM `${table}`;\n"+windowsInsert),
	})
}
