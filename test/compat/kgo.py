#!/usr/bin/env python3
"""franz-go's own tests of its client (pkg/kgo) against leat serve and a real Apache Kafka: ./dev compat kgo [--broker NAME] [TEST]...

The Go module comes from the module proxy with its tests. Only top-level tests that talk to a broker are run, one at a time, each in a
process of its own and with a time limit; what fails runs once more.
"""
import argparse
import os
import re
import subprocess

import brokers
import kafka_jars
import tally
from places import HOME, say, step

VERSION = "1.22.3"
PACKAGE = "github.com/twmb/franz-go/pkg/kgo"
FOLDER = HOME / f"kgo-{VERSION}"
PROGRAM = FOLDER / "kgo.test"
LIMIT_S = 600
# Half a million records and 31 partitions a topic are for clusters: this keeps every path and takes minutes.
ENVIRONMENT = {"KGO_TEST_RF": "1", "KGO_TEST_RECORDS": "50000", "KGO_LOG_LEVEL": "none"}
# What tells that a test needs a broker: it makes its clients with these helpers.
USES_A_BROKER = r"newTestClient|testClientOpts|tmpTopic|getSeedBrokers|\badm\(\)|testChain\w*\("


def fetch():
    if not PROGRAM.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "go.mod").write_text(f"module leat/compat/kgo\n\ngo 1.21\n\nrequire github.com/twmb/franz-go v{VERSION}\n")
        step("fetching franz-go", ["go", "get", "-t", PACKAGE], FOLDER, FOLDER / "fetch.log")
        step("building its tests", ["go", "test", "-c", "-o", PROGRAM.name, PACKAGE], FOLDER, FOLDER / "build.log")


def tests():
    source = subprocess.run(["go", "list", "-f", "{{.Dir}}", PACKAGE], cwd=FOLDER, capture_output=True, text=True, check=True)
    found = []
    for name in sorted(os.listdir(source.stdout.strip())):
        if name.endswith("_test.go") and name != "helpers_test.go":
            with open(os.path.join(source.stdout.strip(), name), encoding="utf-8") as file:
                for part in re.split(r"(?m)^(?=func )", file.read()):
                    test = re.match(r"func (Test\w+)\(", part)
                    if test and re.search(USES_A_BROKER, part):
                        found.append(test[1])
    return found


def run_test(test, address, log):
    words = [PROGRAM, "-test.v", "-test.run", f"^{test}$", "-test.timeout", f"{LIMIT_S}s"]
    with open(log, "w", encoding="utf-8") as out:
        subprocess.run(words, cwd=FOLDER, env={**os.environ, **ENVIRONMENT, "KGO_SEEDS": address}, stdout=out,
                       stderr=subprocess.STDOUT, timeout=LIMIT_S + 60, check=False)
    said = log.read_text(errors="replace")
    end = re.search(rf"(?m)^--- (PASS|FAIL|SKIP): {test} \(([\d.]+)s\)", said)
    if not end:
        return ["failed", 0, "it ended without a word"]
    seconds = float(end[2])
    if end[1] == "PASS":
        return ["passed", seconds, ""]
    why = re.search(r"(?m)^ +(\w+_test\.go:\d+: .*)", said)
    return ["skipped" if end[1] == "SKIP" else "failed", seconds, why[1][:300] if why else "see the log"]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--broker", action="append", choices=sorted(brokers.BROKERS), help="both")
    options.add_argument("test", nargs="*", help="TestGroupETL …; all")
    chosen = options.parse_args()
    fetch()
    kafka_jars.fetch()
    for name in chosen.broker or list(brokers.BROKERS):
        kind, results = brokers.BROKERS[name], {}
        logs = HOME / "results" / f"kgo-{name}"
        logs.mkdir(parents=True, exist_ok=True)
        with kind({"group.initial.rebalance.delay.ms": "0"}) as broker:
            for test in chosen.test or tests():
                results[test] = run_test(test, broker.address, logs / f"{test}.log")
                if results[test][0] == "failed":
                    again = run_test(test, broker.address, logs / f"{test}.log")
                    results[test] = [again[0], again[1], again[2] or "at the second try"]
                say(f"{results[test][0]:8} {results[test][1]:7.1f} s  {test}  {results[test][2]}")
            if not broker.alive():
                say("!! THE BROKER HAS ENDED")
        tally.keep(f"franz-go kgo {VERSION}", name, kind.version(), results, complete=not chosen.test)
    tally.write()


if __name__ == "__main__":
    main()
