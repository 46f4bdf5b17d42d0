-- Counts the rows of each subject in windows of ${seconds} seconds of event time, and writes
-- them into the topic ${topic}-windows.
CREATE TABLE `${table}` (
  usid       BIGINT,
  x          DOUBLE,
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

CREATE TABLE `${sink}` (
  window_start TIMESTAMP(3),
  usid         BIGINT,
  n            BIGINT,
  mean_x       DOUBLE
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-windows',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'json',
  'key.fields' = 'usid',
  'value.format' = 'json'
);

INSERT INTO `${sink}`
SELECT window_start, usid, COUNT(*), AVG(x)
FROM TABLE(TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '${seconds}' SECOND))
GROUP BY window_start, window_end, usid;
