"""Events that come at a pace: how long after an event is due does this program hold what follows from it?

Every hundredth event is printed as it passes, which gives the latency of an event. Windows of 100 ms are printed when
they close: theirs counts from the time at which the event that closes them is due (end and watermark delay).
"""
import argparse
import datetime
import os
import subprocess
import time

import leat_runs
from measure import machine
from setup import WORK

DELAY_S = 1.0  # Of the watermark, in sql/latency.sql.


def seconds(text):
    time_of_day = datetime.datetime.fromisoformat(text.rstrip("Z"))
    return time_of_day.replace(tzinfo=datetime.timezone.utc).timestamp()


def listen(fd):
    """Latencies in milliseconds of what is printed, until the end: (of events, of windows)."""
    latencies = {"event": [], "window": []}
    rest = b""
    while block := os.read(fd, 1 << 20):
        now = time.time()
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            kind, _, row = line.decode().partition("> +I[")
            due = seconds(row.split(",")[0].removesuffix("]"))
            if kind == "window":
                due += DELAY_S  # What is printed is the window's last millisecond, which the watermark has to reach.
            latencies[kind].append((now - due) * 1000)
    return latencies


def main(given):
    parser = argparse.ArgumentParser(prog="run.py latency", description=__doc__)
    parser.add_argument("--rate", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args(given)
    path = leat_runs.script("latency", RATE=args.rate, ROWS=args.rate * args.seconds)
    with open(WORK / "latency.log", "wb") as log:
        process = subprocess.Popen(leat_runs.command(path, "--fresh"), stdout=subprocess.PIPE, stderr=log)
        latencies = listen(process.stdout.fileno())
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = (usage.ru_utime + usage.ru_stime) / args.seconds
    # The last windows are closed by the end of the input, before their time.
    latencies["window"] = [ms for ms in latencies["window"] if ms > 0]
    print(f"{machine()}: {args.rate:,} events/s for {args.seconds} s, {cpu:.3f} of a core\n")
    print("| latency of | rows | p50 ms | p99 ms | p99.9 ms | worst ms |\n|---|--:|--:|--:|--:|--:|")
    for kind, values in latencies.items():
        values.sort()
        at = [values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99, 0.999, 1)]
        print(f"| {kind}s | {len(values):,} | " + " | ".join(f"{ms:.2f}" for ms in at) + " |")
