CREATE TABLE events (
  user_id BIGINT, amount INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '${DELAY}' SECOND
) WITH (
  'connector' = 'datagen', 'rows-per-second' = '0', 'number-of-rows' = '${ROWS}',
  'fields.user_id.min' = '1', 'fields.user_id.max' = '${KEYS}'
);

CREATE TABLE results (window_start TIMESTAMP(3), user_id BIGINT, events BIGINT, biggest INT)
WITH ('connector' = 'blackhole');

INSERT INTO results
SELECT window_start, user_id, COUNT(*), MAX(amount)
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '0.1' SECOND))
GROUP BY window_start, window_end, user_id;
