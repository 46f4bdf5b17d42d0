-- The topic as a table. Columns are what the rows really hold: DOUBLE, since
-- BIGINT would cut the values' fractions off, and the event time, not the raw
-- ts, which counts nanoseconds since the device booted.
CREATE TABLE `${table}` (
  usid       BIGINT,
  action     STRING,
  ts         BIGINT,
  x          DOUBLE,
  y          DOUBLE,
  z          DOUBLE,
  device     STRING,
  sensor     STRING,
  seq        BIGINT,
  event_time TIMESTAMP_LTZ(3),
  -- Sessions of one subject begin at the same event time and some rows lie
  -- before it, so a window has to wait a little for late ones.
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  -- The job ends at what is in the topic now. Leave this out for one that runs on.
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);
