CREATE TABLE events (
  user_id BIGINT, amount INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '3' HOUR
) WITH (
  'connector' = 'datagen', 'rows-per-second' = '0', 'number-of-rows' = '${ROWS}',
  'fields.user_id.min' = '1', 'fields.user_id.max' = '${KEYS}'
);

CREATE TABLE results (user_id BIGINT, events BIGINT, average DOUBLE, biggest INT) WITH ('connector' = 'blackhole');

INSERT INTO results
SELECT user_id, COUNT(*), AVG(CAST(amount AS DOUBLE)), MAX(amount)
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, user_id;
