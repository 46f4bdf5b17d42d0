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
    group_id=os.environ["GROUP"],
    auto_offset_reset="earliest",  # where the group has committed nothing yet
    enable_auto_commit=False,
)
producer = KafkaProducer(bootstrap_servers=kafka)

while True:
    batch = consumer.poll(timeout_ms=1000)
    for records in batch.values():
        for record in records:
            row = json.loads(record.value)
            key = f"{row['usid']}-{row['device']}"
            producer.send(out, key=key.encode(), value=record.value)
    if batch:
        producer.flush()  # first Kafka has what was made of the rows,
        consumer.commit()  # then the group has read them
