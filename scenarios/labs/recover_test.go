package labs

import "testing"

const (
	recover = "recover.sql"
	insert  = "INSERT INTO `${sink}`\nSELECT usid, device, sensor, seq, action, ts, x, y, z, event_time\nFROM `${table}`;"
)

func TestWrongRecover(t *testing.T) {
	gradeWrong(t, []wrong{
		{"no job", "recover", recover, insert, "", 1, "first", "starts no job: it lacks an INSERT INTO", "Which statement moves rows?"},
		{"no group", "recover", recover, "'properties.group.id' = '${topic}',", "", 1, "first", "group.id is required when using committed offset", "Which group are the offsets kept for?"},
		{"rows to come only", "recover", recover, "= 'earliest'", "= 'latest'", 1, "first", "0 rows are there, want 300", "The first time, the group has no offsets yet."},
		{"from the beginning", "recover", recover, "= 'group-offsets'", "= 'earliest-offset'", 10, "resumes", "the second job read 600 rows, want 300 rows", "Where does the second job begin?"},
		{"nothing is committed", "recover", recover, "= '${every}'", "= '600s'", 10, "resumes", "had committed 0 of the 300 that it had read", "What keeps the offsets"},
		{"the cluster's interval", "recover", recover, "SET 'execution.checkpointing.interval' = '${every}';", "", 13, "own", "recover.sql has no value of every", "How often do your checkpoints come?"},
		{"no key", "recover", recover, "`@timestamp` TIMESTAMP_LTZ(3),\n  PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED", "`@timestamp` TIMESTAMP_LTZ(3)", 11, "replay", "rows are there, want 600", "Where would a row that is read again go?"},
		{"no reset", "recover", recover, "  'properties.auto.offset.reset' = 'earliest',\n", "", 1, "first", "NoOffsetForPartitionException", "The first time, the group has no offsets yet."},
		{"a key that isn't unique", "recover", recover, "PRIMARY KEY (usid, device, sensor, seq)", "PRIMARY KEY (usid, seq)", 1, "first", "rows are there, want 300", "two rows with the same primary key"},
	})
}
