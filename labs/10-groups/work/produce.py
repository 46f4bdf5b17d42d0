"""Writes each line of the file $ROWS into the topic $TOPIC of the Kafka at $KAFKA."""
import json
import os

from kafka import KafkaProducer

topic = os.environ["TOPIC"]
producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA"])

with open(os.environ["ROWS"], "rb") as rows:
    for line in rows:
        row = json.loads(line)
        # TODO: send the line, without its end, with a key that keeps a subject's rows in order

# TODO: don't end before Kafka has all records
