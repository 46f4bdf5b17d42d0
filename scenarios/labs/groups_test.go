package labs

import (
	"strings"
	"testing"
)

func TestWrongGroups(t *testing.T) {
	const (
		producer, member, predict = "produce.py", "member.py", "predict.yaml"
		loop                      = "while True:"
		assign                    = "from kafka import TopicPartition\nconsumer.unsubscribe()\nconsumer.assign([TopicPartition(os.environ[\"TOPIC\"], p) for p in range(3)])\n" + loop
	)
	gradeWrong(t, []wrong{
		{"a null key", "groups", producer, "key=key.encode(), ", "", 6, "keys", "has no key", "Records without a key are spread over the partitions"},
		{"one key for all", "groups", producer, `str(row["usid"])`, `"rows"`, 6, "keys", `has the key "rows"`, "With one key for all, all rows are in one partition."},
		{"one partition for all", "groups", producer, "send(topic, ", "send(topic, partition=0, ", 6, "keys", "keys are in one partition of 3", "Who chooses the partition?"},
		{"no flush", "groups", producer, "producer.flush()", "os._exit(0)", 4, "produces", "missing", "What waits for the queue"},
		{"another library", "groups", producer, "import os\n", "import os\nimport confluent_kafka\n", 4, "produces", "ModuleNotFoundError", "Scripts have kafka-python"},
		{"a line too few brackets", "groups", member, "import os\n", "import os\nprint((1)\n", 10, "shares", "SyntaxError", "where Python stopped reading"},
		{"partitions by hand", "groups", member, loop, assign, 10, "shares", "knows no member", "Your copies read without the coordinator."},
		{"both ways", "groups", member, loop, strings.Replace(assign, "consumer.unsubscribe()\n", "", 1), 10, "shares", "You must choose only one way", "subscribe() asks the coordinator"},
		{"no group", "groups", member, `os.environ["GROUP"]`, "None", 10, "shares", "knows no member", "Your copies read without the coordinator."},
		{"a group per copy", "groups", member, `os.environ["GROUP"]`, `os.environ["GROUP"] + str(os.getpid())`, 10, "shares", "named the group", "A group per copy means"},
		{"nobody commits", "groups", member, "            consumer.commit()", "            pass", 15, "lag", "running: 1; the group has committed none of 750 rows", "Nothing was committed at all."},
		{"each row twice, written", "groups", member, "            producer.send(", "            for _ in 1, 2: producer.send(", 17, "written", "was written 2 times, want 1 at most", "Which row does the message name"},
		{"the key is dropped", "groups", member, "key=record.key, ", "", 20, "order", "has no key", "The record was read with a key."},
		{"idle is all", "groups", predict, "${members} - ${partitions}", "0", 21, "predicts", "idle is 0", "A partition has one owner at most."},
		{"the rest is left out", "groups", predict, "(${partitions} + 2) / 3", "1", 21, "predicts", "most is 1", "Divide the partitions by three members."},
		{"more members than partitions", "groups", predict, "needed: ${members}", "needed: ${partitions}", 21, "predicts", "needed is", "Each member needs a partition of its own."},
	})
}
