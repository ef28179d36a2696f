#!/usr/bin/env python3
"""The commands from outside, in pipes: what they print, where, and how they end. usage: cli_test.py LEAT [TEST...]"""
import base64
import json
import signal
import subprocess

import program
from command import PATIENCE_SECONDS, CommandTest

DATA = ("--data", "./leat-data")  # Where jobs keep their topics, if nobody says otherwise.
ORDERS = """\
{"id": 1, "at": "2024-05-01 10:00:01", "amount": 12.30}
{"id": 2, "at": "2024-05-01 10:00:00", "amount": 7}
{"id": 3, "at": "2024-05-01 10:09:05", "amount": "many"}
{"id": 4,
{"id": 5, "at": "2024-05-01 10:10:00", "amount": 1}
{"id": 6, "at": "2024-05-01 09:00:05", "amount": 3}
"""
TABLE = """\
CREATE TABLE orders (id BIGINT, at TIMESTAMP(3), amount DECIMAL(10, 2),
  WATERMARK FOR at AS at - INTERVAL '5' MINUTE)
WITH ('connector' = 'filesystem', 'path' = 'orders.ndjson', 'format' = 'json');
"""
WINDOWS = """\
SELECT window_start, COUNT(*) AS n, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(at), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
"""
JOB = TABLE + """\
CREATE TABLE totals (window_start TIMESTAMP(3), n BIGINT, total DECIMAL(38, 2))
WITH ('connector' = 'filesystem', 'path' = 'totals', 'format' = 'csv');
INSERT INTO totals """ + WINDOWS
ENDLESS = """\
CREATE TABLE clicks (id BIGINT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'datagen',
  'rows-per-second' = '1000', 'fields.id.min' = '7', 'fields.id.max' = '7');
"""
COUNTED = """\
CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '50000',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000000');
"""
VALUES = """SELECT CAST(1.5 AS DECIMAL(10, 2)) AS d, TIMESTAMP '2024-05-01 10:00:00' AS t0,
  TIMESTAMP '2024-05-01 10:00:00.120' AS t3, DATE '2024-05-01' AS day, TIME '10:11:12' AS hour, X'00ff41' AS bytes,
  CAST('NaN' AS DOUBLE) AS nan, CAST('Infinity' AS DOUBLE) AS inf, -CAST('Infinity' AS DOUBLE) AS minus_inf,
  CAST(NULL AS INT) AS nothing, TRUE AS yes, 2.5e0 AS half, CAST(7 AS TINYINT) AS small, 'a,"b" ' AS text"""


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Usage(CommandTest):
    def test_help_and_version(self):
        for words in (["help"], ["--help"], ["-h"]):
            out, err = self.command(*words)
            self.assertIn("dlq export", out)
            self.assertEqual(err, "")
        for words in (["run", "--help"], ["help", "run"], ["run", "x.sql", "-h"]):
            self.assertIn("usage: leat run SCRIPT.sql", self.command(*words)[0])
        for words in (["dlq", "--help"], ["help", "dlq"]):
            out = self.command(*words)[0]
            self.assertTrue("usage: leat dlq ls" in out and "usage: leat dlq show" in out, out)
        self.assertIn("leat.on-error", self.command("help", "settings")[0])
        self.assertRegex(self.command("--version")[0], r"^leat \d+\.\d+\.\d+ \(build [0-9a-f]+\)\n$")
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("leat", self.command("completion", shell)[0])

    def test_wrong_usage_is_2_and_names_the_nearest(self):
        for words, message in (
                ([], "usage: leat COMMAND"), (["rnu", "x"], "did you mean 'leat run'?"),
                (["dlq"], "leat dlq export"), (["dlq", "lss"], "did you mean 'leat dlq ls'?"),
                (["run"], "wants SCRIPT.sql"), (["run", "a", "b"], "unexpected 'b'"),
                (["run", "a", "--dta", "d"], "did you mean '--data'?"), (["run", "a", "--data"], "--data DIR"),
                (["sql", "--format", "xml"], "expected table, csv, json, changelog-json"),
                (["sql", "--late", "-e", "SELECT 1"], "--format changelog-json"),
                (["run", "nowhere.sql"], "cannot read 'nowhere.sql'"), (["run", "/"], "cannot read '/'"),
                (["help", "nonsense"], "`leat help` lists them")):
            out, err = self.command(*words, code=2)
            self.assertEqual(out, "", words)
            self.assertIn(message, err, words)

    def test_settings(self):
        for words in (["--set", "leat.on-eror=fail"], ["-e", "SET 'leat.on-eror' = 'fail'"]):
            self.assertIn("did you mean 'leat.on-error'?", self.command("sql", *words, "-e", "SELECT 1", code=2)[1])
        self.assertIn("expected KEY=VALUE", self.command("sql", "--set", "x", "-e", "SELECT 1", code=2)[1])
        self.assertIn("expected one of dead-letter|fail",
                      self.command("sql", "--set", "leat.on-error=maybe", "-e", "SELECT 1", code=2)[1])
        self.assertIn("no such time zone", self.command("sql", "--set", "table.local-time-zone=Mars/Olympus", "-e",
                                                        "SELECT 1", code=2)[1])
        # The command line is stronger than the script.
        out = self.command("sql", "--set", "parallelism.default=2", "-e", "SET 'parallelism.default' = '1'; SET",
                        "--format", "csv")[0]
        self.assertIn("parallelism.default,2\n", out)
        self.assertIn("leat.on-error,fail\n", out)

    def test_nothing_ran_yet(self):
        for words in (["job", "ls"], ["topic", "ls", "--data", "./leat-data"], ["dlq", "ls"], ["dlq", "export"],
                      ["job", "show", "x"]):
            out, err = self.command(*words, code=1)
            self.assertIn("there is no data directory './leat-data'", err)
            self.assertEqual(out, "")

    def test_completion_in_bash(self):
        self.write("complete.bash", """
          source <("$1" completion bash)
          COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMPREPLY=()
          _leat
          echo "${COMPREPLY[*]}"
        """)
        for words, offered in ((["dl"], "dlq"), (["dlq", "e"], "export"), (["sql", "--format", "c"], "csv changelog-json"),
                               (["dlq", "show", "--j"], "--json"), (["help", "sett"], "settings"), (["completion", "z"], "zsh"),
                               (["run", "x.sql", "--set", "leat.on"], "leat.on-error="), (["run", "compl"], "complete.bash")):
            done = subprocess.run(["bash", "complete.bash", program.LEAT, "leat", *words], cwd=self.folder,
                                  env=self.environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual((done.stdout.strip(), done.stderr), (offered, ""), words)

    def test_what_is_not_there_is_named(self):
        self.write("file", "")
        self.assertIn("'file' is no data directory", self.command("job", "ls", "--data", "file", code=1)[1])
        err = self.command("sql", "-e", TABLE + "SELECT * FROM orders", code=1)[1]
        self.assertIn("'path' = 'orders.ndjson': there is no such file", err)

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program.LEAT, "sql", "-e", "SELECT 1"], stdout=full, stderr=subprocess.PIPE,
                                  timeout=PATIENCE_SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left on device", done.stderr)


class Queries(CommandTest):
    def test_formats(self):
        row = {"d": "1.50", "t0": "2024-05-01 10:00:00", "t3": "2024-05-01 10:00:00.120", "day": "2024-05-01",
               "hour": "10:11:12", "bytes": base64.b64encode(b"\x00\xffA").decode(), "nan": "NaN", "inf": "Infinity",
               "minus_inf": "-Infinity", "nothing": None, "yes": True, "half": 2.5, "small": 7, "text": 'a,"b" '}
        self.assertEqual(json_lines(self.command("sql", "-e", VALUES, "--format", "json")[0]), [row])
        self.assertEqual(json_lines(self.command("sql", "-e", VALUES, "--format", "changelog-json")[0]),
                         [{"op": "+I", "row": row}])
        header, values = self.command("sql", "-e", VALUES, "--format", "csv")[0].splitlines()
        self.assertEqual(header, ",".join(row))
        self.assertTrue(values.startswith("1.50,2024-05-01 10:00:00,2024-05-01 10:00:00.120,2024-05-01,10:11:12,AP9B,"),
                        values)
        self.assertTrue(values.endswith(',NaN,Infinity,-Infinity,,TRUE,2.5,7,"a,""b"" "'), values)
        table = self.command("sql", "-e", "SELECT 1 AS n, 'é' AS t, X'00ff' AS b")[0]
        self.assertEqual(table, " n | t | b\n---+---+--------\n 1 | é | \\x00ff\n(1 row)\n")

    def test_nested_values(self):
        self.write("nested.ndjson", '{"r": {"a": 1, "b": ["x", null]}, "m": {"k": 1.5, "l": null}}\n')
        out = self.command("sql", "--format", "changelog-json", "-e", """
          CREATE TABLE t (r ROW<a INT, b ARRAY<STRING>>, m MAP<STRING, DOUBLE>)
          WITH ('connector' = 'filesystem', 'path' = 'nested.ndjson', 'format' = 'json'); SELECT * FROM t""")[0]
        self.assertEqual(json_lines(out), [
            {"op": "+I", "row": {"r": {"a": 1, "b": ["x", None]}, "m": {"k": 1.5, "l": None}}}])

    def test_scripts_from_files_words_and_standard_input(self):
        self.write("a.sql", "CREATE VIEW v AS SELECT 1 AS n;")
        self.assertEqual(self.command("sql", "-f", "a.sql", "-e", "SELECT n FROM v", "--format", "csv")[0], "n\n1\n")
        self.assertEqual(self.command("sql", "--format", "csv", stdin="SELECT 2 AS n; SELECT 3 AS n")[0], "n\n2\nn\n3\n")
        self.assertEqual(self.command("sql", "-f", "-", "--format", "csv", stdin="SELECT 4 AS n")[0], "n\n4\n")

    def test_wrong_sql_is_2_with_line_column_and_caret(self):
        for sql, message in (
                ("SELECT a\nFROM nowhere", "line 2, column 6: there is no table or view 'nowhere'\n  FROM nowhere\n       ^"),
                ("SELEC 1", "line 1, column 1: found 'SELEC', expected a statement"),
                ("SELECT SUM(1) OVER () FROM (VALUES (1)) AS t (a)", "unsupported: OVER"),
                ("SELECT 1 FROM (VALUES (1)) AS t (a) MATCH_RECOGNIZE (x)", "unsupported: MATCH_RECOGNIZE")):
            out, err = self.command("sql", "-e", sql, code=2)
            self.assertEqual(out, "")
            self.assertIn(message, err)
            self.assertRegex(err, r"line \d+, column \d+")
        self.write("bad.sql", "SELECT 1;\nSELECT )")
        self.assertIn("bad.sql: line 2, column 8", self.command("sql", "-f", "bad.sql", code=2)[1])

    def test_a_row_that_fails_ends_a_query_unless_told_otherwise(self):
        self.write("orders.ndjson", ORDERS)
        select = TABLE + "SELECT id, amount FROM orders;"
        err = self.command("sql", "-e", select, code=1)[1]
        self.assertIn("orders.ndjson:3", err)
        self.assertIn('"many"', err)
        out, err = self.command("sql", "-e", "SET 'leat.on-error' = 'dead-letter';" + select, "--format", "csv")
        self.assertEqual(out, "id,amount\n1,12.30\n2,7.00\n5,1.00\n6,3.00\n")
        self.assertIn("2 rows failed and were left out", err)
        # As in Flink, a column that no one reads is not decoded: only line 4 is bad then.
        out, err = self.command("sql", "--set", "leat.on-error=dead-letter", "-e", TABLE + "SELECT id FROM orders",
                             "--format", "csv")
        self.assertEqual(out, "id\n1\n2\n3\n5\n6\n")

    def test_a_time_of_the_other_standard_names_the_option(self):
        self.write("orders.ndjson", '{"id": 1, "at": "2024-05-01T10:00:01"}\n')
        self.assertIn("'json.timestamp-format.standard' = 'ISO-8601' would read it",
                      self.command("sql", "-e", TABLE + "SELECT at FROM orders", code=1)[1])

    def test_late_rows(self):
        self.write("orders.ndjson", ORDERS)
        words = ["sql", "--set", "leat.on-error=dead-letter", "-e", TABLE + WINDOWS, "--format", "changelog-json"]
        out, err = self.command(*words)
        windows = [{"op": "+I", "row": {"window_start": "2024-05-01 10:00:00", "n": 2, "total": "19.30"}},
                   {"op": "+I", "row": {"window_start": "2024-05-01 10:10:00", "n": 1, "total": "1.00"}}]
        self.assertEqual(json_lines(out), windows)
        self.assertIn("1 row came too late", err)
        late = {"late": True, "row": {"id": 6, "at": "2024-05-01 09:00:05", "amount": "3.00"},
                "window_start": "2024-05-01 09:00:00", "window_end": "2024-05-01 09:01:00"}
        self.assertCountEqual(json_lines(self.command(*words, "--late")[0]), windows + [late])

    def test_changes_and_their_last_state(self):
        query = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('b'), ('a')) AS t (k) GROUP BY k"
        changes = [(line["op"], line["row"]["k"], line["row"]["n"])
                   for line in json_lines(self.command("sql", "-e", query, "--format", "changelog-json")[0])]
        self.assertEqual(changes, [("+I", "a", 1), ("+I", "b", 1), ("-U", "a", 1), ("+U", "a", 2)])
        self.assertEqual(self.command("sql", "-e", query, "--format", "csv")[0], "k,n\na,2\nb,1\n")

    def test_a_query_that_is_stopped_before_its_end_has_failed(self):
        query = self.start("sql", "-e", COUNTED + "SELECT id FROM numbers", "--format", "csv")
        query.stdout.readline()
        query.send_signal(signal.SIGTERM)
        _, err = self.rest_of(query)
        self.assertEqual(query.returncode, 1)
        self.assertIn(b"stopped: the result is not complete", err)

    def test_an_endless_query_ends_when_asked(self):
        query = self.start("sql", "-e", ENDLESS + "SELECT id FROM clicks", "--format", "csv")
        self.assertEqual([query.stdout.readline() for _ in range(3)], [b"id\n", b"7\n", b"7\n"])
        query.send_signal(signal.SIGINT)
        _, err = self.rest_of(query)
        self.assertEqual(query.returncode, 0)
        self.assertIn(b"stopped: the result is not complete", err)


class Jobs(CommandTest):
    def test_a_job_from_its_start_to_its_dead_letters(self):
        self.write("orders.ndjson", ORDERS)
        self.write("hourly totals.sql", JOB)
        out, err = self.command("run", "hourly totals.sql", "--report", "report.json")
        self.assertEqual(out, "")
        self.assertIn("Balanced: rows in = passed + filtered + late + dead", err)
        self.assertIn("leat: job 'hourly-totals': 6 rows in, 2 out, 0 filtered, 1 late, 0 partly late, 2 dead", err)
        report = json.loads(self.read("report.json"))
        self.assertEqual({key: report[key] for key in ("rows_in", "rows_out", "filtered", "late", "partly_late", "dead")},
                         {"rows_in": 6, "rows_out": 2, "filtered": 0, "late": 1, "partly_late": 0, "dead": 2})
        self.assertTrue(report["balanced"] and report["operators"])
        for key in ("checkpoints", "seconds", "cpu_seconds", "peak_rss_bytes"):
            self.assertGreater(report[key], 0, key)

        self.assertIn("has finished already", self.command("run", "hourly totals.sql")[1])
        groups = json_lines(self.command("dlq", "ls", "--json")[0])
        self.assertCountEqual([(group["class"], group["count"]) for group in groups],
                              [("data", 1), ("data", 1), ("late", 1)])
        letters = json_lines(self.command("dlq", "export")[0])
        for letter in letters:
            for field in ("id", "topic", "partition", "offset", "job", "table", "file", "line", "class", "reason", "message",
                          "operator", "retries", "first_failure", "last_failure", "headers", "key", "value"):
                self.assertIn(field, letter)
            self.assertEqual(letter["value"], ORDERS.splitlines()[letter["line"] - 1])
            self.assertEqual((letter["topic"], letter["job"]), ("dlq.hourly-totals.orders", "hourly-totals"))
            self.assertIn(letter["value"], self.command("dlq", "show", letter["id"])[0])
        late = [letter for letter in letters if letter["class"] == "late"]
        self.assertEqual([(row["watermark"], row["late_ms"], row["windows"]) for row in late],
                         [("2024-05-01 10:05:00", 3895000, [["2024-05-01 09:00:00", "2024-05-01 09:01:00"]])])
        self.assertEqual(json_lines(self.command("dlq", "export", "--class", "late")[0]), late)
        values = self.command("topic", "read", "dlq.hourly-totals.orders", *DATA)[0].splitlines()
        self.assertCountEqual(values, [letter["value"] for letter in letters])
        self.assertIn("did you mean 'dlq.hourly-totals.orders'?",
                      self.command("topic", "read", "dlq.hourly-totals.order", *DATA, code=1)[1])
        self.assertIn("state           finished", self.command("job", "show", "hourly-totals")[0])
        self.assertEqual([job["job"] for job in json_lines(self.command("job", "ls", "--json")[0])], ["hourly-totals"])

    def test_topics(self):
        self.write("orders.ndjson", ORDERS)
        self.write("job.sql", JOB)
        self.command("run", "job.sql")
        topics = json_lines(self.command("topic", "ls", "--json", *DATA)[0])
        self.assertEqual([topic["topic"] for topic in topics], ["dlq.job.orders", "job.job"])
        self.assertIn("dlq.job.orders", self.command("topic", "describe", "dlq.job.orders", *DATA)[0])
        read = ["topic", "read", "dlq.job.orders", *DATA]
        records = json_lines(self.command(*read, "--json")[0])
        self.assertEqual([record["offset"] for record in records], [0, 1, 2])
        self.assertEqual(json_lines(self.command(*read, "--json", "--from", "1", "--max", "1")[0]), records[1:2])
        self.assertEqual(self.command(*read, "--from", "latest")[0], "")
        self.assertIn("from an offset, not from a time", self.command(*read, "--from", "2024-02-29", code=1)[1])
        self.assertIn("for the topics of a cluster", self.command(*read, "--follow", code=2)[1])
        self.assertEqual(records[0]["headers"]["__dlq.errors.topic"], "orders")
        self.assertIn("has no partition 7", self.command(*read, "--partition", "7", code=2)[1])

    def test_explain(self):
        self.write("job.sql", JOB)
        out = self.command("explain", "job.sql")[0]
        self.assertTrue(out.startswith("INSERT INTO totals\n"), out)
        self.assertIn("TUMBLE(size=[1 min])", out)
        self.write("bad.sql", "SELECT")
        self.assertIn("bad.sql: line 1", self.command("explain", "bad.sql", code=2)[1])

    def test_where_it_keeps_things_and_what_it_is_called(self):
        self.write("orders.ndjson", ORDERS)
        self.write("job.sql", JOB)
        self.command("run", "job.sql", LEAT_DATA="elsewhere")
        self.command("run", "job.sql", "--data", "here", "--job", "named", LEAT_DATA="elsewhere")
        self.assertEqual(json.loads(self.command("job", "ls", "--json", LEAT_DATA="elsewhere")[0])["job"], "job")
        self.assertEqual(json.loads(self.command("job", "ls", "--json", "--data", "here")[0])["job"], "named")
        self.command("run", "-", "--data", "stdin", stdin="SET 'pipeline.name' = 'piped';" + JOB)
        self.assertEqual(json.loads(self.command("job", "ls", "--json", "--data", "stdin")[0])["job"], "piped")
        self.assertIn("choose another with --job", self.command("run", "job.sql", "--job", "a b", code=2)[1])

    def test_what_a_script_asks_is_answered(self):
        self.write("orders.ndjson", ORDERS)
        self.write("job.sql", JOB + "SHOW TABLES;")
        self.assertIn(" orders\n totals\n(2 rows)\n", self.command("run", "job.sql")[0])

    def test_a_row_that_fails_ends_the_job_if_it_shall(self):
        self.write("orders.ndjson", ORDERS)
        self.write("job.sql", JOB)
        self.assertIn("orders.ndjson:3", self.command("run", "job.sql", "--set", "leat.on-error=fail", code=1)[1])

    def test_wrong_scripts_are_2_and_nothing_is_made(self):
        for sql, message in (("SELECT 1;", "nowhere to print a SELECT"), ("SET 'leat.on-error' = 'fail';", "no INSERT INTO"),
                             (JOB.replace("SUM(", "SUMM("), "line 6, column 56")):
            self.write("job.sql", sql)
            self.assertIn(message, self.command("run", "job.sql", code=2)[1])
            self.assertIn("there is no data directory", self.command("job", "ls", code=1)[1])

    def test_stopped_it_goes_on(self):
        """Also when the signal comes while it waits for the reader of its output, who then reads on."""
        self.write("numbers.sql", "SET 'execution.checkpointing.interval' = '50 ms';" + COUNTED + """
          CREATE TABLE copy (id BIGINT) WITH ('connector' = 'print');
          INSERT INTO copy SELECT id FROM numbers;""")
        seen = []
        for stop in (signal.SIGTERM, signal.SIGINT):
            job = self.start("run", "numbers.sql")
            for _ in range(100):
                seen.append(job.stdout.readline())
            self.assertIn("is in use", self.command("run", "numbers.sql", code=1)[1])
            job.send_signal(stop)
            out, err = self.rest_of(job)
            seen += out.splitlines(keepends=True)
            self.assertEqual(job.returncode, 0, err)
            self.assertIn(b"stopped; run the same command to go on", err)
        self.assertEqual(seen, [b"+I[%d]\n" % number for number in range(1, len(seen) + 1)])


if __name__ == "__main__":
    program.main()
