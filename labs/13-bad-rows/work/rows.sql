-- Rows of two publishers, with messages among them that hold no row. What is a row goes
-- to ${topic}-good, anything else to ${topic}-dead, with the reason. Fill in what is marked.

-- Every message as it came: nothing in it can end the job.
CREATE TABLE `${table}` (
  message STRING
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'TODO'  -- which one never fails?
);

-- Its fields, each NULL where it isn't there or isn't what it should be.
CREATE VIEW fields AS
SELECT
  message,
  TRY_CAST(JSON_VALUE(message, '$.usid') AS BIGINT) AS usid,
  -- Two publishers, two names for it.
  TODO AS action,
  TRY_CAST(JSON_VALUE(message, '$.ts') AS BIGINT) AS ts,
  TRY_CAST(JSON_VALUE(message, '$.x') AS DOUBLE) AS x,
  TRY_CAST(JSON_VALUE(message, '$.y') AS DOUBLE) AS y,
  TRY_CAST(JSON_VALUE(message, '$.z') AS DOUBLE) AS z,
  JSON_VALUE(message, '$.device') AS device,
  JSON_VALUE(message, '$.sensor') AS sensor,
  TRY_CAST(JSON_VALUE(message, '$.seq') AS BIGINT) AS seq,
  JSON_VALUE(message, '$.event_time') AS event_time,
  -- The new publisher's unit: m/s2 for accel, rad/s for gyro. The old one has none.
  TODO AS unit
FROM `${table}`;

-- Why a message is no row; NULL for a row.
CREATE VIEW judged AS
SELECT *, CASE
    WHEN TODO THEN 'this is no JSON object'
    WHEN usid IS NULL THEN 'it does not say whose row it is'
    TODO  -- what else can a message lack?
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
  SELECT usid, action, ts, x, y, z, device, sensor, seq, event_time, unit FROM judged WHERE TODO;
  INSERT INTO dead
  SELECT message, reason FROM judged WHERE TODO;
END;
