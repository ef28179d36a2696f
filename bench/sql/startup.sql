CREATE TABLE flights (event_time TIMESTAMP(3), delay INT, origin STRING)
WITH ('connector' = 'filesystem', 'path' = '${IN}', 'format' = 'json');

CREATE TABLE shown (event_time TIMESTAMP(3), delay INT, origin STRING) WITH ('connector' = 'print');

INSERT INTO shown SELECT event_time, delay, origin FROM flights WHERE delay > 0;
