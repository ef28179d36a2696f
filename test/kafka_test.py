#!/usr/bin/env python3
"""kafka_test.py LEAT: `leat serve` with a client that everybody has, kcat (librdkafka)."""
import os
import signal
import subprocess

import program
from served import TIMEOUT_S, ServedTest


class Kafka(ServedTest):
    def read(self, topic, *words):
        return self.kcat("-C", "-t", topic, "-e", "-q", *words).splitlines()

    def test_every_codec_there_and_back(self):
        values = [f"value {number}" for number in range(2000)]
        for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
            self.kcat("-P", "-t", codec, "-z", codec, send="\n".join(values) + "\n")
            self.assertEqual(self.read(codec), values)

    def test_keys_headers_and_partitions(self):
        self.end(self.server)
        self.serve("--set", "num.partitions=3")
        self.kcat("-P", "-t", "t", "-K", ":", "-H", "h=x", send="".join(f"k{n}:v{n}\n" for n in range(60)))
        got = self.read("t", "-f", "%p %k %s %h\\n")
        self.assertEqual(len(got), 60)
        self.assertEqual({line.split()[0] for line in got}, {"0", "1", "2"})
        self.assertTrue(all(line.endswith("h=x") for line in got))

    def test_a_file_of_settings(self):
        self.end(self.server)
        self.write("server.properties", "process.roles=broker,controller\nnum.partitions : 5\nlog.retention.hours=1\n")
        self.serve("--config", "server.properties", "--set", "num.partitions=2")
        self.assertIn("process.roles", self.said)
        self.assertNotIn("num.partitions", self.said)
        self.kcat("-P", "-t", "t", send="a\n")
        self.assertIn('topic "t" with 2 partitions', self.kcat("-L", "-t", "t"))

    def test_an_idempotent_producer(self):
        self.kcat("-P", "-t", "t", "-X", "enable.idempotence=true", send="a\nb\nc\n")
        self.assertEqual(self.read("t"), ["a", "b", "c"])

    def test_a_group_goes_on_where_it_was(self):
        self.kcat("-P", "-t", "t", send="".join(f"{n}\n" for n in range(10)))
        group = ["-G", "g", "-X", "auto.offset.reset=earliest", "-q"]
        self.assertEqual(self.kcat(*group, "-c", "6", "t").split(), [str(n) for n in range(6)])
        self.assertEqual(self.kcat(*group, "-c", "4", "t").split(), [str(n) for n in range(6, 10)])

    def test_what_was_acknowledged_outlives_kill_9(self):
        self.kcat("-P", "-t", "t", "-X", "acks=all", send="a\nb\n")
        self.end(self.server)
        self.serve()
        self.kcat("-P", "-t", "t", send="c\n")
        self.assertEqual(self.read("t"), ["a", "b", "c"])

    def test_offsets_by_time(self):
        self.kcat("-P", "-t", "t", send="a\n")
        self.assertIn("offset 0", self.kcat("-Q", "-t", "t:0:0"))

    def test_it_stops_when_asked(self):
        self.server.send_signal(signal.SIGTERM)
        said = self.server.stderr.read()
        self.assertEqual(self.server.wait(TIMEOUT_S), 0)
        self.assertIn("stopped", said)


class Options(program.ProgramTest):
    def refused(self, *words):
        done = subprocess.run([program.LEAT, "serve", "--data", "data", *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse(os.path.exists(self.path("data")))
        return done.stderr

    def test_wrong_usage(self):
        self.assertIn("did you mean 'num.partitions'", self.refused("--set", "num.partition=3"))
        self.assertIn("Not a number", self.refused("--set", "num.partitions=many"))
        self.assertIn("at least 1", self.refused("--set", "num.partitions=0"))
        self.assertIn("absent.properties", self.refused("--config", "absent.properties"))
        self.write("server.properties", "# mine\nnum.partitions=3\n\nlog.retention.hour=1\n")
        said = self.refused("--config", "server.properties")
        self.assertIn("server.properties, line 4", said)
        self.assertIn("did you mean 'log.retention.hours'", said)
        self.assertIn("HOST:PORT", self.refused("--listen", "here"))
        self.assertIn("--insecure", self.refused("--listen", "0.0.0.0:9092"))


if __name__ == "__main__":
    program.main()
