"""Members of groups on real clients, each a process, and the broker that they are members at."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "explain"
CLIENTS = ("librdkafka", "java", "kgo")


def build(client):
    """What the client needs, from its registry. Raises if it cannot be had."""
    BUILD.mkdir(parents=True, exist_ok=True)
    if client == "kgo":
        subprocess.run(["go", "build", "-o", str(BUILD / "kgo-member"), "."], cwd=HERE / "kgo", check=True)
    if client == "java":
        subprocess.run(["mvn", "-q", "-f", str(HERE / "java" / "pom.xml"), "dependency:build-classpath",
                        f"-Dmdep.outputFile={BUILD / 'classpath'}"], check=True)
        subprocess.run(["javac", "-cp", classpath(), "-d", str(BUILD / "classes"),
                        str(HERE / "java/src/main/java/Member.java")], check=True)


def classpath():
    return f"{BUILD / 'classes'}:{(BUILD / 'classpath').read_text().strip()}"


def command_of(client, options):
    if client == "librdkafka":
        return [sys.executable, str(HERE / "librdkafka_member.py"), json.dumps(options)]
    if client == "kgo":
        return [str(BUILD / "kgo-member"), json.dumps(options)]
    words = [f"{name}={','.join(value) if isinstance(value, list) else value}"
             for name, value in options.items() if value is not None]
    return ["java", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath(), "Member", *words]


class Member:
    def __init__(self, client, options, namespace=None):
        inside = ["ip", "netns", "exec", namespace] if namespace else []
        self.process = subprocess.Popen([*inside, *command_of(client, options)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.assigned = threading.Event()
        self.closed = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            if line.startswith("assigned"):
                self.assigned.set()
            if line.startswith("closed"):
                self.closed.set()

    def say(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def close(self):
        self.say("close")
        self.process.wait(30)

    def end(self):
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()


class Broker:
    SETTINGS = ("group.initial.rebalance.delay.ms=0", "group.min.session.timeout.ms=1000",
                "auto.create.topics.enable=false")

    def __init__(self, leat, folder, host="127.0.0.1", namespace=None):
        self.leat, self.folder, self.host, self.namespace = leat, folder, host, namespace
        self.port = 0
        self.start()

    def inside(self, *words):
        return ["ip", "netns", "exec", self.namespace, *words] if self.namespace else list(words)

    def start(self):
        words = [self.leat, "serve", "--data", os.path.join(self.folder, "data"), "--listen", f"{self.host}:{self.port}"]
        if self.host != "127.0.0.1":
            words.append("--insecure")
        for setting in self.SETTINGS:
            words += ["--set", setting]
        self.process = subprocess.Popen(self.inside(*words), stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"serving Kafka clients on \S+:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            raise RuntimeError("leat serve did not start")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def kill(self):
        self.process.kill()
        self.process.wait()

    def explain(self, group, since_ms, *more):
        done = subprocess.run(self.inside(self.leat, "group", "explain", group, "--bootstrap", self.address, "--since",
                                          f"{since_ms} ms", *more), capture_output=True, text=True, timeout=30, check=False)
        return done.stdout if done.returncode == 0 else ""
