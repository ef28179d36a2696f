#!/usr/bin/env python3
"""Dead letters, fact by fact: what `dlq ls`, `show` and `export` say, and what the records in the topics hold.

usage: letters_test.py LEAT
"""
import datetime
import json

import program
from program import OUT, events

EXPORTED = ["id", "topic", "partition", "offset", "job", "table", "file", "line", "class", "reason", "message", "operator",
            "retries", "first_failure", "last_failure", "headers", "key", "value"]
LATE = ["watermark", "late_ms", "windows"]
WINDOWS = """
CREATE TABLE out_rows (window_start TIMESTAMP(3), n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO out_rows SELECT window_start, COUNT(*)
FROM TABLE(HOP(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' HOUR, INTERVAL '2' HOUR))
GROUP BY window_start, window_end;
"""


def at(clock):
    return b'{"id": 1, "event_time": "2001-01-01 %s"}' % clock.encode()


class Letters(program.ProgramTest):
    def read_late(self):
        rows = [at("10:30:00"), at("12:30:00"), at("11:30:00"), at("09:59:59.999"), at("13:00:00.5")]
        self.write("in/a.json", b"\n".join(rows) + b"\n")
        run = self.finish(events(columns=", WATERMARK FOR event_time AS event_time") + WINDOWS)
        return rows, run

    def test_every_field_of_a_bad_row(self):
        self.write("in/a.json", '{"id": 1}\n{"id": "one \u00e9"}\n')
        before = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(seconds=1)
        self.finish(events() + OUT, "--job", "reader")
        letter, = self.letters()
        self.assertEqual(list(letter), EXPORTED)
        self.assertRegex(letter["id"], "^[0-9a-f]{32}$")
        self.assertEqual((letter["topic"], letter["partition"], letter["offset"]), ("dlq.reader.events", 0, 0))
        self.assertEqual((letter["job"], letter["table"]), ("reader", "events"))
        self.assertEqual((letter["file"], letter["line"]), ("in/a.json", 2))
        self.assertEqual((letter["class"], letter["reason"]), ("data", "json.type"))
        self.assertIn("one \u00e9", letter["message"])
        self.assertIn("id", letter["message"])
        self.assertEqual((letter["operator"], letter["retries"]), ("Source[events]", 0))
        first = datetime.datetime.fromisoformat(letter["first_failure"])
        self.assertTrue(before <= first <= datetime.datetime.fromisoformat(letter["last_failure"]))
        self.assertEqual((letter["key"], letter["value"]), (None, '{"id": "one \u00e9"}'))
        headers = letter["headers"]
        want = {"__dlq.errors.topic": "events", "__dlq.errors.partition": "0", "__dlq.errors.offset": "10",
                "__dlq.errors.group": "reader", "__dlq.errors.message": letter["message"],
                "__dlq.errors.delivery.count": "1", "__dlq.x.id": letter["id"], "__dlq.x.class": "data",
                "__dlq.x.reason": "json.type", "__dlq.x.file": "in/a.json", "__dlq.x.line": "2",
                "__dlq.x.operator": "Source[events]"}
        self.assertEqual({name: headers.get(name) for name in want}, want)
        self.assertTrue(headers["__dlq.x.build"])
        self.assertEqual(headers["__dlq.x.first.ms"], headers["__dlq.x.last.ms"])

    def test_bytes_that_are_no_text(self):
        self.write("in/a.json", b'\xff\0"\n')
        self.finish(events() + OUT)
        letter, = self.letters()
        self.assertEqual(list(letter), EXPORTED[:-1] + ["value_base64"])
        self.assertEqual(letter["value_base64"], "/wAi")

    def test_late_rows(self):
        """[9, 11) and [10, 12) are closed by 12:30; a row of 11:30 still counts in [11, 13)."""
        rows, run = self.read_late()
        partly, late = self.letters()
        self.assertEqual(list(partly), EXPORTED + LATE)
        self.assertEqual((partly["value"], late["value"]), (rows[2].decode(), rows[3].decode()))
        self.assertEqual((partly["class"], partly["reason"], partly["line"]), ("late", "late", 3))
        self.assertEqual((partly["watermark"], partly["late_ms"]), ("2001-01-01 12:30:00", 3_600_000))
        self.assertEqual(partly["windows"], [["2001-01-01 10:00:00", "2001-01-01 12:00:00"]])
        self.assertEqual(late["late_ms"], 9_000_001)
        self.assertEqual(late["windows"], [["2001-01-01 08:00:00", "2001-01-01 10:00:00"],
                                           ["2001-01-01 09:00:00", "2001-01-01 11:00:00"]])
        self.assertTrue(partly["operator"].startswith("WindowAggregate"))
        headers = late["headers"]
        self.assertEqual(headers["__dlq.x.late.ms"], "9000001")
        self.assertEqual(headers["__dlq.x.watermark.ms"], "978352200000")
        self.assertEqual(headers["__dlq.x.window"], "978336000000/978343200000,978339600000/978346800000")
        counts = {row["window_start"][11:13]: row["n"] for row in self.rows()}
        self.assertEqual(counts, {"09": 1, "10": 1, "11": 2, "12": 2, "13": 1})
        self.assertEqual((run.report["late"], run.report["partly_late"], run.report["dead"]), (1, 1, 0))

    def test_rows_that_were_copied_into_their_windows(self):
        """Grouping sets over a window function judge each copy; every letter is one of its own."""
        self.write("in/a.json", b"\n".join([at("10:30:00"), at("12:30:00"), at("09:59:59.999")]))
        grouped = WINDOWS.replace("GROUP BY window_start, window_end", "GROUP BY window_start, window_end, ROLLUP (id)")
        self.finish(events(columns=", WATERMARK FOR event_time AS event_time") + grouped)
        late = self.letters()
        self.assertEqual({x["value"] for x in late}, {at("09:59:59.999").decode()})
        self.assertEqual({x["windows"][0][0][11:13] for x in late}, {"08", "09"})
        self.assertEqual(len({(x["id"]) for x in late}), 2)

    def test_the_table_of_each_source(self):
        """A letter goes to the topic of the table that its row is of."""
        self.write("in/a.json", b"bad a\n")
        self.write("in2/b.json", b"bad b\n")
        more = events("in2").replace("TABLE events", "TABLE others")
        both = "INSERT INTO out_rows SELECT id, name FROM others;\n"
        self.finish(events() + more + OUT.replace("INSERT", "EXECUTE STATEMENT SET BEGIN INSERT") + both + "END;")
        self.assertEqual({(x["topic"], x["table"], x["value"]) for x in self.letters()},
                         {("dlq.job.events", "events", "bad a"), ("dlq.job.others", "others", "bad b")})
        topics = self.leat("topic", "ls", "--data", "data").stdout
        for topic in ("dlq.job.events", "dlq.job.others", "job.job"):
            self.assertIn(topic, topics)
        raw = self.leat("topic", "read", "dlq.job.others", "--data", "data")
        self.assertEqual(raw.stdout, "bad b\n")

    def test_tables_of_any_name(self):
        for name in ("a/b", "\u00fc x", "..", "q'q", "x" * 240, "two\nlines"):
            self.write("in/a.json", b'{"id": 1}\nbad\n')
            script = events().replace("TABLE events", f"TABLE `{name}`") + OUT.replace("out_rows", f"`{name}2`").replace(
                "FROM events", f"FROM `{name}`")
            self.finish(script, "--fresh")
            letter, = self.letters()
            self.assertEqual(letter["table"], name)
            self.assertRegex(letter["topic"], r"^dlq\.job\.[A-Za-z0-9._-]+$")
            self.assertEqual([row["id"] for row in self.rows()], [1])

    def test_two_sinks_that_could_be_one(self):
        """Two INSERTs into one directory, through tables whose names were made to meet."""
        self.write("in/a.json", b'{"id": 1}\n')
        table = "CREATE TABLE `{}` (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');"
        names = ("x.2", "x", "x-2", "x_2", "x/2")
        self.finish(events() + "".join(map(table.format, names)) + "EXECUTE STATEMENT SET BEGIN " + "".join(
            f"INSERT INTO `{name}` SELECT id FROM events;" for name in names) + "END;")
        self.assertEqual(len(self.rows()), len(names))

    def test_ls_groups(self):
        self.write("in/a.json", b'bad\n{"id": "x"}\nworse\n{"id": 1}\n')
        self.finish(events() + OUT)
        run = self.leat("dlq", "ls", "--data", "data", "--json")
        groups = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual([(g["job"], g["table"], g["class"], g["reason"], g["count"]) for g in groups],
                         [("job", "events", "data", "json.invalid", 2), ("job", "events", "data", "json.type", 1)])
        for group in groups:
            self.assertLessEqual(group["first"], group["last"])
        shown = self.leat("dlq", "ls", "--data", "data")
        for word in ("json.invalid", "json.type", "events", groups[0]["first"][:19]):
            self.assertIn(word, shown.stdout)
        only = self.leat("dlq", "export", "--data", "data", "--reason", "json.type")
        self.assertEqual([json.loads(line)["value"] for line in only.stdout.splitlines()], ['{"id": "x"}'])

    def test_show_says_everything(self):
        self.read_late()
        letter = self.letters()[1]
        run = self.leat("dlq", "show", letter["id"], "--data", "data")
        self.assertEqual(run.code, 0, run)
        for fact in ("id", "topic", "job", "table", "file", "class", "reason", "message", "operator", "value", "watermark"):
            self.assertIn(letter[fact], run.stdout, fact)
        for window in letter["windows"]:
            self.assertIn(window[0], run.stdout)
        as_json = self.leat("dlq", "show", letter["id"], "--data", "data", "--json")
        self.assertEqual(json.loads(as_json.stdout), letter)
        self.assertEqual(self.leat("dlq", "show", "0" * 32, "--data", "data").code, 1)

    def test_ids_are_those_of_the_rows(self):
        """The same run again gives the same letters; two equal rows are two letters."""
        self.write("in/a.json", b"bad\nbad\n")
        self.finish(events() + OUT)
        first = [x["id"] for x in self.letters()]
        self.finish(events() + OUT, "--fresh")
        self.assertEqual([x["id"] for x in self.letters()], first)
        self.assertEqual(len(set(first)), 2)

    def test_failing_on_the_first_bad_row(self):
        self.write("in/a.json", b'{"id": 1}\nbad\n')
        run = self.run_job("SET 'leat.on-error' = 'fail';" + events() + OUT)
        self.assertEqual(run.code, 1, run)
        self.assertIn("in/a.json:2", run.stderr)
        self.assertEqual(self.letters(), [])


class Ledger(program.ProgramTest):
    KEYS = ["rows_in", "rows_out", "filtered", "late", "partly_late", "dead", "checkpoints", "seconds", "cpu_seconds",
            "peak_rss_bytes"]

    def test_the_report(self):
        self.write("in/a.json", b'{"id": 1}\n{"id": 2}\nbad\n{"id": 3}\n')
        run = self.finish(events() + OUT.replace("FROM events", "FROM events WHERE id > 1"))
        self.assertLessEqual(set(self.KEYS), set(run.report))
        got = {key: run.report[key] for key in self.KEYS[:7]}
        self.assertEqual(got, {"rows_in": 4, "rows_out": 2, "filtered": 1, "late": 0, "partly_late": 0, "dead": 1,
                               "checkpoints": 1})
        self.assertGreater(run.report["peak_rss_bytes"], 1 << 20)
        self.assertGreater(run.report["seconds"], 0)
        self.assertGreater(run.report["cpu_seconds"], 0)
        for operator in run.report["operators"]:
            self.assertEqual(set(operator), {"name", *self.KEYS[:6]})
        by_name = {operator["name"]: operator for operator in run.report["operators"]}
        self.assertEqual(by_name["Source[events]"]["dead"], 1)
        self.assertEqual(by_name["out_rows"]["rows_in"], 2)
        for line in ("Source[events]", "Balanced", "4 rows in"):
            self.assertIn(line, run.stdout + run.stderr)


if __name__ == "__main__":
    program.main()
