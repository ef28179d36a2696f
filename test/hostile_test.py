#!/usr/bin/env python3
"""hostile_test.py LEAT: connections to `leat serve` that mean harm, or know no better. It stays up, its memory is bounded, and it
serves others (kcat) all the while."""
import os
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import unittest

import program

TIMEOUT_S = 60
IDLE = 10_000
API_VERSIONS, FETCH, METADATA = 18, 1, 3


def request(key, version, body=b"", correlation=1):
    header = struct.pack(">hhi", key, version, correlation) + struct.pack(">h", -1)
    return struct.pack(">i", len(header) + len(body)) + header + body


class Hostile(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = subprocess.Popen([program.LEAT, "serve", "--data", "data", "--listen", "127.0.0.1:0"], cwd=self.folder,
                                       stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        line = self.server.stderr.readline()
        while line and "serving" not in line:
            line = self.server.stderr.readline()
        self.port = int(re.search(r":(\d+),", line)[1])

    def end(self):
        self.server.kill()
        self.server.wait()
        self.server.stderr.close()

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)
        self.addCleanup(connection.close)
        return connection

    def memory_mb(self):
        with open(f"/proc/{self.server.pid}/status", encoding="utf-8") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024

    def check_serves(self):
        """Somebody who behaves is served."""
        self.assertIsNone(self.server.poll(), "the server ended")
        done = subprocess.run(["kcat", "-b", f"127.0.0.1:{self.port}", "-L"], capture_output=True, text=True, timeout=TIMEOUT_S,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def answer(self, connection):
        size = struct.unpack(">i", self.take(connection, 4))[0]
        return self.take(connection, size)

    @staticmethod
    def take(connection, size):
        out = b""
        while len(out) < size:
            some = connection.recv(size - len(out))
            if not some:
                raise EOFError
            out += some
        return out

    def check_closed(self, connection):
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            pass

    def test_what_is_no_request_is_not_answered(self):
        for garbage in [b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), struct.pack(">i", -1), struct.pack(">i", 2**31 - 1),
                        struct.pack(">i", 4) + b"\xff" * 4, struct.pack(">i", 0), b"\x16\x03\x01\x02\x00\x01\x00",
                        request(999, 0), request(FETCH, 99), request(METADATA, 12, b"\xff" * 64)]:
            connection = self.connect()
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)  # What is still awaited never comes.
            self.check_closed(connection)
        self.check_serves()

    def test_a_request_that_is_announced_and_does_not_come_takes_no_memory(self):
        for _ in range(200):
            self.connect().sendall(struct.pack(">i", 100 << 20))
        self.check_serves()
        if not program.SANITIZED:
            self.assertLess(self.memory_mb(), 60)

    def test_a_client_that_sends_a_byte_at_a_time_is_answered_and_holds_nobody_up(self):
        slow = self.connect()
        for byte in request(API_VERSIONS, 0):
            slow.sendall(bytes([byte]))
        self.check_serves()
        self.assertEqual(self.answer(slow)[:4], struct.pack(">i", 1))

    def test_a_client_that_never_reads_is_not_read_from(self):
        big = "x" * 500_000
        subprocess.run(["kcat", "-b", f"127.0.0.1:{self.port}", "-P", "-t", "big"], input="\n".join([big] * 20), text=True,
                       check=True, timeout=TIMEOUT_S)
        greedy = self.connect()
        greedy.setblocking(False)
        body = struct.pack(">iiiibi", -1, 0, 1, 50 << 20, 0, 1) + struct.pack(">h", 3) + b"big" + struct.pack(">i", 1) + \
            struct.pack(">iqi", 0, 0, 50 << 20)
        fetch, sent = request(FETCH, 4, body), 0
        while sent < 200_000_000 and select.select([], [greedy], [], 1)[1]:
            sent += greedy.send(fetch * 100)
        self.assertLess(sent, 50_000_000, "it took whatever came")
        self.check_serves()
        if not program.SANITIZED:
            self.assertLess(self.memory_mb(), 100)

    def test_many_requests_at_once_are_answered_in_order(self):
        connection = self.connect()
        connection.sendall(b"".join(request(API_VERSIONS, 0, correlation=number) for number in range(1000)))
        for number in range(1000):
            self.assertEqual(struct.unpack(">i", self.answer(connection)[:4])[0], number)

    def test_ten_thousand_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < IDLE + 200:
            self.skipTest(f"this machine lets a process have {hard} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        idle = [self.connect() for _ in range(IDLE)]
        self.check_serves()
        if not program.SANITIZED:
            self.assertLess(self.memory_mb(), 100)
        for connection in (idle[0], idle[-1]):
            connection.sendall(request(API_VERSIONS, 0))
            self.assertEqual(self.answer(connection)[:4], struct.pack(">i", 1))

    def test_a_signal_ends_it_while_clients_are_connected(self):
        self.connect()
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(TIMEOUT_S), 0)


if __name__ == "__main__":
    program.main()
