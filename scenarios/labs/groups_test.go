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
		{"no group", "groups", member, `os.environ["GROUP"]`, "None", 10, "shares", "Requires group_id", "Your copies read without the coordinator."},
		{"a group per copy", "groups", member, `os.environ["GROUP"]`, `os.environ["GROUP"] + str(os.getpid())`, 10, "shares", "named the group", "A group per copy means"},
		{"an end when nothing more comes", "groups", member, "    for records in", "    if batch: started = True\n    elif 'started' in globals(): break\n    for records in", 10, "shares", "the script ended by itself", "What makes your member end?"},
		{"nobody commits", "groups", member, "            consumer.commit()", "            pass", 15, "lag", "running: 1; the group has committed none of 750 rows", "Nothing was committed at all."},
		{"each row twice, written", "groups", member, "            producer.send(", "            for _ in 1, 2: producer.send(", 17, "written", "was written 2 times, want 1 at most", "Which row does the message name"},
		{"the key is dropped", "groups", member, "key=record.key, ", "", 20, "order", "has no key", "The record was read with a key."},
		{"a key that is JSON", "groups", producer, `str(row["usid"])`, `json.dumps(str(row["usid"]))`, 6, "keys", "has the key", "Which key does the message want"},
		{"the device in the key too", "groups", producer, `str(row["usid"])`, `f"{row['usid']}-{row['device']}"`, 6, "keys", "has the key", "Which key does the message want"},
		{"the partition in place of the key", "groups", member, "key=record.key, ", "partition=record.partition, ", 20, "order", "has no key", "The record was read with a key."},
		{"one row of each poll", "groups", member, "in records:", "in records[:1]:", 17, "written", "missing", "Which rows does your script leave out?"},
		{"rows to come only", "groups", member, `"earliest"`, `"latest"`, 15, "lag", "running: 1; the group has committed none of 750 rows", "where does a group begin that has committed nothing?"},
		{"idle is all", "groups", predict, "${members} - ${partitions}", "0", 21, "predicts", "idle is 0", "A partition has one owner at most."},
		{"a sentence", "groups", predict, "${members} - ${partitions}", "all but ${partitions}", 21, "predicts", "idle is all but", "The file says how to write an answer."},
		{"the rest is left out", "groups", predict, "(${partitions} + 2) / 3", "1", 21, "predicts", "most is 1", "Divide the partitions by three members."},
		{"more members than partitions", "groups", predict, "needed: ${members}", "needed: ${partitions}", 21, "predicts", "needed is", "Each member needs a partition of its own."},
	})
}

// TestRightGroups: other ways to write lab 10 get all points.
func TestRightGroups(t *testing.T) {
	const producer, member, predict = "produce.py", "member.py", "predict.yaml"
	loop, reader, sender := rest(t, "10-groups", member, "while True:"), rest(t, "10-groups", member, "consumer = "), rest(t, "10-groups", producer, "producer = ")
	right := func(name, file, old, new string) wrong {
		return wrong{name, "groups", file, old, new, 24, "", "", ""}
	}
	gradeWrong(t, []wrong{
		right("commits by the client", member, "enable_auto_commit=False", "auto_commit_interval_ms=500"),
		right("each record on its own", member, loop, `for record in consumer:
    producer.send(out, record.value, record.key).get(timeout=60)
    try:
        consumer.commit()
    except Exception as e:
        print(e)
`),
		right("a listener, and offsets by hand", member, reader, listening),
		right("other limits", member, "enable_auto_commit=False,", "enable_auto_commit=False, max_poll_records=50, session_timeout_ms=30000, heartbeat_interval_ms=1000, client_id='me',"),
		right("a serializer, and each is waited for", producer, sender, `producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA"], key_serializer=lambda usid: str(usid).encode(), value_serializer=str.encode, acks=1)
waiting = []
for line in open(os.environ["ROWS"]).read().splitlines():
    waiting.append(producer.send(topic, line, json.loads(line)["usid"]))
for one in waiting:
    one.get()
producer.close()
`),
		right("a with, and no flush but close", producer, "producer.flush()", "producer.close()"),
		right("a sum", predict, "${members} - ${partitions}", "(${members}) - (${partitions} * 1)").own(t),
		right("as Python writes it", predict, "(${partitions} + 2) / 3", "'(${partitions}+2)//3' # rounded up").own(t),
	})
}

// listening has a member that forgets what it has done with partitions that are taken from it.
const listening = `from kafka import ConsumerRebalanceListener
from kafka.structs import OffsetAndMetadata

done = {}

def commit():
    producer.flush()
    try:
        if done:
            consumer.commit(dict(done))
    except (CommitFailedError, RebalanceInProgressError):
        pass

class Listener(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        done.clear()

    def on_partitions_assigned(self, assigned):
        print("mine are", assigned)

producer = KafkaProducer(bootstrap_servers=kafka)
consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=os.environ["GROUP"], auto_offset_reset="earliest", enable_auto_commit=False)
consumer.subscribe([os.environ["TOPIC"]], listener=Listener())
while True:
    for part, records in consumer.poll(timeout_ms=300).items():
        for record in records:
            producer.send(out, key=record.key, value=record.value)
            done[part] = OffsetAndMetadata(record.offset + 1, "", -1)
    commit()
`
