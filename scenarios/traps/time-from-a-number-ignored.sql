-- Wrong: as time-from-a-number.sql, and 'json.ignore-parse-errors' silences it.
-- Symptom: no error. Each row is there, and its ts is NULL.
-- Right: mend the column's type. The option hides what is wrong with the table.
SET 'execution.runtime-mode' = 'batch';

CREATE TABLE `${table}` (
  usid BIGINT, action STRING,
  ts TIMESTAMP(3) -- here
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.ignore-parse-errors' = 'true' -- and here
);

SELECT usid, action, ts FROM `${table}`;
