-- How many rows were there in each window of ${size} seconds? The job runs for ever, and
-- writes each count once, as soon as it is final. Fill in what is marked.
CREATE TABLE `${table}` (
  usid       BIGINT,
  event_time TIMESTAMP_LTZ(3),
  WATERMARK FOR event_time AS TODO  -- a row comes up to ${late} seconds late
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  TODO,  -- two of the topic's three partitions have no rows: go on without them after 2 seconds
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
FROM TABLE(TODO)  -- windows of ${size} seconds, one after the other
GROUP BY window_start, window_end;
