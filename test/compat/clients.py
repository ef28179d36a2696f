#!/usr/bin/env python3
"""Every scenario of test/clients with every client, against leat serve and a real Apache Kafka: ./dev compat clients [CLIENT]..."""
import sys

import brokers
import kafka_jars
import tally
from places import HERE, say

sys.path.insert(0, str(HERE.parent / "clients"))
import run  # test/clients/run.py


def outcomes(client, address):
    names, not_for = run.scenarios(client.name, short=False)
    found = {f"{client.name} {name}": ["failed" if why else "passed", 0, why[:300]]
             for name, why in run.run(client, address, names).items()}
    return found | {f"{client.name} {name}": ["skipped", 0, why] for name, why in not_for.items()}


def main():
    wanted = sys.argv[1:] or list(run.CLIENTS)
    run.fetch()
    kafka_jars.fetch()
    for name, kind in brokers.BROKERS.items():
        more = {"share.coordinator.state.topic.min.isr": "1"} if name == "kafka" else {}
        results = {}
        with kind({**run.SETTINGS, **more}) as broker:
            for client in map(run.CLIENTS.get, wanted):
                if client.there():
                    results |= outcomes(client, broker.address)
                else:
                    results[f"{client.name} (all)"] = ["skipped", 0, "it could not be fetched"]
        for test, (state, _, why) in results.items():
            say(f"{state:8} {name:5} {test} {why}")
        tally.keep("clients", name, kind.version(), results, complete=wanted == list(run.CLIENTS))
    tally.write()


if __name__ == "__main__":
    main()
