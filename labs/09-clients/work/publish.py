"""Publishes each line of the file $ROWS to the topic $TOPIC of the broker at $MQTT."""
import os

import paho.mqtt.client as mqtt

host, port = os.environ["MQTT"].split(":")
topic = os.environ["TOPIC"]

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.connect(host, int(port))
client.loop_start()  # a thread of its own sends, receives, and calls the callbacks

with open(os.environ["ROWS"], "rb") as rows:
    for row in rows:
        pass  # TODO: publish the line, without its end, with a QoS that asks for an acknowledgement

# TODO: don't end before the broker has acknowledged every message

client.disconnect()
client.loop_stop()
