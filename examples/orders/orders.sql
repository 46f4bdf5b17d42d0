CREATE TABLE orders (
  id       BIGINT,
  customer STRING,
  euros    BIGINT,
  ordered  TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${kafka}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TABLE dear (
  id       BIGINT,
  customer STRING,
  euros    BIGINT,
  PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'elasticsearch-7',
  'hosts' = 'http://${elasticsearch}',
  'index' = '${index}',
  'format' = 'json'
);

INSERT INTO dear SELECT id, customer, euros FROM orders WHERE euros >= 60;
