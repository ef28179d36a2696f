CREATE TABLE events (
  id BIGINT, user_id INT, amount INT, made_at TIMESTAMP_LTZ(6), ts TIMESTAMP_LTZ(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH (
  'connector' = 'datagen', 'rows-per-second' = '${RATE}', 'number-of-rows' = '${ROWS}',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000000',
  'fields.user_id.min' = '1', 'fields.user_id.max' = '1000',
  'fields.ts.late-share' = '0.055', 'fields.ts.late-max' = '10 s'
);

CREATE TABLE windows (window_end TIMESTAMP_LTZ(3), user_id INT, events BIGINT, amount BIGINT, biggest INT)
WITH ('connector' = 'print', 'print-identifier' = 'window');
CREATE TABLE sampled (made_at TIMESTAMP_LTZ(6), id BIGINT)
WITH ('connector' = 'print', 'print-identifier' = 'event');

EXECUTE STATEMENT SET BEGIN
INSERT INTO windows
SELECT window_time, user_id, COUNT(*), SUM(CAST(amount AS BIGINT)), MAX(amount)
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '0.1' SECOND))
GROUP BY window_start, window_end, window_time, user_id;
INSERT INTO sampled SELECT made_at, id FROM events WHERE MOD(id, 100) = 0;
END;
