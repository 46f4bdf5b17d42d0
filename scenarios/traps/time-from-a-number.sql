-- Wrong: ts is a TIMESTAMP(3), but the rows have a JSON number there.
-- Symptom: the query is taken, and its job fails at the first row:
-- JsonParseException: Fail to deserialize at field: ts.
-- Right: ts BIGINT, and event_time TIMESTAMP_LTZ(3), which the rows have as
-- ISO-8601 text (labs/03-flink).
SET 'execution.runtime-mode' = 'batch';

CREATE TABLE `${table}` (
  usid BIGINT, action STRING,
  ts TIMESTAMP(3) -- here
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

SELECT usid, action, ts FROM `${table}`;
