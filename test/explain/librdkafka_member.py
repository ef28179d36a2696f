#!/usr/bin/env python3
"""A member of a group, on librdkafka. Its options are JSON in the first argument; it is told what to do line by line.

Options: bootstrap, group, topics or pattern, client_id, instance (static member), session_ms, poll_ms, assignor.
Commands: "slow MS" (the handler takes so long), "subscribe A,B", "enforce" (rejoin), "close". It prints "assigned N" and
"closed".
"""
import json
import queue
import sys
import threading
import time

from confluent_kafka import Consumer

HANDLE_S = 0.005


def main():
    options = json.loads(sys.argv[1])
    commands = queue.Queue()
    threading.Thread(target=lambda: [commands.put(line.split()) for line in sys.stdin], daemon=True).start()
    config = {
        "bootstrap.servers": options["bootstrap"],
        "group.id": options["group"],
        "client.id": options["client_id"],
        "session.timeout.ms": options["session_ms"],
        "max.poll.interval.ms": options["poll_ms"],
        "heartbeat.interval.ms": 500,
        "auto.commit.interval.ms": 500,
        "auto.offset.reset": "earliest",
        "topic.metadata.refresh.interval.ms": 1000,
        "topic.metadata.propagation.max.ms": 1000,
        "allow.auto.create.topics": False,
        "partition.assignment.strategy": options["assignor"],
    }
    if options.get("instance"):
        config["group.instance.id"] = options["instance"]
    consumer = Consumer(config)
    topics = options.get("topics") or [options["pattern"]]

    def subscribe():
        consumer.subscribe(topics, on_assign=lambda _, got: print("assigned", len(got), flush=True))

    subscribe()
    while True:
        message = consumer.poll(0.1)
        if message is not None and not message.error():
            time.sleep(HANDLE_S)
        while not commands.empty():
            command = commands.get()
            if command[0] == "slow":
                time.sleep(int(command[1]) / 1000)
            elif command[0] == "subscribe":
                topics = command[1].split(",")
                subscribe()
            elif command[0] == "enforce":
                subscribe()
            elif command[0] == "close":
                consumer.close()
                print("closed", flush=True)
                return


if __name__ == "__main__":
    main()
