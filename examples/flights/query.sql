-- The same flights, asked rather than kept: how many leave each hour, whatever the airport.
CREATE TABLE flights (
  flight BIGINT,
  event_time TIMESTAMP(3),
  delay INT,
  origin STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = 'examples/flights/flights.ndjson.zst', 'format' = 'json');

SELECT window_start, window_end, COUNT(*) AS flights
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
