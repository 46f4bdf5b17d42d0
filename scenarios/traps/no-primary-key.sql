-- Wrong: the index's table has no primary key, so Elasticsearch makes up an _id
-- for each document that it is sent.
-- Symptom: whenever the job starts again and reads the topic from its beginning,
-- every row gets one more document. The check says so at the first run: its _id is
-- not made of usid, device, sensor and seq, so a replay would leave duplicates.
-- Right: PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED, of which Flink
-- makes the _id, so that a row that is written again replaces its document
-- (labs/04-export).
CREATE TABLE `${table}` (
  usid BIGINT, action STRING, ts BIGINT, x DOUBLE, y DOUBLE, z DOUBLE,
  device STRING, sensor STRING, seq BIGINT, event_time TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TABLE `${sink}` (
  usid BIGINT, device STRING, sensor STRING, seq BIGINT, action STRING, ts BIGINT,
  x DOUBLE, y DOUBLE, z DOUBLE, `@timestamp` TIMESTAMP_LTZ(3) -- here the key is missing
) WITH (
  'connector' = 'elasticsearch-7', 'hosts' = 'http://${elasticsearch}', 'index' = '${index}',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
);

INSERT INTO `${sink}`
SELECT usid, device, sensor, seq, action, ts, x, y, z, event_time
FROM `${table}`;
