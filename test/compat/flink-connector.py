#!/usr/bin/env python3
"""An unmodified Apache Flink with its Kafka connector: ./dev compat flink-connector

It copies a topic into another one with exactly-once transactions, is killed in the midst of it, and goes on from its last
checkpoint, twice. A read_committed reader must see each record once.
"""
import collections
import json
import pathlib
import shutil
import subprocess
import tempfile

import brokers
import jvm
import kafka_jars
import tally
from places import HERE, HOME, RESULTS, say, step

SOURCE = HERE / "flink"
FOLDER = HOME / "flink"
ROUNDS, RECORDS = 3, 20_000
LIMIT_S = 180


def fetch():
    """Idempotent."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lib, done = FOLDER / "lib", FOLDER / "pom.xml"
    if not done.exists() or done.read_text() != (SOURCE / "pom.xml").read_text():
        shutil.rmtree(lib, ignore_errors=True)
        step("fetching Apache Flink and its Kafka connector",
             ["mvn", "-q", "-B", "-f", SOURCE / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={lib}"], FOLDER, FOLDER / "maven.log")
        shutil.copy(SOURCE / "pom.xml", done)
    subprocess.run(["javac", "-cp", f"{lib}/*", "-d", FOLDER, SOURCE / "FlinkCopy.java"], check=True)


class Copy:
    """The job, until it is killed."""

    def __init__(self, address, checkpoints, log):
        opened = [f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in ("lang", "util", "nio", "net", "time", "io")]
        command = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", *opened,
                   "-cp", f"{FOLDER}:{FOLDER}/lib/*", "FlinkCopy", address, str(checkpoints)]
        newest = max(checkpoints.glob("*/chk-*/_metadata"), key=lambda path: path.stat().st_mtime, default=None)
        with open(log, "a", encoding="utf-8") as out:
            self.process = subprocess.Popen(command + ([str(newest.parent)] if newest else []), stdout=out, stderr=out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def committed(address):
    """How often each record was copied."""
    _, said = jvm.run("org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", address, "--topic", "flink-out",
                      "--from-beginning", "--timeout-ms", "5000", "--isolation-level", "read_committed")
    return collections.Counter(json.loads(line)["id"] for line in said.splitlines() if line.startswith("{"))


def copied(address, checkpoints, log):
    """"" or what is wrong."""
    for topic in ("flink-in", "flink-out"):
        code, said = jvm.run("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", address, "--create", "--topic", topic,
                             "--partitions", "2")
        if code:
            return said[-300:]
    got = collections.Counter()
    for number in range(ROUNDS):
        with Copy(address, checkpoints, log) as copy:
            lines = [json.dumps({"id": number * RECORDS + i, "name": f"n{i}"}) for i in range(RECORDS)]
            code, said = jvm.run("org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", address, "--topic", "flink-in",
                                 send="\n".join(lines) + "\n")
            if code:
                return said[-300:]

            def enough(last=number == ROUNDS - 1, before=len(got)):
                nonlocal got
                got = committed(address)
                return copy.process.poll() is not None or len(got) >= (ROUNDS * RECORDS if last else before + 1)

            if not jvm.until(enough, LIMIT_S) or copy.process.poll() is not None:
                return f"the copy stood still, or ended, with {len(got)} records"
    twice = sum(1 for count in got.values() if count > 1)
    return f"{twice} records came more than once" if twice else ""


def main():
    kafka_jars.fetch()
    fetch()
    for name, kind in brokers.BROKERS.items():
        log = RESULTS / f"flink-connector-{name}.log"
        RESULTS.mkdir(parents=True, exist_ok=True)
        with kind({"group.initial.rebalance.delay.ms": "0"}) as broker, tempfile.TemporaryDirectory() as folder:
            log.write_text("")
            why = copied(broker.address, pathlib.Path(folder), log)
        results = {"a copy, exactly once, killed twice": ["failed" if why else "passed", 0, why]}
        say(f"{name}: {'failed: ' + why if why else 'passed'}")
        tally.keep("Flink's Kafka connector", name, kind.version(), results, complete=True)
    tally.write()


if __name__ == "__main__":
    main()
