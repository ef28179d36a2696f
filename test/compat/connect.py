#!/usr/bin/env python3
"""Kafka Connect, standalone and unmodified, with its file source and its file sink: ./dev compat connect

What stands in one file must stand in the other, also after Connect was stopped and started again in between.
"""
import os
import tempfile

import brokers
import jvm
import kafka_jars
import tally
from places import RESULTS, say

LINES = 3000


def properties(path, **entries):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{name.replace('_', '.')}={value}\n" for name, value in entries.items())
    return path


def copied(address, folder, log):
    """"" or what is wrong."""
    inside = lambda name: os.path.join(folder, name)  # noqa: E731
    text = "org.apache.kafka.connect.storage.StringConverter"
    port, = brokers.free_ports(1)
    worker = properties(inside("worker"), bootstrap_servers=address, key_converter=text, value_converter=text,
                        offset_storage_file_filename=inside("offsets"), offset_flush_interval_ms=500,
                        listeners=f"http://127.0.0.1:{port}", plugin_discovery="service_load")
    source = properties(inside("source"), name="source", connector_class="FileStreamSource", tasks_max=1, file=inside("in"), topic="copied")
    sink = properties(inside("sink"), name="sink", connector_class="FileStreamSink", tasks_max=1, file=inside("out"), topics="copied",
                      **{"consumer_override_auto_offset_reset": "earliest"})
    wanted = ""
    for part in range(2):
        more = "".join(f"{part} line {number}\n" for number in range(LINES))
        wanted += more
        with open(inside("in"), "a", encoding="utf-8") as file:
            file.write(more)
        with jvm.Background(log, "org.apache.kafka.connect.cli.ConnectStandalone", worker, source, sink):
            if not jvm.until(lambda: os.path.exists(inside("out")) and os.path.getsize(inside("out")) >= len(wanted), 90):
                break
    with open(inside("out"), encoding="utf-8") as file:
        got = file.read()
    return "" if got == wanted else f"{len(got.splitlines())} lines of {len(wanted.splitlines())} came"


def main():
    kafka_jars.fetch()
    for name, kind in brokers.BROKERS.items():
        log = RESULTS / f"connect-{name}.log"
        with kind({"group.initial.rebalance.delay.ms": "0", "num.partitions": "1"}) as broker, tempfile.TemporaryDirectory() as folder:
            log.write_text("")
            try:
                why = copied(broker.address, folder, log)
            except FileNotFoundError:
                why = "nothing came"
        results = {"file source and file sink, started twice": ["failed" if why else "passed", 0, why]}
        say(f"{name}: {'failed: ' + why if why else 'passed'}")
        tally.keep("connect", name, kind.version(), results, complete=True)
    tally.write()


if __name__ == "__main__":
    main()
