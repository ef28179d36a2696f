"""`leat serve` for the tests beside this file: started for each, ended with it."""
import re
import subprocess

import program
from command import CommandTest

TIMEOUT_S = 60


class ServedTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.serve()

    def serve(self, *options, listen="127.0.0.1:0"):
        self.server = subprocess.Popen([program.LEAT, "serve", "--data", "data", "--listen", listen, *options],
                                       cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, self.server)
        self.said = ""
        while True:
            line = self.server.stderr.readline()
            self.said += line
            self.assertTrue(line, "the server ended")
            if found := re.search(r"serving Kafka clients on (127\.0\.0\.1:\d+)", line):
                self.address = found[1]
                return

    @staticmethod
    def end(server):
        if server.poll() is None:
            server.kill()
            server.wait()
        server.stderr.close()

    def kcat(self, *words, send=None):
        done = subprocess.run(["kcat", "-b", self.address, *words], input=send, capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def environment(self, **more):
        return super().environment(LEAT_BOOTSTRAP=self.address, **more)

    def out(self, *words, **how):
        return self.command(*words, **how)[0]

    def err(self, *words, **how):
        return self.command(*words, **how)[1]
