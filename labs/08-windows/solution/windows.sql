-- Each window's count, as soon as it is final. The watermark is as far behind as a row may
-- come late, and a partition without rows doesn't hold it.
CREATE TABLE `${table}` (
  usid       BIGINT,
  event_time TIMESTAMP_LTZ(3),
  WATERMARK FOR event_time AS event_time - INTERVAL '${late}' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '2s',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TABLE `${sink}` (
  window_start TIMESTAMP(3),
  n            BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-windows',
  'properties.bootstrap.servers' = '${kafka}',
  'format' = 'json'
);

INSERT INTO `${sink}`
SELECT window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE `${table}`, DESCRIPTOR(event_time), INTERVAL '${size}' SECOND))
GROUP BY window_start, window_end;
