-- Wrong: ts is read as nanoseconds since 1970. The devices count from when they
-- were booted, whatever the dataset's documentation says.
-- Symptom: every row is of January 1970, as many days into it as the device had
-- been up. A dashboard that shows the last hours, or years, shows nothing.
-- Right: event_time, which the publisher sends with each row (labs/03-flink).
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';

CREATE TABLE `${table}` (
  usid BIGINT, device STRING, sensor STRING, seq BIGINT, ts BIGINT,
  `time` AS TO_TIMESTAMP_LTZ(ts / 1000000, 3) -- here: ts to milliseconds since 1970
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

SELECT usid, device, sensor, seq, `time` FROM `${table}`;
