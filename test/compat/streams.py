#!/usr/bin/env python3
"""Kafka Streams' own WordCountDemo, unmodified, with exactly_once_v2, killed and started again: ./dev compat streams

What a read_committed reader sees at last must be the count of each word, to the number.
"""
import collections
import os
import random
import tempfile

import brokers
import jvm
import kafka_jars
import tally
from places import RESULTS, say

INPUT, OUTPUT = "streams-plaintext-input", "streams-wordcount-output"  # The demo's own names.
ROUNDS, LINES, WORDS = 3, 2000, 40


def lines(seed):
    dice = random.Random(seed)
    return [" ".join(f"w{dice.randrange(WORDS)}" for _ in range(5)) for _ in range(LINES)]


def counted(address):
    """The last count of each word."""
    _, said = jvm.run("org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", address, "--topic", OUTPUT,
                      "--from-beginning", "--timeout-ms", "4000", "--isolation-level", "read_committed",
                      "--formatter-property", "print.key=true",
                      "--formatter-property", "value.deserializer=org.apache.kafka.common.serialization.LongDeserializer")
    pairs = [line.split("\t") for line in said.splitlines() if "\t" in line]
    return {word: int(count) for word, count in pairs}


def word_count(address, folder, log):
    """"" or what is wrong."""
    for topic in (INPUT, OUTPUT):
        code, said = jvm.run("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", address, "--create", "--topic", topic,
                             "--partitions", "2")
        if code:
            return said[-300:]
    config = os.path.join(folder, "streams.properties")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"bootstrap.servers={address}\nprocessing.guarantee=exactly_once_v2\ncommit.interval.ms=100\n"
                   f"state.dir={folder}/state\nsession.timeout.ms=6000\n")
    wanted = collections.Counter()
    for number in range(ROUNDS):
        with jvm.Background(log, "org.apache.kafka.streams.examples.wordcount.WordCountDemo", config) as demo:
            sent = lines(number)
            wanted.update(word for line in sent for word in line.split())
            code, said = jvm.run("org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", address, "--topic", INPUT,
                                 send="\n".join(sent) + "\n")
            if code:
                return said[-300:]
            if number < ROUNDS - 1:
                demo.kill()  # In the midst of its work, or after it: both must end well.
            elif not jvm.until(lambda: counted(address) == wanted, 120):
                got = counted(address)
                wrong = {word: (got.get(word), count) for word, count in wanted.items() if got.get(word) != count}
                return f"of {len(wanted)} words {len(wrong)} have another count: {dict(list(wrong.items())[:3])}"
    return ""


def main():
    kafka_jars.fetch()
    for name, kind in brokers.BROKERS.items():
        log = RESULTS / f"streams-{name}.log"
        with kind({"group.initial.rebalance.delay.ms": "0"}) as broker, tempfile.TemporaryDirectory() as folder:
            log.write_text("")
            why = word_count(broker.address, folder, log)
        results = {"WordCountDemo, exactly_once_v2, killed twice": ["failed" if why else "passed", 0, why]}
        say(f"{name}: {'failed: ' + why if why else 'passed'}")
        tally.keep("streams", name, kind.version(), results, complete=True)
    tally.write()


if __name__ == "__main__":
    main()
