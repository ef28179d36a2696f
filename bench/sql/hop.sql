CREATE TABLE flights (
  event_time TIMESTAMP(3), origin STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${IN}', 'format' = 'json');

CREATE TABLE results (window_start TIMESTAMP(3), window_end TIMESTAMP(3), origin STRING, flights BIGINT)
WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'json');

INSERT INTO results
SELECT window_start, window_end, origin, COUNT(*)
FROM TABLE(HOP(TABLE flights, DESCRIPTOR(event_time), INTERVAL '10' MINUTES, INTERVAL '1' HOUR))
GROUP BY window_start, window_end, origin;
