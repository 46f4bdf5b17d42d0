-- Wrong: x, y and z are BIGINT, but the rows have numbers such as 8.793503.
-- Symptom: no error and no NULL. Flink 1.20 cuts the fraction off, towards zero:
-- 8.793503 is 8 and -0.36476135 is 0. Minimum, maximum and mean are all wrong.
-- Right: DOUBLE (labs/03-flink).
SET 'execution.runtime-mode' = 'batch';

CREATE TABLE `${table}` (
  usid BIGINT, action STRING, ts BIGINT,
  x BIGINT, y BIGINT, z BIGINT, -- here
  device STRING, sensor STRING, seq BIGINT, event_time TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
);

SELECT usid, device, sensor, seq, x, y, z FROM `${table}`;
