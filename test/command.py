"""Commands as their user has them: with standard input, an exit code, and nothing of the caller's environment."""
import os
import subprocess

import program

PATIENCE_SECONDS = program.TIMEOUT_S


class CommandTest(program.ProgramTest):
    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8", **more}

    def command(self, *arguments, stdin="", code=0, **environment):
        """Runs `leat ARGUMENTS` to its end, checks its exit code, and gives (standard output, standard error)."""
        done = subprocess.run([program.LEAT, *arguments], cwd=self.folder, env=self.environment(**environment),
                              input=stdin.encode(), capture_output=True, timeout=PATIENCE_SECONDS)
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, code, f"leat {' '.join(arguments)}\n{out}\n{err}")
        return out, err

    def start(self, *arguments, **environment):
        """Starts `leat ARGUMENTS` with pipes; it is killed when the test ends."""
        process = subprocess.Popen([program.LEAT, *arguments], cwd=self.folder, env=self.environment(**environment),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def rest_of(self, process):
        """What it still writes, after what the test has read; then it has ended."""
        out, err = process.stdout.read(), process.stderr.read()
        process.wait(PATIENCE_SECONDS)
        return out, err
