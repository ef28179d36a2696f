"""`leat serve` beside a real Apache Kafka, under the same load from librdkafka, at the same time on the same machine."""
import argparse
import json
import os
import re
import subprocess
import sys
import time

from setup import BENCH, ROOT, WORK, say

sys.path.insert(0, str(ROOT / "test" / "compat"))
import brokers  # noqa: E402
import kafka_jars  # noqa: E402

LOAD = WORK / "load"
SETTINGS = {"group.initial.rebalance.delay.ms": "0", "num.partitions": "1"}
FLUSHED = {"log.flush.interval.messages": "1"}
VARIANTS = {
    "leat": lambda: brokers.Leat(SETTINGS),
    "kafka": lambda: brokers.Kafka(SETTINGS),
    "kafka, flushed": lambda: brokers.Kafka({**SETTINGS, **FLUSHED}),
}
# (bytes, codec, partitions) and how many records at once.
CASES = [(200, "none", 1), (1000, "none", 1), (200, "lz4", 1), (1000, "lz4", 1), (200, "none", 100), (1000, "none", 100)]


def build_load():
    source = BENCH / "kafka" / "load.cc"
    if not LOAD.exists() or LOAD.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["g++", "-O2", "-std=c++20", source, "-o", LOAD, "-lrdkafka", "-pthread"], check=True)


def load(*words):
    done = subprocess.run([LOAD, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        sys.exit(f"load {' '.join(map(str, words))}: {done.stderr}")
    return json.loads(done.stdout)


class Watched:
    """A broker, with what it costs."""

    def __init__(self, name):
        self.name = name
        start = time.monotonic()
        self.broker = VARIANTS[name]().__enter__()
        self.pid = self.broker.process.pid
        load("produce", self.broker.address, "first", 1, 10, "none")
        self.start_s = time.monotonic() - start
        self.topics = 0

    def cpu_s(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what="VmRSS"):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as file:
            return int(re.search(rf"{what}:\s+(\d+)", file.read())[1]) / 1024

    def topic(self, partitions):
        self.topics += 1
        name = f"topic-{self.topics}"
        command = kafka_jars.java("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.broker.address, "--create",
                                  "--topic", name, "--partitions", str(partitions), "--replication-factor", "1")
        subprocess.run(command, check=True, capture_output=True)
        return name

    def costs(self, *words):
        before = self.cpu_s()
        got = load(*words)
        return {"per_s": got["records"] / got["seconds"], "cpu_per_million": (self.cpu_s() - before) / got["records"] * 1e6,
                "failed": got["failed"]}


def better(old, new):
    """What disturbs a run only ever makes it worse."""
    if old is None:
        return new
    return {key: max(old[key], new[key]) if key == "per_s" else min(old[key], new[key]) for key in new}


def run_case(watched, case, records, best):
    size, codec, partitions = case
    for each in watched:
        topic = each.topic(partitions)
        produced = each.costs("produce", each.broker.address, topic, records, size, codec)
        consumed = each.costs("consume", each.broker.address, topic, records, partitions)
        for what, got in [("produce", produced), ("consume", consumed)]:
            key = (what, *case, each.name)
            best[key] = better(best.get(key), got)
        say(f"   {each.name}: {case} {produced} {consumed}")
        subprocess.run(kafka_jars.java("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", each.broker.address, "--delete",
                                       "--topic", topic), check=True, capture_output=True)


def print_throughput(best, names):
    print("| load | bytes | codec | partitions | " + " | ".join(f"{name}: records/s | CPU s per million" for name in names) + " |")
    print("|---|--:|---|--:|" + "--:|--:|" * len(names))
    for what in ("produce", "consume"):
        for case in CASES:
            cells = []
            for name in names:
                got = best.get((what, *case, name))
                cells += [f"{got['per_s']:,.0f}", f"{got['cpu_per_million']:.2f}"] if got else ["", ""]
            print(f"| {what} | {case[0]} | {case[1]} | {case[2]} | " + " | ".join(cells) + " |")


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench broker", description=__doc__)
    parser.add_argument("--brokers", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--only", choices=["throughput", "latency", "rebalance"])
    return parser.parse_args(words)


def main(words):
    options = parse(words)
    build_load()
    watched = [Watched(name) for name in options.brokers]
    idle = {each.name: each.memory_mb() for each in watched}
    try:
        compare(watched, options, idle)
    finally:
        for each in watched:
            each.broker.__exit__()


def compare(watched, options, idle):
    names = [each.name for each in watched]
    for each in watched:  # A virtual machine compiles what it runs often; a broker that runs for long has it behind it.
        load("produce", each.broker.address, each.topic(1), options.records, 200, "none")
    best = {}
    if options.only in (None, "throughput"):
        for _ in range(options.repeat):
            for case in CASES:
                run_case(watched, case, options.records, best)
        print_throughput(best, names)
    print(f"\n| | {' | '.join(names)} |\n|---|{'--:|' * len(names)}")
    print("| start to the first acknowledged record, s |" + "|".join(f" {each.start_s:.2f} " for each in watched) + "|")
    print("| memory when idle, MB |" + "|".join(f" {idle[name]:.0f} " for name in names) + "|")
    print("| memory after the load, MB |" + "|".join(f" {each.memory_mb():.0f} " for each in watched) + "|")
    if options.only in (None, "latency"):
        rows = [[load("latency", each.broker.address, each.topic(1), 100_000, 200, 10_000) for each in watched]
                for _ in range(options.repeat)]
        for key in ("p50_ms", "p99_ms"):
            print(f"| {key[:3]} at 10,000 records/s, ms |" + "|".join(f" {min(row[i][key] for row in rows):.2f} " for i in range(len(names))) + "|")
    if options.only in (None, "rebalance"):
        got = [load("rebalance", each.broker.address, each.topic(2 * options.members), options.members) for each in watched]
        print(f"| a group of {options.members} forms, s |" + "|".join(f" {each['joined_s']:.2f} " for each in got) + "|")
        print("| one more joins it, s |" + "|".join(f" {each['one_more_s']:.2f} " for each in got) + "|")
