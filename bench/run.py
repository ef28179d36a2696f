#!/usr/bin/env python3
"""The benchmarks: run.py [BENCHMARK] [ITS OPTIONS]. Without a name all of them, one after the other.

flights   3,000,000 flights through Leat, DuckDB's batch engine and Flink SQL (--help)
keys      many keys open at once
growth    the same query with ten times as much of everything
latency   100,000 events a second for a minute
startup   from the command to the first row
broker    `leat serve` beside a real Apache Kafka under the same load (--help)
recovery  kill -9 with 1 GB of state
"""
import sys

import broker
import flights
import growth
import keys
import latency
import recovery
import startup
from setup import WORK

BENCHMARKS = {"broker": broker, "flights": flights, "keys": keys, "growth": growth, "latency": latency, "startup": startup,
              "recovery": recovery}


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else None
    WORK.mkdir(parents=True, exist_ok=True)
    if name in BENCHMARKS:
        return BENCHMARKS[name].main(sys.argv[2:])
    if name:
        sys.exit(__doc__.strip())
    for benchmark in BENCHMARKS.values():
        benchmark.main([])
        print(flush=True)


if __name__ == "__main__":
    main()
