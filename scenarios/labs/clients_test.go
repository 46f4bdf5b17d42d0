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
		{"commit, then work", "clients", consumer, first, "    consumer.commit()\n" + first, 16, "killed", "when it was killed, the group had committed", "Which of the two may be ahead?"},
		{"commit before Kafka has it", "clients", consumer, flush, "", 16, "killed", "missing", "Which of the two may be ahead?"},
		{"no commit", "clients", consumer, "        consumer.commit()", "", 14, "offsets", "committed 0 of 3000 rows", "Who commits in your script"},
		{"another library", "clients", consumer, "import os\n", "import os\nimport confluent_kafka\n", 7, "consumes", "ModuleNotFoundError", "Scripts have paho-mqtt and kafka-python"},
		{"records to come only", "clients", consumer, `"earliest"`, `"latest"`, 7, "consumes", "the script wrote no record", "Where does a group begin"},
		{"records without a key", "clients", consumer, "key=key.encode(), ", "", 17, "keys", "has no key, want", "send() has a parameter key"},
		{"the subject alone as the key", "clients", consumer, "{row['usid']}-{row['device']}", "{row['usid']}", 17, "keys", "want", "Which key does the message want"},
		{"a key that is text", "clients", consumer, "key=key.encode()", "key=key", 7, "consumes", "TypeError", "Keys and values are bytes."},
		{"a group of one's own", "clients", consumer, `os.environ["GROUP"]`, `"mine"`, 7, "consumes", `it named the group "mine"`, "The group's name is in the environment"},
		{"each record twice", "clients", consumer, "            producer.send(", "            for _ in 1, 2: producer.send(", 7, "consumes", "had been published before", "How many times is each record sent?"},
		{"an end after the first batch", "clients", consumer, "        consumer.commit()", "        consumer.commit(); break", 7, "consumes", "the script ended by itself", "What makes your script end?"},
		{"an end once nothing more comes", "clients", consumer, first, "    if batch: started = True\n    elif 'started' in globals(): break\n" + first, 19, "stays", "seconds after the last row the script ended by itself", "when poll() returns nothing"},
		{"a timeout", "clients", consumer, rest(t, "09-clients", consumer, "while True:"), "consumer.config['consumer_timeout_ms'] = 4000\n" + oneByOne, 19, "stays", "seconds after the last row the script ended by itself", "when poll() returns nothing"},
		{"an end with an error", "clients", consumer, first, "    if batch: started = True\n    elif 'started' in globals(): raise SystemExit('no more')\n" + first, 19, "stays", "exit code 1; it said:\nno more", "when poll() returns nothing"},
	})
}

// oneByOne passes on and commits each record on its own.
const oneByOne = `for record in consumer:
    row = json.loads(record.value)
    producer.send(out, key=f"{row['usid']}-{row['device']}".encode(), value=record.value).get(timeout=60)
    consumer.commit()
`

// TestRightClients: other ways to write lab 9 get all points.
func TestRightClients(t *testing.T) {
	loop, sends, all := rest(t, "09-clients", consumer, "while True:"), rest(t, "09-clients", publisher, "client ="), rest(t, "09-clients", consumer, "import json")
	gradeWrong(t, []wrong{
		{"each record on its own", "clients", consumer, loop, oneByOne, 20, "", "", ""},
		{"commits by the client", "clients", consumer, "enable_auto_commit=False", "enable_auto_commit=True", 20, "", "", ""},
		{"a commit that doesn't wait", "clients", consumer, "consumer.commit()", "consumer.commit_async()", 20, "", "", ""},
		{"offsets by hand", "clients", consumer, all, offsetsByHand, 20, "", "", ""},
		{"a class and signals", "clients", consumer, all, classOfConsumers, 20, "", "", ""},
		{"QoS 2", "clients", publisher, "qos=1", "qos=2", 20, "", "", ""},
		{"one call", "clients", publisher, sends, "import paho.mqtt.publish as publish\npublish.multiple([{'topic': topic, 'payload': line.strip(), 'qos': 1} for line in open(os.environ['ROWS'])], hostname=host, port=int(port))\n", 20, "", "", ""},
		{"counted in a callback", "clients", publisher, sends, countedInCallback, 20, "", "", ""},
		{"each is waited for", "clients", publisher, "sent.append(client.publish(topic, row.rstrip(b\"\\n\"), qos=1))", "client.publish(topic, row.strip(), 1).wait_for_publish()", 20, "", "", ""},
		{"MQTT 5 and an old callback", "clients", publisher, "mqtt.CallbackAPIVersion.VERSION2", "mqtt.CallbackAPIVersion.VERSION1, protocol=mqtt.MQTTv5", 20, "", "", ""},
	})
}

const (
	offsetsByHand = `import json, os, time
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata

consumer = KafkaConsumer(bootstrap_servers=os.environ["KAFKA"], group_id=os.environ["GROUP"], auto_offset_reset="earliest",
                         enable_auto_commit=False, value_deserializer=lambda value: (value, json.loads(value)))
consumer.subscribe([os.environ["TOPIC"]])
producer = KafkaProducer(bootstrap_servers=[os.environ["KAFKA"]], acks="all", linger_ms=5, key_serializer=str.encode)
while True:
    batches = consumer.poll(500, max_records=100)
    for part, records in batches.items():
        waiting = [producer.send(os.environ["OUT"], r.value[0], "%s-%s" % (r.value[1]["usid"], r.value[1]["device"])) for r in records]
        for one in waiting:
            one.get(60)
        consumer.commit({part: OffsetAndMetadata(records[-1].offset + 1, "", -1)})
`
	classOfConsumers = `import json
import logging
import os
import signal
import sys
from kafka import KafkaConsumer, KafkaProducer

class Forwarder:
    def __init__(self):
        self.running = True
        self.producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA"], retries=5, max_in_flight_requests_per_connection=1)
        self.consumer = KafkaConsumer(os.environ["TOPIC"], group_id=os.environ["GROUP"], bootstrap_servers=os.environ["KAFKA"],
                                      auto_offset_reset="earliest", enable_auto_commit=False, client_id="me")

    def stop(self, *args):
        self.running = False

    def run(self):
        while self.running:
            polled = self.consumer.poll(timeout_ms=200)
            n = 0
            for record in (r for part in polled.values() for r in part):
                row = json.loads(record.value.decode("utf-8"))
                self.producer.send(os.environ["OUT"], key="-".join([str(row["usid"]), row["device"]]).encode("utf-8"), value=record.value)
                n += 1
            if n:
                self.producer.flush(timeout=60)
                self.consumer.commit()
                logging.info("%d rows", n)
        self.consumer.close()

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    forwarder = Forwarder()
    signal.signal(signal.SIGTERM, forwarder.stop)
    try:
        forwarder.run()
    except KeyboardInterrupt:
        sys.exit(0)
`
	countedInCallback = `rows = [line.rstrip("\n") for line in open(os.environ["ROWS"])]
acknowledged = 0

def on_publish(client, userdata, mid, reason, properties):
    global acknowledged
    acknowledged += 1

def on_connect(client, userdata, flags, reason, properties):
    for row in rows:
        client.publish(topic, row, qos=1)

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="ada")
client.on_connect, client.on_publish = on_connect, on_publish
client.connect(host, int(port), keepalive=60)
while acknowledged < len(rows):
    client.loop(0.1)
client.disconnect()
`
)

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
