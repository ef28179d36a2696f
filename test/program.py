"""The program from outside, for the tests beside this file: a folder, scripts that run in it, and what came out.

Each test file is called as `NAME_test.py LEAT [unittest's arguments]`, and ends with program.main().
"""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

LEAT = os.path.abspath(sys.argv[1])
SANITIZED = "LEAT_SANITIZED" in os.environ  # AddressSanitizer keeps what was freed: memory says nothing then.
TIMEOUT_S = 120  # A job that hangs is a failure too; nothing here takes a tenth of it.

EVENTS = """
CREATE TABLE events (id BIGINT, name STRING, amount DOUBLE, event_time TIMESTAMP(3){columns})
{partitioned}WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = '{format}'{options});
"""
OUT = """
CREATE TABLE out_rows (id BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO out_rows SELECT id, name FROM events;
"""


def events(path="in", fmt="json", columns="", options="", partitioned=""):
    """The DDL of the table that most tests read."""
    return EVENTS.format(path=path, format=fmt, columns=columns, options=options, partitioned=partitioned)


class Run:
    """How one `leat` ended."""

    def __init__(self, done, report=None):
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr
        self.report = report

    def __repr__(self):
        return f"exit code {self.code}\n{self.stdout}\n{self.stderr}\n{self.report}"


class ProgramTest(unittest.TestCase):
    """A fresh folder for each test, in which the program runs."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="leat-test-", dir=fast_folder())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def check_memory(self, run, limit):
        if not SANITIZED:
            self.assertLess(run.report["peak_rss_bytes"], limit)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def leat(self, *arguments, preexec=None):
        done = subprocess.run([LEAT, *arguments], cwd=self.folder, capture_output=True, timeout=TIMEOUT_S,
                              preexec_fn=preexec)
        done.stdout = done.stdout.decode("utf-8", "surrogateescape")
        done.stderr = done.stderr.decode("utf-8", "surrogateescape")
        return Run(done)

    def arguments(self, script, *more):
        """Of a `leat run`, for tests that start it themselves."""
        self.write("job.sql", script)
        return ["run", "job.sql", "--data", "data", "--report", "report.json", *more]

    def run_job(self, script, *more, preexec=None):
        run = self.leat(*self.arguments(script, *more), preexec=preexec)
        if os.path.exists(self.path("report.json")):
            with open(self.path("report.json")) as file:
                run.report = json.load(file)
        return run

    def finish(self, script, *more):
        """Runs a job that must end well, with a ledger that balances."""
        run = self.run_job(script, *more)
        self.assertEqual(run.code, 0, run)
        self.assertTrue(run.report["balanced"], run)
        return run

    def rows(self, folder="out"):
        """The shown rows of a folder of JSON lines, in the order in which they were committed."""
        out = []
        for name in sorted(os.listdir(self.path(folder)), key=natural):
            if not name.startswith((".", "_")):
                with open(self.path(folder, name), encoding="utf-8") as file:
                    out += [json.loads(line) for line in file.read().split("\n")[:-1]]
        return out

    def letters(self):
        run = self.leat("dlq", "export", "--data", "data")
        self.assertEqual(run.code, 0, run)
        return [json.loads(line) for line in run.stdout.splitlines()]


def fast_folder():
    """Where files are made that need no disk: what a disk may lose is for the simulator to say. None: the usual place."""
    memory, enough_bytes = "/dev/shm", 2 << 30
    fits = os.path.isdir(memory) and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > enough_bytes
    return memory if fits else None


def natural(name):
    """A key: numbers inside of names compare as numbers."""
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"(\d+)", name)]


def limit_files(size_bytes):
    """For `preexec`: the process cannot write a file beyond this size, as on a full disk."""
    import signal

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))
    return limit


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
