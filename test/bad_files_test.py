#!/usr/bin/env python3
"""Files that are damaged, not there, not readable or not files: a letter says so, the others are read, the job ends.

usage: bad_files_test.py LEAT
"""
import gzip
import os
import resource
import shutil
import signal
import subprocess
import unittest
import zlib

import program
from program import OUT, events



def lines(first, last):
    return b"".join(b'{"id": %d, "name": "n%d"}\n' % (i, i) for i in range(first, last))


def zstd(content):
    return subprocess.run(["zstd", "-qc"], input=content, capture_output=True, check=True).stdout


class FilesTest(program.ProgramTest):
    def ids(self):
        return [row["id"] for row in self.rows()]

    def reasons(self):
        return [(os.path.basename(x["file"]), x["reason"]) for x in self.letters()]

    def check(self, want, letters=(), **options):
        run = self.finish(events(**options) + OUT)
        self.assertEqual(self.ids(), list(want))
        self.assertEqual(self.reasons(), list(letters))
        return run


class Compressed(FilesTest):
    def test_plain_gzip_and_zstd_together(self):
        self.write("in/a.json", lines(0, 10))
        self.write("in/b.json.gz", gzip.compress(lines(10, 20)))
        self.write("in/c.json.zst", zstd(lines(20, 30)))
        self.check(range(30))

    def test_concatenated_members_and_frames(self):
        self.write("in/a.gz", b"".join(gzip.compress(lines(i, i + 1)) for i in range(50)))
        self.write("in/b.zst", b"".join(zstd(lines(i, i + 1)) for i in range(50, 60)))
        self.check(range(60))

    def test_members_cut_in_the_middle_of_a_line(self):
        whole = lines(0, 100)
        self.write("in/a.gz", b"".join(gzip.compress(whole[i:i + 7]) for i in range(0, len(whole), 7)))
        self.check(range(100))

    def test_empty_ones(self):
        self.write("in/a.gz", gzip.compress(b""))
        self.write("in/b.zst", zstd(b""))
        self.write("in/c.gz", b"")
        self.write("in/d.zst", b"")
        self.write("in/e.json", lines(0, 1))
        self.check([0])

    def test_zeros_behind_the_last_member(self):
        self.write("in/a.gz", gzip.compress(lines(0, 5)) + b"\0" * 1000)
        self.check(range(5))

    def test_truncated_gzip(self):
        """Everything that can be had of it is read; a letter names the place; the next file goes on."""
        self.write("in/a.gz", gzip.compress(lines(0, 20_000))[:-2000])
        self.write("in/b.json", lines(100_000, 100_001))
        run = self.finish(events() + OUT)
        ids = self.ids()
        self.assertEqual(ids, list(range(len(ids) - 1)) + [100_000])
        self.assertGreater(len(ids), 15_000)
        letters = self.letters()
        self.assertEqual([x["reason"] for x in letters], ["file.damaged"])
        self.assertEqual(letters[0]["line"], len(ids))
        self.assertIn("a.gz", letters[0]["message"])
        self.assertEqual(run.report["rows_in"], len(ids) + 1)

    def test_truncated_zstd(self):
        whole = lines(0, 50_000)
        self.write("in/a.zst", zstd(whole)[:-2000])
        self.write("in/b.json", lines(0, 1))
        self.finish(events() + OUT)
        ids = self.ids()
        self.assertEqual(ids[:-1], list(range(len(ids) - 1)))
        self.assertGreater(len(ids), 30_000)
        self.assertEqual(self.reasons(), [("a.zst", "file.damaged")])

    def test_checksum_that_does_not_fit(self):
        """The rows are there: they are read, and the letter says that they cannot be trusted."""
        packed = bytearray(gzip.compress(lines(0, 10)))
        packed[-8] ^= 1
        self.write("in/a.gz", bytes(packed))
        self.check(range(10), [("a.gz", "file.damaged")])

    def test_zstd_checksum_that_does_not_fit(self):
        packed = bytearray(zstd(lines(0, 10)))
        packed[-1] ^= 1
        self.write("in/a.zst", bytes(packed))
        self.check(range(10), [("a.zst", "file.damaged")])

    def test_garbage_in_the_middle(self):
        good = gzip.compress(lines(0, 10))
        self.write("in/a.gz", good + b"garbage" * 100)
        self.check(range(10), [("a.gz", "file.damaged")])

    def test_what_only_has_the_name(self):
        self.write("in/a.gz", lines(0, 10))
        self.write("in/b.zst", lines(0, 10))
        self.write("in/c.json", lines(0, 10))
        self.check(range(10), [("a.gz", "file.damaged"), ("b.zst", "file.damaged")])

    def test_bomb(self):
        """Much without a line end in a small file: one letter, in bounded memory."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        packed = b"".join(packer.compress(b"x" * (1 << 20)) for _ in range(200)) + packer.flush()
        self.write("in/a.gz", packed)
        self.write("in/b.json", lines(0, 1))
        run = self.check([0], [("a.gz", "line.too.long")])
        self.check_memory(run, 200 << 20)


class Names(FilesTest):
    def test_natural_order(self):
        for number in (10, 9, 1, 2, 100, 11):
            self.write(f"in/f{number}.json", lines(number, number + 1))
        self.check([1, 2, 9, 10, 11, 100])

    def test_order_of_directories(self):
        """Name by name, and numbers as numbers: 2, 2-a, 10."""
        for number, name in enumerate(["2/b10/x", "2/c", "2-a/a", "2-a/z.json", "2.json", "10/a"]):
            self.write(f"in/{name}", lines(number, number + 1))
        self.check(range(6))

    def test_below_and_hidden(self):
        self.write("in/b/c/x.json", lines(2, 3))
        self.write("in/a.json", lines(1, 2))
        self.write("in/.hidden.json", lines(5, 6))
        self.write("in/_in-progress.json", lines(6, 7))
        self.write("in/_temporary/x.json", lines(7, 8))
        self.write("in/.git/x.json", lines(8, 9))
        self.check([1, 2])

    def test_bytes_that_are_no_utf8(self):
        name = self.path("in").encode() + b"/\xff\xfe.json"
        os.mkdir(self.path("in"))
        with open(name, "wb") as file:
            file.write(lines(1, 2) + b"bad\n")
        script = """CREATE TABLE events (id BIGINT, `file.path` STRING METADATA, `file.name` STRING METADATA)
              WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json');
            CREATE TABLE out_rows (id BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
            INSERT INTO out_rows SELECT id, `file.name` FROM events;"""
        self.finish(script)
        self.assertEqual(self.rows(), [{"id": 1, "name": "\ufffd\ufffd.json"}])
        self.assertEqual(len(self.letters()), 1)

    def test_globs(self):
        for name in ("a1.json", "a2.json", "b1.json", "x/a3.json"):
            self.write("in/" + name, lines(int(name[-6]), int(name[-6]) + 1))
        self.check([1, 2], path="in/a*.json")

    def test_globs_of_directories(self):
        for name in ("a1.json", "x/a3.json", "y1/a4.json", "y1/z/a5.json"):
            self.write("in/" + name, lines(int(name[-6]), int(name[-6]) + 1))
        self.check([4], path="in/y[0-9]/a?.json")

    def test_nothing_there(self):
        for path in ("nowhere", "nowhere/*.json", "in/*.nothing"):
            os.makedirs(self.path("in"), exist_ok=True)
            run = self.run_job(events(path=path) + OUT)
            self.assertEqual(run.code, 1, run)
            self.assertIn(path.split("*")[0], run.stderr)
            self.assertNotIn("finished", run.stderr)

    def test_empty_directory(self):
        os.mkdir(self.path("in"))
        self.check([])

    @unittest.skipIf(program.SANITIZED, "UndefinedBehaviorSanitizer looks at objects through a pipe, and none can be opened")
    def test_more_partitions_than_may_be_open(self):
        """That the process may open no more is no fact about a file: none is left out."""
        for number in range(50):
            self.write(f"in/{number}.json", lines(number * 12_000, number * 12_000 + 12_000))
        table = events(options=", 'source.partitions' = 'file'")
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
        run = self.run_job(table + OUT, preexec=limit)
        self.assertEqual(run.code, 1, run)
        self.assertIn("Too many open files", run.stderr)
        soft = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 100))  # This one can be raised.
        run = self.run_job(table + OUT, preexec=soft)
        self.assertEqual(run.code, 0, run)
        self.assertEqual((len(self.ids()), self.letters()), (600_000, []))

    def test_links(self):
        self.write("elsewhere/a.json", lines(1, 2))
        self.write("in/b.json", lines(2, 3))
        os.symlink("../elsewhere/a.json", self.path("in/a.json"))
        os.symlink("nowhere", self.path("in/dangling.json"))
        os.symlink("loop", self.path("in/loop"))
        os.symlink(".", self.path("in/round"))
        os.symlink("../elsewhere", self.path("in/z"))
        self.check([1, 2, 1])

    def test_what_is_no_file(self):
        """A pipe would wait for a writer for ever, and a device may have no end."""
        os.mkdir(self.path("in"))
        os.mkfifo(self.path("in/a.json"))
        os.symlink("/dev/zero", self.path("in/c.json"))
        self.write("in/b.json", lines(1, 2))
        self.check([1], [("a.json", "file.unreadable"), ("c.json", "file.unreadable")])

    @unittest.skipIf(os.geteuid() == 0, "for root every file is readable")
    def test_unreadable(self):
        os.chmod(self.write("in/a.json", lines(0, 1)), 0)
        self.write("in/b.json", lines(1, 2))
        self.check([1], [("a.json", "file.unreadable")])


class Changing(FilesTest):
    """Files that change between a job's death and its going on, or under its hands."""

    ROWS = 200_000
    SCRIPT = "SET 'execution.checkpointing.interval' = '1 ms';\n" + events() + OUT

    def start_and_stop(self):
        """A process that is stopped in the middle of a file: it has committed something, and is not done."""
        for _ in range(20):  # On a machine that is busy with other things it may be done before we look.
            for name in ("data", "out"):
                shutil.rmtree(self.path(name), ignore_errors=True)
            process = subprocess.Popen([program.LEAT, *self.arguments(self.SCRIPT)], cwd=self.folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None:
                if os.path.isdir(self.path("out")) and any(n.startswith("part") for n in os.listdir(self.path("out"))):
                    break
            process.send_signal(signal.SIGSTOP)
            if process.poll() is None and os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code \
                    == os.CLD_STOPPED and len(self.rows()) < self.ROWS // 2:
                return process
            process.kill()
            process.wait()
        raise self.failureException("the job was always done before it could be stopped")

    def start_and_kill(self, files):
        for name, content in files.items():
            self.write(f"in/{name}", content)
        process = self.start_and_stop()
        process.kill()
        process.wait()

    def test_the_file_in_hand_vanishes(self):
        self.start_and_kill({"a.json": lines(0, self.ROWS), "b.json": lines(self.ROWS, self.ROWS + 1)})
        os.remove(self.path("in/a.json"))
        self.finish(self.SCRIPT)
        ids = self.ids()
        self.assertEqual(ids, list(range(len(ids) - 1)) + [self.ROWS])
        self.assertEqual(self.reasons(), [("a.json", "file.unreadable")])
        self.assertEqual(self.letters()[0]["line"], len(ids))

    def test_the_file_in_hand_shrinks(self):
        self.start_and_kill({"a.json": lines(0, self.ROWS), "b.json": lines(self.ROWS, self.ROWS + 1)})
        os.truncate(self.path("in/a.json"), 10)
        self.finish(self.SCRIPT)
        ids = self.ids()
        self.assertEqual(ids, list(range(len(ids) - 1)) + [self.ROWS])
        self.assertEqual(self.reasons(), [("a.json", "file.shrunk")])

    def test_the_file_in_hand_shrinks_while_it_is_read(self):
        """The process is stopped for that, far from the end of the file."""
        self.write("in/a.json", lines(0, self.ROWS))
        self.write("in/b.json", lines(self.ROWS, self.ROWS + 1))
        process = self.start_and_stop()
        os.truncate(self.path("in/a.json"), 10)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(program.TIMEOUT_S), 0)
        ids = self.ids()
        self.assertEqual(ids, list(range(len(ids) - 1)) + [self.ROWS])
        self.assertEqual(self.reasons(), [("a.json", "file.shrunk")])

    def test_a_later_file_vanishes(self):
        self.start_and_kill({"a.json": lines(0, self.ROWS), "b.json": lines(self.ROWS, self.ROWS + 1)})
        os.remove(self.path("in/b.json"))
        self.finish(self.SCRIPT)
        self.assertEqual(self.ids(), list(range(self.ROWS)))

    def test_nothing_changes(self):
        self.start_and_kill({"a.gz": gzip.compress(lines(0, self.ROWS), 1), "b.json": lines(self.ROWS, self.ROWS + 1)})
        self.finish(self.SCRIPT)
        self.assertEqual(self.ids(), list(range(self.ROWS + 1)))


if __name__ == "__main__":
    program.main()
