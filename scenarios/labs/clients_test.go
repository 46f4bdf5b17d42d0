package labs

import (
	"testing"
	"time"
)

const (
	publisher, consumer = "publish.py", "consume.py"

	first = "    for records in batch"
	flush = "        producer.flush()  # first Kafka has what was made of the rows,\n"
	wait  = "for message in sent:\n    message.wait_for_publish()"
	// inCallback has the messages published, and waited for, by the client's own thread.
	inCallback = `def connected(client, *others):
    for row in open(os.environ["ROWS"], "rb"):
        client.publish(topic, row.rstrip(), qos=1).wait_for_publish()

client.on_connect = connected
client.loop_start()
while True: import time; time.sleep(1)
`
)

func TestWrongClients(t *testing.T) {
	gradeWrong(t, []wrong{
		{"QoS 0 in Python", "clients", publisher, "qos=1", "qos=0", 18, "qos", "3000 messages came with QoS 0", "What is the QoS of publish()"},
		{"a callback that waits", "clients", publisher, "client.loop_start()", inCallback, 14, "publishes", "used up its time", "Does the script wait for something in a callback?"},
		{"no line is waited for", "clients", publisher, wait, "os._exit(0)", 16, "rows", "missing", "What does the script do at the end of the file?"},
		{"rows with their ends changed", "clients", publisher, "row.rstrip(b\"\\n\")", "row + b\"x\"", 16, "rows", "not a row", "A message is the line as it is"},
		{"another topic in Python", "clients", publisher, `os.environ["TOPIC"]`, `"smart"`, 14, "publishes", `it published to "smart"`, "Which topic is yours?"},
		{"no such module", "clients", publisher, "import os", "import os, numpy", 14, "publishes", "ModuleNotFoundError", "Scripts have paho-mqtt and kafka-python"},
		{"commit, then work", "clients", consumer, first, "    consumer.commit()\n" + first, 15, "killed", "when it was killed, the group had committed", "Which of the two may be ahead?"},
		{"commit before Kafka has it", "clients", consumer, flush, "", 15, "killed", "missing", "Which of the two may be ahead?"},
		{"no commit", "clients", consumer, "        consumer.commit()", "", 13, "offsets", "committed 0 of 3000 rows", "Who commits in your script"},
		{"another library", "clients", consumer, "import os\n", "import os\nimport confluent_kafka\n", 7, "consumes", "ModuleNotFoundError", "Scripts have paho-mqtt and kafka-python"},
		{"records to come only", "clients", consumer, `"earliest"`, `"latest"`, 7, "consumes", "the script wrote no record", "Where does a group begin"},
		{"records without a key", "clients", consumer, "key=key.encode(), ", "", 17, "keys", "has no key, want", "send() has a parameter key"},
		{"the subject alone as the key", "clients", consumer, "{row['usid']}-{row['device']}", "{row['usid']}", 17, "keys", "want", "Which key does the message want"},
		{"a key that is text", "clients", consumer, "key=key.encode()", "key=key", 7, "consumes", "TypeError", "Keys and values are bytes."},
		{"a group of one's own", "clients", consumer, `os.environ["GROUP"]`, `"mine"`, 7, "consumes", `it named the group "mine"`, "The group's name is in the environment"},
		{"each record twice", "clients", consumer, "            producer.send(", "            for _ in 1, 2: producer.send(", 7, "consumes", "had been published before", "How many times is each record sent?"},
	})
}

// TestHostileClients: whatever a script does, the check fails for a reason, and is no error.
func TestHostileClients(t *testing.T) {
	const loop = "while True:"
	gradeWrong(t, []wrong{
		{"it hangs", "clients", consumer, loop, "import time; time.sleep(999)\n" + loop, 7, "consumes", "the script wrote no record", "Where does a group begin"},
		{"it forks", "clients", consumer, loop, "while True: os.fork()\n" + loop, 7, "consumes", "the script", "Which rows are missing"},
		{"it prints 10 MB", "clients", consumer, loop, "print('x' * 10_000_000); 1 / 0\n" + loop, 7, "consumes", "exit code 1", "Which rows are missing"},
		{"it connects elsewhere", "clients", consumer, loop, "import socket; socket.create_connection(('192.0.2.1', 80), 5)\n" + loop, 7, "consumes", "Network is unreachable", "Which rows are missing"},
	})
}

// clientsTime is how long a script may take that would never end.
const clientsTime = 20 * time.Second
