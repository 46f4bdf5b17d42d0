-- The index as a table. The primary key becomes each document's _id, so that
-- writing a row again replaces its document: a replay leaves no duplicate.
-- (usid, ts) isn't enough, since timestamps repeat across devices, sensors and
-- sessions; seq counts the rows of one sensor of one device of one subject.
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
  -- Documents in one request to Elasticsearch, at most.
  'sink.bulk-flush.max-actions' = '${bulk}',
  'format' = 'json',
  -- 2023-11-14T22:13:20.05Z. Flink's default format has a space instead of the
  -- T, and Elasticsearch would map the time as text.
  'json.timestamp-format.standard' = 'ISO-8601'
);

INSERT INTO `${sink}`
SELECT usid, device, sensor, seq, action, ts, x, y, z, event_time
FROM `${table}`;
