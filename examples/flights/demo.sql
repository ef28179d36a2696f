-- How late do flights leave, hour by hour and airport by airport? A flight is reported when it leaves,
-- so the events of one hour come in over many: the watermark waits three hours for them.
CREATE TABLE flights (
  flight BIGINT,
  event_time TIMESTAMP(3),
  delay INT,
  origin STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = 'examples/flights/flights.ndjson.zst', 'format' = 'json');

CREATE TABLE delays (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), origin STRING, flights BIGINT, average_delay DOUBLE, max_delay INT
) WITH ('connector' = 'filesystem', 'path' = 'build/demo/delays', 'format' = 'json');

INSERT INTO delays
SELECT window_start, window_end, origin, COUNT(*), AVG(CAST(delay AS DOUBLE)), MAX(delay)
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, origin;
