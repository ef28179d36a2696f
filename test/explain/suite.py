#!/usr/bin/env python3
"""suite.py LEAT [--cause C] [--client C] [--times N] [--at-once N] [--table FILE]: is the cause named?

Each trial forms a group of real members, provokes one cause, and asks `leat group explain --json`: what it puts first must
be that cause. One that is not, or does not come about in time, counts as wrong. Ends with 1 if fewer than 95 % are right.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time


import faults
import members

WANTED = 0.95
RECORDS = 400
BEFORE_MS = 1000  # `--since` counts back from when the program has started, late on a busy machine; the group was formed 2 s before.
SETTLE_S = 4  # Whether a connection is closed after a leave is seen by then.
NUMBERS = threading.Lock()
NEXT = iter(range(1, 1_000_000))


class Trial:
    def __init__(self, leat, broker, client, name, options):
        with NUMBERS:
            number = next(NEXT)
        self.leat, self.client, self.name, self.number = leat, client, name, number
        self.group, self.topic = f"group-{number}", f"topic-{number}"
        self.members, self.namespaces = [], []
        self.own = tempfile.TemporaryDirectory() if options else None
        self.broker = broker
        if options.get("own_broker"):
            self.broker = members.Broker(leat, self.own.name)
        if options.get("namespaces"):
            self.make_namespaces()

    # The broker has a network of its own, and so has the member that is to lose it.
    def make_namespaces(self):
        self.namespaces = [f"leat-b{self.number}", f"leat-m{self.number}"]
        near, far = f"lb{self.number}", f"lm{self.number}"
        for words in (f"netns add {self.namespaces[0]}", f"netns add {self.namespaces[1]}",
                      f"-n {self.namespaces[0]} link add {near} type veth peer name {far} netns {self.namespaces[1]}",
                      f"-n {self.namespaces[0]} addr add 10.231.7.1/24 dev {near}",
                      f"-n {self.namespaces[1]} addr add 10.231.7.2/24 dev {far}",
                      f"-n {self.namespaces[0]} link set {near} up", f"-n {self.namespaces[1]} link set {far} up",
                      f"-n {self.namespaces[0]} link set lo up", f"-n {self.namespaces[1]} link set lo up"):
            subprocess.run(["ip", *words.split()], check=True)
        self.broker = members.Broker(self.leat, self.own.name, "10.231.7.1", self.namespaces[0])

    def cut(self):
        subprocess.run(["ip", "-n", self.namespaces[1], "link", "set", f"lm{self.number}", "down"], check=True)

    def admin(self, act):
        """`act` is what admin.py does; from within the broker's network, if that is apart."""
        words = [sys.executable, str(pathlib.Path(__file__).parent / "admin.py"), self.broker.address, *map(str, act)]
        subprocess.run(self.broker.inside(*words), check=True, timeout=60)

    def make_topic(self, topic):
        self.admin(["create", topic, 4, RECORDS])

    def delete_topic(self, topic):
        self.admin(["delete", topic])

    def add_partitions(self, count):
        self.admin(["grow", self.topic, count])

    def member(self, name=None, instance=None, topics=None, pattern=False, assignor="range", namespace=None, **more):
        options = {"bootstrap": self.broker.address, "group": self.group,
                   "client_id": f"{self.client}-{name or 'member-' + str(len(self.members))}",
                   "session_ms": faults.SESSION_MS, "poll_ms": faults.POLL_MS, "assignor": assignor} | more
        if instance:
            options["instance"] = instance
        if pattern:
            options["pattern"] = f"^{self.topic}.*"
        else:
            options["topics"] = topics or [self.topic]
        where = namespace or (self.namespaces[0] if self.namespaces else None)
        self.members.append(members.Member(self.client, options, where))
        return self.members[-1]

    def form(self, count, static=False, pattern=False, apart=0, **more):
        """So many members, in one generation, at work. `apart` of them are where cut() cuts."""
        self.make_topic(self.topic)
        formed = [self.member(instance=f"instance-{i}" if static else None, pattern=pattern,
                              namespace=self.namespaces[1] if i < apart else None, **more) for i in range(count)]
        self.since = time.time()
        for member in formed:
            if not member.assigned.wait(60):
                raise TimeoutError("the group did not form")
        self.wait(members=count, rebalances=0)
        time.sleep(2)  # What comes of forming it is over.
        return formed

    def leader(self):
        seen = self.look()
        client = next(each["client"] for each in seen["members"] if each["member"] == seen["leader"])
        return self.members[int(client.rsplit("-", 1)[1])]

    def begin(self):
        self.since = time.time()

    def explained(self, how):
        return self.broker.explain(self.group, int((time.time() - self.since) * 1000) + BEFORE_MS, how)

    def look(self):
        text = self.explained("--json")
        return json.loads(text) if text else None

    def wait(self, rebalances=0, incidents=0, members=None, timeout=40):
        end = time.time() + timeout
        while time.time() < end:
            seen = self.look()
            ready = (seen and len([r for r in seen["rebalances"] if r["ended"]]) >= rebalances and
                     len(seen["incidents"]) >= incidents and
                     (members is None or (len(seen["members"]) == members and seen["state"] == "Stable")))
            if ready:
                return
            time.sleep(0.5)
        raise TimeoutError(f"after {timeout} s there is not what was waited for")

    def end(self):
        for member in self.members:
            member.end()
        if self.own:
            self.broker.kill()
            self.own.cleanup()
        for namespace in self.namespaces:
            subprocess.run(["ip", "netns", "del", namespace], check=False)


def run_trial(leat, broker, client, name):
    function, _, options = faults.FAULTS[name]
    trial = None
    try:
        trial = Trial(leat, broker, client, name, options)
        function(trial)
        time.sleep(SETTLE_S)
        seen = trial.look()
        named = "not answered" if seen is None else seen["findings"][0]["cause"] if seen["findings"] else "nothing"
        return named, trial.explained("--all")
    except Exception as error:  # A trial that goes wrong is a wrong one.
        text = trial.broker.explain(trial.group, 600_000, "--all") if trial and hasattr(trial, "since") else ""
        return f"failed: {type(error).__name__}: {error}", text
    finally:
        if trial:
            trial.end()


def run(options, clients, causes):
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        broker = members.Broker(options.leat, folder)
        try:
            jobs = [(client, name) for _ in range(options.times) for name in causes for client in clients
                    if client in faults.FAULTS[name][1]]
            with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
                trials = {pool.submit(run_trial, options.leat, broker, client, name): (name, client)
                          for client, name in jobs}
                for done in concurrent.futures.as_completed(trials):
                    name, client = trials[done]
                    named, text = done.result()
                    results.setdefault((name, client), []).append(named)
                    if options.results:
                        with options.results.open("a") as out:
                            out.write(json.dumps({"cause": name, "client": client, "named": named}) + "\n")
                    if named != name:
                        print(f"-- {client}: {name} was named '{named}'\n{text}", flush=True)
        finally:
            broker.kill()
    return results


def table(results, clients):
    lines = ["| cause | " + " | ".join(clients) + " |", "|---|" + "---|" * len(clients)]
    for name in faults.FAULTS:
        cells = []
        for client in clients:
            got = results.get((name, client), [])
            cells.append(f"{sum(each == name for each in got)} of {len(got)}" if got else "–")
        if any(cell != "–" for cell in cells):
            lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("leat")
    parser.add_argument("--cause", action="append", choices=list(faults.FAULTS))
    parser.add_argument("--client", action="append", choices=members.CLIENTS)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--results", type=pathlib.Path, help="a line of JSON for each trial is added to it")
    options = parser.parse_args()
    clients = options.client or list(members.CLIENTS)
    for client in clients:
        members.build(client)
    began = time.time()
    results = run(options, clients, options.cause or list(faults.FAULTS))
    right = sum(each == name for (name, _), got in results.items() for each in got)
    all_of_them = sum(len(got) for got in results.values())
    text = table(results, clients)
    print(text)
    if options.table:
        options.table.write_text(text)
    print(f"{right} of {all_of_them} named rightly ({100 * right / all_of_them:.1f} %), in {time.time() - began:.0f} s")
    print(f"{right} passed, {all_of_them - right} failed")
    sys.exit(right < WANTED * all_of_them)


if __name__ == "__main__":
    main()
