"""One member of the group $GROUP. The group reads the topic $TOPIC and writes each row,
with its key, into the topic $OUT; the script is started as often as there are members."""
import os

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import CommitFailedError, RebalanceInProgressError

kafka = os.environ["KAFKA"]
out = os.environ["OUT"]

consumer = KafkaConsumer(
    bootstrap_servers=kafka,
    # TODO: which topic, in which group, from where, and who commits?
)
producer = KafkaProducer(bootstrap_servers=kafka)

while True:
    batch = consumer.poll(timeout_ms=500)
    for records in batch.values():
        for record in records:
            pass  # TODO: write the row into the topic out, so that its order stays

    # TODO: commit, once Kafka has what you wrote; while the group rebalances, it may refuse that
