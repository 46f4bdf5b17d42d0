"""Publishes each line of the file $ROWS to the topic $TOPIC of the broker at $MQTT."""
import os

import paho.mqtt.client as mqtt

host, port = os.environ["MQTT"].split(":")
topic = os.environ["TOPIC"]

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.connect(host, int(port))
client.loop_start()  # a thread of its own sends, receives, and calls the callbacks

sent = []
with open(os.environ["ROWS"], "rb") as rows:
    for row in rows:
        sent.append(client.publish(topic, row.rstrip(b"\n"), qos=1))
for message in sent:
    message.wait_for_publish()  # until the broker has acknowledged it

client.disconnect()
client.loop_stop()
