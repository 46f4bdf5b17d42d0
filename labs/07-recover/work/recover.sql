-- The tables and the job in one file. Fill in what is marked: when the file is
-- run again in a new session, the job must go on where the last one was.

-- Offsets are committed to Kafka with each checkpoint, and never without one.
SET 'execution.checkpointing.interval' = 'TODO';  -- how often? For you, every ${every}

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
  'properties.group.id' = 'TODO',  -- the group that the offsets are kept for: ${topic}
  'scan.startup.mode' = 'TODO',  -- where does the second job begin?
  'properties.auto.offset.reset' = 'TODO',  -- and the first one, when no offset is kept yet?
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

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
  PRIMARY KEY (TODO) NOT ENFORCED  -- what makes it harmless to write a row again?
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
