-- Flink: the rows of lab 3's table as files, which a SQL engine reads. A job that ends
-- makes its last files visible; until then their names begin with a dot.
CREATE TABLE readings (
  usid BIGINT,
  device STRING,
  sensor STRING,
  action STRING,
  x DOUBLE,
  y DOUBLE,
  z DOUBLE
) WITH (
  'connector' = 'filesystem',
  'path' = '${files}/readings',
  'format' = 'csv'
);

INSERT INTO readings
SELECT usid, device, sensor, action, x, y, z FROM `${table}`;
