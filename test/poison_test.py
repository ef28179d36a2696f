#!/usr/bin/env python3
"""Rows that kill the process: the job is started again until it gets to the end, as an init system would do.

usage: poison_test.py POISON_JOB
"""
import collections
import json
import os
import signal
import subprocess
import sys
import tempfile

NUMBERS = 20000
RUNS_MAX = 60


class Outcome:
    """What a scenario came to: how often it died of what, and what is there at the end."""

    def __init__(self, program, scenario):
        self.deaths = collections.Counter()
        with tempfile.TemporaryDirectory() as folder:
            while True:
                done = subprocess.run([program, scenario, folder], capture_output=True, text=True, check=False)
                if done.stdout:
                    break
                self.deaths[done.returncode] += 1
                assert sum(self.deaths.values()) < RUNS_MAX, f"{scenario} never ends: {self.deaths} {done.stderr}"
            assert done.returncode == 0, done.stderr
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            self.ledger, self.letters = lines[0], lines[1:]
            self.rows = collections.Counter()
            for name in os.listdir(f"{folder}/out"):
                if not name.startswith((".", "_")):
                    with open(f"{folder}/out/{name}") as file:
                        self.rows.update(tuple(json.loads(line).values()) for line in file)
        assert self.ledger["balanced"], self.ledger


def expect(what, got, want):
    if got != want:
        raise SystemExit(f"FAILED {what}:\n  got  {got}\n  want {want}")


def crashes(program):
    out = Outcome(program, "crashes")
    # Three deaths of each row, and not one more.
    expect("deaths", out.deaths, collections.Counter({-signal.SIGSEGV: 9, -signal.SIGABRT: 9, 0: 3}))
    lost = {(letter["class"], letter["reason"], tuple(json.loads(letter["value"]))[0], letter["crashes"])
            for letter in out.letters}
    expect("letters", lost, {
        ("poison", "crash.sigsegv", "137", 3), ("poison", "crash.sigabrt", "5000", 3),
        ("poison", "crash.sigabrt", "5001", 3), ("poison", "crash.sigsegv", "12000", 3),
        ("poison", "crash.exit", "15000", 3), ("code", "user.exception", "15001", 0),
        ("poison", "crash.sigabrt", "17000", 3), ("poison", "crash.sigsegv", "9000", 3)})
    expect("number of letters", len(out.letters), 8)
    gone = {137, 5000, 5001, 12000, 15000, 15001, 17000}
    want = collections.Counter((number, half) for number in range(NUMBERS) for half in ("left", "right")
                               if number not in gone and (number, half) != (9000, "right"))
    expect("rows missing", list((want - out.rows).items())[:5], [])
    expect("rows too much", list((out.rows - want).items())[:5], [])
    expect("dead", out.ledger["dead"], 8)
    stacks(out.letters)


def stacks(letters):
    by_id = {json.loads(letter["value"])[0]: letter for letter in letters}
    frames = by_id["137"]["stack"].splitlines()
    assert "read_through_null(int const volatile*" in frames[0], frames
    assert any("dangerous(" in frame for frame in frames), frames
    assert "give_up()" in by_id["5001"]["stack"], by_id["5001"]
    assert "run_out_of_stack(" in by_id["12000"]["stack"], by_id["12000"]
    assert "halves(" in by_id["17000"]["stack"], by_id["17000"]
    expect("stack of exit()", by_id["15000"]["stack"], "")
    expect("exception", by_id["15001"]["exception"], "std::out_of_range")


def transient(program):
    out = Outcome(program, "transient")
    expect("deaths", out.deaths, collections.Counter({-signal.SIGABRT: 2}))
    expect("letters", out.letters, [])
    expect("rows", len(out.rows), NUMBERS)


def killed(program):
    """kill -9 says nothing against the row in hand, however often it comes."""
    out = Outcome(program, "killed")
    expect("deaths", out.deaths, collections.Counter({-signal.SIGKILL: 5}))
    expect("letters", out.letters, [])
    expect("rows", len(out.rows), NUMBERS)


def aggregate(program):
    out = Outcome(program, "aggregate")
    expect("deaths", out.deaths, collections.Counter({-signal.SIGABRT: 3}))
    expect("letters", [(letter["class"], json.loads(letter["value"])) for letter in out.letters],
           [("poison", ["1970-01-01 01:00:00.000", "600"])])
    expect("windows", len(out.rows), (NUMBERS + 599) // 600 - 1)


def main():
    for scenario in (crashes, transient, killed, aggregate):
        scenario(sys.argv[1])
        print(f"{scenario.__name__}: as expected")


if __name__ == "__main__":
    main()
