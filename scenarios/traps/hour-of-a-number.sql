-- Wrong: HOUR wants a time, and ts is a number.
-- Symptom: the SQL Gateway refuses the query: Cannot apply 'EXTRACT' to arguments
-- of type 'EXTRACT(<INTERVAL HOUR> FROM <BIGINT>)'. HOUR(ts) is short for EXTRACT.
-- Right: HOUR(event_time), which is a TIMESTAMP_LTZ(3) (labs/03-flink).
CREATE TABLE `${table}` (
  usid BIGINT, action STRING, ts BIGINT
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'
);

SELECT usid, action, HOUR(ts) -- here
FROM `${table}`;
