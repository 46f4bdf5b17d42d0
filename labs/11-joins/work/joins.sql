-- Each row gets the name of its activity, and rows of the phone find those of the watch.
-- Fill in what is marked.
SET 'execution.runtime-mode' = 'streaming';

CREATE TABLE `${table}` (
  usid       BIGINT,
  action     STRING,
  device     STRING,
  sensor     STRING,
  seq        BIGINT,
  event_time TIMESTAMP_LTZ(3),
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- What an activity is called since when. A later record with the same key replaces the
-- name from its time on, and not before.
CREATE TABLE names (
  code  STRING,
  name  STRING,
  since TIMESTAMP_LTZ(3),
  WATERMARK FOR since AS since,
  PRIMARY KEY (TODO) NOT ENFORCED  -- which column is the record's key?
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = '${topic}-names',
  'properties.bootstrap.servers' = '${kafka}',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TABLE named (
  usid BIGINT, device STRING, sensor STRING, seq BIGINT, name STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-named',
  'properties.bootstrap.servers' = '${kafka}',
  'format' = 'json'
);

CREATE TABLE `${sink}` (
  usid BIGINT, action STRING, sensor STRING, phone_seq BIGINT, watch_seq BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-pairs',
  'properties.bootstrap.servers' = '${kafka}',
  'format' = 'json'
);

EXECUTE STATEMENT SET
BEGIN
  -- Each row once, with the name of its time, or NULL.
  INSERT INTO named
  SELECT r.usid, r.device, r.sensor, r.seq, n.name
  FROM `${table}` AS r
  TODO names TODO AS n  -- which join, and the name of which time?
  ON r.action = n.code;

  -- Each row of the phone with each of the watch that is close in time.
  INSERT INTO `${sink}`
  SELECT p.usid, p.action, p.sensor, p.seq, w.seq
  FROM (SELECT * FROM `${table}` WHERE device = 'phone') AS p
  JOIN (SELECT * FROM `${table}` WHERE device = 'watch') AS w
  ON p.usid = w.usid AND p.action = w.action AND p.sensor = w.sensor
  AND TODO;  -- no more than ${within} seconds apart, before or after
END;
