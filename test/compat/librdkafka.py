#!/usr/bin/env python3
"""librdkafka's own test suite against `leat serve` and against a real Apache Kafka: ./dev compat librdkafka [OPTIONS] [NUMBER]...

Two versions: Debian's (what apt-get gives people), and the newest that a registry has with its tests. Every numbered test runs in a
process of its own, one at a time in it (-p1), in full (no -Q: quick mode leaves the sub-tests out), with a time limit. A pass in under
a millisecond has tested nothing and counts as a failure. What fails runs once more: both outcomes are kept.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import brokers
import kafka_jars
import librdkafka_source
import tally
from places import RESULTS, say

LIMIT_S = 900  # 0081 of 2.15.1 takes over 400 s; the longest other one of the real Kafka under 200.
SUITE = "librdkafka"
SCENARIOS = {"default": {}, "noautocreate": {"auto.create.topics.enable": "false"}}
SETTINGS = {**brokers.AUTHORIZER, "group.share.min.record.lock.duration.ms": "1000"}  # A test waits for 3 s.


def numbers(tests, wanted, scenario):
    """The numbers to run: a process runs all tests of one number."""
    found = sorted({test.number for test in tests if not test.local and scenario in test.scenarios and not test.manual})
    return [number for number in found if not wanted or number in wanted]


def run_number(source, number, scenario, address, logs):
    """{test: [state, seconds, why]} of all tests with this number."""
    with tempfile.TemporaryDirectory() as scratch:
        conf, report = pathlib.Path(scratch, "test.conf"), pathlib.Path(scratch, "report.json")
        # The multiplier is the suite's own: its limits suppose a machine that starts a JVM in half a second.
        conf.write_text(f"metadata.broker.list={address}\ntest.timeout.multiplier=2\n")
        log = logs / f"{number}-{scenario}.log"
        env = {name: value for name, value in os.environ.items() if name != "CI"}
        env |= {"TESTS": number, "RDKAFKA_TEST_CONF": str(conf), "TEST_REPORT": str(report), "BROKERS": address,
                "KAFKA_PATH": str(kafka_jars.BIN.parent), "TEST_KAFKA_VERSION": "4.2.0",
                "LD_LIBRARY_PATH": f"{source.home}/src:{source.home}/src-cpp"}
        words = ["./test-runner", "-p1", "-L", "-s", scenario]
        with open(log, "w", encoding="utf-8") as out:
            try:
                code = subprocess.run(words, cwd=source.home / "tests", env=env, stdout=out, stderr=subprocess.STDOUT,
                                      stdin=subprocess.DEVNULL, timeout=LIMIT_S, check=False).returncode
            except subprocess.TimeoutExpired:
                code = "time-out"
        said = log.read_text(errors="replace")
        outcome = {}
        if report.exists() and code != "time-out":
            try:
                found = json.loads(report.read_text(errors="replace"))["tests"]
                outcome = {name: judged(test, said) for name, test in found.items() if name.startswith(number)}
            except ValueError:
                code = f"{code} (its report is no JSON)"
        return outcome, code, said


def judged(test, said):
    state, seconds = test["state"], test["duration"]
    if state == "PASSED" and seconds < 0.001:
        return ["failed", seconds, "passed in under a millisecond: tested nothing"]
    if state == "SKIPPED":
        why = re.findall(r"SKIPPING TEST: (.*)", said)
        return ["skipped", seconds, plain(why[-1]) if why else "filtered"]
    if state == "PASSED":
        return ["passed", seconds, ""]
    return ["failed", seconds, reason(said)]


def reason(said):
    """The first thing that the test itself called a failure."""
    found = re.search(r"### Test \"?\w+\"?[^\n]*failed at (\S+)[^\n]*### *\n([^\n]*)", plain(said))
    return f"{found[1]} {found[2]}"[:300] if found else "see the log"


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def run_suite(source, broker, scenario, wanted, jobs, logs):
    """{test: outcome} of a scenario, against one broker that lives as long as the run."""
    tests = source.tests()
    names = {number: [test.name for test in tests if test.number == number and not test.local and scenario in test.scenarios]
             for number in numbers(tests, wanted, scenario)}
    results = {}

    def one(number):
        outcome, code, _ = run_number(source, number, scenario, broker.address, logs)
        for name in names[number]:
            results[name] = outcome.get(name, ["failed", LIMIT_S if code == "time-out" else 0, f"the process ended: {code}"])
        for name in names[number]:
            say(f"{results[name][0]:8} {results[name][1]:7.1f} s  {name}  {results[name][2]}")

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, names))
    for number in names:  # Again, alone: two at a time on two cores are slow for tests that look at the clock.
        first = {name: results[name] for name in names[number]}
        if jobs > 1 or any(state == "failed" for state, _, _ in first.values()):
            if any(state == "failed" for state, _, _ in first.values()):
                say(f"-- {number} once more, alone")
                one(number)
                for name, before in first.items():
                    if before[0] == "failed" and results[name][0] == "passed":
                        results[name][2] = "at the second try"
    if not broker.alive():
        say("!! THE BROKER HAS ENDED")
    return results


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--version", action="append", choices=sorted(librdkafka_source.SOURCES), help="of librdkafka; both")
    options.add_argument("--broker", action="append", choices=sorted(brokers.BROKERS), help="both")
    options.add_argument("--jobs", type=int, default=2, help="tests at a time")
    options.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="for leat serve")
    options.add_argument("number", nargs="*", help="0011 …; all that need a broker")
    chosen = options.parse_args()
    kafka_jars.fetch()
    for version in chosen.version or sorted(librdkafka_source.SOURCES):
        source = librdkafka_source.get(version)
        for name in chosen.broker or ["leat", "kafka"]:
            run_one(source, name, chosen)
    tally.write()


def run_one(source, name, chosen):
    suite = f"{SUITE} {source.version}"
    logs = RESULTS / f"{SUITE}-{source.version}-{name}"
    logs.mkdir(parents=True, exist_ok=True)
    results = {}
    for scenario, settings in SCENARIOS.items():
        if not numbers(source.tests(), chosen.number, scenario):
            continue
        more = dict(word.split("=", 1) for word in chosen.set) if name == "leat" else {}
        with brokers.BROKERS[name]({**SETTINGS, **settings, **more}) as broker:
            say(f"-- {suite} against {name} {broker.version()}, scenario {scenario}")
            results |= run_suite(source, broker, scenario, chosen.number, chosen.jobs, logs)
    states = [state for state, _, _ in results.values()]
    say(f"-- {suite} against {name}: {states.count('passed')} passed, {states.count('failed')} failed, {states.count('skipped')} skipped")
    tally.keep(suite, name, brokers.BROKERS[name].version(), results, complete=not chosen.number)


if __name__ == "__main__":
    sys.exit(main())
