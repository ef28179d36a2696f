#!/usr/bin/env python3
"""Rows that are no rows: none ends a job or hangs it, each is a dead letter with its bytes, and the others count.

usage: bad_rows_test.py LEAT
"""
import base64
import random

import program
from program import OUT, events

GOOD = b'{"id": 1, "name": "a", "amount": 1.5, "event_time": "2001-01-01 00:00:00"}'
LAST = GOOD.replace(b'"id": 1', b'"id": 2')


def payload(letter):
    if "value_base64" in letter:
        return base64.b64decode(letter["value_base64"])
    return letter["value"].encode()


class BadJson(program.ProgramTest):
    def check(self, bad, reason, script=OUT):
        """A bad row between two good ones."""
        self.write("in/a.json", GOOD + b"\n" + bad + b"\n" + LAST + b"\n")
        run = self.finish(events() + script)
        self.assertEqual([row["id"] for row in self.rows()], [1, 2])
        letters = self.letters()
        self.assertEqual([(payload(x), x["reason"], x["line"], x["class"]) for x in letters],
                         [(bad, reason, 2, "data")])
        self.assertTrue(letters[0]["message"])
        self.assertEqual((run.report["rows_in"], run.report["dead"], run.report["rows_out"]), (3, 1, 2))

    def test_truncated(self):
        self.check(b'{"id": 1, "name": "a', "json.invalid")

    def test_truncated_after_a_value(self):
        self.check(b'{"id": 1, "name": "a"', "json.invalid")

    def test_truncated_in_a_column_that_nobody_reads(self):
        self.check(b'{"id": 1, "name": "a", "amount": [1, 2', "json.invalid")

    def test_wrong_type(self):
        self.check(b'{"id": "x", "name": "a"}', "json.type")

    def test_object_for_a_number(self):
        self.check(b'{"id": {"a": 1}, "name": "a"}', "json.type")

    def test_number_out_of_range(self):
        self.check(b'{"id": 9223372036854775808, "name": "a"}', "json.type")

    def test_huge_exponent(self):
        self.check(b'{"id": 1e999999999, "name": "a"}', "json.type")

    def test_no_object(self):
        self.check(b'[]', "json.invalid")

    def test_scalar(self):
        self.check(b'17', "json.invalid")

    def test_two_objects(self):
        self.check(b'{"id": 3} {"id": 4}', "json.invalid")

    def test_invalid_utf8(self):
        self.check(b'{"id": 3, "name": "\xff\xfe"}', "utf8.invalid")

    def test_invalid_utf8_in_a_column_that_nobody_reads(self):
        self.check(b'{"id": 3, "name": "a", "more": "\xc3"}', "utf8.invalid")

    def test_utf16(self):
        self.check('{"id": 3}'.encode("utf-16-le"), "json.invalid")

    def test_nul_in_a_string(self):
        self.check(b'{"id": 3, "name": "a\0b"}', "json.invalid")

    def test_nul_between(self):
        self.check(b'{"id": 3,\0 "name": "a"}', "json.invalid")

    def test_only_nuls(self):
        self.check(b"\0" * 100, "json.invalid")

    def test_bad_escape(self):
        self.check(b'{"id": 3, "name": "\\x"}', "json.invalid")

    def test_bad_escape_in_a_key(self):
        self.check(b'{"\\uZZZZ": 3, "name": "a"}', "json.invalid")

    def test_lone_surrogate(self):
        self.check(b'{"id": 3, "name": "\\ud800"}', "json.invalid")

    def test_byte_order_mark_in_the_middle(self):
        self.check(b'\xef\xbb\xbf{"id": 3}', "json.invalid")

    def test_deep_arrays_not_closed(self):
        self.check(b'{"id": 3, "more": ' + b"[" * 10000, "json.invalid")

    def test_deep_objects_not_closed(self):
        self.check(b'{"a":' * 10000, "json.invalid")

    def test_very_deep(self):
        self.check(b'{"id": 3, "more": ' + b"[" * 3_000_000 + b"}" * 3_000_000, "json.invalid")

    def test_deep_nesting_read_as_text(self):
        self.check(b'{"id": 3, "name": ' + b"[" * 10000 + b"]" * 10000 + b"}", "json.invalid")

    def test_brackets_that_do_not_fit(self):
        self.check(b'{"id": 3, "more": [1, 2}', "json.invalid")

    def test_brackets_that_do_not_fit_deep_inside(self):
        self.check(b'{"id": 3, "more": {"a": [{"b": 1]}]}}', "json.invalid")

    def test_event_time_that_is_null(self):
        script = """CREATE TABLE out_rows (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
            INSERT INTO out_rows SELECT id FROM events;"""
        self.write("in/a.json", GOOD + b'\n{"id": 7}\n{"id": 8, "event_time": "yesterday"}\n' + LAST)
        self.finish(events(columns=", WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND") + script)
        self.assertEqual([row["id"] for row in self.rows()], [1, 2])
        self.assertEqual([x["reason"] for x in self.letters()], ["event_time.null", "json.type"])

    def test_expression_that_fails(self):
        script = """CREATE TABLE out_rows (id BIGINT, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
            INSERT INTO out_rows SELECT id, CAST(name AS INT) / (id - 5) FROM events WHERE 10 / id > 0;"""
        bad = [b'{"id":5,"name":"7"}', b'{"id":6,"name":"x"}', b'{"id":0,"name":"7"}']
        self.write("in/a.json", b'{"id":7,"name":"8"}\n' + b"\n".join(bad) + b'\n{"id":99,"name":"1"}\n')
        run = self.finish(events() + script)
        self.assertEqual(self.rows(), [{"id": 7, "n": 4}])
        self.assertEqual(sorted(map(payload, self.letters())), sorted(bad))
        self.assertEqual((run.report["filtered"], run.report["dead"]), (1, 3))


class OddJson(program.ProgramTest):
    """What looks bad and is not."""

    def check(self, content, want, script=OUT):
        self.write("in/a.json", content)
        run = self.finish(events() + script)
        self.assertEqual([(row["id"], row["name"]) for row in self.rows()], want)
        self.assertEqual(self.letters(), [])
        return run

    def test_byte_order_mark(self):
        self.check(b"\xef\xbb\xbf" + GOOD + b"\n" + LAST + b"\n", [(1, "a"), (2, "a")])

    def test_only_a_byte_order_mark(self):
        self.check(b"\xef\xbb\xbf", [])

    def test_carriage_returns(self):
        self.check(GOOD + b"\r\n" + LAST + b"\r\n", [(1, "a"), (2, "a")])

    def test_empty_lines(self):
        run = self.check(b"\n\n" + GOOD + b"\n  \n\r\n\n" + LAST + b"\n\n", [(1, "a"), (2, "a")])
        self.assertEqual(run.report["rows_in"], 2)

    def test_no_line_end(self):
        self.check(GOOD + b"\n" + LAST, [(1, "a"), (2, "a")])

    def test_empty_file(self):
        self.check(b"", [])

    def test_missing_fields(self):
        self.check(b"{}\n" + b'{"name": "b"}\n{"id": null, "name": null}', [(None, None), (None, "b"), (None, None)])

    def test_duplicated_keys(self):
        self.check(b'{"id": 1, "id": 2, "name": "a", "name": null}\n{"id": null, "id": 3, "name": "c"}',
                   [(2, None), (3, "c")])

    def test_keys_in_any_order_and_escaped(self):
        self.check(b'{"name": "a", "id": 1}\n{"n\\u0061me": "b", "\\u0069d": 2, "": 0}', [(1, "a"), (2, "b")])

    def test_wrong_type_in_a_column_that_nobody_reads(self):
        self.check(b'{"id": 1, "name": "a", "amount": {}, "event_time": 17}', [(1, "a")])

    def test_escapes(self):
        self.check(b'{"id": 1, "name": "\\u00e9\\ud83d\\ude00\\n\\u0000"}', [(1, "\u00e9\U0001f600\n\0")])

    def test_deep_nesting(self):
        deep = b"[" * 10000 + b"]" * 10000
        self.check(b'{"id": 1, "more": ' + deep + b', "name": "a"}', [(1, "a")])

    def test_very_deep(self):
        deep = b"[" * 3_000_000 + b"]" * 3_000_000
        self.check(b'{"id": 1, "more": ' + deep + b', "name": "a"}', [(1, "a")])

    def test_deep_objects(self):
        deep = b'{"a":' * 10000 + b"1" + b"}" * 10000
        self.check(b'{"id": 1, "more": ' + deep + b', "name": "a"}', [(1, "a")])

    def test_nesting_read_as_text(self):
        deep = "[" * 999 + "]" * 999
        self.check(f'{{"id": 1, "name": {deep}}}'.encode(), [(1, deep)])

    def test_many_keys(self):
        keys = b", ".join(b'"k%d": %d' % (i, i) for i in range(100_000))
        self.check(b"{" + keys + b', "id": 1, "name": "a"}', [(1, "a")])


class BadCsv(program.ProgramTest):
    def check(self, content, want, bad=(), options=""):
        self.write("in/a.csv", content)
        self.finish(events(fmt="csv", options=options) + OUT, "--fresh")
        self.assertEqual([(row["id"], row["name"]) for row in self.rows()], want)
        self.assertEqual([(payload(x), x["line"], x["reason"]) for x in self.letters()], list(bad))

    def test_fields(self):
        self.check(b"1,a,1.5,2001-01-01 00:00:00\n1,a\n2,b,1,2001-01-01 00:00:00,5\n3,c,,\n", [(1, "a"), (3, "c")],
                   [(b"1,a", 2, "csv.fields"), (b"2,b,1,2001-01-01 00:00:00,5", 3, "csv.fields")])

    def test_types(self):
        self.check(b"x,a,,\n1,a,no number,no time\n99999999999999999999,a,,\n", [(1, "a")],
                   [(b"x,a,,", 1, "csv.type"), (b"99999999999999999999,a,,", 3, "csv.type")])

    def test_quotes(self):
        self.check(b'1,"a\nb",,\r\n2,"say ""hi""",,\n3,"",,', [(1, "a\nb"), (2, 'say "hi"'), (3, "")])

    def test_quote_that_does_not_close(self):
        rows = b"".join(b"%d,b,,\n" % i for i in range(2, 50))
        self.check(b'1,"a,,\n' + rows, [(i, "b") for i in range(2, 50)], [(b'1,"a,,', 1, "csv.quote")])

    def test_quote_that_another_field_would_close(self):
        """The first of them is a stray one: what it stands in is a bad row, and no others are."""
        self.check(b'1,"a,,\n2,b,,\n3,"c",,\n4,"d\ne",,\n', [(2, "b"), (3, "c"), (4, "d\ne")],
                   [(b'1,"a,,', 1, "csv.quote")])

    def test_quotes_across_blocks(self):
        """Line ends and doubled quotes in fields, wherever a block of the file ends."""
        text = ['l\n"%d"\n' % i + "x" * (i % 61) for i in range(30_000)]
        self.check("".join('%d,"%s",,\r\n' % (i, t.replace('"', '""')) for i, t in enumerate(text)).encode(),
                   list(enumerate(text)))

    def test_text_behind_a_quote(self):
        self.check(b'1,"a"b,,\n2,b,,\n', [(2, "b")], [(b'1,"a"b,,', 1, "csv.quote")])

    def test_bytes(self):
        self.check(b"1,\xff,,\n2,a\0b,,\n3,c,,", [(2, "a\0b"), (3, "c")], [(b"1,\xff,,", 1, "utf8.invalid")])

    def test_byte_order_mark(self):
        self.check(b"\xef\xbb\xbf1,a,,\n2,b,,\n", [(1, "a"), (2, "b")])
        self.check(b'\xef\xbb\xbf"1","a\nb",,\n2,b,,\n', [(1, "a\nb"), (2, "b")])

    def test_only_a_header(self):
        self.check(b"id,name,amount,event_time\n", [], [(b"id,name,amount,event_time", 1, "csv.type")])

    def test_comments(self):
        self.check(b"# 1\n1,a,,\n", [(1, "a")], options=", 'csv.allow-comments' = 'true'")


class Mutations(program.ProgramTest):
    """Lines with bytes changed at random: each is a row or a letter with its bytes, however the work is cut."""
    SEED = 20010911
    ROWS = 4000

    def mutated(self, rng, line, fmt):
        line = bytearray(line)
        for _ in range(rng.choice([0, 0, 1, 1, 2, 5])):
            at = rng.randrange(len(line))
            kind = rng.randrange(4)
            if kind == 0:
                line[at] = rng.randrange(256)
            elif kind == 1:
                del line[at:at + rng.randrange(1, 8)]
            elif kind == 2:
                line[at:at] = bytes([rng.choice(b'{}[]",:\\ \t0x\xff\xc3\0-e')])
            else:
                line[at:at] = line[at:at + rng.randrange(1, 30)]
            line = line or bytearray(b"x")
        # What would end a line, or in CSV make one of several.
        return bytes(line).translate(bytes.maketrans(b"\n\r", b"??") if fmt == "json" else bytes.maketrans(b'\n\r"', b"???"))

    def check(self, fmt, make_line):
        rng = random.Random(self.SEED)
        rows = [self.mutated(rng, make_line(i), fmt) for i in range(self.ROWS)]
        rows = [row if row.strip() else b"x" for row in rows]
        self.write("in/a", b"\n".join(rows))
        want = None
        for batch_rows, threads in ((1024, 1), (1, 1), (7, 2)):
            settings = f"SET 'leat.batch-rows' = '{batch_rows}'; SET 'parallelism.default' = '{threads}';"
            run = self.finish(settings + events(fmt=fmt) + OUT, "--fresh")
            letters = [(x["line"], payload(x), x["reason"]) for x in self.letters()]
            got = self.rows(), letters
            self.assertEqual(got, want or got)
            want = got
            self.assertEqual(run.report["rows_in"], len(rows))
            self.assertEqual(len(self.rows()) + len(letters), len(rows))
            self.assertGreater(len(letters), 100)
            for line, value, _ in letters:
                self.assertEqual(value, rows[line - 1])

    def test_json(self):
        self.check("json", lambda i: b'{"id": %d, "name": "n\\u00e9 %d", "amount": %d.5, "more": {"a": [1, {}, "x"]}}' % (i, i, i))

    def test_csv(self):
        self.check("csv", lambda i: b"%d,n%d,%d.5,2001-01-01 00:00:00" % (i, i, i))


class LongLines(program.ProgramTest):
    def test_fifty_megabytes_are_read(self):
        long = b"x" * (50 << 20)
        self.write("in/a.json", GOOD + b'\n{"id": 5, "more": "' + long + b'", "name": "b"}\n' + LAST + b"\n")
        run = self.finish(events() + OUT)
        self.assertEqual([row["id"] for row in self.rows()], [1, 5, 2])
        self.check_memory(run, 300 << 20)

    def test_fifty_megabytes_that_are_no_row(self):
        long = b"x" * (50 << 20)
        self.write("in/a.json", GOOD + b"\n" + long + b"\n" + LAST + b"\n")
        self.finish(events() + OUT)
        self.assertEqual([row["id"] for row in self.rows()], [1, 2])
        letters = self.letters()
        self.assertEqual([(x["reason"], x["line"]) for x in letters], [("json.invalid", 2)])
        self.assertEqual(payload(letters[0]), long)

    def test_longer_than_anybody_reads(self):
        """One letter with the line's beginning; what follows the line is read."""
        with open(self.write("in/a.json", GOOD + b"\n"), "ab") as file:
            for _ in range(150):
                file.write(b"y" * (1 << 20))
            file.write(b"\n" + LAST + b"\n")
        run = self.finish(events() + OUT)
        self.assertEqual([row["id"] for row in self.rows()], [1, 2])
        letters = self.letters()
        self.assertEqual([(x["reason"], x["line"], x["class"]) for x in letters], [("line.too.long", 2, "data")])
        self.assertIn(str(150 << 20), letters[0]["message"])
        self.assertEqual(set(payload(letters[0])), {ord("y")})
        self.assertEqual((run.report["rows_in"], run.report["dead"]), (3, 1))
        self.check_memory(run, 300 << 20)

    def test_many_long_lines(self):
        with open(self.write("in/a.json", b""), "ab") as file:
            for number in range(12):
                file.write(b'{"id": %d, "more": "' % number + b"z" * (10 << 20) + b'", "name": "b"}\n')
        run = self.finish(events() + OUT)
        self.assertEqual([row["id"] for row in self.rows()], list(range(12)))
        self.check_memory(run, 300 << 20)

    def test_file_without_any_line_end(self):
        with open(self.write("in/a.json", b""), "ab") as file:
            for _ in range(100):
                file.write(b"\0" * (1 << 20))
        self.finish(events() + OUT)
        self.assertEqual(len(self.letters()), 1)


if __name__ == "__main__":
    program.main()
