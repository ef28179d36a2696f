#!/usr/bin/env python3
"""Writes the flights as JSON lines in the order in which they were reported: make_flights.py FLIGHTS.parquet OUT [ROWS]

The Parquet file is data/flights-3m.parquet of npm's vega-datasets 3.2.1. A flight is reported when it leaves, but not before
it was due, so its delay is its lateness. `flight` numbers the rows of the file and makes the order total.
"""
import sys

import duckdb

REPORTED = """
    SELECT file_row_number + 1 AS flight, date, delay, distance, origin, destination,
           date + to_minutes(greatest(delay, 0)) AS reported
    FROM read_parquet(?, file_row_number = true)
    ORDER BY reported, flight LIMIT ?"""

AS_JSON = f"""
    COPY (SELECT flight, strftime(date, '%Y-%m-%d %H:%M:%S') AS event_time,
                 strftime(reported, '%Y-%m-%d %H:%M:%S') AS reported_at, delay, distance, origin, destination
          FROM ({REPORTED}))
    TO ? (FORMAT json)"""


def main():
    source, out = sys.argv[1:3]
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 3_000_000
    duckdb.execute(AS_JSON, [source, rows, out])


if __name__ == "__main__":
    main()
