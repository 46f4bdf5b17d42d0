-- The topic as a table. Fill in what is marked; hoplab fills in parameters such as
-- ${topic} when the file runs.
CREATE TABLE `${table}` (
  usid       BIGINT,
  action     STRING,
  ts         BIGINT,
  x          TODO,  -- what type holds -0.36476135?
  y          TODO,
  z          TODO,
  device     STRING,
  sensor     STRING,
  seq        BIGINT,
  event_time TODO   -- "2023-11-14T22:13:20.05Z" in the JSON
  -- TODO: a watermark, since a row may be late: by ${late} seconds
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'TODO',  -- the table must have all rows that are already in the topic
  'format' = 'json',
  'json.timestamp-format.standard' = 'TODO'
);
