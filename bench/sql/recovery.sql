CREATE TABLE events (
  id BIGINT, who STRING, amount INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '3' HOUR
) WITH (
  'connector' = 'datagen', 'rows-per-second' = '${RATE}',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000000',
  'fields.who.length' = '24'
);

CREATE TABLE results (who STRING, events BIGINT, average DOUBLE, biggest INT) WITH ('connector' = 'blackhole');
CREATE TABLE beat (id BIGINT) WITH ('connector' = 'print');

EXECUTE STATEMENT SET BEGIN
INSERT INTO results
SELECT who, COUNT(*), AVG(CAST(amount AS DOUBLE)), MAX(amount)
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end, who;
INSERT INTO beat SELECT id FROM events WHERE MOD(id, 1000) = 0;
END;
