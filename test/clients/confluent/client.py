"""client.py HOST:PORT SCENARIO...: the scenarios of ../README.md with confluent-kafka."""
import os
import sys
import time
import traceback
import uuid

from confluent_kafka import (Consumer, ConsumerGroupTopicPartitions, IsolationLevel, KafkaError, KafkaException, Producer,
                             TopicPartition, TIMESTAMP_CREATE_TIME)
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec)

ADDRESS = sys.argv[1]
TIMEOUT_S = 30
ADMIN = AdminClient({"bootstrap.servers": ADDRESS})


def fresh(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def check(truth, *said):
    if not truth:
        raise AssertionError(*said)


def same(got, wanted):
    check(got == wanted, f"got {got!r:.300}, wanted {wanted!r:.300}")


def topic(partitions=1, **config):
    name = fresh("t")
    done = ADMIN.create_topics([NewTopic(name, partitions, 1, config={key.replace("_", "."): value for key, value in config.items()})])
    done[name].result(TIMEOUT_S)
    return name


def producer(**config):
    return Producer({"bootstrap.servers": ADDRESS, **{key.replace("_", "."): value for key, value in config.items()}})


def consumer(group=None, **config):
    beat = {} if config.get("group_protocol") == "consumer" else {"heartbeat.interval.ms": 300}  # There it is the broker's.
    return Consumer({"bootstrap.servers": ADDRESS, "group.id": group or fresh("g"), "auto.offset.reset": "earliest",
                     "enable.auto.commit": False, **beat, **{key.replace("_", "."): value for key, value in config.items()}})


def send(to, values, sender=None, **record):
    sender = sender or producer(linger_ms=5)
    failed = []
    for value in values:
        sender.produce(to, value, on_delivery=lambda error, _: error and failed.append(error), **record)
        sender.poll(0)
    same(sender.flush(TIMEOUT_S), 0)
    if failed:
        raise KafkaException(failed[0])


def read(to, count, partition=0, offset=0, quiet_s=0, **config):
    """`count` messages of one partition; more that come within `quiet_s`, too."""
    reader = consumer(**config)
    reader.assign([TopicPartition(to, partition, offset)])
    got, until = [], time.monotonic() + TIMEOUT_S
    while len(got) < count and time.monotonic() < until:
        message = reader.poll(0.5)
        if message is not None:
            check(message.error() is None, message.error())
            got.append(message)
    while (message := reader.poll(quiet_s)) is not None:
        got.append(message)
    reader.close()
    return got


def codecs():
    values = [os.urandom(50) * 20 for _ in range(200)]
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        name = topic()
        send(name, values, producer(compression_type=codec, linger_ms=20))
        same([message.value() for message in read(name, len(values))], values)


def headers():
    name = topic()
    pairs = [("a", b"1"), ("a", b"2"), ("empty", b""), ("null", None), ("ü", b"\x00\xff")]
    send(name, [b"v", None, b""], key=b"k\x00", headers=pairs, timestamp=1234567890123)
    got = read(name, 3)
    same([message.value() for message in got], [b"v", None, b""])
    for message in got:
        same((message.key(), message.headers(), message.timestamp()), (b"k\x00", pairs, (TIMESTAMP_CREATE_TIME, 1234567890123)))


def idempotent():
    name = topic()
    values = [str(number).encode() for number in range(2000)]
    send(name, values, producer(enable_idempotence=True, linger_ms=1, batch_num_messages=50))
    same([message.value() for message in read(name, 2000, quiet_s=0.3)], values)


def large():
    name = topic(max_message_bytes="1000000")
    big = os.urandom(900_000)
    send(name, [big])
    same([message.value() for message in read(name, 1)], [big])
    try:
        send(name, [os.urandom(1_500_000)], producer(message_max_bytes=3_000_000))
        check(False, "too much was taken")
    except KafkaException as refused:
        same(refused.args[0].code(), KafkaError.MSG_SIZE_TOO_LARGE)


class Member:
    """A consumer in a group that notes what it was given and what it lost."""

    def __init__(self, group, name, **config):
        self.consumer = consumer(group, **config)
        self.given, self.revoked = [], []
        self.consumer.subscribe([name], on_assign=self.on_assign, on_revoke=self.on_revoke)

    def on_assign(self, _, partitions):
        self.given.append([each.partition for each in partitions])

    def on_revoke(self, _, partitions):
        self.revoked.append([each.partition for each in partitions])

    def has(self):
        return {each.partition for each in self.consumer.assignment()}


def until(members, holds):
    end = time.monotonic() + TIMEOUT_S
    while not holds():
        check(time.monotonic() < end, "no such assignment:", *[(member.has(), member.given) for member in members])
        for member in members:
            member.consumer.poll(0.05)


def shared(others=None, **config):
    """Two members share four partitions; the second leaves, the first gets all. Gives the first. `others`: of the second one."""
    name, group = topic(4), fresh("g")
    first = Member(group, name, **config)
    until([first], lambda: first.has() == {0, 1, 2, 3})
    second = Member(group, name, **(others or config))
    both = [first, second]
    until(both, lambda: len(first.has()) == 2 and len(second.has()) == 2 and first.has() | second.has() == {0, 1, 2, 3})
    kept = first.has()
    second.consumer.close()
    until([first], lambda: first.has() == {0, 1, 2, 3})
    first.consumer.close()
    return first, kept


def range_():
    shared(partition_assignment_strategy="range")


def roundrobin():
    shared(partition_assignment_strategy="roundrobin")


def cooperative():
    first, kept = shared(partition_assignment_strategy="cooperative-sticky")
    lost = {partition for revoked in first.revoked[:-1] for partition in revoked}  # The last one: it was closed.
    check(not lost & kept, f"kept {kept}, lost {lost}")


def consumer_protocol():
    shared(group_protocol="consumer")


def migration():
    modern = {"group_protocol": "consumer"}
    for assignor in ("range", "cooperative-sticky"):
        classic = {"partition_assignment_strategy": assignor}
        shared(modern, **classic)
        shared(classic, **modern)


def static():
    name, group = topic(4), fresh("g")
    first, second = (Member(group, name, group_instance_id=instance, session_timeout_ms=20000) for instance in "ab")
    until([first, second], lambda: len(first.has()) == 2 and len(second.has()) == 2)
    had, rounds = second.has(), len(first.given)
    second.consumer.close()
    again = Member(group, name, group_instance_id="b", session_timeout_ms=20000)
    until([first, again], lambda: again.has() == had)
    same(len(first.given), rounds)
    first.consumer.close()
    again.consumer.close()


def metadata():
    name, group = topic(), fresh("g")
    reader = consumer(group)
    reader.commit(offsets=[TopicPartition(name, 0, 7, metadata="why: ü")], asynchronous=False)
    got = ADMIN.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group, [TopicPartition(name, 0)])])[group].result(TIMEOUT_S)
    same([(each.offset, each.metadata) for each in got.topic_partitions], [(7, "why: ü")])
    same(reader.committed([TopicPartition(name, 0)], TIMEOUT_S)[0].offset, 7)
    reader.close()


def times():
    name = topic()
    for number in range(5):
        send(name, [str(number).encode()], timestamp=1_000_000 + number * 1000)
    reader = consumer()
    found = reader.offsets_for_times([TopicPartition(name, 0, at) for at in (1_002_500,)], TIMEOUT_S)[0].offset
    same(found, 3)
    same(reader.offsets_for_times([TopicPartition(name, 0, 9_000_000)], TIMEOUT_S)[0].offset, -1)
    same(reader.get_watermark_offsets(TopicPartition(name, 0), TIMEOUT_S), (0, 5))
    reader.assign([TopicPartition(name, 0, 0)])
    reader.poll(TIMEOUT_S)
    reader.seek(TopicPartition(name, 0, found))
    same(reader.poll(TIMEOUT_S).value(), b"3")
    reader.close()
    latest = ADMIN.list_offsets({TopicPartition(name, 0): OffsetSpec.max_timestamp()})
    same([each.result(TIMEOUT_S).offset for each in latest.values()], [4])


def topics():
    name = topic(2, retention_ms="60000")
    try:
        ADMIN.create_topics([NewTopic(name, 1, 1)])[name].result(TIMEOUT_S)
        check(False, "created twice")
    except KafkaException as refused:
        same(refused.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS)
    ADMIN.create_partitions([NewPartitions(name, 5)])[name].result(TIMEOUT_S)
    same(len(ADMIN.list_topics(name, TIMEOUT_S).topics[name].partitions), 5)
    ADMIN.delete_topics([name])[name].result(TIMEOUT_S)
    check(name not in ADMIN.list_topics(timeout=TIMEOUT_S).topics, "it is still there")


def described(name):
    resource = ConfigResource(ConfigResource.Type.TOPIC, name)
    return {key: entry.value for key, entry in ADMIN.describe_configs([resource])[resource].result(TIMEOUT_S).items()}


def configs():
    name = topic(1, retention_ms="60000")
    got = described(name)
    same((got["retention.ms"], got["cleanup.policy"], got["max.message.bytes"]), ("60000", "delete", "1048588"))
    change = ConfigEntry("retention.ms", "120000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=[change])
    ADMIN.incremental_alter_configs([resource])[resource].result(TIMEOUT_S)
    same(described(name)["retention.ms"], "120000")


def groups():
    name, group = topic(), fresh("g")
    member = Member(group, name)
    until([member], lambda: member.has() == {0})
    found = ADMIN.describe_consumer_groups([group])[group].result(TIMEOUT_S)
    same((found.state.name, len(found.members)), ("STABLE", 1))
    try:
        ADMIN.delete_consumer_groups([group])[group].result(TIMEOUT_S)
        check(False, "deleted a group with a member")
    except KafkaException as refused:
        same(refused.args[0].code(), KafkaError.NON_EMPTY_GROUP)
    member.consumer.close()
    check(group in {each.group_id for each in ADMIN.list_consumer_groups().result(TIMEOUT_S).valid}, "not listed")
    ADMIN.delete_consumer_groups([group])[group].result(TIMEOUT_S)
    check(group not in {each.group_id for each in ADMIN.list_consumer_groups().result(TIMEOUT_S).valid}, "still listed")


def records():
    name = topic()
    send(name, [b"%d" % number for number in range(10)])
    done = ADMIN.delete_records([TopicPartition(name, 0, 6)])
    same([each.result(TIMEOUT_S).low_watermark for each in done.values()], [6])
    reader = consumer()
    same(reader.get_watermark_offsets(TopicPartition(name, 0), TIMEOUT_S), (6, 10))
    reader.close()
    same([message.value() for message in read(name, 4)], [b"6", b"7", b"8", b"9"])


def transactions():
    name = topic()
    sender = producer(transactional_id=fresh("x"))
    sender.init_transactions(TIMEOUT_S)
    for number, commit in enumerate([True, False, True]):
        sender.begin_transaction()
        send(name, [b"%d-%d" % (number, each) for each in range(3)], sender)
        (sender.commit_transaction if commit else sender.abort_transaction)(TIMEOUT_S)
    committed = [b"%d-%d" % (number, each) for number in (0, 2) for each in range(3)]
    same([message.value() for message in read(name, 6, quiet_s=0.3, isolation_level="read_committed")], committed)
    same(len(read(name, 9, quiet_s=0.3, isolation_level="read_uncommitted")), 9)
    asked = ADMIN.list_offsets({TopicPartition(name, 0): OffsetSpec.latest()}, isolation_level=IsolationLevel.READ_COMMITTED)
    same([each.result(TIMEOUT_S).offset for each in asked.values()], [12])


def offsets():
    source, out, group = topic(), topic(), fresh("g")
    send(source, [b"a", b"b"])
    sender = producer(transactional_id=fresh("x"))
    sender.init_transactions(TIMEOUT_S)
    for commit, wanted in [(False, -1001), (True, 2)]:
        reader = consumer(group)
        reader.subscribe([source])
        got = reader.consume(2, TIMEOUT_S)
        sender.begin_transaction()
        send(out, [message.value().upper() for message in got], sender)
        sender.send_offsets_to_transaction(reader.position(reader.assignment()), reader.consumer_group_metadata(), TIMEOUT_S)
        (sender.commit_transaction if commit else sender.abort_transaction)(TIMEOUT_S)
        same(reader.committed([TopicPartition(source, 0)], TIMEOUT_S)[0].offset, wanted)
        reader.close()
    same([message.value() for message in read(out, 2, quiet_s=0.3, isolation_level="read_committed")], [b"A", b"B"])


def fencing():
    name, who = topic(), fresh("x")
    first = producer(transactional_id=who)
    first.init_transactions(TIMEOUT_S)
    first.begin_transaction()
    send(name, [b"of the first"], first)
    second = producer(transactional_id=who)
    second.init_transactions(TIMEOUT_S)
    try:
        first.commit_transaction(TIMEOUT_S)
        check(False, "a fenced producer committed")
    except KafkaException as refused:
        same(refused.args[0].code(), KafkaError._FENCED)
    second.begin_transaction()
    send(name, [b"of the second"], second)
    second.commit_transaction(TIMEOUT_S)
    same([message.value() for message in read(name, 1, quiet_s=0.3, isolation_level="read_committed")], [b"of the second"])


def main():
    failed = False
    for name in sys.argv[2:]:
        try:
            globals()["range_" if name == "range" else name]()
            print(f"ok {name}", flush=True)
        except Exception as error:  # Whatever it is, the next scenario runs.
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
            print(f"failed {name}: {type(error).__name__} {error} at lines {lines}".replace("\n", " "), flush=True)
            failed = True
    sys.exit(failed)


main()
