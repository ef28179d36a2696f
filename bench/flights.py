"""The 3,000,000 flights through Leat, DuckDB's batch engine and Flink SQL, side by side.

Runs are interleaved, so that what disturbs the machine disturbs all; of several runs the least cost counts.
"""
import argparse
import json

import engines
from measure import machine, measure
from setup import WORK, flights, say

ROWS = 3_000_000


def arguments(given):
    parser = argparse.ArgumentParser(prog="run.py flights", description=__doc__)
    parser.add_argument("--queries", nargs="+", choices=engines.QUERIES, default=engines.QUERIES)
    parser.add_argument("--engines", nargs="+", choices=list(engines.ENGINES), default=list(engines.ENGINES))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], help="Flink and DuckDB run on the first only")
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args(given)


def cells(args):
    """What is run: (engine, threads)."""
    return [(engine, threads) for engine in args.engines
            for threads in (args.threads if engine == "leat" else args.threads[:1])]


def run_once(query, engine, threads):
    engines.clean()
    command = engines.ENGINES[engine](query, threads)
    cost = measure(command, WORK / f"{engine}.log")
    result = {"query": query, "engine": engine, "threads": threads, "cost": cost, "rows_out": engines.rows_out(),
              "late": engines.late_rows(engine)}
    say(f"   {query} {engine} x{threads}: {cost.cpu_s:.2f} CPU s, {cost.wall_s:.2f} s")
    return result


def best(results):
    """The least cost of each (query, engine, threads)."""
    least = {}
    for result in results:
        key = (result["query"], result["engine"], result["threads"])
        if key in least:
            result["cost"] = result["cost"].better(least[key]["cost"])
        least[key] = result
    return list(least.values())


def table(results):
    duckdb = {r["query"]: r["cost"].cpu_s for r in results if r["engine"] == "duckdb"}
    print(f"{machine()}\n\n| query | engine | threads | rows per CPU second | to DuckDB | rows/s | peak MB | rows out | late |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for r in results:
        cost, base = r["cost"], duckdb.get(r["query"])
        print(f"| {r['query']} | {r['engine']} | {r['threads']} | {ROWS / cost.cpu_s:,.0f} | "
              f"{f'{base / cost.cpu_s:.2f}' if base else ''} | {ROWS / cost.wall_s:,.0f} | {cost.peak_mb:,.0f} | "
              f"{r['rows_out']:,} | {'' if r['late'] is None else format(r['late'], ',')} |")


def main(given):
    args = arguments(given)
    flights()
    results = []
    for query in args.queries:
        for _ in range(args.repeat):
            results += [run_once(query, engine, threads) for engine, threads in cells(args)]
    results = best(results)
    table(results)
    records = [r | {"cost": vars(r["cost"])} for r in results]
    (WORK / "results.json").write_text(json.dumps(records, indent=1))
