#!/usr/bin/env python3
"""secured_test.py LEAT: who may connect and who may do what, with kcat (librdkafka), our own commands, and openssl."""
import os
import re
import socket
import subprocess
import unittest

import program

TIMEOUT_S = 60
ADMIN, ALICE = "admin's secret", "wonderland"


def openssl(*words, folder):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=TIMEOUT_S)


class Certificates:
    """An authority, and what it signed: a key and certificates in one file each."""

    def __init__(self, folder):
        self.folder = folder
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem", folder=folder)

    def sign(self, name, subject, alternative=None):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", f"{name}.key", "-out", f"{name}.csr", folder=self.folder)
        with open(os.path.join(self.folder, f"{name}.ext"), "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={alternative}\n" if alternative else "")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.crt", folder=self.folder)
        both = b""
        for part in [f"{name}.key", f"{name}.crt", "ca.pem"]:
            with open(os.path.join(self.folder, part), "rb") as file:
                both += file.read()
        with open(os.path.join(self.folder, f"{name}.pem"), "wb") as file:
            file.write(both)


class Secured(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = None
        certificates = Certificates(self.folder)
        certificates.sign("broker", "/CN=broker", "IP:127.0.0.1,DNS:localhost")
        certificates.sign("alice", "/C=SE/O=Acme/CN=alice")
        self.write("admin.password", ADMIN + "\n")
        self.write("alice.password", ALICE + "\n")

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def leat(self, *words, expect=0, send=None):
        done = subprocess.run([program.LEAT, *words], cwd=self.folder, input=send, capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout + done.stderr

    def serve(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        self.server = subprocess.Popen([program.LEAT, "serve", "--data", "data", "--listen", "127.0.0.1:0", *words],
                                       cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        while True:
            line = self.server.stderr.readline()
            self.assertTrue(line, "the server ended")
            if found := re.search(r"serving Kafka clients on (127\.0\.0\.1:\d+)", line):
                self.address = found[1]
                return

    def end(self):
        if self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        self.server.stderr.close()

    def serve_everything(self, *more):
        self.leat("user", "add", "--data", "data", "admin", "--new-password-file", "admin.password")
        self.serve("security.protocol=SASL_SSL", "ssl.keystore.location=broker.pem", "super.users=User:admin",
                   "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512", *more)
        self.admin = ["--bootstrap", self.address, "--tls-ca", "ca.pem", "--user", "admin",
                      "--password-file", "admin.password"]
        self.leat("user", "add", "alice", *self.admin, "--new-password-file", "alice.password")

    def kcat(self, *words, send=None, user="alice", password=ALICE, mechanism="SCRAM-SHA-512", expect=0):
        login = ["-X", "security.protocol=SASL_SSL", "-X", "ssl.ca.location=ca.pem", "-X", f"sasl.mechanism={mechanism}",
                 "-X", f"sasl.username={user}", "-X", f"sasl.password={password}"]
        return self.plain_kcat(*login, *words, send=send, expect=expect)

    def plain_kcat(self, *words, send=None, expect=0):
        done = subprocess.run(["kcat", "-b", self.address, "-m", "5", *words], cwd=self.folder, input=send,
                              capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout + done.stderr

    def test_every_mechanism_over_tls(self):
        self.serve_everything()
        for option in ["read", "write", "create", "describe"]:
            self.leat("acl", "add", *self.admin, "--topic", "a-", "--prefix", "--principal", "alice",
                      "--operation", option)
        for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]:
            topic = "a-" + mechanism
            self.kcat("-P", "-t", topic, send="there\nback\n", mechanism=mechanism)
            self.assertEqual(self.kcat("-C", "-t", topic, "-e", "-q", mechanism=mechanism).split(), ["there", "back"])
            self.assertIn("uthentication failed", self.kcat("-L", mechanism=mechanism, password="guess", expect=1))
            self.assertIn("uthentication failed", self.kcat("-L", mechanism=mechanism, user="bob", expect=1))

    def test_rules_hold_for_real_clients(self):
        self.serve_everything()
        allow = ["acl", "add", *self.admin, "--principal", "alice"]
        self.leat("topic", "create", "orders", *self.admin)
        self.assertIn("uthorization failed", self.kcat("-P", "-t", "orders", send="x\n", expect=1))
        self.leat(*allow, "--topic", "orders", "--operation", "write")
        self.kcat("-P", "-t", "orders", send="x\n")
        self.assertIn("uthorization failed", self.kcat("-C", "-t", "orders", "-e", expect=1))
        self.leat(*allow, "--topic", "orders", "--operation", "read")
        self.assertEqual(self.kcat("-C", "-t", "orders", "-e", "-q").split(), ["x"])
        group = ["-G", "app-1", "-X", "auto.offset.reset=earliest", "-q", "-c", "1", "orders"]
        self.assertIn("GROUP_AUTHORIZATION_FAILED", self.kcat(*group, expect=1))
        self.leat(*allow, "--group", "app-", "--prefix", "--operation", "read")
        self.assertEqual(self.kcat(*group).split(), ["x"])
        listed = self.leat("acl", "ls", *self.admin, "--json")
        self.assertEqual(listed.count('"User:alice"'), 3)
        self.leat("acl", "rm", *self.admin, "--topic", "orders", "--operation", "write", "--yes")
        self.assertIn("uthorization failed", self.kcat("-P", "-t", "orders", send="x\n", expect=1))

    def test_a_certificate_says_who_it_is(self):
        self.serve("security.protocol=SSL", "ssl.keystore.location=broker.pem", "ssl.client.auth=required",
                   "ssl.truststore.location=ca.pem", "super.users=User:CN=alice,O=Acme,C=SE")
        tls = ["-X", "security.protocol=SSL", "-X", "ssl.ca.location=ca.pem"]
        own = ["-X", "ssl.certificate.location=alice.crt", "-X", "ssl.key.location=alice.key"]
        self.plain_kcat(*tls, *own, "-P", "-t", "t", send="x\n")
        self.assertEqual(self.plain_kcat(*tls, *own, "-C", "-t", "t", "-e", "-q").split(), ["x"])
        self.plain_kcat(*tls, "-L", expect=1)
        ours = ["topic", "ls", "--bootstrap", self.address, "--tls-ca", "ca.pem"]
        self.assertIn("t", self.leat(*ours, "--tls-cert", "alice.pem"))
        self.leat(*ours, expect=1)

    def test_large_fetches_over_tls(self):
        self.serve("security.protocol=SSL", "ssl.keystore.location=broker.pem")
        tls = ["-X", "security.protocol=SSL", "-X", "ssl.ca.location=ca.pem"]
        values = [f"{number:0200d}" for number in range(50_000)]
        self.plain_kcat(*tls, "-P", "-t", "t", send="\n".join(values) + "\n")
        self.assertEqual(self.plain_kcat(*tls, "-C", "-t", "t", "-e", "-q").split(), values)

    def test_our_commands_say_what_is_wrong(self):
        self.serve_everything()
        there = ["topic", "ls", "--bootstrap", self.address]
        self.write("wrong.password", "guess\n")
        self.assertIn("uthentication failed", self.leat(*there, "--tls-ca", "ca.pem", "--user", "admin",
                                                        "--password-file", "wrong.password", expect=1))
        self.assertIn("not trusted", self.leat(*there, "--tls-ca", "alice.crt", "--user", "admin",
                                               "--password-file", "admin.password", expect=1))
        self.assertIn("--password-file", self.leat(*there, "--tls-ca", "ca.pem", "--user", "admin", expect=2))
        self.leat(*there, expect=1)
        self.assertIn("alice", self.leat("user", "ls", *self.admin))
        self.leat("user", "rm", "alice", *self.admin, "--yes")
        self.assertIn("uthentication failed", self.kcat("-L", expect=1))
        self.assertIn("no user", self.leat("user", "rm", "alice", *self.admin, "--yes", expect=1))
        self.assertIn("it runs", self.leat("user", "ls", "--data", "data", expect=1))

    def test_hostile_connections_do_not_stop_others(self):
        self.serve_everything()
        host, port = self.address.split(":")
        opened = []
        for sent in [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", os.urandom(5000),
                     b"\x16\x03\x01\xff\xff" + b"x" * 70_000, b"\0\0\0\x1a\0\x12\0\3\0\0\0\1"]:
            for _ in range(5):
                connection = socket.create_connection((host, int(port)), timeout=TIMEOUT_S)
                self.addCleanup(connection.close)
                connection.sendall(sent)
                opened.append(connection)
        # A client that wants to negotiate anew within a session, again and again.
        again = subprocess.run(["openssl", "s_client", "-connect", self.address, "-CAfile", "ca.pem", "-tls1_2"],
                               cwd=self.folder, input="R\nR\nR\n", capture_output=True, text=True, timeout=TIMEOUT_S,
                               check=False)
        self.assertIn("no renegotiation", again.stderr)
        self.assertIn("topics", self.kcat("-L"))
        self.assertIsNone(self.server.poll())

    def test_secrets_are_nowhere(self):
        self.serve_everything()
        self.kcat("-L", mechanism="PLAIN")
        for folder, _, names in os.walk(self.path("data")):
            for name in names:
                if not os.path.isfile(os.path.join(folder, name)):
                    continue  # The socket that jobs are submitted through.
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                self.assertNotIn(ADMIN.encode(), content)
                self.assertNotIn(ALICE.encode(), content)
        refused = self.leat("serve", "--data", "other", "--set", "ssl.keystore.key=x", expect=2)
        self.assertIn("--config", refused)


class Usage(program.ProgramTest):
    def refused(self, *words):
        done = subprocess.run([program.LEAT, "serve", "--data", "data", *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_what_is_missing_is_said(self):
        self.assertIn("ssl.keystore.location", self.refused("--set", "security.protocol=SSL"))
        self.assertIn("no-such-file", self.refused("--set", "security.protocol=SSL",
                                                   "--set", "ssl.keystore.location=no-such-file"))
        self.assertIn("SASL_SSL", self.refused("--set", "security.protocol=TLS"))
        self.assertIn("--insecure", self.refused("--listen", "0.0.0.0:0"))


if __name__ == "__main__":
    program.main()
