"""The two brokers that every foreign suite runs against: `leat serve`, and a real Apache Kafka on one node.

A broker is a context manager: it starts in a fresh folder, `address` is its HOST:PORT, and it is gone at the end.
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import kafka_jars
from places import HOME, LEAT

START_TIMEOUT_S = 180
SETTINGS = {"num.partitions": "4"}  # What both are told; suites add to it.
# An authorizer that lets in whom no ACL keeps out: as the clusters of librdkafka's own suite have it.
AUTHORIZER = {"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
              "allow.everyone.if.no.acl.found": "true"}


class Broker:
    def __init__(self, settings=None):
        self.settings = {**SETTINGS, **(settings or {})}
        self.process = None
        self.address = None

    def __enter__(self):
        HOME.mkdir(parents=True, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix=f"{self.name}-", dir=HOME)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def alive(self):
        return self.process.poll() is None


class Leat(Broker):
    name = "leat"

    @staticmethod
    def version():
        return subprocess.run([LEAT, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def start(self):
        words = [LEAT, "serve", "--data", "data", "--listen", "127.0.0.1:0"]
        for name, value in self.settings.items():
            words += ["--set", f"{name}={value}"]
        log = pathlib.Path(self.folder, "serve.log")
        with open(log, "w", encoding="utf-8") as said:
            self.process = subprocess.Popen(words, cwd=self.folder, stderr=said)
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and self.alive():
            if found := re.search(r"serving Kafka clients on (\S+:\d+)", log.read_text()):
                self.address = found[1]
                return
            time.sleep(0.02)  # Another program starts: nothing but its log tells when it is there.
        raise SystemExit(f"leat serve did not start: {log.read_text()}")


class Kafka(Broker):
    name = "kafka"

    @staticmethod
    def version():
        return kafka_jars.VERSION

    def start(self):
        port, controller = free_ports(2)
        self.address = f"127.0.0.1:{port}"
        kept = {
            "process.roles": "broker,controller", "node.id": "1",
            "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{controller}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": os.path.join(self.folder, "log"),
            "offsets.topic.replication.factor": "1", "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1", "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1", "share.coordinator.state.topic.min.isr": "1",
            **self.settings,
        }
        properties = os.path.join(self.folder, "server.properties")
        with open(properties, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in kept.items())
        said = open(os.path.join(self.folder, "broker.log"), "w", encoding="utf-8")
        subprocess.run(kafka_jars.java("kafka.tools.StorageTool", "format", "--standalone", "-t", "AAAAAAAAAAAAAAAAAAAAAQ",
                                       "-c", properties), stdout=said, stderr=said, check=True)
        self.process = subprocess.Popen(kafka_jars.java("kafka.Kafka", properties, memory="512m"), stdout=said, stderr=said)
        wait_for_port(port, self.process)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for_port(port, process):
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)  # Another program starts: nothing tells when it is there.
    raise SystemExit("the real Kafka did not start")


BROKERS = {"leat": Leat, "kafka": Kafka}
