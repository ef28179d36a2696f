"""kill -9 with much state: how long until the job goes on? Every row makes a key of 24 letters."""
import argparse
import os
import shutil
import subprocess
import time

import leat_runs
from measure import machine
from setup import WORK, say

RATE = 500_000
SETTLE_S = 3  # Checkpoints come every second; the last rows before the kill are not in one and come again.


def start(path, log):
    return subprocess.Popen(leat_runs.command(path), stdout=subprocess.PIPE, stderr=log)


def build(path, keys, log):
    """The number of the last row that was seen when it was killed."""
    job = start(path, log)
    last = 0
    stop_at = None
    for line in job.stdout:
        last = int(line[3:-2])
        if last >= keys and stop_at is None:
            stop_at = time.monotonic() + SETTLE_S
        if stop_at is not None and time.monotonic() >= stop_at:
            break
    job.kill()
    job.wait()
    return last


def main(given):
    parser = argparse.ArgumentParser(prog="run.py recovery", description=__doc__)
    parser.add_argument("--keys", type=int, default=10_000_000)
    args = parser.parse_args(given)
    path = leat_runs.script("recovery", RATE=RATE)
    shutil.rmtree(leat_runs.DATA, ignore_errors=True)
    with open(WORK / "recovery.log", "wb") as log:
        last = build(path, args.keys, log)
        log_mb = sum(file.stat().st_size for file in leat_runs.DATA.rglob("*") if file.is_file()) / 1e6
        say(f"   killed at row {last:,}, {log_mb:,.0f} MB of log")
        begin = time.perf_counter()
        job = start(path, log)
        resumed = int(job.stdout.readline()[3:-2])
        wall_s = time.perf_counter() - begin
        with open(f"/proc/{job.pid}/stat") as stat:
            user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
        with open(f"/proc/{job.pid}/status") as status:
            resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1000
        job.kill()
        job.wait()
    shutil.rmtree(leat_runs.DATA)
    cpu_s = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    print(f"{machine()}\n\n| keys restored | memory MB | log MB | until the next row, s | CPU s | rows done again |")
    print("|--:|--:|--:|--:|--:|--:|")
    print(f"| {resumed:,} | {resident:,.0f} | {log_mb:,.0f} | {wall_s:.2f} | {cpu_s:.2f} | {last - resumed:,} |")
