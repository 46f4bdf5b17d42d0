package labs

import "testing"

// TestWrongJoins: what lab 11's page shows as traps fails the check that is about it.
func TestWrongJoins(t *testing.T) {
	const file = "joins.sql"
	const both = "w.event_time BETWEEN p.event_time - INTERVAL '${within}' SECOND AND p.event_time + INTERVAL '${within}' SECOND"
	gradeWrong(t, []wrong{
		{"an inner join", "joins", file, "LEFT JOIN", "JOIN", 10, "named", "rows are missing whose activity had no name yet", "The dimension's row came late."},
		{"the names of now", "joins", file, "names FOR SYSTEM_TIME AS OF r.event_time", "names", 1, "job", "update", "The join changes what it has sent"},
		{"a wrong key", "joins", file, "PRIMARY KEY (code)", "PRIMARY KEY (name)", 1, "job", "rimary key", "A table has one version of each key"},
		{"batch mode", "joins", file, "'streaming'", "'batch'", 1, "job", "batch mode", "Which SET was in the work file?"},
		{"one side only", "joins", file, both, "w.event_time BETWEEN p.event_time AND p.event_time + INTERVAL '0.05' SECOND", 7, "pairs", "pairs are missing", "on one side only"},
		{"a whole second", "joins", file, both, "w.event_time BETWEEN p.event_time - INTERVAL '1' SECOND AND p.event_time + INTERVAL '1' SECOND", 7, "pairs", "pairs don't belong together", "The interval is too large"},
		{"another activity", "joins", file, "p.action = w.action", "p.action <> 'Z'", 7, "pairs", "pairs don't belong together", "something that must be the same"},
		{"a regular join", "joins", file, "w.event_time BETWEEN", "COALESCE(w.event_time, p.event_time) BETWEEN", 11, "forgets", "keeps every row of both sides", "the state grows for ever"},
		{"a copied file", "joins", file, both, both, 7, "pairs", "pairs don't belong together", "'lab work' says how many seconds are yours"},
		{"another name of a column", "joins", file, "seq BIGINT, name STRING", "seq BIGINT, activity STRING", 10, "named", "none of the 4000 records has the field name; the first is {", "Has one of them changed?"},
		{"another format", "joins", file, "-pairs',\n  'properties.bootstrap.servers' = '${kafka}',\n  'format' = 'json'", "-pairs',\n  'properties.bootstrap.servers' = '${kafka}',\n  'format' = 'csv'", 7, "pairs", "records are no JSON objects", "Has one of them changed?"},
		{"another's names", "joins", file, "'${topic}-names'", "'names'", 0, "files", "'topic' can't be 'names'", "what can be there instead"},
	})
}

// TestRightJoins: a file that doesn't say streaming, which is Flink's default.
func TestRightJoins(t *testing.T) {
	gradeWrong(t, []wrong{
		{"no runtime mode", "joins", "joins.sql", "SET 'execution.runtime-mode' = 'streaming';", "", 14, "", "", ""},
	})
}
