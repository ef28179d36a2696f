CREATE TABLE flights (
  event_time TIMESTAMP(3), distance INT, origin STRING, destination STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${IN}', 'format' = 'json');

CREATE TABLE results (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), origin STRING, destination STRING, flights BIGINT, distance BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'json');

INSERT INTO results
SELECT window_start, window_end, origin, destination, COUNT(*), SUM(CAST(distance AS BIGINT))
FROM TABLE(SESSION(TABLE flights PARTITION BY (origin, destination), DESCRIPTOR(event_time), INTERVAL '30' MINUTES))
GROUP BY window_start, window_end, origin, destination;
