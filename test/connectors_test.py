#!/usr/bin/env python3
"""What docs/connectors.md promises of each connector and its options.

usage: connectors_test.py LEAT
"""
import gzip
import json
import os
import resource
import signal
import subprocess
import time

import program
from program import OUT, events


def lines(first, last):
    return b"".join(b'{"id": %d, "name": "n%d"}\n' % (i, i) for i in range(first, last))


class Options(program.ProgramTest):
    """Wrong options are refused by name before anything runs, with the nearest there is."""

    def refused(self, options, *words, columns="id BIGINT, name STRING"):
        run = self.leat("sql", "-e", f"CREATE TABLE t ({columns}) WITH ({options});")
        self.assertEqual(run.code, 2, run)
        for word in words:
            self.assertIn(word, run.stderr)

    def test_names(self):
        files = "'connector' = 'filesystem', 'path' = 'in', 'format' = 'json'"
        self.refused("'path' = 'in'", "'connector'")
        self.refused("'connector' = 'filesytem'", "filesytem", "'filesystem'")
        self.refused("'connector' = 'filesystem', 'format' = 'json'", "'path'")
        self.refused("'connector' = 'filesystem', 'path' = 'in'", "'format'", "json or csv")
        self.refused("'connector' = 'filesystem', 'path' = 's3://in', 'format' = 'json'", "s3://in", "files")
        self.refused("'connector' = 'filesystem', 'path' = 'in', 'format' = 'xml'", "xml", "json or csv")
        self.refused(files + ", 'source.monitor-intervall' = '1 s'", "source.monitor-intervall",
                     "'source.monitor-interval'")
        self.refused(files + ", 'json.ignore-parse-error' = 'true'", "'json.ignore-parse-errors'")
        self.refused(files + ", 'csv.field-delimiter' = ';'", "csv.field-delimiter", "json")
        self.refused("'connector' = 'datagen', 'row-per-second' = '1'", "'rows-per-second'")
        self.refused("'connector' = 'datagen', 'fields.idd.kind' = 'random'", "'fields.id.kind'")
        self.refused("'connector' = 'print', 'print-identifer' = 'x'", "'print-identifier'")
        self.refused("'connector' = 'blackhole', 'path' = 'x'", "path")

    def test_values(self):
        files = "'connector' = 'filesystem', 'path' = 'in', 'format' = 'json'"
        csv = files.replace("json", "csv")
        self.refused(files + ", 'source.monitor-interval' = 'soon'", "source.monitor-interval", "soon")
        self.refused(files + ", 'source.monitor-interval' = '0 s'", "source.monitor-interval")
        self.refused(files + ", 'source.partitions' = 'files'", "source.partitions", "one, file")
        self.refused(files + ", 'json.ignore-parse-errors' = 'yes'", "json.ignore-parse-errors", "yes")
        self.refused(files + ", 'json.timestamp-format.standard' = 'ISO'", "ISO-8601")
        self.refused(csv + ", 'csv.field-delimiter' = '--'", "csv.field-delimiter", "--")
        self.refused("'connector' = 'datagen', 'rows-per-second' = '-1'", "rows-per-second")
        self.refused("'connector' = 'datagen', 'rows-per-second' = 'many'", "many")
        self.refused("'connector' = 'datagen', 'number-of-rows' = '-5'", "number-of-rows")
        self.refused("'connector' = 'datagen', 'fields.id.kind' = 'seq'", "random, sequence")
        self.refused("'connector' = 'datagen', 'fields.id.kind' = 'sequence'", "fields.id.start")
        self.refused("'connector' = 'datagen', 'fields.id.min' = '5', 'fields.id.max' = '1'", "fields.id.min")
        self.refused("'connector' = 'datagen', 'fields.name.length' = '0'", "fields.name.length")
        self.refused("'connector' = 'print', 'standard-error' = 'maybe'", "standard-error")

    def test_metadata(self):
        files = "'connector' = 'filesystem', 'path' = 'in', 'format' = 'json'"
        self.refused(files, "file.sise", "'file.size'", columns="a BIGINT METADATA FROM 'file.sise'")
        self.refused(files, "file.size", "BIGINT", columns="a STRING METADATA FROM 'file.size'")
        self.refused("'connector' = 'datagen'", "metadata", columns="a STRING METADATA FROM 'file.name', b INT")

    def test_the_wrong_side(self):
        for table, insert in (("datagen", "INSERT INTO t SELECT 1"), ("print", "INSERT INTO x SELECT a FROM t")):
            run = self.run_job(f"CREATE TABLE t (a INT) WITH ('connector' = '{table}');"
                               f"CREATE TABLE x (a INT) WITH ('connector' = 'blackhole'); {insert};")
            self.assertEqual(run.code, 2, run)
            self.assertIn(table, run.stderr)

    def test_updates_into_files(self):
        run = self.run_job(events() + OUT.split(";")[0] + "; INSERT INTO out_rows SELECT COUNT(*), name FROM events GROUP BY name;")
        self.assertEqual(run.code, 2, run)
        self.assertIn("out_rows", run.stderr)


class Files(program.ProgramTest):
    def test_partitions_in_directories(self):
        """Written by one job, read by another: the columns of PARTITIONED BY are in the paths, and only there."""
        self.write("in/a.json", b"\n".join(json.dumps({"id": i, "name": n}).encode() for i, n in enumerate(
            ["x", "y", None, "a/b", "", "..", "x=\u00e9 %"])))
        ddl = """CREATE TABLE parts (name STRING, id BIGINT, day DATE) PARTITIONED BY (day, name)
            WITH ('connector' = 'filesystem', 'path' = 'parts', 'format' = '{0}');"""
        for fmt, shown in (("json", b'{"id":0}'), ("csv", b"0")):
            script = events() + ddl.format(fmt)
            self.finish(script + "INSERT INTO parts SELECT name, id, DATE '2001-02-03' FROM events;", "--job", fmt)
            self.assertEqual(sorted(os.listdir(self.path("parts", "day=2001-02-03"))),
                             sorted(["name=x", "name=y", "name=__HIVE_DEFAULT_PARTITION__", "name=a%2Fb", "name=%2E.",
                                     "name=x%3D\u00e9 %25"]))
            part = self.path("parts", "day=2001-02-03", "name=x")
            with open(os.path.join(part, os.listdir(part)[0]), "rb") as file:
                self.assertEqual(file.read().strip(), shown)
            query = self.leat("sql", "-e", ddl.format(fmt) + "SELECT day, id, name FROM parts ORDER BY id", "--format", "json")
            got = [json.loads(line) for line in query.stdout.splitlines()]
            names = ["x", "y", None, "a/b", None, "..", "x=\u00e9 %"]
            self.assertEqual(got, [{"day": "2001-02-03", "id": i, "name": n} for i, n in enumerate(names)], query)
            subprocess.run(["rm", "-r", self.path("parts")], check=True)

    def test_more_partitions_than_open_files(self):
        self.write("in/a.json", lines(0, 300))
        script = "CREATE TABLE parts (id BIGINT, name STRING) PARTITIONED BY (name) WITH ('connector' = 'filesystem', " \
                 "'path' = 'parts', 'format' = 'csv'); INSERT INTO parts SELECT id, name FROM events;"
        run = self.run_job(events() + script, preexec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(os.listdir(self.path("parts"))), 300)

    def test_partition_that_a_path_lacks(self):
        self.write("in/name=a/x.json", b'{"id": 1}\n')
        self.write("in/y.json", b'{"id": 2}\n')
        self.write("in/name=b/id=3/z.json", b'{"id": 3}\n')
        self.finish(events(partitioned="PARTITIONED BY (name)\n") + OUT)
        self.assertEqual(self.rows(), [{"id": 1, "name": "a"}, {"id": 3, "name": "b"}])
        self.assertEqual([(x["reason"], x["value"]) for x in self.letters()], [("file.partition", '{"id": 2}')])

    def test_metadata(self):
        path = self.write("in/sub/a.json.gz", gzip.compress(b'{"id": 1}\n{"id": 2}\n'))
        os.utime(path, (981173106.789, 981173106.789))
        query = """CREATE TABLE t (id BIGINT, path STRING METADATA FROM 'file.path', `file.name` STRING METADATA VIRTUAL,
              size BIGINT METADATA FROM 'file.size', at TIMESTAMP_LTZ(3) METADATA FROM 'file.modification-time')
            WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json');
            SELECT size, id, at, `file.name`, path FROM t"""
        run = self.leat("sql", "-e", query, "--format", "json")
        row = {"size": os.path.getsize(path), "at": "2001-02-03 04:05:06.789", "file.name": "a.json.gz",
               "path": "in/sub/a.json.gz"}
        self.assertEqual([json.loads(line) for line in run.stdout.splitlines()],
                         [{"size": row["size"], "id": i, "at": row["at"], "file.name": row["file.name"],
                           "path": row["path"]} for i in (1, 2)], run)

    def test_schemes_and_slashes(self):
        self.write("in/a.json", lines(0, 1))
        for path in ("in/", f"file://{self.folder}/in", f"file:{self.folder}/in/a.json", "./in//a.json"):
            run = self.leat("sql", "-e", events(path=path) + "SELECT id FROM events", "--format", "json")
            self.assertEqual(run.stdout, '{"id":0}\n', run)

    def test_what_is_there_already_stays(self):
        self.write("in/a.json", lines(0, 1))
        self.write("out/part-mine.json", lines(7, 8))
        self.write("out/.hidden", b"x")
        self.finish(events() + OUT)
        self.finish(events() + OUT, "--fresh")
        self.assertEqual(sorted(row["id"] for row in self.rows()), [0, 7])
        self.assertTrue(os.path.exists(self.path("out/.hidden")))

    def test_a_file_where_the_directory_should_be(self):
        self.write("in/a.json", lines(0, 1))
        self.write("out", b"mine")
        run = self.run_job(events() + OUT)
        self.assertEqual(run.code, 1, run)
        self.assertIn("out", run.stderr)

    def test_lateness_by_file_and_by_directory(self):
        """As one partition the second file is late; as two, neither waits for the other, and nothing is."""
        row = '{{"id": 1, "event_time": "2001-01-01 {}:00:00"}}\n'
        self.write("in/1.json", "".join(row.format(h) for h in (10, 11, 12)))
        self.write("in/2.json", "".join(row.format("%02d" % h) for h in (1, 2, 3)))
        script = """CREATE TABLE out_rows (w TIMESTAMP(3), n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
            INSERT INTO out_rows SELECT window_start, COUNT(*) FROM TABLE(
              TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;"""
        for options, late in (("", 3), (", 'source.partitions' = 'one'", 3), (", 'source.partitions' = 'file'", 0)):
            table = events(columns=", WATERMARK FOR event_time AS event_time", options=options)
            run = self.finish("SET 'leat.batch-rows' = '1';" + table + script, "--fresh")
            self.assertEqual((run.report["late"], run.report["rows_out"]), (late, 6 - late))

    def test_csv_options(self):
        options = (", 'csv.field-delimiter' = '|', 'csv.quote-character' = '''', 'csv.null-literal' = 'n/a', "
                   "'csv.escape-character' = '\\', 'csv.allow-comments' = 'true', 'csv.ignore-parse-errors' = 'true'")
        self.write("in/a.csv", b"# none\n1|'a|b'|n/a|n/a\nx|n/a|1|\n3|'it\\'s'|2|\n")
        run = self.finish(events(fmt="csv", options=options) + OUT)
        self.assertEqual([(r["id"], r["name"]) for r in self.rows()], [(1, "a|b"), (None, None), (3, "it's")])
        self.assertEqual(run.report["dead"], 0)


class WatchingTest(program.ProgramTest):
    SETTINGS = "SET 'execution.checkpointing.interval' = '5 ms';\n"

    def start(self, script):
        process = subprocess.Popen([program.LEAT, *self.arguments(self.SETTINGS + script)], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, process, ids):
        """Until the shown rows are these, or more than these."""
        deadline = time.monotonic() + program.TIMEOUT_S
        while not os.path.isdir(self.path("out")) or len(self.rows()) < len(ids):
            self.assertIsNone(process.poll(), process.stderr.read() if process.poll() is not None else "")
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual([row["id"] for row in sorted(self.rows(), key=lambda r: r["id"])], ids)

    def stop(self, process, number, code):
        process.send_signal(number)
        process.wait(program.TIMEOUT_S)
        self.assertEqual(process.returncode, code)


class Watching(WatchingTest):
    SCRIPT = events(options=", 'source.monitor-interval' = '10 ms'") + OUT

    def test_files_come_one_by_one(self):
        self.come_one_by_one(self.SCRIPT)

    def test_each_file_a_partition(self):
        self.come_one_by_one(self.SCRIPT.replace("'10 ms'", "'10 ms', 'source.partitions' = 'file'"))

    def come_one_by_one(self, script):
        process = self.start(script)
        self.write("in/b.json", lines(0, 2))
        self.wait_for(process, [0, 1])
        self.write("in/a.json", lines(2, 3))  # A name before the one that was read.
        self.wait_for(process, [0, 1, 2])
        self.stop(process, signal.SIGKILL, -signal.SIGKILL)
        self.write("in/sub/a.json", lines(3, 4))
        process = self.start(script)
        self.wait_for(process, [0, 1, 2, 3])
        self.stop(process, signal.SIGTERM, 0)
        with open(self.path("report.json")) as file:
            self.assertEqual(json.load(file)["rows_in"], 4)
        process = self.start(script)
        self.write("in/0.json", b"bad\n" + lines(4, 5))
        self.wait_for(process, [0, 1, 2, 3, 4])
        self.stop(process, signal.SIGINT, 0)
        self.assertEqual([x["value"] for x in self.letters()], ["bad"])

    def test_windows_close_behind_files_that_are_done(self):
        """Each file a partition: one that is done holds no window open, and one that comes later is judged from then on."""
        script = events(columns=", WATERMARK FOR event_time AS event_time",
                        options=", 'source.monitor-interval' = '5 ms', 'source.partitions' = 'file'") + """
            CREATE TABLE out_rows (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
            INSERT INTO out_rows SELECT COUNT(*) FROM TABLE(
              TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;"""
        rows = lambda *hours: b"".join(b'{"event_time": "2001-01-01 %02d:00:00"}\n' % hour for hour in hours)
        self.write("in/a.json", rows(1, 2))
        self.write("in/b.json", rows(1, 3))
        process = self.start(script)
        self.write("in/.c", rows(5, 6, 7))
        os.rename(self.path("in/.c"), self.path("in/c.json"))
        self.wait_for(process, [1, 1, 1, 1, 2])  # 1: two rows; 2, 3, 5, 6: one each; 7 is open.
        self.stop(process, signal.SIGTERM, 0)

    def test_hidden_until_renamed(self):
        process = self.start(self.SCRIPT)
        self.write("in/.a.json.tmp", lines(0, 2))
        self.write("in/b.json", lines(5, 6))
        self.wait_for(process, [5])
        os.rename(self.path("in/.a.json.tmp"), self.path("in/a.json"))
        self.wait_for(process, [0, 1, 5])
        self.stop(process, signal.SIGTERM, 0)


class Idle(WatchingTest):
    """A watched directory into which nobody writes, beside another: after a while it is not waited for."""
    QUIET = events("quiet", columns=", WATERMARK FOR event_time AS event_time",
                   options=", 'source.monitor-interval' = '5 ms'{}").replace("TABLE events", "TABLE quiet")
    BUSY = events(columns=", WATERMARK FOR event_time AS event_time", options=", 'source.monitor-interval' = '5 ms'") + """
        CREATE TABLE out_rows (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
        CREATE VIEW both_rows AS SELECT event_time FROM events UNION ALL SELECT event_time FROM quiet;
        INSERT INTO out_rows SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE both_rows, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
        GROUP BY window_start, window_end;"""

    def check(self, option, setting):
        os.makedirs(self.path("quiet"))
        row = b'{"event_time": "2001-01-01 %02d:00:00"}\n'
        self.write("in/a.json", b"".join(row % hour for hour in (1, 2, 3)))
        process = self.start(setting + self.QUIET.format(option) + self.BUSY)
        self.wait_for(process, [1, 1])
        self.stop(process, signal.SIGTERM, 0)

    def test_by_the_table(self):
        self.check(", 'scan.watermark.idle-timeout' = '20 ms'", "")

    def test_by_the_setting(self):
        self.check("", "SET 'table.exec.source.idle-timeout' = '20 ms';")


class Datagen(program.ProgramTest):
    def generated(self, options, columns, count=200, select="*"):
        run = self.leat("sql", "--format", "json", "-e",
                        f"CREATE TABLE t ({columns}) WITH ('connector' = 'datagen', 'number-of-rows' = '{count}', "
                        f"'rows-per-second' = '0'{options}); SELECT {select} FROM t;")
        self.assertEqual(run.code, 0, run)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def test_kinds(self):
        columns = "a INT, b BIGINT, c STRING, d DOUBLE, e BOOLEAN, f VARCHAR(20), g TINYINT, h DECIMAL(5, 2)"
        options = (", 'fields.a.kind' = 'sequence', 'fields.a.start' = '5', 'fields.a.end' = '1000', 'fields.b.min' = '-3', "
                   "'fields.b.max' = '3', 'fields.c.length' = '7', 'fields.d.min' = '1', 'fields.d.max' = '2', "
                   "'fields.f.var-len' = 'true', 'fields.g.null-rate' = '0.5'")
        rows = self.generated(options, columns)
        self.assertEqual([row["a"] for row in rows], list(range(5, 205)))
        self.assertEqual({row["b"] for row in rows}, set(range(-3, 4)))
        self.assertEqual({len(row["c"]) for row in rows}, {7})
        self.assertTrue(all(1 <= row["d"] <= 2 for row in rows))
        self.assertEqual({row["e"] for row in rows}, {True, False})
        self.assertLessEqual({len(row["f"]) for row in rows}, set(range(1, 21)))
        self.assertGreater(len({len(row["f"]) for row in rows}), 10)
        self.assertTrue(50 < sum(row["g"] is None for row in rows) < 150)
        self.assertTrue(all(abs(float(row["h"])) < 1000 for row in rows))

    def test_times_and_decimals(self):
        rows = self.generated(", 'start-ms' = '981173106789', 'fields.h.min' = '-1.5', 'fields.h.max' = '1.5'",
                              "d DATE, t TIME, h DECIMAL(5, 2), x DOUBLE")
        self.assertEqual({row["d"] for row in rows}, {"2001-02-03"})
        self.assertEqual({row["t"] for row in rows}, {"04:05:06"})
        values = [float(row["h"]) for row in rows]
        self.assertTrue(-1.5 <= min(values) < -1 and 1 < max(values) <= 1.5)
        self.assertTrue(all(row["x"] > 0 for row in rows))

    def test_nested(self):
        options = (", 'fields.a.length' = '3', 'fields.a.element.min' = '1', 'fields.a.element.max' = '2', "
                   "'fields.m.length' = '2', 'fields.m.key.length' = '4', 'fields.m.value.max' = '0', "
                   "'fields.r.x.kind' = 'sequence', 'fields.r.x.start' = '1', 'fields.r.x.end' = '9999', "
                   "'fields.r.s.length' = '5'")
        rows = self.generated(options, "a ARRAY<INT>, m MAP<STRING, INT>, r ROW<x INT, s STRING>")
        self.assertEqual({len(row["a"]) for row in rows}, {3})
        self.assertEqual({x for row in rows for x in row["a"]}, {1, 2})
        self.assertEqual({len(key) for row in rows for key in row["m"]}, {4})
        self.assertTrue(all(value <= 0 for row in rows for value in row["m"].values()))
        self.assertEqual([row["r"]["x"] for row in rows], list(range(1, 201)))
        self.assertEqual({len(row["r"]["s"]) for row in rows}, {5})

    def test_a_seed_is_a_table(self):
        columns = "a BIGINT, b STRING"
        first = self.generated("", columns)
        self.assertEqual(self.generated("", columns), first)
        self.assertEqual(self.generated(", 'seed' = '1'", columns), first)
        self.assertNotEqual(self.generated(", 'seed' = '2'", columns), first)
        self.assertEqual(self.generated("", columns, select="b"), [{"b": row["b"]} for row in first])

    def test_a_sequence_ends_the_table(self):
        rows = self.generated(", 'fields.a.kind' = 'sequence', 'fields.a.start' = '1', 'fields.a.end' = '3'", "a INT, b INT",
                              select="b")
        self.assertEqual(len(rows), 3)

    def test_stated_disorder(self):
        """A tenth of the rows is up to ten seconds behind; the others are in order, a millisecond apart."""
        options = (", 'start-ms' = '0', 'fields.t.late-share' = '0.1', 'fields.t.late-max' = '10 s'")
        run = self.leat("sql", "--format", "json", "-e",
                        "CREATE TABLE t (t TIMESTAMP(3)) WITH ('connector' = 'datagen', 'number-of-rows' = '20000', "
                        f"'rows-per-second' = '0'{options}); SELECT t FROM t;")
        times = [json.loads(line)["t"] for line in run.stdout.splitlines()]
        self.assertEqual(len(times), 20000, run)
        behind = sum(a < max_before for a, max_before in zip(times[1:], _running_max(times)))
        self.assertTrue(1500 < behind < 2500, behind)


def _running_max(items):
    top = ""
    for item in items:
        top = max(top, item)
        yield top


class Sinks(program.ProgramTest):
    def test_print(self):
        script = "CREATE TABLE p (a INT, b STRING) WITH ('connector' = 'print'{}); INSERT INTO p VALUES (1, 'x'), (2, NULL);"
        run = self.finish(script.format(""))
        self.assertEqual(run.stdout.splitlines()[:2], ["+I[1, x]", "+I[2, NULL]"])
        run = self.finish(script.format(", 'print-identifier' = 'me', 'standard-error' = 'true'"), "--fresh")
        self.assertEqual([line for line in run.stderr.splitlines() if "+I" in line], ["me> +I[1, x]", "me> +I[2, NULL]"])

    def test_updates(self):
        for connector in ("print", "blackhole"):
            script = f"""CREATE TABLE p (n BIGINT, b STRING) WITH ('connector' = '{connector}');
                INSERT INTO p SELECT COUNT(*), b FROM (VALUES ('x'), ('x'), ('y')) AS v(b) GROUP BY b;"""
            run = self.finish(script, "--job", connector)
            self.assertEqual(run.report["rows_out"], 4)


if __name__ == "__main__":
    program.main()
