SET 'table.local-time-zone' = 'Europe/Madrid';
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
  -- Rows can come out of order, and a window waits this long for late ones. It
  -- isn't long enough for the sessions of one subject, which all begin at the
  -- same event time: a streaming query with windows drops rows of all but the
  -- first one. In batch mode no row is late.
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);
