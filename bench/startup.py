"""From the command to the first row, on a file of 100 flights."""
import argparse
import itertools
import os
import shutil
import subprocess
import time

import leat_runs
from measure import machine
from setup import LEAT, WORK, flights


def first_row_ms(command):
    """Until the first row, and until the end."""
    shutil.rmtree(leat_runs.DATA, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    os.read(process.stdout.fileno(), 1)
    first = time.perf_counter()
    process.stdout.read()
    process.wait()
    return (first - start) * 1000, (time.perf_counter() - start) * 1000


def main(given):
    parser = argparse.ArgumentParser(prog="run.py startup", description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    args = parser.parse_args(given)
    small = WORK / "small.ndjson"
    with open(flights(), "rb") as all_flights:
        small.write_bytes(b"".join(itertools.islice(all_flights, 100)))
    job = leat_runs.script("startup", IN=small)
    query = job.read_text().split("INSERT")[0] + "SELECT event_time, delay, origin FROM flights WHERE delay > 0;"
    print(f"{machine()}, of {args.repeat} runs\n")
    print("| command | first row, least ms | median ms | end, median ms |\n|---|--:|--:|--:|")
    for name, command in {"leat run": leat_runs.command(job), "leat sql -e": [LEAT, "sql", "-e", query]}.items():
        times = [first_row_ms(command) for _ in range(args.repeat)]
        first, end = (sorted(column) for column in zip(*times))
        middle = args.repeat // 2
        print(f"| {name} | {first[0]:.1f} | {first[middle]:.1f} | {end[middle]:.1f} |")
