"""Many keys open at once: COUNT, AVG and MAX of one window that stays open, over rows that datagen makes."""
import argparse

import leat_runs
from measure import machine
from setup import say

ROWS_PER_KEY = 10


def main(given):
    parser = argparse.ArgumentParser(prog="run.py keys", description=__doc__)
    parser.add_argument("--keys", nargs="+", type=int, default=[1_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args(given)
    none, _ = leat_runs.run("keys", ROWS=1, KEYS=1)
    lines = []
    for keys in args.keys:
        rows = max(keys * ROWS_PER_KEY, 10_000_000)
        cost, report = leat_runs.least(args.repeat, "keys", ROWS=rows, KEYS=keys)
        say(f"   {keys:,} keys: {cost.cpu_s:.2f} CPU s, {cost.wall_s:.2f} s")
        # Memory beyond that of the same job with one row: all that the keys take.
        bytes_per_key = (cost.peak_mb - none.peak_mb) * 1e6 / report["rows_out"]
        shown = f"{bytes_per_key:,.0f}" if keys >= 100_000 else ""
        lines.append(f"| {report['rows_out']:,} | {rows:,} | {rows / cost.cpu_s:,.0f} | {rows / cost.wall_s:,.0f} | "
                     f"{cost.peak_mb:,.0f} | {shown} | {report['checkpoints']} |")
    print(f"{machine()}\n\n| keys | rows | rows per CPU second | rows/s | peak MB | bytes a key | checkpoints |")
    print("|--:|--:|--:|--:|--:|--:|--:|", *lines, sep="\n")
