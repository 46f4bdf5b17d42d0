-- Wrong: Flink's own way to write a TIMESTAMP has a space between date and time,
-- 2023-11-14 22:13:20.05, and no index template says what the field is.
-- Symptom: @timestamp is mapped as text, want date: neither Kibana nor Grafana
-- takes it for a time.
-- Right: put the index template first, and write
-- 'json.timestamp-format.standard' = 'ISO-8601' (labs/04-export).
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
  x DOUBLE, y DOUBLE, z DOUBLE,
  `@timestamp` TIMESTAMP(3), -- here
  PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED
) WITH (
  'connector' = 'elasticsearch-7', 'hosts' = 'http://${elasticsearch}', 'index' = '${index}',
  'format' = 'json' -- and here: 'json.timestamp-format.standard' is 'SQL' unless told otherwise
);

INSERT INTO `${sink}`
SELECT usid, device, sensor, seq, action, ts, x, y, z, CAST(event_time AS TIMESTAMP(3))
FROM `${table}`;
