-- The index as a table, and the INSERT that fills it. Fill in what is marked.
CREATE TABLE `${sink}` (
  usid         BIGINT,
  device       STRING,
  sensor       STRING,
  seq          BIGINT,
  action       STRING,
  ts           BIGINT,
  x            DOUBLE,
  y            DOUBLE,
  z            DOUBLE,
  `@timestamp` TIMESTAMP_LTZ(3),
  PRIMARY KEY (TODO) NOT ENFORCED  -- which columns identify a row?
) WITH (
  'connector' = 'elasticsearch-7',
  'hosts' = 'http://${elasticsearch}',
  'index' = '${index}',
  'sink.bulk-flush.max-actions' = 'TODO',  -- documents in one request, at most: ${bulk} for you
  'format' = 'json',
  'json.timestamp-format.standard' = 'TODO'  -- Elasticsearch must recognise it as a date
);

INSERT INTO `${sink}`
SELECT TODO  -- the columns of `${table}` in the order of those above
FROM `${table}`;
