#!/usr/bin/env python3
"""hosted_jobs_test.py LEAT: jobs inside of `leat serve`: submitted, stopped, failed, and gone on with."""
import contextlib
import json
import os
import signal
import socket
import stat
import struct

import program
from program import events
from served import TIMEOUT_S, ServedTest

OUT = """
CREATE TABLE {name}_rows (id BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = '{name}', 'format' = 'json');
INSERT INTO {name}_rows SELECT id, name FROM events;
"""
WATCHED = ", 'source.monitor-interval' = '10 ms'"
FAST = "SET 'execution.checkpointing.interval' = '50 ms';\n"


def line(number):
    return json.dumps({"id": number, "name": f"n{number}", "amount": 1, "event_time": "2024-05-01 10:00:00"}) + "\n"


class HostedJobs(ServedTest):
    def script(self, name="out", folder="in", watched=True):
        return FAST + events(folder, options=WATCHED if watched else "") + OUT.format(name=name)

    def submit(self, name, script, *words, code=0):
        self.write(f"{name}.sql", script)
        return self.err("job", "submit", f"{name}.sql", "--data", "data", *words, code=code)

    def states(self):
        return {job["job"]: job["state"] for job in
                map(json.loads, self.out("job", "ls", "--data", "data", "--json").splitlines())}

    def wait_for(self, what):
        """Until it is so: each look is a process, so that nothing here is busy."""
        for _ in range(300):
            if what():
                return
            self.command("version")
        self.fail("it did not come")

    def ids(self, folder="out"):
        return [row["id"] for row in self.rows(folder)] if os.path.isdir(self.path(folder)) else []

    def test_submit_watch_stop_and_go_on(self):
        self.write("in/a.json", line(1))
        self.assertIn("job 'j' runs in the server", self.submit("j", self.script()))
        self.wait_for(lambda: self.ids() == [1])
        self.assertEqual(self.states(), {"j": "running"})
        self.assertIn("is running already", self.submit("j", self.script(), code=1))
        self.assertIn("stopped after 1 rows in", self.err("job", "stop", "j", "--data", "data"))
        self.assertEqual(self.states(), {"j": "stopped"})
        self.assertIn("no job 'j' is running here", self.err("job", "stop", "j", "--data", "data", code=1))
        self.write("in/b.json", line(2))
        self.submit("j", self.script())
        self.wait_for(lambda: self.ids() == [1, 2])

    def test_several_and_the_server_serves_on(self):
        for name in ("x", "y"):
            self.write(f"in-{name}/a.json", "".join(map(line, range(1000))))
            self.submit(name, self.script(name, f"in-{name}", watched=False))
        for name in ("x", "y"):
            self.wait_for(lambda: self.states().get(name) == "finished")
            self.assertEqual(len(self.ids(name)), 1000)
        self.assertIn("created topic", self.err("topic", "create", "t"))

    def test_one_that_fails_is_said_and_nothing_else_ends(self):
        self.write("in/a.json", line(1))
        self.submit("good", self.script())
        self.wait_for(lambda: self.ids() == [1])
        self.write("bad/a.json", "no json\n")
        strict = "SET 'leat.on-error' = 'fail';\n" + self.script("bad_out", "bad", watched=False)
        self.submit("bad", strict)
        self.wait_for(lambda: self.states().get("bad") == "failed")
        self.assertEqual(self.states(), {"good": "running", "bad": "failed"})
        self.assertIn("no topics", self.err("topic", "ls"))

    def test_what_cannot_run_is_refused(self):
        self.assertIn("no INSERT INTO", self.submit("j", "SHOW TABLES;\n", code=2))
        self.assertIn("nowhere to print a SELECT", self.submit("j", "SELECT 1;\n", code=2))
        self.assertIn("absent.sql", self.err("job", "submit", "absent.sql", "--data", "data", code=2))
        self.end(self.server)
        self.assertIn("no `leat serve` runs on the data directory 'data'", self.submit("j", self.script(), code=1))

    def test_the_end_of_the_server_is_a_checkpoint(self):
        self.write("in/a.json", "".join(map(line, range(100))))
        self.write("job.sql", self.script())
        self.end(self.server)
        self.serve("--run", "job.sql")
        self.wait_for(lambda: len(self.ids()) == 100)
        self.server.send_signal(signal.SIGTERM)
        self.assertIn("job 'job' stopped", self.server.stderr.read())
        self.assertEqual(self.server.wait(TIMEOUT_S), 0)
        self.write("in/b.json", line(100))
        self.serve("--run", "job.sql")
        self.wait_for(lambda: len(self.ids()) == 101)
        self.assertEqual(sorted(self.ids()), list(range(101)))

    def test_a_killed_server_loses_and_doubles_nothing(self):
        self.write("in/a.json", "".join(map(line, range(500))))
        self.write("job.sql", self.script())
        self.end(self.server)
        self.serve("--run", "job.sql")
        self.wait_for(lambda: len(self.ids()) >= 500)
        self.end(self.server)
        self.write("in/b.json", "".join(map(line, range(500, 1000))))
        self.serve("--run", "job.sql")
        self.wait_for(lambda: len(self.ids()) >= 1000)
        self.assertEqual(sorted(self.ids()), list(range(1000)))

    def test_what_was_submitted_goes_on_with_the_next_server(self):
        for name in ("kept", "stopped"):
            self.write(f"in-{name}/a.json", line(1))
            self.submit(name, self.script(name, f"in-{name}"), "--set", "execution.checkpointing.interval=30 ms")
            self.wait_for(lambda: self.ids(name) == [1])
        self.write("in-done/a.json", line(1))
        self.submit("done", self.script("done", "in-done", watched=False))
        self.wait_for(lambda: self.states().get("done") == "finished")
        self.wait_for(lambda: not os.path.exists(self.path("data", "broker", "jobs", "done.sql")))
        self.err("job", "stop", "stopped", "--data", "data")
        self.end(self.server)  # With SIGKILL.
        self.write("in-kept/b.json", line(2))
        self.write("in-stopped/b.json", line(2))
        self.serve()
        self.wait_for(lambda: self.ids("kept") == [1, 2])
        self.assertEqual(self.ids("stopped"), [1])
        self.assertEqual(self.states().get("kept"), "running")
        self.assertNotEqual(self.states().get("stopped"), "running")
        self.assertNotIn("done.sql", os.listdir(self.path("data", "broker", "jobs")))

    def test_a_kept_script_that_no_longer_runs_is_said(self):
        self.write("in/a.json", line(1))
        self.submit("j", self.script())
        self.end(self.server)
        self.write("data/broker/jobs/j.sql", "INSERT INTO nowhere SELECT 1;\n")
        self.serve()
        self.assertIn("job 'j' was submitted, and does not start: j.sql", self.said)

    def test_a_wrong_script_is_said_before_anything_is_served(self):
        self.end(self.server)
        self.write("job.sql", "INSERT INTO nowhere SELECT 1;\n")
        self.assertIn("job.sql", self.err("serve", "--data", "data", "--run", "job.sql", code=2))

    def test_the_door_is_for_the_servers_user_and_takes_any_bytes(self):
        door = self.path("data", "broker", "control")
        self.assertEqual(stat.S_IMODE(os.stat(door).st_mode), 0o600)
        for bytes_sent in (b"", b"\xff" * 100, struct.pack(">I", 8) + b"\xff" * 8, struct.pack(">II4s", 8, 4, b"nope")):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(door)
                client.sendall(bytes_sent)
                client.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionResetError):  # It hangs up with bytes unread.
                    client.recv(1000)
        self.write("in/a.json", line(1))
        self.submit("j", self.script())
        self.assertIn("created topic", self.err("topic", "create", "t"))


if __name__ == "__main__":
    program.main()
