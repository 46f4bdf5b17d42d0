-- Wrong: TUMBLE_START tells where a window begins, but nothing makes windows.
-- Symptom: the SQL Gateway refuses the query: Call to auxiliary group function
-- 'TUMBLE_START' must have matching call to group function '$TUMBLE' in GROUP BY
-- clause.
-- Right: make the windows with the table function TUMBLE, group by window_start
-- and window_end, which it adds, and select window_start (Flink's documentation,
-- "Windowing table-valued functions").
CREATE TABLE `${table}` (
  usid BIGINT, action STRING, event_time TIMESTAMP_LTZ(3),
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
);

SELECT TUMBLE_START(event_time, INTERVAL '10' SECOND), action, COUNT(*) -- here
FROM `${table}`
GROUP BY action;
