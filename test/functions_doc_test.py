#!/usr/bin/env python3
"""docs/functions.md against the program: every example gives the result that the page shows, and the names in its
tables are those of SHOW FUNCTIONS.

usage: functions_doc_test.py LEAT functions.md
"""
import json
import re
import subprocess
import sys

CELL = re.compile(r"(?<!\\)\|")
NAME = re.compile(r"[A-Z][A-Z0-9_]*(?=\(|\[|`|$| )")
AGGREGATES = "Aggregates"


def run(leat, sql):
    """The rows of a query, as objects; of one that updates its result, the last."""
    done = subprocess.run([leat, "sql", "--format", "changelog-json", "-e", sql], capture_output=True, text=True,
                          timeout=120)
    if done.returncode != 0:
        return None, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [row.get("row", row) for row in rows], ""


def read(page):
    """(section, names, example, result) of each line of the tables."""
    section = ""
    with open(page, encoding="utf-8") as file:
        for line in file:
            if line.startswith("## "):
                section = line[3:].strip()
            if not line.startswith("| `"):
                continue
            signature, _, example, result = (cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:5])
            yield section, signature, example.strip("`"), result.strip("`")


def examples_fail(leat, lines):
    failures = []
    scalar = [line for line in lines if line[0] != AGGREGATES]
    values = ",\n".join(f"({i}, CAST({line[2]} AS STRING))" for i, line in enumerate(scalar))
    rows, error = run(leat, f"SELECT * FROM (VALUES {values}) AS t (i, v)")
    if rows is None:
        return [error]
    given = {row["i"]: row["v"] for row in rows}
    results = [(line, given.get(i)) for i, line in enumerate(scalar)]
    for line in lines:
        if line[0] == AGGREGATES:
            rows, error = run(leat, f"SELECT CAST({line[2]} AS STRING) AS v FROM (VALUES (1), (2), (4)) AS t (a)")
            results.append((line, rows[-1]["v"] if rows else error))
    for (_, _, example, expected), result in results:
        shown = "NULL" if result is None else result
        if shown != expected:
            failures.append(f"{example}: the page says {expected}, the program {shown}")
    return failures


def names_fail(leat, lines):
    rows, error = run(leat, "SHOW FUNCTIONS")
    if rows is None:
        return [error]
    known = {next(iter(row.values())) for row in rows}
    written = set()
    for _, signature, _, _ in lines:
        written |= set(NAME.findall(signature))
    missing = known - written
    # A name before a parenthesis is a function's.
    called = {name for _, signature, _, _ in lines for name in re.findall(r"`([A-Z][A-Z0-9_]*)\(", signature)}
    strange = called - known - {"CAST", "TRY_CAST"}
    return [f"not in the page: {name}" for name in sorted(missing)] + [f"not in the program: {name}" for name in
                                                                       sorted(strange)]


def main():
    leat, page = sys.argv[1:3]
    lines = list(read(page))
    failures = examples_fail(leat, lines) + names_fail(leat, lines)
    print("\n".join(failures))
    print(f"{len(lines)} lines, {len(failures)} failures")
    sys.exit(bool(failures) or not lines)


if __name__ == "__main__":
    main()
