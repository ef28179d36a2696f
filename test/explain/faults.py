"""The faults: each provokes one cause in a group of real members. What they return does not say whether it was named."""
import signal
import socket
import struct
import time

SESSION_MS, POLL_MS = 6000, 7000
FAULTS = {}


def fault(*clients, **options):
    """Of which clients it can be provoked."""
    def add(function):
        FAULTS[function.__name__] = (function, clients or ("librdkafka", "java", "kgo"), options)
        return function
    return add


@fault()
def poll_interval_exceeded(trial):
    slow, _ = trial.form(2)
    trial.begin()
    slow.say("slow", POLL_MS + 4000)
    if trial.client == "kgo":  # It has no such limit of its own; but a rebalance waits for it only so long.
        time.sleep(1)
        trial.member()
    trial.wait(rebalances=2, timeout=40)


@fault()
def crashed(trial):
    victim, _ = trial.form(2)
    trial.begin()
    victim.signal(signal.SIGKILL)
    trial.wait(rebalances=1, members=1)


@fault()
def stalled(trial):
    victim, _ = trial.form(2)
    trial.begin()
    victim.signal(signal.SIGSTOP)
    time.sleep(SESSION_MS / 1000 + 3)
    victim.signal(signal.SIGCONT)
    trial.wait(rebalances=2, members=2)


@fault(namespaces=True)
def network(trial):
    trial.form(2, apart=1)
    trial.begin()
    trial.cut()
    trial.wait(rebalances=1, members=1)


@fault()
def restarted(trial):
    first, _ = trial.form(2)
    trial.begin()
    first.close()
    trial.member(name="member-0").assigned.wait(30)
    trial.wait(rebalances=1, members=2)


@fault()
def left(trial):
    first, _ = trial.form(2)
    trial.begin()
    first.close()
    trial.wait(rebalances=1, members=1)


@fault()
def new_member(trial):
    trial.form(2)
    trial.begin()
    trial.member()
    trial.wait(rebalances=1, members=3)


@fault()
def partitions_changed(trial):
    trial.form(2)
    trial.begin()
    trial.add_partitions(8)
    trial.wait(rebalances=1)


@fault()
def topic_created(trial):
    trial.form(2, pattern=True)
    trial.begin()
    trial.make_topic(trial.topic + "-second")
    trial.wait(rebalances=1)


@fault()
def topic_deleted(trial):
    trial.make_topic(trial.topic + "-second")
    trial.form(2, pattern=True)
    trial.begin()
    trial.delete_topic(trial.topic + "-second")
    trial.wait(rebalances=1)


@fault()
def subscription_changed(trial):
    other = "other-" + trial.topic
    trial.make_topic(other)
    first, _ = trial.form(2)
    trial.begin()
    first.say("subscribe", f"{trial.topic},{other}")
    trial.wait(rebalances=1)


@fault()
def leader_rejoined(trial):
    trial.form(2)
    trial.begin()
    trial.leader().say("enforce")
    trial.wait(rebalances=1)


@fault()
def duplicate_instance(trial):
    trial.form(2, static=True)
    trial.begin()
    trial.member(name="member-7", instance="instance-0")
    trial.wait(incidents=1)


@fault("kgo")
def sync_timeout(trial):
    """The other clients either do not let an assignor be chosen that is slow, or leave before their time is over."""
    trial.make_topic(trial.topic)
    trial.begin()
    trial.member(slow_assignor_ms=POLL_MS + 4000, session_ms=4 * POLL_MS)
    trial.wait(incidents=2)


@fault()
def assignor_mismatch(trial):
    trial.form(2)
    trial.begin()
    trial.member(assignor="roundrobin")
    trial.wait(incidents=1)


@fault(own_broker=True)
def coordinator_restarted(trial):
    trial.form(2)
    trial.begin()
    trial.broker.kill()
    time.sleep(1)
    trial.broker.start()
    trial.wait(incidents=1)


@fault()
def removed_by_admin(trial):
    trial.form(2, static=True)
    trial.begin()
    remove_member(trial.broker.address, trial.group, "instance-0")
    trial.wait(rebalances=1)


def remove_member(address, group, instance):
    """LeaveGroup, version 3, as an administrator sends it: by the instance alone."""
    def text(value):
        return struct.pack(">h", len(value)) + value.encode()
    body = struct.pack(">hhi", 13, 3, 1) + text("admin") + text(group) + struct.pack(">i", 1) + text("") + text(instance)
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        if not connection.recv(4):
            raise RuntimeError("LeaveGroup was not answered")
