-- The SQL engine: two tables over files that it doesn't own, in a database in which nobody
-- else has any.
CREATE DATABASE IF NOT EXISTS hoplab;

DROP TABLE IF EXISTS hoplab.readings;

CREATE EXTERNAL TABLE hoplab.readings (
  usid BIGINT,
  device STRING,
  sensor STRING,
  action STRING,
  x DOUBLE,
  y DOUBLE,
  z DOUBLE
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION '${files}/readings';

DROP TABLE IF EXISTS hoplab.activities;

CREATE EXTERNAL TABLE hoplab.activities (
  code STRING,
  name STRING
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION '${files}/activities';
