#!/usr/bin/env python3
"""kill -9, again and again, on the real binary: what comes out is what an undisturbed run gives.

usage: kill_test.py LEAT FLIGHTS.ndjson.zst [KILLS [SEED]]

Each job of JOBS takes its share of the kills: it is killed at random moments and started again with the same command
until it finishes, and again from the beginning until it had its share. Output, dead letters and ledger of each must be
those of a run that nobody disturbed, exactly. The input has late rows and rows that are no rows. The seed is printed,
and replays the moments.
"""
import collections
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FLIGHTS = """
SET 'execution.checkpointing.interval' = '20 ms';
CREATE TABLE flights (flight BIGINT, event_time TIMESTAMP(0), delay INT, origin STRING, destination STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '10' MINUTE)
WITH ('connector' = 'filesystem', 'path' = '{input}', 'format' = 'json'{options});
"""
# Two windows over one source, one of them with a key of two columns; two sinks.
WINDOWS = FLIGHTS + """
CREATE TABLE hourly (window_start TIMESTAMP(3), window_end TIMESTAMP(3), origin STRING, n BIGINT, worst INT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/hourly', 'format' = 'json');
CREATE TABLE journeys (window_start TIMESTAMP(3), window_end TIMESTAMP(3), origin STRING, destination STRING, n BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/journeys', 'format' = 'csv');
EXECUTE STATEMENT SET BEGIN
INSERT INTO hourly SELECT window_start, window_end, origin, COUNT(*), MAX(delay)
FROM TABLE(HOP(TABLE flights, DESCRIPTOR(event_time), INTERVAL '10' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end, origin;
INSERT INTO journeys SELECT window_start, window_end, origin, destination, COUNT(*)
FROM TABLE(SESSION(TABLE flights PARTITION BY (origin, destination), DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, origin, destination;
END;
"""
# Directories of partitions, an expression that fails on some rows, rows that are filtered, a result that is updated, and
# a window of windows.
MIXED = FLIGHTS + """
CREATE TABLE days (origin STRING, n BIGINT, window_end TIMESTAMP(3), day_of STRING) PARTITIONED BY (day_of)
WITH ('connector' = 'filesystem', 'path' = '{folder}/days', 'format' = 'csv');
CREATE TABLE ratios (flight BIGINT, ratio INT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/ratios', 'format' = 'json');
CREATE TABLE busiest (window_end TIMESTAMP(3), n BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/busiest', 'format' = 'json');
CREATE TABLE totals (origin STRING, n BIGINT, distinct_destinations BIGINT) WITH ('connector' = 'blackhole');
EXECUTE STATEMENT SET BEGIN
INSERT INTO days SELECT origin, COUNT(*), window_end, SUBSTRING(CAST(window_start AS STRING) FROM 1 FOR 10)
FROM TABLE(CUMULATE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '1' HOUR, INTERVAL '6' HOUR))
GROUP BY window_start, window_end, origin;
INSERT INTO ratios SELECT flight, 1000 / (delay - 5) FROM flights WHERE delay > 0;
INSERT INTO busiest SELECT window_end, MAX(n) FROM (
  SELECT window_start, window_end, window_time AS at, COUNT(*) AS n
  FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '10' MINUTE))
  GROUP BY window_start, window_end, window_time, origin)
GROUP BY window_start, window_end;
INSERT INTO totals SELECT origin, COUNT(*), COUNT(DISTINCT destination) FROM flights GROUP BY origin;
END;
"""
# Does not end by itself: files come while it is being killed.
WATCHED = FLIGHTS + """
CREATE TABLE seen (flight BIGINT, delay INT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/seen', 'format' = 'json');
CREATE TABLE hourly (window_start TIMESTAMP(3), origin STRING, n BIGINT)
WITH ('connector' = 'filesystem', 'path' = '{folder}/hourly', 'format' = 'json');
EXECUTE STATEMENT SET BEGIN
INSERT INTO seen SELECT flight, delay FROM flights WHERE delay > 10;
INSERT INTO hourly SELECT window_start, origin, COUNT(*)
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(event_time), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, origin;
END;
"""
JOBS = {"windows": (WINDOWS, ["hourly", "journeys"]), "mixed": (MIXED, ["days", "ratios", "busiest"]),
        "watched": (WATCHED, ["seen", "hourly"])}
BAD = [b"{\"flight\": 1,", b"", b"\xff\xfe", b"{\"flight\": \"x\", \"event_time\": \"2001-01-01 00:00:00\"}", b"[]"]
PARTS = 4


def fast_folder():
    """Memory, if there is enough: kill -9 takes nothing from a disk, and what a disk may lose is for the simulator."""
    memory, enough_bytes = "/dev/shm", 2 << 30
    fits = os.path.isdir(memory) and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > enough_bytes
    return memory if fits else None


def write_input(archive, folder):
    """Files 8, 9, 10, 11, whose natural order matters: plain, gzip in two members, zstd, plain."""
    lines = subprocess.run(["zstd", "-dcq", archive], capture_output=True, check=True).stdout.splitlines()
    os.makedirs(f"{folder}/in")
    for part in range(PARTS):
        content = bytearray()
        for number, line in enumerate(lines[part * 25000:(part + 1) * 25000]):
            content += line + b"\n"
            if number % 997 == 0:
                content += BAD[number % len(BAD)] + b"\n"
        name = f"{folder}/in/flights-{part + 8}.ndjson"
        if part == 1:
            half = len(content) // 2
            content = gzip.compress(content[:half], 1) + gzip.compress(content[half:], 1)
            name += ".gz"
        if part == 2:
            content = subprocess.run(["zstd", "-qc"], input=content, capture_output=True, check=True).stdout
            name += ".zst"
        with open(name, "wb") as file:
            file.write(content)


def rows_of(folder):
    """Every shown row, with the directory it is in."""
    rows = collections.Counter()
    for below, _, names in os.walk(folder):
        for name in names:
            if not name.startswith((".", "_")):
                with open(os.path.join(below, name), "rb") as file:
                    rows.update((os.path.relpath(below, folder), row) for row in file.read().splitlines())
    return rows


def letters(leat, data):
    out = subprocess.run([leat, "dlq", "export", "--data", data], capture_output=True, text=True, check=True).stdout
    kept = collections.Counter()
    for line in out.splitlines():
        letter = json.loads(line)
        value = letter.get("value", letter.get("value_base64"))
        kept[(os.path.basename(letter["file"]), letter["line"], letter["class"], letter["reason"], letter["operator"],
              value, json.dumps(letter.get("windows")), letter.get("watermark"))] += 1
    return kept


def ledger(path):
    with open(path) as file:
        report = json.load(file)
    wanted = ["rows_in", "rows_out", "filtered", "late", "partly_late", "dead"]
    assert report["balanced"], report
    by_operator = {op["name"]: tuple(op[name] for name in wanted) for op in report["operators"]}
    return {name: report[name] for name in wanted} | by_operator


class Life:
    """One job from its first start to its end, in a folder of its own, under one command."""

    def __init__(self, leat, folder, job, run):
        self.leat, self.job, self.folder = leat, job, f"{folder}/{job}-{run}"
        self.script, self.outputs = JOBS[job]
        self.given = f"{folder}/in"
        self.watches = job == "watched"
        os.makedirs(self.folder)
        source = f"{self.folder}/in" if self.watches else self.given
        if self.watches:
            os.makedirs(source)
        options = ", 'source.monitor-interval' = '5 ms'" if self.watches else ""
        with open(f"{self.folder}/job.sql", "w") as file:
            file.write(self.script.format(folder=self.folder, input=source, options=options))
        self.argv = [leat, "run", f"{self.folder}/job.sql", "--data", f"{self.folder}/data", "--job", job, "--report",
                     f"{self.folder}/report.json"]
        self.files_to_come = sorted(os.listdir(self.given), key=lambda name: int(name.split("-")[1].split(".")[0]))

    def next_file(self):
        """Copied under a hidden name and shown at once, as whoever writes into a watched directory must do."""
        if self.watches and self.files_to_come:
            name = self.files_to_come.pop(0)
            shutil.copy(f"{self.given}/{name}", f"{self.folder}/in/.{name}")
            os.rename(f"{self.folder}/in/.{name}", f"{self.folder}/in/{name}")

    def start(self, settings=()):
        return subprocess.Popen(self.argv + list(settings), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self, process, wanted_rows):
        """A watching job is done when all rows are shown; it is told to stop."""
        if self.watches:
            while sum(rows_of(f"{self.folder}/seen").values()) < wanted_rows and process.poll() is None:
                pass
            process.send_signal(signal.SIGTERM)
        return check_end(process)

    def facts(self):
        out = {name: rows_of(f"{self.folder}/{name}") for name in self.outputs}
        out["left over"] = collections.Counter(
            name for output in self.outputs for _, _, names in os.walk(f"{self.folder}/{output}") for name in names
            if name.startswith("."))
        out["dead letters"] = letters(self.leat, f"{self.folder}/data")
        out["ledger"] = ledger(f"{self.folder}/report.json")
        return out


def check_end(process):
    """True: ended well; False: killed."""
    stderr = process.communicate()[1]
    if process.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(f"ended with {process.returncode}: {stderr.decode()}")
    return process.returncode == 0


def run_calm(life, wanted_rows):
    while life.watches and life.files_to_come:
        life.next_file()
    began = time.monotonic()
    life.finish(life.start(), wanted_rows)
    return life.facts(), time.monotonic() - began


def run_disturbed(life, whole_seconds, rng, wanted_rows):
    """Kills the job at random moments until it happens to finish; how often it was killed."""
    killed = 0
    while True:
        # Nothing of this may change what comes out.
        process = life.start([f"--set=parallelism.default={rng.choice((1, 2))}",
                              f"--set=leat.batch-rows={rng.choice((1024, 1000, 37))}"])
        life.next_file()
        if killed >= 20 and not (life.watches and life.files_to_come):
            life.finish(process, wanted_rows)
            return killed
        try:
            # The moment of the crash, not a wait for anything.
            process.wait(rng.uniform(0.002, 0.3 * whole_seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        if check_end(process):
            return killed
        killed += 1


def compare(calm, disturbed):
    failed = 0
    for what, want in calm.items():
        got = disturbed[what]
        if got == want:
            continue
        failed += 1
        print(f"FAILED: {what}")
        if isinstance(want, collections.Counter):
            print(f"    {sum(want.values())}, after kills {sum(got.values())}")
            for row, count in list((want - got).items())[:3]:
                print("    missing", count, row)
            for row, count in list((got - want).items())[:3]:
                print("    too much", count, row)
        else:
            print(*(f"    {name}: {want[name]}, after kills {got[name]}" for name in want if want[name] != got[name]),
                  sep="\n")
    return failed


def disturb(leat, folder, job, kills, rng, wanted_rows):
    """Rounds that went wrong."""
    calm, whole_seconds = run_calm(Life(leat, folder, job, "calm"), wanted_rows)
    killed = rounds = failed = 0
    while killed < kills:
        rounds += 1
        life = Life(leat, folder, job, f"round{rounds}")
        killed += run_disturbed(life, whole_seconds, rng, wanted_rows)
        failed += compare(calm, life.facts()) > 0
    sizes = ", ".join(f"{what} {sum(want.values())}" for what, want in calm.items() if what != "ledger")
    print(f"{job}: killed {killed} times in {rounds} lives; each came to {sizes}; {failed} failed")
    return failed


def main():
    leat, archive = sys.argv[1:3]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    failed = 0
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        write_input(archive, folder)
        flights = subprocess.run(["zstd", "-dcq", archive], capture_output=True, check=True).stdout.splitlines()
        seen = sum(json.loads(line)["delay"] > 10 for line in flights[:PARTS * 25000])
        for job in JOBS:
            failed += disturb(leat, folder, job, -(-kills // len(JOBS)), rng, seen)
    print(f"{failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
