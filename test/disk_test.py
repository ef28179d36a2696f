#!/usr/bin/env python3
"""The disk and the people: a full disk, a data directory in use or damaged, places that cannot be written, signals.

usage: disk_test.py LEAT
"""
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

import program
from program import OUT, events

SETTINGS = "SET 'execution.checkpointing.interval' = '10 ms';\n"
WINDOWS = """
CREATE TABLE out_rows (w TIMESTAMP(3), name STRING, n BIGINT, ids STRING)
WITH ('connector' = 'filesystem', 'path' = '{out}', 'format' = 'json');
INSERT INTO out_rows SELECT window_start, name, COUNT(*), LISTAGG(CAST(id AS STRING)) FROM TABLE(
  TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, name;
"""
TIMED = ", WATERMARK FOR event_time AS event_time - INTERVAL '10' SECOND"


def lines(rows):
    """In order but for every fiftieth row, which is late; every hundredth line is no row."""
    out = []
    for i in range(rows):
        second = 60 + i // 10 - (40 if i % 50 == 0 else 0)
        clock = f"2001-01-01 {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        out.append(f'{{"id": {i}, "name": "n{i % 7}", "event_time": "{clock}"}}')
        if i % 100 == 0:
            out.append(f"bad {i}")
    return "\n".join(out) + "\n"


def mounted(path, size):
    os.makedirs(path, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path], stderr=subprocess.DEVNULL)
    return done.returncode == 0


class DiskTest(program.ProgramTest):
    ROWS = 30_000

    def setUp(self):
        super().setUp()
        self.write("in/a.json", lines(self.ROWS))

    def script(self, out="out"):
        return SETTINGS + events(columns=TIMED) + WINDOWS.format(out=out)

    def facts(self, run, out="out", data="data"):
        letters = self.leat("dlq", "export", "--data", data)
        self.assertEqual(letters.code, 0, letters)
        kept = sorted((x["line"], x["reason"], x["value"]) for x in map(json.loads, letters.stdout.splitlines()))
        ledger = {key: run.report[key] for key in ("rows_in", "rows_out", "filtered", "late", "partly_late", "dead")}
        return sorted(map(str, self.rows(out))), kept, ledger

    def calm(self):
        run = self.finish(self.script("calm"), "--data", "calm-data", "--job", "job")
        self.assertEqual((run.report["rows_in"], run.report["dead"]), (self.ROWS + self.ROWS // 100, self.ROWS // 100))
        self.assertGreater(run.report["late"], 100)
        return self.facts(run, "calm", "calm-data")


class FullDisk(DiskTest):
    def check(self, out, data, limit, make_space):
        """Out of space again and again: each time a clear message, and in the end what a calm run gives."""
        calm = self.calm()
        script = self.script(out)
        full = self.run_job(script, "--data", data, preexec=limit)
        self.assertEqual(full.code, 1, full)
        self.assertRegex(full.stderr, "No space left on device|File too large")
        self.assertRegex(full.stderr, f" {out}/| {data}/")
        again = self.run_job(script, "--data", data, preexec=limit)  # Still full.
        self.assertEqual(again.code, 1, again)
        make_space()
        run = self.finish(script, "--data", data)
        self.assertEqual(self.facts(run, out, data), calm)

    def tmpfs(self, name):
        if not mounted(self.path(name), "64k"):
            self.skipTest("mounting takes root")
        self.addCleanup(subprocess.run, ["umount", self.path(name)])

    def test_where_the_output_goes(self):
        self.tmpfs("small")
        space = lambda: subprocess.run(["mount", "-o", "remount,size=64m", self.path("small")], check=True)
        self.check("small/out", "data", None, space)

    def test_where_the_state_is(self):
        self.tmpfs("small")
        space = lambda: subprocess.run(["mount", "-o", "remount,size=256m", self.path("small")], check=True)
        self.check("out", "small/data", None, space)

    def test_a_limit_on_files(self):
        """What a quota does, without anybody's permission."""
        self.check("out", "data", program.limit_files(100_000), lambda: None)


class DataDirectory(DiskTest):
    def test_owned_by_another_process(self):
        watching = SETTINGS + events(options=", 'source.monitor-interval' = '10 ms'") + OUT
        process = subprocess.Popen([program.LEAT, *self.arguments(watching)], cwd=self.folder, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while not os.path.isdir(self.path("out")) or not self.rows():
            self.assertIsNone(process.poll())
        second = self.run_job(events() + OUT, "--job", "other")
        self.assertEqual(second.code, 1, second)
        self.assertIn(str(process.pid), second.stderr)
        for command in (["job", "ls"], ["dlq", "ls"], ["topic", "ls"]):  # Looking is allowed.
            self.assertEqual(self.leat(*command, "--data", "data").code, 0)

    def damage(self, path, position):
        with open(path, "r+b") as file:
            file.seek(position)
            byte = file.read(1)[0]
            file.seek(position)
            file.write(bytes([byte ^ 0x40]))

    def test_damaged(self):
        """A bit of what was durable has turned: the file and the place are named, and nothing is made of the rest."""
        self.finish(self.script())
        logs = [os.path.join(folder, name) for folder, _, names in os.walk(self.path("data")) for name in names
                if name.endswith(".log") and os.path.getsize(os.path.join(folder, name)) > 1000]
        self.assertGreaterEqual(len(logs), 2)
        for log in logs:
            self.damage(log, 500)
            runs = [self.run_job(self.script()), self.leat("dlq", "export", "--data", "data")]
            refused = [run for run in runs if run.code != 0]
            self.assertGreaterEqual(len(refused), 1)
            for run in refused:
                self.assertEqual(run.code, 1, run)
                self.assertRegex(run.stderr, re.escape(os.path.relpath(log, self.folder)) + r", position \d+")
            self.damage(log, 500)
        self.assertEqual(self.run_job(self.script()).code, 0)

    def test_no_data_directory(self):
        for command in (["dlq", "ls"], ["job", "ls"]):
            run = self.leat(*command, "--data", "nowhere")
            self.assertEqual(run.code, 1, run)
            self.assertIn("nowhere", run.stderr)


class Places(DiskTest):
    def test_output_that_cannot_be_written(self):
        run = self.run_job(self.script("/proc/leat/out"))
        self.assertEqual(run.code, 1, run)
        self.assertIn("/proc/leat", run.stderr)

    def test_data_that_cannot_be_written(self):
        run = self.run_job(self.script(), "--data", "/proc/leat")
        self.assertEqual(run.code, 1, run)
        self.assertIn("/proc/leat", run.stderr)

    def test_report_that_cannot_be_written(self):
        run = self.leat(*self.arguments(self.script(), "--report", "nowhere/report.json"))
        self.assertEqual(run.code, 1, run)
        self.assertIn("nowhere/report.json", run.stderr)
        self.assertGreater(len(self.rows()), 0)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_output(self):
        os.mkdir(self.path("out"), 0o500)
        run = self.run_job(self.script())
        self.assertEqual(run.code, 1, run)
        self.assertIn("out", run.stderr)


class Signals(DiskTest):
    ROWS = 120_000

    def interrupted(self, number, when):
        """How a job ends that gets a signal when `when()` says so."""
        process = subprocess.Popen([program.LEAT, *self.arguments(self.script())], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while process.poll() is None and not when():
            pass
        process.send_signal(number)
        stderr = process.communicate(timeout=program.TIMEOUT_S)[1].decode()
        return process.returncode, stderr

    def parts(self):
        return len(os.listdir(self.path("out"))) if os.path.isdir(self.path("out")) else 0

    def test_stop_and_go_on(self):
        calm = self.calm()
        stopped = 0
        for attempt in range(40):  # A busy machine may let the job finish before we look; then it begins again.
            before = self.parts()
            code, stderr = self.interrupted((signal.SIGTERM, signal.SIGINT)[attempt % 2], lambda: self.parts() > before)
            self.assertEqual(code, 0, stderr)
            stopped += "go on" in stderr
            if stopped == 2:
                break
            if "go on" not in stderr:
                stopped = 0
                for name in ("data", "out"):
                    shutil.rmtree(self.path(name))
        self.assertEqual(stopped, 2)
        run = self.finish(self.script())
        self.assertEqual(self.facts(run), calm)

    def test_as_early_as_can_be(self):
        """Once the data directory is there the program runs; from then on a signal is a wish to stop."""
        code, stderr = self.interrupted(signal.SIGTERM, lambda: os.path.isdir(self.path("data")))
        self.assertEqual(code, 0, stderr)
        calm = self.calm()
        run = self.finish(self.script())
        self.assertEqual(self.facts(run), calm)

    def test_finished(self):
        first = self.finish(self.script())
        facts = self.facts(first)
        again = self.finish(self.script())
        self.assertIn("has finished already", again.stderr)
        self.assertEqual(self.facts(again), facts)
        fresh = self.finish(self.script(), "--fresh")
        self.assertNotIn("already", fresh.stderr)
        self.assertEqual(self.facts(fresh), facts)

    def test_another_plan(self):
        self.finish(self.script())
        run = self.run_job(self.script().replace("COUNT(*)", "MAX(id)"))
        self.assertEqual(run.code, 1, run)
        self.assertIn("--fresh", run.stderr)


if __name__ == "__main__":
    program.main()
