-- The SQL engine: two tables over files that it doesn't own.
DROP TABLE IF EXISTS readings;

CREATE EXTERNAL TABLE readings (
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

DROP TABLE IF EXISTS activities;

CREATE EXTERNAL TABLE activities (
  code STRING,
  name STRING
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION '${files}/activities';
