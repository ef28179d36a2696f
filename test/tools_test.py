#!/usr/bin/env python3
"""tools_test.py LEAT: `leat topic`, `leat group` and `leat txn` against `leat serve`, with kcat (librdkafka) beside them."""
import json
import signal
import socket
import subprocess
import threading

import program
from served import TIMEOUT_S, ServedTest


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Topics(ServedTest):
    def test_life_of_a_topic(self):
        self.assertIn("no topics", self.err("topic", "ls"))
        self.assertIn("created topic 't', partitions: 3",
                      self.err("topic", "create", "t", "--partitions", "3", "--config", "retention.ms=1000000"))
        self.assertIn("TOPIC_ALREADY_EXISTS", self.err("topic", "create", "t", code=1))
        self.assertIn("INVALID_CONFIG", self.err("topic", "create", "u", "--config", "nonsense=1", code=2))
        self.assertIn("expected NAME=VALUE", self.err("topic", "create", "u", "--config", "nonsense", code=2))
        self.assertEqual(self.out("topic", "ls"), "t\t3\t0\t\n")
        self.command("topic", "alter", "t", "--partitions", "4")
        self.assertIn("nothing to alter", self.err("topic", "alter", "t", code=2))
        described = json.loads(self.out("topic", "describe", "t", "--json"))
        self.assertEqual((len(described["partitions"]), described["configs"]), (4, {"retention.ms": "1000000"}))
        self.assertIn("set     retention.ms=1000000", self.out("topic", "describe", "t"))
        self.assertIn("did you mean 't'?", self.err("topic", "describe", "T", code=1))
        self.assertIn("give --yes", self.err("topic", "delete", "t", code=2))
        self.command("topic", "delete", "t", "--yes")
        self.assertEqual(self.out("topic", "ls"), "")

    def test_lines_there_and_back(self):
        self.command("topic", "create", "t", "--partitions", "3")
        lines = "".join(f"k{n}:value {n}\n" for n in range(1000))
        for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
            words = ["topic", "write", "t", "--codec", codec, "--key-separator", ":", "--header", "a=b", "--header", "c=d"]
            self.assertIn("wrote 1,000 records", self.err(*words, stdin=lines))
        got = self.out("topic", "read", "t", "--key", "--key-separator", ":", "--headers").splitlines()
        self.assertCountEqual(got, [f"a=b,c=d\t{line}" for line in lines.splitlines()] * 5)
        # librdkafka sees the same, and puts a key where we put it.
        of_kcat = self.kcat("-C", "-t", "t", "-e", "-q", "-f", "%p %k:%s\\n").splitlines()
        self.assertCountEqual([line.split(" ", 1)[1] for line in of_kcat], lines.splitlines() * 5)
        self.kcat("-P", "-t", "t", "-K", ":", "-X", "topic.partitioner=murmur2_random", send=lines)
        placed = {(record["key"], record["partition"]) for record in json_lines(self.out("topic", "read", "t", "--json"))}
        self.assertEqual(len(placed), 1000)

    def test_from_where_and_how_many(self):
        self.command("topic", "create", "t")
        self.command("topic", "write", "t", stdin="".join(f"{n}\n" for n in range(20)))
        read = lambda *words: self.out("topic", "read", "t", *words).split()
        self.assertEqual(read("--from", "17"), ["17", "18", "19"])
        self.assertEqual(read("--from", "latest"), [])
        self.assertEqual(read("--max", "2"), ["0", "1"])
        self.assertEqual(len(read("--from", "2024-02-29T12:00Z")), 20)
        self.assertEqual(read("--from", "2999-01-01"), [])
        self.assertIn("no place to begin", self.err("topic", "read", "t", "--from", "yesterday", code=2))
        self.assertIn("has no partition 1", self.err("topic", "read", "t", "--partition", "1", code=2))
        record = json.loads(self.out("topic", "read", "t", "--max", "1", "--json"))
        self.assertEqual((record["partition"], record["offset"], record["key"], record["value"]), (0, 0, None, "0"))
        self.assertEqual(self.out("topic", "offsets", "t"), "0\t20\t\n")
        at = json.loads(self.out("topic", "offsets", "t", "--at", record["timestamp"], "--json"))
        self.assertEqual(at, {"partition": 0, "offset": 0, "timestamp": record["timestamp"]})
        self.assertEqual(self.out("topic", "offsets", "t", "--at", "2999-01-01"), "0\t\t\n")

    def test_lines_that_cannot_be_written(self):
        self.assertIn("no topic 't'", self.err("topic", "write", "t", stdin="a\n", code=1))
        self.command("topic", "create", "t", "--config", "max.message.bytes=1000")
        err = self.err("topic", "write", "t", "--key-separator", ":", stdin="a:b\nc\n", code=2)
        self.assertIn("line 2 has no key", err)
        self.assertEqual(self.out("topic", "read", "t"), "b\n")  # What came before is there.
        self.assertIn("MESSAGE_TOO_LARGE", self.err("topic", "write", "t", stdin="x" * 2000 + "\n", code=2))
        self.assertIn("has no partition 4", self.err("topic", "write", "t", "-p", "4", stdin="x\n", code=2))

    def test_what_comes_is_followed_over_a_restart(self):
        self.command("topic", "create", "t", "--partitions", "2")
        reader = self.start("topic", "read", "t", "--follow")
        self.command("topic", "write", "t", "-p", "0", stdin="a\n")
        self.assertEqual(reader.stdout.readline(), b"a\n")
        self.end(self.server)
        self.serve(listen=self.address)
        self.command("topic", "write", "t", "-p", "1", stdin="b\n")
        self.assertEqual(reader.stdout.readline(), b"b\n")
        reader.send_signal(signal.SIGINT)
        self.rest_of(reader)
        self.assertEqual(reader.returncode, 0)

    def test_what_is_typed_goes_out_at_once(self):
        self.command("topic", "create", "t")
        reader = self.start("topic", "read", "t", "--follow")
        writer = subprocess.Popen([program.LEAT, "topic", "write", "t"], cwd=self.folder, env=self.environment(),
                                  stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(writer.kill)
        for line in (b"first\n", b"second\n"):
            writer.stdin.write(line)
            writer.stdin.flush()
            self.assertEqual(reader.stdout.readline(), line)
        writer.stdin.close()
        self.assertIn(b"wrote 2 records", writer.stderr.read())
        writer.stderr.close()
        self.assertEqual(writer.wait(TIMEOUT_S), 0)


class Groups(ServedTest):
    def setUp(self):
        super().setUp()
        self.end(self.server)
        self.serve("--set", "group.initial.rebalance.delay.ms=0")
        self.command("topic", "create", "t", "--partitions", "2")
        for partition in ("0", "1"):
            self.command("topic", "write", "t", "-p", partition, stdin="".join(f"{n}\n" for n in range(10)))

    def consume(self, count):
        return self.kcat("-G", "g", "-X", "auto.offset.reset=earliest", "-q", "-c", str(count), "t").split()

    def member(self):
        """A member that is there and stays: it has read everything."""
        process = subprocess.Popen(["kcat", "-b", self.address, "-G", "g", "-X", "auto.offset.reset=earliest", "-X",
                                    "client.id=reader", "-X", "auto.commit.interval.ms=100", "-q", "-u", "t"],
                                   stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def lag(self):
        return [(row["partition"], row["committed"], row["end"], row["lag"])
                for row in json_lines(self.out("group", "lag", "g", "--json"))]

    def test_states_and_members(self):
        self.assertIn("no groups", self.err("group", "ls"))
        reader = self.member()
        for _ in range(20):
            self.assertTrue(reader.stdout.readline())
        self.assertRegex(self.out("group", "ls"), r"^g\tStable\tclassic\tconsumer\n$")
        group = json.loads(self.out("group", "describe", "g", "--json"))
        self.assertEqual([(each["client"], each["partitions"]) for each in group["members"]], [("reader", {"t": [0, 1]})])
        text = self.out("group", "describe", "g")
        self.assertIn("state        Stable", text)
        self.assertIn("t 0-1", text)
        for words in (["reset", "g", "--topic", "t", "--to", "earliest", "--execute"], ["delete", "g", "--yes"]):
            err = self.err("group", *words, code=1)
            self.assertIn("has members", err)
            self.assertRegex(err, r"client 'reader' on /?127\.0\.0\.1")
        self.assertIn("refused now", self.err("group", "reset", "g", "--topic", "t", "--to", "earliest"))

    def test_lag_and_reset(self):
        self.assertEqual(len(self.consume(20)), 20)
        self.assertEqual(self.lag(), [(0, 10, 10, 0), (1, 10, 10, 0)])
        self.command("topic", "write", "t", "-p", "1", stdin="x\ny\n")
        self.assertEqual(self.lag(), [(0, 10, 10, 0), (1, 10, 12, 2)])
        reset = ["group", "reset", "g", "--topic", "t"]
        rows = json_lines(self.out(*reset, "--to", "offset", "4", "--json"))
        self.assertEqual([(row["from"], row["to"], row["read_again"], row["never_read"], row["kept_from"]) for row in rows],
                         [(10, 4, 6, 0, 0)] * 2)
        self.assertTrue(all(row["kept_since"] for row in rows))
        self.assertEqual(self.lag(), [(0, 10, 10, 0), (1, 10, 12, 2)])  # Nothing was changed.
        out, err = self.command(*reset, "--to", "offset=4", "--execute")
        self.assertIn("12 offsets are read again, 0 never", err)
        self.assertEqual(len(out.splitlines()), 2)
        self.assertEqual(self.lag(), [(0, 4, 10, 6), (1, 4, 12, 8)])
        self.assertEqual(len(self.consume(14)), 14)

    def test_reset_to_times_and_ends(self):
        self.consume(20)
        reset = lambda *words: [row["to"] for row in
                                json_lines(self.out("group", "reset", "g", "--topic", "t", "--json", *words))]
        self.assertEqual(reset("--to", "earliest"), [0, 0])
        self.assertEqual(reset("--to", "latest"), [10, 10])
        self.assertEqual(reset("--to", "duration", "1 h"), [0, 0])
        self.assertEqual(reset("--to", "timestamp", "2024-02-29 12:34"), [0, 0])
        self.assertEqual(reset("--to", "timestamp", "2999-01-01"), [10, 10])
        self.assertEqual(reset("--to", "offset", "99"), [10, 10])
        self.assertIn("the nearest that is", self.err("group", "reset", "g", "--topic", "t", "--to", "offset", "99"))
        for words, said in ((["--to", "offset"], "wants a number"), (["--to", "noon"], "expected earliest"),
                            (["--to", "timestamp", "7"], "a time in UTC"), ([], "where to?"),
                            (["--to", "earliest", "7"], "nothing behind it")):
            self.assertIn(said, self.err("group", "reset", "g", "--topic", "t", *words, code=2))
        self.assertIn("no topic 'u'", self.err("group", "reset", "g", "--topic", "u", "--to", "latest", code=1))
        self.assertIn("no group 'h'", self.err("group", "reset", "h", "--topic", "t", "--to", "latest", code=1))

    def test_delete(self):
        self.consume(20)
        self.assertIn("give --yes", self.err("group", "delete", "g", code=2))
        self.command("group", "delete", "g", "--yes")
        self.assertIn("no group 'g'", self.err("group", "describe", "g", code=1))


class Transactions(ServedTest):
    def setUp(self):
        super().setUp()
        self.command("topic", "create", "t")

    def open(self, transactional_id):
        """A transaction that stays open while its producer's input does. kcat reads a megabyte at a time."""
        producer = subprocess.Popen(["kcat", "-b", self.address, "-P", "-t", "t", "-X", "linger.ms=0", "-X",
                                     f"transactional.id={transactional_id}"], stdin=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL)
        self.addCleanup(producer.wait)
        self.addCleanup(producer.kill)
        producer.stdin.write((b"x" * 999 + b"\n") * 3000)
        producer.stdin.flush()
        self.addCleanup(producer.stdin.close)
        for _ in range(500):
            if json.loads(self.out("topic", "describe", "t", "--json"))["partitions"][0]["end"] > 0:
                return
        self.fail("nothing was sent")

    def test_an_open_one_is_seen_and_ended(self):
        self.open("totals")
        listed = json_lines(self.out("txn", "ls", "--json"))
        self.assertEqual([(row["transactional_id"], row["state"], row["partitions"]) for row in listed],
                         [("totals", "Ongoing", 1)])
        shown = json.loads(self.out("txn", "show", "totals", "--json"))
        self.assertEqual([(row["topic"], row["start_offset"]) for row in shown["partitions"]], [("t", 0)])
        self.assertIn("open since", self.out("txn", "show", "totals"))
        described = json.loads(self.out("topic", "describe", "t", "--json"))["partitions"][0]
        self.assertEqual(described["last_stable"], 0)
        self.assertGreater(described["end"], 0)
        self.assertEqual(self.out("topic", "read", "t"), "")
        self.assertIn("no transaction hangs", self.err("txn", "ls", "--hanging"))
        place = ["txn", "abort", "--topic", "t", "--partition", "0", "--yes", "--start-offset"]
        self.assertIn("open ones begin at 0", self.err(*place, "7", code=1))
        self.assertIn("`leat txn abort totals` ends all of it", self.err(*place, "0", code=1))
        self.assertIn("give --yes", self.err("txn", "abort", "totals", code=2))
        self.assertIn("is aborted", self.err("txn", "abort", "totals", "--yes"))
        self.command("topic", "write", "t", stdin="behind\n")
        self.assertEqual(self.out("topic", "read", "t"), "behind\n")
        self.assertNotIn("Ongoing", self.out("txn", "ls"))

    def test_what_is_not_there(self):
        self.assertIn("no transactional id 'x'", self.err("txn", "show", "x", code=1))
        self.assertIn("no transactional id 'x'", self.err("txn", "abort", "x", "--yes", code=1))
        self.assertIn("which transaction?", self.err("txn", "abort", code=2))
        self.assertIn("none is open there",
                      self.err("txn", "abort", "--topic", "t", "--partition", "0", "--start-offset", "0", code=1))


class Unreachable(ServedTest):
    def test_nobody_is_there(self):
        self.end(self.server)
        self.assertEqual(self.err("topic", "ls", code=1),
                         f"leat: {self.address}: connection refused: is `leat serve` running?\n")

    def test_one_of_several_is_there(self):
        self.assertEqual(self.out("topic", "ls", "--bootstrap", f"127.0.0.1:1,{self.address}"), "")

    def test_addresses(self):
        self.assertIn("expected HOST:PORT", self.err("topic", "ls", "--bootstrap", "nonsense", code=2))
        self.assertIn("no such host", self.err("topic", "ls", "--bootstrap", "no-such-host.invalid:9092", code=1))
        self.assertIn("give one", self.err("topic", "ls", "--bootstrap", self.address, "--data", "data", code=2))

    def test_something_else_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def answer():
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            thread = threading.Thread(target=answer)
            thread.start()
            err = self.err("topic", "ls", "--bootstrap", f"127.0.0.1:{listener.getsockname()[1]}", code=1)
            thread.join()
        self.assertIn("is this the port of a Kafka broker", err)


if __name__ == "__main__":
    program.main()
