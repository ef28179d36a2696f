CREATE TABLE flights (
  event_time TIMESTAMP(3), delay INT, origin STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${IN}', 'format' = 'json', 'source.partitions' = 'file');

CREATE TABLE results (window_start TIMESTAMP(3), origin STRING, flights BIGINT, max_delay INT)
WITH ('connector' = 'blackhole');

INSERT INTO results
SELECT window_start, origin, COUNT(*), MAX(delay)
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, origin;
