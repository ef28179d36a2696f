#!/usr/bin/env python3
"""kill -9, again and again, on the real binary and the real disk: what comes out is what an undisturbed run gives.

usage: kill_test.py LEAT FLIGHTS.ndjson.zst [KILLS [SEED]]

The input has late rows and rows that are no rows. A job is killed at random moments and started again with the same
command until it finishes; then the next, until there were KILLS kills. Output, dead letters and ledger of each must be
those of a run that nobody disturbed, exactly. The seed is printed, and replays the moments.
"""
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

SCRIPT = """
SET 'execution.checkpointing.interval' = '20 ms';
CREATE TABLE flights (flight BIGINT, event_time TIMESTAMP(0), delay INT, origin STRING, destination STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '10' MINUTE)
WITH ('connector' = 'filesystem', 'path' = '{folder}/in', 'format' = 'json');
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
BAD = [b"{\"flight\": 1,", b"", b"\xff\xfe", b"{\"flight\": \"x\", \"event_time\": \"2001-01-01 00:00:00\"}", b"[]"]


def write_input(archive, folder):
    lines = subprocess.run(["zstd", "-dcq", archive], capture_output=True, check=True).stdout.splitlines()
    os.makedirs(f"{folder}/in")
    for part in range(4):
        with open(f"{folder}/in/flights-{part + 8}.ndjson", "wb") as file:  # 8, 9, 10, 11: natural order matters
            for number, line in enumerate(lines[part * 25000:(part + 1) * 25000]):
                file.write(line + b"\n")
                if number % 997 == 0:
                    file.write(BAD[number % len(BAD)] + b"\n")


def rows_of(folder):
    rows = collections.Counter()
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not name.startswith((".", "_")):
            with open(os.path.join(folder, name), "rb") as file:
                rows.update(file.read().splitlines())
    return rows


def letters(leat, data):
    out = subprocess.run([leat, "dlq", "export", "--data", data], capture_output=True, text=True, check=True).stdout
    kept = collections.Counter()
    for line in out.splitlines():
        letter = json.loads(line)
        value = letter.get("value", letter.get("value_base64"))
        kept[(os.path.basename(letter["file"]), letter["line"], letter["class"], letter["reason"], value,
              json.dumps(letter.get("windows")), letter.get("watermark"))] += 1
    return kept


def ledger(path):
    with open(path) as file:
        report = json.load(file)
    wanted = ["rows_in", "rows_out", "filtered", "late", "partly_late", "dead"]
    assert report["balanced"], report
    return {name: report[name] for name in wanted}


def command(leat, folder, run):
    script = f"{folder}/{run}.sql"
    os.makedirs(f"{folder}/{run}", exist_ok=True)
    with open(script, "w") as file:
        text = SCRIPT.format(folder=f"{folder}/{run}").replace(f"{folder}/{run}/in", f"{folder}/in")
        file.write(text)
    return [leat, "run", script, "--data", f"{folder}/{run}/data", "--job", "flights", "--report",
            f"{folder}/{run}/report.json"]


def facts(leat, folder, run):
    here = f"{folder}/{run}"
    return {"hourly": rows_of(f"{here}/hourly"), "journeys": rows_of(f"{here}/journeys"),
            "dead letters": letters(leat, f"{here}/data"), "ledger": ledger(f"{here}/report.json")}


def run_disturbed(argv, whole_seconds, rng):
    """Kills the job at random moments until it happens to finish; how often it was killed."""
    killed = 0
    while True:
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            # The moment of the crash, not a wait for anything.
            process.wait(rng.uniform(0.002, 0.5 * whole_seconds) if killed < 20 else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        stderr = process.communicate()[1]
        if process.returncode == 0:
            return killed
        if process.returncode != -signal.SIGKILL:
            raise SystemExit(f"ended with {process.returncode}: {stderr.decode()}")
        killed += 1


def compare(calm, disturbed):
    failed = 0
    for what, want in calm.items():
        got = disturbed[what]
        if got == want:
            continue
        failed += 1
        print(f"FAILED: {what}: {sum(want.values())}, after kills {sum(got.values())}")
        if isinstance(want, collections.Counter):
            for row, count in list((want - got).items())[:3]:
                print("    missing", count, row)
            for row, count in list((got - want).items())[:3]:
                print("    too much", count, row)
    return failed


def main():
    leat, archive = sys.argv[1:3]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        write_input(archive, folder)
        calm_argv = command(leat, folder, "calm")
        began = time.monotonic()
        subprocess.run(calm_argv, check=True, stderr=subprocess.DEVNULL)
        whole_seconds = time.monotonic() - began
        calm = facts(leat, folder, "calm")
        killed = rounds = passed = failed = 0
        while killed < kills:
            rounds += 1
            killed += run_disturbed(command(leat, folder, f"round{rounds}"), whole_seconds, rng)
            wrong = compare(calm, facts(leat, folder, f"round{rounds}"))
            passed, failed = passed + (wrong == 0), failed + (wrong > 0)
    sizes = ", ".join(f"{what} {sum(want.values())}" for what, want in calm.items() if what != "ledger")
    print(f"killed {killed} times in {rounds} jobs; each came to {sizes}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
