#!/usr/bin/env python3
"""run.py fetch | short CLIENT LEAT: the scenarios of README.md with real clients.

fetch brings the clients into build/clients (no network when they are there). short runs a client's short scenarios and ends with 77
if the client is not there, which ctest shows as skipped. `./dev compat clients` (../compat/clients.py) runs all.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent / "build" / "clients"
SKIPPED = 77
TIMEOUT_S = 400
SETTINGS = {"group.initial.rebalance.delay.ms": "0"}


class Client:
    """How a client is brought here, from which files, and how it is called."""

    def __init__(self, name, needs, steps, command):
        self.name, self.needs, self.steps, self.command = name, needs, steps, command
        self.home = HOME / name

    def fetch(self):
        sources = sorted(path for path in (HERE / self.name).rglob("*") if path.is_file())
        now = {str(path.relative_to(HERE)): path.read_text(encoding="utf-8") for path in sources}
        mark = self.home / "fetched.json"
        if mark.exists() and json.loads(mark.read_text()) == now:
            return None
        missing = [program for program in self.needs if not shutil.which(program)]
        if missing:
            return f"there is no {missing[0]}"
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(HERE / self.name, self.home)
        for words in self.steps:
            done = subprocess.run(words, cwd=self.home, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
            if done.returncode:
                return f"{' '.join(words)}: {(done.stdout + done.stderr).strip()[-300:]}"
        mark.write_text(json.dumps(now))
        return None

    def there(self):
        return (self.home / "fetched.json").exists()


CLIENTS = {client.name: client for client in [
    Client("confluent", ["python3"], [["python3", "-m", "venv", "venv"], ["venv/bin/pip", "install", "-q", "-r", "requirements.txt"]],
           ["venv/bin/python", "client.py"]),
    Client("java", ["mvn", "javac"], [["mvn", "-q", "-B", "package", "dependency:copy-dependencies", "-DoutputDirectory=lib"]],
           ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
            "target/classes:lib/*", "Main"]),
    Client("kafkajs", ["npm", "node"], [["npm", "install", "--no-audit", "--no-fund"]], ["node", "--no-deprecation", "client.js"]),
    Client("franz", ["go"], [["go", "build", "-o", "franz", "."]], ["./franz"]),
]}


def scenarios(client, short):
    """The names that README.md has for this client, and why others are not for it."""
    names, not_for = [], {}
    for name, _, when, but in re.findall(r"(?m)^\| (\w+) \| ([^|]+) \| (short|all) \| ([^|]*)\|$", (HERE / "README.md").read_text()):
        found = re.search(rf"{client}: ([^;]+)", but)
        if found and "tried" not in found[1]:
            not_for[name] = found[1].strip()
        elif when == "short" or not short:
            names.append(name)
    if len(names) < 3:
        raise SystemExit("README.md has no scenarios that this can read")
    return names, not_for


class Server:
    def __init__(self, leat):
        self.leat = os.path.abspath(leat)

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="leat-clients-")
        words = [self.leat, "serve", "--data", "data", "--listen", "127.0.0.1:0"]
        for name, value in SETTINGS.items():
            words += ["--set", f"{name}={value}"]
        self.process = subprocess.Popen(words, cwd=self.folder, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"serving Kafka clients on (\S+:\d+)", line):
                self.address = found[1]
                return self
        raise SystemExit("leat serve did not start")

    def __exit__(self, *_):
        ended = self.process.poll()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)
        if ended is not None:
            raise SystemExit(f"the server ended by itself: {ended}")


def run(client, address, names):
    """{scenario: "" or why it failed}."""
    done = subprocess.run([*client.command, address, *names], cwd=client.home, capture_output=True, text=True, timeout=TIMEOUT_S,
                          check=False)
    said = dict((name, why) for _, name, why in re.findall(r"(?m)^(ok|failed) (\w+)(?:: (.*))?$", done.stdout))
    lost = f"it said nothing; {done.stderr.strip()[-300:]}"
    return {name: said.get(name, lost) for name in names}


def short(name, leat):
    client = CLIENTS[name]
    if not client.there():
        print(f"skipped: {name} was not fetched; run.py fetch says why")
        return SKIPPED
    names, _ = scenarios(name, short=True)
    with Server(leat) as server:
        results = run(client, server.address, names)
    for scenario, why in results.items():
        print(f"failed {scenario}: {why}" if why else f"ok {scenario}")
    return 1 if any(results.values()) else 0


def fetch():
    HOME.mkdir(parents=True, exist_ok=True)
    for client in CLIENTS.values():
        why = client.fetch()
        print(f"{client.name}: {'there' if why is None else 'SKIPPED: ' + why}", flush=True)
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["fetch"]:
        sys.exit(fetch())
    if len(sys.argv) == 4 and sys.argv[1] == "short":
        sys.exit(short(*sys.argv[2:]))
    sys.exit(__doc__)
