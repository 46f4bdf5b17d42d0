"""Writes each line of the file $ROWS into the topic $TOPIC of the Kafka at $KAFKA."""
import json
import os

from kafka import KafkaProducer

topic = os.environ["TOPIC"]
producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA"])

with open(os.environ["ROWS"], "rb") as rows:
    for line in rows:
        row = json.loads(line)
        key = str(row["usid"])  # one subject, one partition, one order
        producer.send(topic, key=key.encode(), value=line.rstrip(b"\n"))

producer.flush()
