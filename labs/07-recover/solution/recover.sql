-- Everything that a restart loses, in one file: run it again in a new session,
-- and the job goes on where the last one was.

-- Offsets are committed to Kafka with each checkpoint, and never without one.
SET 'execution.checkpointing.interval' = '${every}';

-- Tables live in a session and end with it.
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
  event_time TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  -- Kafka keeps the offsets of a group, whichever client reads as the group.
  'properties.group.id' = '${topic}',
  'scan.startup.mode' = 'group-offsets',
  -- The first time the group has no offsets yet.
  'properties.auto.offset.reset' = 'earliest',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- A job that is cancelled may have written more than it has committed, and the
-- next one reads that again: the key makes it harmless.
CREATE TABLE `${sink}` (
  usid         BIGINT,
  device       STRING,
  sensor       STRING,
  seq          BIGINT,
  action       STRING,
  ts           BIGINT,
  x            DOUBLE,
  y            DOUBLE,
  z            DOUBLE,
  `@timestamp` TIMESTAMP_LTZ(3),
  PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED
) WITH (
  'connector' = 'elasticsearch-7',
  'hosts' = 'http://${elasticsearch}',
  'index' = '${index}',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

INSERT INTO `${sink}`
SELECT usid, device, sensor, seq, action, ts, x, y, z, event_time
FROM `${table}`;
