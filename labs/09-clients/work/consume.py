"""Reads the rows of the topic $TOPIC in the group $GROUP, and writes each of them into
the topic $OUT, with a key: its subject and device, such as 1600-phone."""
import json
import os

from kafka import KafkaConsumer, KafkaProducer

kafka = os.environ["KAFKA"]
out = os.environ["OUT"]

consumer = KafkaConsumer(
    os.environ["TOPIC"],
    bootstrap_servers=kafka,
    # TODO: in which group, from where, and who commits?
)
producer = KafkaProducer(bootstrap_servers=kafka)

while True:
    batch = consumer.poll(timeout_ms=1000)
    for records in batch.values():
        for record in records:
            row = json.loads(record.value)
            # TODO: write the row into the topic out, with its key

    # TODO: commit, and not too early
