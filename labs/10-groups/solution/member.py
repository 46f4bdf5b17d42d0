"""One member of the group $GROUP. The group reads the topic $TOPIC and writes each row,
with its key, into the topic $OUT; the script is started as often as there are members."""
import os

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import CommitFailedError, RebalanceInProgressError

kafka = os.environ["KAFKA"]
out = os.environ["OUT"]

consumer = KafkaConsumer(
    os.environ["TOPIC"],  # the coordinator says which of its partitions
    bootstrap_servers=kafka,
    group_id=os.environ["GROUP"],
    auto_offset_reset="earliest",
    enable_auto_commit=False,
)
producer = KafkaProducer(bootstrap_servers=kafka)

while True:
    batch = consumer.poll(timeout_ms=500)
    for records in batch.values():
        for record in records:
            producer.send(out, key=record.key, value=record.value)
    if batch:
        producer.flush()
        try:
            consumer.commit()
        except (CommitFailedError, RebalanceInProgressError):
            pass  # whoever gets the partition next begins at the last commit
