#!/usr/bin/env python3
"""broker_kill_test.py LEAT [unittest's arguments]: `leat serve` is killed with SIGKILL while real producers, transactions and
consumers (confluent-kafka, which is librdkafka) are at work. What was acknowledged is there, once; a transaction is there as a
whole or not at all; no reader passes anything over. ROUNDS=N in the environment: how often each test kills (6).

Needs the client that test/clients/run.py fetches; without it this ends with 77, which ctest shows as skipped."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import unittest

try:
    from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
except ImportError:
    PYTHON = pathlib.Path(__file__).resolve().parent.parent / "build" / "clients" / "confluent" / "venv" / "bin" / "python"
    if not PYTHON.exists() or pathlib.Path(sys.prefix) == PYTHON.parent.parent:
        print("skipped: confluent-kafka was not fetched (test/clients/run.py fetch)")
        sys.exit(77)
    os.execv(PYTHON, [str(PYTHON), *sys.argv])

import program

TIMEOUT_S = 120
ROUNDS = int(os.environ.get("ROUNDS", "6"))
CHUNK = 1000
QUICK = {"reconnect.backoff.ms": 10, "reconnect.backoff.max.ms": 100, "retry.backoff.ms": 20, "socket.timeout.ms": 10_000,
         "log_level": 0}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class BrokerKill(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.address = f"127.0.0.1:{free_port()}"
        self.start()
        self.addCleanup(self.kill)

    def start(self):
        self.server = subprocess.Popen([program.LEAT, "serve", "--data", "data", "--listen", self.address,
                                        "--set", "group.initial.rebalance.delay.ms=0"],
                                       cwd=self.folder, stderr=subprocess.PIPE, text=True)
        line = self.server.stderr.readline()
        while line and not re.search("serving Kafka clients", line):
            line = self.server.stderr.readline()
        self.assertTrue(line, "the server did not start")

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.server.stderr.close()

    def settings(self, **more):
        return {"bootstrap.servers": self.address, **QUICK, **{name.replace("_", "."): value for name, value in more.items()}}

    def consumer(self, topic, **more):
        consumer = Consumer(self.settings(**{"group_id": "reader", "auto_offset_reset": "earliest", "enable_auto_commit": False,
                                             "isolation_level": "read_committed", "enable_partition_eof": True, **more}))
        self.addCleanup(consumer.close)
        consumer.assign([TopicPartition(topic, 0, 0)])
        return consumer

    def read(self, topic):
        """Every committed record, to the end."""
        consumer, out = self.consumer(topic), []
        while True:
            message = consumer.poll(TIMEOUT_S)
            self.assertIsNotNone(message, "nothing comes")
            if message.error():
                return out
            out.append(message.value().decode())

    def produce_through_kills(self, topic, between=lambda: None, **settings):
        """Chunk by chunk, with a kill while each is on its way. The values that were acknowledged, in order."""
        acknowledged = []

        def delivered(error, message):
            if not error:
                acknowledged.append(message.value().decode())

        producer = Producer(self.settings(**{"linger_ms": 1, "batch_num_messages": 50, **settings}))
        for number in range(ROUNDS):
            for i in range(CHUNK):
                producer.produce(topic, f"{number}-{i}", partition=0, on_delivery=delivered)
                if i % 100 == 0:
                    producer.poll(0)
            self.kill()
            self.start()
            between()
        self.assertEqual(producer.flush(TIMEOUT_S), 0, "some were never answered")
        return acknowledged

    def test_an_idempotent_producers_records_are_there_once_and_in_order(self):
        acknowledged = self.produce_through_kills("idempotent", enable_idempotence=True)
        self.assertEqual(len(acknowledged), ROUNDS * CHUNK)
        self.assertEqual(self.read("idempotent"), acknowledged)

    def test_no_acknowledged_record_is_lost(self):
        acknowledged = self.produce_through_kills("plain", acks="all")
        self.assertEqual(set(acknowledged) - set(self.read("plain")), set())

    def test_transactions_are_whole_or_not_there(self):
        expected = []  # For each transaction what it wrote, and whether it was told to be committed.
        for number in range(ROUNDS * 2):
            values = [f"{number}-{i}" for i in range(100)]
            committed = False
            producer = Producer(self.settings(transactional_id="kill", transaction_timeout_ms=60_000))
            try:
                producer.init_transactions(TIMEOUT_S)
                producer.begin_transaction()
                for value in values[:50]:
                    producer.produce("transactions", value, partition=0)
                if number % 2 == 0:
                    producer.flush(TIMEOUT_S)
                self.kill()
                self.start()
                for value in values[50:]:
                    producer.produce("transactions", value, partition=0)
                if number % 3 == 0:
                    producer.flush(TIMEOUT_S)
                    self.kill()
                    self.start()
                producer.commit_transaction(TIMEOUT_S)
                committed = True
            except KafkaException:
                pass  # In doubt: the next instance ends it, one way or the other.
            expected.append((values, committed))
        Producer(self.settings(transactional_id="kill")).init_transactions(TIMEOUT_S)
        seen = self.read("transactions")
        for values, committed in expected:
            mine = [value for value in seen if value in values]
            self.assertIn(mine, [values] if committed else [values, []])
        self.assertTrue(any(committed for _, committed in expected))

    def test_a_follower_passes_nothing_over_and_a_group_does_not_go_back(self):
        follower = self.consumer("followed", enable_partition_eof=False)
        seen, committed = [], []

        def follow():
            while len(seen) < (len(committed) + 1) * CHUNK // 2:
                message = follower.poll(TIMEOUT_S)
                self.assertIsNotNone(message, "nothing comes")
                if not message.error():
                    seen.append(message.value().decode())
            follower.commit(offsets=[TopicPartition("followed", 0, len(seen))], asynchronous=False)
            committed.append(len(seen))
            position = follower.committed([TopicPartition("followed", 0)], TIMEOUT_S)[0].offset
            self.assertEqual(position, committed[-1])

        acknowledged = self.produce_through_kills("followed", between=follow, enable_idempotence=True)
        while len(seen) < len(acknowledged):
            message = follower.poll(TIMEOUT_S)
            self.assertIsNotNone(message, "nothing comes")
            if not message.error():
                seen.append(message.value().decode())
        self.assertEqual(seen, acknowledged)
        self.kill()
        self.start()
        self.assertEqual(follower.committed([TopicPartition("followed", 0)], TIMEOUT_S)[0].offset, committed[-1])


if __name__ == "__main__":
    program.main()
