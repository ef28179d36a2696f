"""The same query with ten times as much of one thing: the cost of a row should stay what it is."""
import argparse
import shutil
import subprocess

import leat_runs
from measure import machine
from setup import WORK, flights, say

# datagen makes a million rows a second of event time, so a window of 100 ms has 100,000 of them.
BASE = {"ROWS": 10_000_000, "KEYS": 1000, "DELAY": 0.5}
CASES = {"1,000 keys in 6 open windows": {}, "10 x the rows": {"ROWS": 100_000_000}, "10 x the keys": {"KEYS": 10_000},
         "10 x the open windows": {"DELAY": 5}}
PARTITIONS = [1, 10, 100]


def line(name, cost, report, base):
    rate = report["rows_in"] / cost.cpu_s
    say(f"   {name}: {cost.cpu_s:.2f} CPU s")
    print(f"| {name} | {report['rows_in']:,} | {rate:,.0f} | {rate / (base or rate):.2f} | {cost.peak_mb:,.0f} |")
    return base or rate


def cut(parts):
    """The flights in so many files, a line for each in turn."""
    folder = WORK / "partitions"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    subprocess.run(["split", "-d", "-a", "3", "-n", f"r/{parts}", flights(), folder / "flights-"], check=True)
    return folder


def main(given):
    parser = argparse.ArgumentParser(prog="run.py growth", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args(given)
    print(f"{machine()}\n\n| what | rows | rows per CPU second | to the first | peak MB |\n|---|--:|--:|--:|--:|")
    base = None
    for name, values in CASES.items():
        base = line(name, *leat_runs.least(args.repeat, "growth", **BASE | values), base)
    base = None
    for parts in PARTITIONS:
        folder = cut(parts)
        base = line(f"flights, {parts} partitions", *leat_runs.least(args.repeat, "partitions", IN=folder), base)
        shutil.rmtree(folder)
