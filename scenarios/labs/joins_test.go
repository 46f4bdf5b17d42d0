package labs

import (
	"strings"
	"testing"
)

// TestWrongJoins: what lab 11's page shows as traps fails the check that is about it.
func TestWrongJoins(t *testing.T) {
	const file = "joins.sql"
	const both = "w.event_time BETWEEN p.event_time - INTERVAL '${within}' SECOND AND p.event_time + INTERVAL '${within}' SECOND"
	const twicePairs = `INSERT INTO ${sink}
  SELECT p.usid, p.action, p.sensor, p.seq, w.seq
  FROM (SELECT * FROM ${table} WHERE device = 'phone') AS p
  JOIN (SELECT * FROM ${table} WHERE device = 'watch') AS w
  ON p.usid = w.usid AND p.action = w.action AND p.sensor = w.sensor
  AND ` + both + `;
  -- Each row of the phone`
	gradeWrong(t, []wrong{
		{"an inner join", "joins", file, "LEFT JOIN", "JOIN", 10, "named", "rows are missing whose activity had no name yet", "The dimension's row came late."},
		{"the names of now", "joins", file, "names FOR SYSTEM_TIME AS OF r.event_time", "names", 1, "job", "update", "The join changes what it has sent"},
		{"a wrong key", "joins", file, "PRIMARY KEY (code)", "PRIMARY KEY (name)", 1, "job", "rimary key", "A table has one version of each key"},
		{"batch mode", "joins", file, "'streaming'", "'batch'", 1, "job", "batch mode", "Which SET was in the work file?"},
		{"one side only", "joins", file, both, "w.event_time BETWEEN p.event_time AND p.event_time + INTERVAL '0.05' SECOND", 7, "pairs", "pairs are missing", "on one side only"},
		{"a whole second", "joins", file, both, "w.event_time BETWEEN p.event_time - INTERVAL '1' SECOND AND p.event_time + INTERVAL '1' SECOND", 7, "pairs", "pairs don't belong together", "The interval is too large"},
		{"another activity", "joins", file, "p.action = w.action", "p.action <> 'Z'", 7, "pairs", "pairs don't belong together", "something that must be the same"},
		{"a left join of the pairs", "joins", file, ") AS p\n  JOIN", ") AS p\n  LEFT JOIN", 7, "pairs", "records are of one row without a partner", "A pair has two rows."},
		{"a right join of the pairs", "joins", file, ") AS p\n  JOIN", ") AS p\n  RIGHT JOIN", 7, "pairs", "records are of one row without a partner", "A pair has two rows."},
		{"another sensor", "joins", file, "AND p.sensor = w.sensor\n", "\n", 7, "pairs", "pairs are of rows of two sensors, such as usid", "Which column of both rows do you not compare?"},
		{"another subject", "joins", file, "p.usid = w.usid AND ", "", 7, "pairs", "pairs don't belong together", "something that must be the same"},
		wrong{"each pair twice", "joins", file, "-- Each row of the phone", twicePairs, 7, "pairs", "pairs are there more than once", "How many times does your file write a pair?"}.own(t),
		{"a regular join", "joins", file, "w.event_time BETWEEN", "COALESCE(w.event_time, p.event_time) BETWEEN", 11, "forgets", "keeps every row of both sides", "the state grows for ever"},
		{"a copied file", "joins", file, both, both, 7, "pairs", "pairs don't belong together", "'lab work' says how many seconds are yours"},
		{"another name of a column", "joins", file, "seq BIGINT, name STRING", "seq BIGINT, activity STRING", 10, "named", "none of the 4000 records has the field name; the first is {", "Has one of them changed?"},
		{"another format", "joins", file, "-pairs',\n  'properties.bootstrap.servers' = '${kafka}',\n  'format' = 'json'", "-pairs',\n  'properties.bootstrap.servers' = '${kafka}',\n  'format' = 'csv'", 7, "pairs", "records are no JSON objects", "Has one of them changed?"},
		{"another's names", "joins", file, "'${topic}-names'", "'names'", 0, "files", "'topic' can't be 'names'", "what can be there instead"},
	})
}

// TestRightJoins: other ways to write lab 11 get all points.
func TestRightJoins(t *testing.T) {
	const (
		file = "joins.sql"
		set  = "EXECUTE STATEMENT SET\nBEGIN\n"
		near = "p.event_time - INTERVAL '${within}' SECOND AND p.event_time + INTERVAL '${within}' SECOND"
	)
	end := rest(t, "11-joins", file, set)
	pairs := strings.TrimSuffix(rest(t, "11-joins", file, "  SELECT p.usid"), "END;\n")
	right := func(name, old, new string) wrong {
		return wrong{name, "joins", file, old, new, 14, "", "", ""}.own(t)
	}
	gradeWrong(t, []wrong{
		right("no runtime mode", "SET 'execution.runtime-mode' = 'streaming';", ""),
		right("two jobs", end, strings.NewReplacer(set, "", "END;", "").Replace(end)),
		right("from the watch's side", "w.event_time BETWEEN "+near, "p.event_time BETWEEN w.event_time - INTERVAL '${within}' SECOND AND w.event_time + INTERVAL '${within}' SECOND"),
		right("two comparisons", "w.event_time BETWEEN "+near, "w.event_time >= p.event_time - INTERVAL '${within}' SECOND AND p.event_time >= w.event_time - INTERVAL '${within}' SECOND"),
		right("conditions in WHERE", pairs, "  SELECT p.usid, w.action, w.sensor, p.seq, w.seq FROM `${table}` p, `${table}` w\n  WHERE p.device = 'phone' AND w.device = 'watch' AND w.usid = p.usid AND w.action = p.action AND w.sensor = p.sensor AND w.event_time BETWEEN "+near+";\n"),
		right("views", set, "CREATE VIEW phones AS SELECT * FROM `${table}` WHERE device = 'phone';\nCREATE TEMPORARY VIEW watches AS SELECT * FROM `${table}` WHERE device <> 'phone';\n"+set).
			and(pairs, "  SELECT p.usid, p.action, p.sensor, p.seq, w.seq FROM watches AS w INNER JOIN phones AS p ON (p.usid, p.action, p.sensor) = (w.usid, w.action, w.sensor) AND w.event_time BETWEEN "+near+";\n").own(t),
		right("more and other columns", "usid BIGINT, action STRING, sensor STRING, phone_seq BIGINT, watch_seq BIGINT", "watch_seq BIGINT, phone_seq BIGINT, usid INT, sensor STRING, seen TIMESTAMP(3)").
			and("SELECT p.usid, p.action, p.sensor, p.seq, w.seq", "SELECT w.seq, p.seq, CAST(p.usid AS INT), p.sensor, CAST(p.event_time AS TIMESTAMP(3))"),
		right("a later watermark", "INTERVAL '5' SECOND\n", "INTERVAL '1' MINUTE\n"),
		right("names in CTEs", "SELECT r.usid, r.device, r.sensor, r.seq, n.name\n  FROM `${table}` AS r", "WITH r AS (SELECT * FROM `${table}`)\n  SELECT r.usid, r.device, r.sensor, r.seq, n.name\n  FROM r"),
	})
}
