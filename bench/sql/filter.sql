CREATE TABLE flights (
  flight BIGINT, event_time TIMESTAMP(3), delay INT, origin STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${IN}', 'format' = 'json');

CREATE TABLE results (flight BIGINT, event_time TIMESTAMP(3), origin STRING, delay INT)
WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'json');

INSERT INTO results SELECT flight, event_time, origin, delay FROM flights WHERE delay > 60;
