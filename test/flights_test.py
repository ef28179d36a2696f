#!/usr/bin/env python3
"""The engine against the oracle, over the flights: every kind of window, every delay, every row.

usage: flights_test.py LEAT FLIGHTS.ndjson.zst [ROWS]
"""
import datetime
import itertools
import json
import os
import subprocess
import sys
import tempfile

import oracle

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
EPOCH = datetime.datetime(1970, 1, 1)
DELAYS = [0, 10 * MINUTE, 3 * HOUR, 30 * HOUR]
# Batches are cut differently and decoded on other threads: nothing may change.
VARIANTS = [(1024, 1), (1, 1), (3, 2), (1000, 2)]


def to_ms(text):
    return round((datetime.datetime.fromisoformat(text) - EPOCH).total_seconds() * 1000)


def interval(ms):
    return f"INTERVAL '{ms // SECOND}' SECOND({max(2, len(str(ms // SECOND)))})"


def table_function(kind, size, step):
    arguments = "TABLE flights, DESCRIPTOR(event_time), "
    if kind == "tumble":
        return f"TUMBLE({arguments}{interval(size)})"
    if kind in ("hop", "cumulate"):
        return f"{kind.upper()}({arguments}{interval(step)}, {interval(size)})"
    hint = f" /*+ OPTIONS('session.max-duration' = '{step // SECOND} s') */" if kind == "capped" else ""
    return f"SESSION(TABLE flights{hint} PARTITION BY origin, DESCRIPTOR(event_time), {interval(size)})"


def expected(rows, delay, kind, size, step):
    if kind == "session":
        return oracle.sessions(rows, delay, size)
    if kind == "capped":
        return oracle.capped_sessions(rows, delay, size, step)
    return oracle.aligned(rows, delay, kind, size, step)


def run(leat, path, delay, kind, size, step, batch_rows, threads):
    script = f"""
SET 'leat.batch-rows' = '{batch_rows}';
SET 'parallelism.default' = '{threads}';
CREATE TABLE flights (flight BIGINT, event_time TIMESTAMP(0), delay INT, origin STRING,
  WATERMARK FOR event_time AS event_time - {interval(delay)})
WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'json');
SELECT window_start, window_end, origin, COUNT(*) AS n, AVG(CAST(delay AS DOUBLE)) AS mean, MAX(delay) AS worst
FROM TABLE({table_function(kind, size, step)})
GROUP BY window_start, window_end, origin;
"""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run([leat, "sql", "-f", file.name, "--format", "changelog-json", "--late"],
                              capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"leat failed ({done.returncode}):\n{done.stderr}\n{script}")
    results, late = {}, {}
    for line in done.stdout.splitlines():
        change = json.loads(line)
        row = change["row"]
        if change.get("late"):
            window = (to_ms(change["window_start"]), to_ms(change["window_end"]))
            late.setdefault(row["flight"], []).append(window)
            continue
        assert change["op"] == "+I", line
        at = ((to_ms(row["window_start"]), to_ms(row["window_end"])), row["origin"])
        assert at not in results, f"twice: {line}"
        results[at] = (row["n"], row["mean"], row["worst"])
    return results, late


def differences(got, want, close):
    for at in sorted(set(got) | set(want), key=str):
        if at not in got:
            yield f"missing {at}: {want[at]}"
        elif at not in want:
            yield f"too much {at}: {got[at]}"
        elif not close(got[at], want[at]):
            yield f"at {at}: {got[at]}, expected {want[at]}"


def close(a, b):
    return a[0] == b[0] and a[2] == b[2] and (a[1] == b[1] or abs(a[1] - b[1]) <= 1e-9 * max(1, abs(b[1])))


def main():
    leat, archive, wanted = sys.argv[1], sys.argv[2], int((sys.argv + ["30000"])[3])
    text = subprocess.run(["zstd", "-dcq", archive], capture_output=True, check=True).stdout
    lines = text.splitlines()[:wanted]
    flights = [json.loads(line) for line in lines]
    rows = [(f["flight"], f["origin"], to_ms(f["event_time"]), f["delay"]) for f in flights]
    windows = [("tumble", HOUR, HOUR), ("hop", HOUR, 10 * MINUTE), ("cumulate", 24 * HOUR, HOUR),
               ("session", 30 * MINUTE, 0), ("capped", 30 * MINUTE, 2 * HOUR)]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "flights.ndjson")
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        variants = itertools.cycle(VARIANTS)
        for (kind, size, step), delay in itertools.product(windows, DELAYS):
            batch_rows, threads = next(variants)
            want, want_late = expected(rows, delay, kind, size, step)
            got, got_late = run(leat, path, delay, kind, size, step, batch_rows, threads)
            wrong = list(differences(got, want, close))
            wrong += differences({k: sorted(v) for k, v in got_late.items()}, dict(want_late), lambda a, b: a == b)
            name = f"{kind}, delay {delay // MINUTE} min, batches of {batch_rows}, {threads} threads"
            print(f"{'FAILED' if wrong else 'ok'}: {name}: {len(want)} results, {len(want_late)} late rows")
            for line in wrong[:5]:
                print("   ", line)
            passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
