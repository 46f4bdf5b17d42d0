-- The topic as a table. Fill in what is marked; hoplab fills in parameters such as
-- ${topic} when the file runs.
CREATE TABLE `${table}` (
  usid       BIGINT,
  action     STRING,
  ts         TODO,  -- 379058250551529 in the JSON: which of the whole numbers has room for that?
  -- TODO: the columns x, y and z, whose values are such as -0.36476135
  device     STRING,
  sensor     STRING,
  seq        BIGINT,
  event_time TODO   -- "2023-11-14T22:13:20.05Z" in the JSON
  -- TODO: a watermark, since a row may be late: by up to ${late} seconds
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'TODO',  -- the table must have all rows that are already in the topic
  'format' = 'json',
  'json.timestamp-format.standard' = 'TODO'
);
