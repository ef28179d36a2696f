#!/usr/bin/env python3
"""The queries of sql/ as DuckDB says them over the whole file: duckdb_batch.py QUERY FLIGHTS.ndjson OUT.json THREADS"""
import sys

import duckdb

QUERIES = {
    "tumble": """
        SELECT time_bucket(INTERVAL 1 HOUR, event_time) AS window_start, window_start + INTERVAL 1 HOUR AS window_end,
               origin, count(*) AS flights, avg(delay) AS average_delay, max(delay) AS max_delay
        FROM flights GROUP BY ALL""",
    "filter": "SELECT flight, event_time, origin, delay FROM flights WHERE delay > 60",
    "hop": """
        SELECT time_bucket(INTERVAL 10 MINUTE, event_time) - to_minutes(10 * back) AS window_start,
               window_start + INTERVAL 1 HOUR AS window_end, origin, count(*) AS flights
        FROM flights, range(6) AS hops(back) GROUP BY ALL""",
    "session": """
        WITH gaps AS (
          SELECT *, event_time - lag(event_time) OVER route <= INTERVAL 30 MINUTE AS goes_on FROM flights
          WINDOW route AS (PARTITION BY origin, destination ORDER BY event_time)),
        numbered AS (
          SELECT *, count(*) FILTER (goes_on IS NOT true) OVER route AS session FROM gaps
          WINDOW route AS (PARTITION BY origin, destination ORDER BY event_time ROWS UNBOUNDED PRECEDING))
        SELECT min(event_time) AS window_start, max(event_time) + INTERVAL 30 MINUTE AS window_end,
               origin, destination, count(*) AS flights, sum(distance) AS distance
        FROM numbered GROUP BY origin, destination, session""",
}

COLUMNS = {
    "flight": "BIGINT", "event_time": "TIMESTAMP", "delay": "INT", "distance": "INT", "origin": "VARCHAR",
    "destination": "VARCHAR",
}


def main():
    query, source, out, threads = sys.argv[1:5]
    duckdb.execute(f"SET threads = {threads}")
    flights = f"read_ndjson('{source}', columns = {COLUMNS})"
    duckdb.execute(f"CREATE VIEW flights AS SELECT * FROM {flights}")
    duckdb.execute(f"COPY ({QUERIES[query]}) TO '{out}' (FORMAT json)")


if __name__ == "__main__":
    main()
