-- Wrong: ts is read as microseconds, but counts nanoseconds.
-- Symptom: a row each 50 s, where the sensor made one each 50 ms (20 Hz). The
-- three minutes of a session last for two days.
-- Right: event_time, which the publisher sends with each row (labs/03-flink).
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';

CREATE TABLE `${table}` (
  usid BIGINT, device STRING, sensor STRING, seq BIGINT, ts BIGINT,
  `time` AS TO_TIMESTAMP_LTZ(ts / 1000, 3) -- here: a millisecond is 1,000,000 ns
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

SELECT usid, device, sensor, seq, `time` FROM `${table}`;
