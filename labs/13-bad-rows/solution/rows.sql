-- Rows of two publishers, with messages among them that hold no row. What is a row goes
-- to ${topic}-good, anything else to ${topic}-dead, with the reason.

-- Every message as it came: nothing in it can end the job.
CREATE TABLE `${table}` (
  message STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'raw'
);

-- Its fields, each NULL where it isn't there or isn't what it should be.
CREATE VIEW fields AS
SELECT
  message,
  TRY_CAST(JSON_VALUE(message, '$.usid') AS BIGINT) AS usid,
  -- The new publisher calls it activity.
  COALESCE(JSON_VALUE(message, '$.action'), JSON_VALUE(message, '$.activity')) AS action,
  TRY_CAST(JSON_VALUE(message, '$.ts') AS BIGINT) AS ts,
  TRY_CAST(JSON_VALUE(message, '$.x') AS DOUBLE) AS x,
  TRY_CAST(JSON_VALUE(message, '$.y') AS DOUBLE) AS y,
  TRY_CAST(JSON_VALUE(message, '$.z') AS DOUBLE) AS z,
  JSON_VALUE(message, '$.device') AS device,
  JSON_VALUE(message, '$.sensor') AS sensor,
  TRY_CAST(JSON_VALUE(message, '$.seq') AS BIGINT) AS seq,
  JSON_VALUE(message, '$.event_time') AS event_time,
  -- The old publisher has no unit; the sensor says which it is.
  COALESCE(JSON_VALUE(message, '$.unit'), CASE JSON_VALUE(message, '$.sensor') WHEN 'gyro' THEN 'rad/s' ELSE 'm/s2' END) AS unit
FROM `${table}`;

-- Why a message is no row; NULL for a row.
CREATE VIEW judged AS
SELECT *, CASE
    WHEN message IS NOT JSON OBJECT THEN 'this is no JSON object'
    WHEN usid IS NULL OR action IS NULL OR device IS NULL OR sensor IS NULL THEN 'it does not say whose row it is'
    WHEN ts IS NULL OR seq IS NULL OR event_time IS NULL THEN 'it does not say when it was'
    WHEN x IS NULL OR y IS NULL OR z IS NULL THEN 'x, y or z is no number'
  END AS reason
FROM fields;

CREATE TABLE `${sink}` (
  usid BIGINT, action STRING, ts BIGINT, x DOUBLE, y DOUBLE, z DOUBLE,
  device STRING, sensor STRING, seq BIGINT, event_time STRING, unit STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-good',
  'properties.bootstrap.servers' = '${kafka}',
  'format' = 'json'
);

CREATE TABLE dead (
  message STRING, reason STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}-dead',
  'properties.bootstrap.servers' = '${kafka}',
  'format' = 'json'
);

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO `${sink}`
  SELECT usid, action, ts, x, y, z, device, sensor, seq, event_time, unit FROM judged WHERE reason IS NULL;
  INSERT INTO dead
  SELECT message, reason FROM judged WHERE reason IS NOT NULL;
END;
