#!/usr/bin/env python3
"""The program at a terminal: the prompt, the live line, widths and colours. usage: terminal_test.py LEAT [TEST...]"""
import fcntl
import os
import pty
import re
import select
import signal
import stat
import struct
import termios
import time

import program
from cli_test import ENDLESS, JOB, ORDERS, TABLE
from command import PATIENCE_SECONDS, CommandTest

CTRL_C, CTRL_D, TAB, UP = "\x03", "\x04", "\t", "\x1b[A"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program with a pseudo-terminal of its own, and someone who types there."""

    def __init__(self, words, folder, environment, columns):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
            os.chdir(folder)
            os.execve(words[0], words, environment)
        self.shown = ""  # All of it.
        self.seen = 0    # Up to where expect() found what it looked for.

    def type(self, text):
        os.write(self.fd, text.encode())

    def line(self, text):
        self.type(text + "\r")

    def more(self, deadline):
        """Reads what comes next; False at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise AssertionError(f"nothing more came after {self.shown[-2000:]!r}")
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # Linux says so when the other side is closed.
            data = b""
        self.shown += data.decode(errors="replace")
        return bool(data)

    def expect(self, pattern):
        """Waits until `pattern` is shown, after what was expected before."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.compile(pattern).search(self.shown, self.seen)):
            if not self.more(deadline):
                raise AssertionError(f"the program ended without {pattern!r}: {self.shown[-2000:]!r}")
        self.seen = found.end()
        return found

    def expect_prompt(self, prompt="leat> "):
        self.expect(prompt)
        self.settle()

    def settle(self):
        """Waits until keys are being read: one pressed before goes to the terminal's own editor, and Ctrl-C to nobody."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_reading():
            if time.monotonic() > deadline:
                raise AssertionError(f"nobody reads the keys after {self.shown[-2000:]!r}")
            os.sched_yield()

    def is_reading(self):
        with open(f"/proc/{self.pid}/syscall", encoding="ascii") as file:
            return file.read().split()[:2] in (["0", "0x0"], ["63", "0x0"])  # read(0, …) on x86-64, on ARM64

    def end(self):
        """Waits for the program's end and gives its exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.more(deadline):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # It has ended, and someone saw it.

    def close(self):
        self.kill()
        os.close(self.fd)


class TerminalTest(CommandTest):
    def terminal(self, *arguments, columns=80, **environment):
        environment = self.environment(**{"TERM": "xterm", **environment})
        terminal = Terminal([program.LEAT, *arguments], self.folder, environment, columns)
        self.addCleanup(terminal.close)
        return terminal

    def prompt(self, **options):
        terminal = self.terminal("sql", **options)
        terminal.expect_prompt()
        return terminal

    def leave(self, prompt):
        prompt.expect_prompt()
        prompt.type(CTRL_D)
        self.assertEqual(prompt.end(), 0)


class Prompt(TerminalTest):
    def test_statements_of_several_lines(self):
        prompt = self.prompt()
        prompt.line("SELECT 40 +")
        prompt.expect_prompt("   -> ")
        prompt.line("2 AS answer;")
        prompt.expect(r" answer\s+-+\s+42\s+\(1 row\)")
        prompt.expect_prompt()
        prompt.line("SELECT 'a")
        prompt.expect_prompt("   -> ")
        prompt.line("b' AS t;")
        prompt.expect(r"a\\nb\s+\(1 row\)")
        prompt.expect_prompt()
        prompt.line("quit")
        self.assertEqual(prompt.end(), 0)

    def test_errors_do_not_end_it(self):
        prompt = self.prompt()
        prompt.line("SELECT nothing;")
        prompt.expect("line 1, column 8")
        prompt.expect_prompt()
        prompt.line("\\nonsense")
        prompt.expect("no command")
        prompt.expect_prompt()
        prompt.line("SELECT 1 AS still_here;")
        prompt.expect(r"still_here\s+-+\s+1")
        self.leave(prompt)

    def test_backslash_commands_also_in_the_middle_of_a_statement(self):
        prompt = self.prompt()
        prompt.line(TABLE.replace("\n", " "))
        prompt.expect_prompt()
        prompt.line("SELECT COUNT(*) AS")
        prompt.expect_prompt("   -> ")
        prompt.line("\\d orders")
        prompt.expect(r"amount +\| DECIMAL\(10, 2\)")
        prompt.expect_prompt("   -> ")
        prompt.line("two FROM (VALUES (1), (2)) AS t (a);")
        prompt.expect(r"two\s+-+\s+2")
        prompt.expect_prompt()
        prompt.line("\\?")
        prompt.expect("TAB completes")
        prompt.expect_prompt()
        prompt.line("\\q")
        self.assertEqual(prompt.end(), 0)

    def test_ctrl_c_forgets_the_statement_and_ends_a_query(self):
        prompt = self.prompt()
        prompt.line("SELECT 1 AS forgotten,")
        prompt.expect_prompt("   -> ")
        prompt.type(CTRL_C)
        prompt.expect_prompt()
        prompt.line("SELECT 2 AS kept;")
        prompt.expect(r"kept\s+-+\s+2")
        prompt.expect_prompt()
        prompt.line(ENDLESS.replace("\n", " "))
        prompt.expect_prompt()
        prompt.line("SELECT id FROM clicks;")
        prompt.expect(r"\s7\s")  # Nobody reads then, and Ctrl-C is a signal.
        prompt.type(CTRL_C)
        prompt.expect("stopped: the result is not complete")
        prompt.expect_prompt()
        prompt.line("SELECT 3 AS after;")
        prompt.expect(r"after\s+-+\s+3")
        self.leave(prompt)

    def test_completion(self):
        prompt = self.prompt()
        prompt.line(TABLE.replace("\n", " ").replace("orders ", "orders_of_may "))
        prompt.expect_prompt()
        for typed, completed in (("SELECT amo", "unt"), ("SELECT * FROM orders_", "of_may"), ("selec", "t"), ("CUMUL", "ATE"),
                                 ("SELECT char_le", "ngth"), ("SET 'leat.on", "-error'")):
            prompt.type(typed + TAB)
            prompt.expect(re.escape(typed) + ".*?" + re.escape(completed))
            prompt.settle()
            prompt.type(CTRL_C)
            prompt.expect_prompt()
        prompt.type("SET 'table.exec.mini-batch." + TAB + TAB)
        for name in ("allow-latency", "enabled"):  # From above to below, perhaps beside others.
            prompt.expect("mini-batch." + name)

    def test_history(self):
        prompt = self.prompt()
        prompt.line("SELECT 'remember me'")
        prompt.expect_prompt("   -> ")
        prompt.line("AS line;")
        prompt.expect_prompt()
        path = os.path.join(self.folder, ".leat_history")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        prompt.kill()  # As if the terminal was closed.
        prompt = self.prompt()
        prompt.type(UP)
        prompt.expect("SELECT 'remember me' AS line;")
        prompt.type("\r")
        prompt.expect(r" line\s+-+\s+remember me")
        self.leave(prompt)


class Display(TerminalTest):
    def test_the_live_line_fits_and_goes_away(self):
        self.write("clicks.sql", "SET 'execution.checkpointing.interval' = '50 ms';" + ENDLESS + """
          CREATE TABLE copy (id BIGINT) WITH ('connector' = 'blackhole');
          INSERT INTO copy SELECT id FROM clicks;""")
        for columns in (200, 80, 30):
            job = self.terminal("run", "clicks.sql", "--fresh", columns=columns)
            wanted = {200: r"rows/s · watermark .* behind the clock · 0 late · 0 dead · state .* · checkpoint [1-9]",
                      80: r"/s · .* · 0 late · 0 dead · .* · #[1-9]", 30: r"/s · 0 late · 0 dead"}
            job.expect(wanted[columns])
            job.type(CTRL_C)
            self.assertEqual(job.end(), 0)
            live, rest = job.shown.rsplit("\r\x1b[K", 1)
            for line in live.split("\r"):
                self.assertLess(len(ESCAPES.sub("", line).replace("^C", "")), columns, repr(line))
            self.assertIn("Balanced", rest)
            self.assertIn("stopped; run the same command to go on", rest.replace("\r\n", "\n"))

    def test_no_live_line_and_no_colour_in_a_pipe(self):
        self.write("orders.ndjson", ORDERS)
        self.write("job.sql", JOB)
        out, err = self.command("run", "job.sql", TERM="xterm")
        self.assertNotIn("\x1b", out + err)
        self.assertNotIn("\r", out + err)

    def test_colours_only_where_they_are_wanted(self):
        for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True),
                                      ({"TERM": "dumb"}, False)):
            failed = self.terminal("sql", "-e", "SELECT nothing", **environment)
            self.assertEqual(failed.end(), 2)
            self.assertEqual("\x1b[31m" in failed.shown, coloured, environment)

    def test_rows_that_are_too_wide_become_records(self):
        sql = "SELECT 1 AS n, 'a text of some length' AS words"
        shown = self.terminal("sql", "-e", sql, columns=80)
        self.assertEqual(shown.end(), 0)
        self.assertIn(" n | words\r\n", shown.shown)
        shown = self.terminal("sql", "-e", sql, columns=24)
        self.assertEqual(shown.end(), 0)
        self.assertEqual(shown.shown, "-[ row 1 ]-\r\n n     | 1\r\n words | a text of some length\r\n(1 row)\r\n")


if __name__ == "__main__":
    program.main()
