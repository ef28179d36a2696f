#!/usr/bin/env python3
"""What DescribeConfigs says of a topic, a broker and a group: does leat serve know every setting of a real Apache Kafka, with its
default? ./dev compat settings
"""
import re
import sys

import brokers
import jvm
import kafka_jars
import tally
from places import say

ENTITIES = {"brokers": "1", "topics": "t", "groups": "g"}


def run(tool, broker, *words):
    code, said = jvm.run(tool, "--bootstrap-server", broker.address, *words)
    if code != 0:
        sys.exit(f"{tool} {' '.join(words)}: {said}")
    return said


def described(broker, entity):
    """{setting: (its value, its default)}."""
    said = run("kafka.admin.ConfigCommand", broker, "--describe", "--all", "--entity-type", entity, "--entity-name", ENTITIES[entity])
    found = {}
    for name, value, synonyms in re.findall(r"(?m)^  ([\w.]+)=(.*?) sensitive=\w+ synonyms=\{(.*)\}$", said):
        default = re.search(r"DEFAULT_CONFIG:[\w.]+=([^{}]*?)(?:, [A-Z_]+:|$)", synonyms)
        found[name] = value, default[1] if default else value
    return found


def ask(kind):
    with kind() as broker:
        run("org.apache.kafka.tools.TopicCommand", broker, "--create", "--topic", ENTITIES["topics"])
        return {entity: described(broker, entity) for entity in ENTITIES}


def judged(ours, theirs, entity):
    results = {}
    for name, (value, default) in theirs.items():
        mine = ours.get(name, ("", ""))
        same = value == mine[0] or default == mine[1]  # What gives a topic's setting its default has several names.
        why = "" if same else "it is not known" if name not in ours else f"its default is {mine[1]!r}, Kafka's is {default!r}"
        results[f"{entity} {name}"] = ["failed" if why else "passed", 0, why]
    return results


def main():
    kafka_jars.fetch()
    said = {name: ask(kind) for name, kind in brokers.BROKERS.items()}
    results = {}
    for entity in ENTITIES:
        results |= judged(said["leat"][entity], said["kafka"][entity], entity)
    for test, (state, _, why) in results.items():
        if state != "passed":
            say(f"{state:8} {test}: {why}")
    states = [state for state, _, _ in results.values()]
    say(f"-- settings: {states.count('passed')} passed, {states.count('failed')} failed")
    tally.keep("settings", "leat", brokers.Leat.version(), results, complete=True)
    tally.write()


if __name__ == "__main__":
    sys.exit(main())
