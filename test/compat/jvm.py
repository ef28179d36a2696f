"""Programs of Apache Kafka's jars as children: run to their end, or in the background until they are stopped."""
import subprocess
import time

import kafka_jars

LIMIT_S = 120


def run(name, *words, send=None, limit_s=LIMIT_S):
    """(exit code, what it printed); a code of None: it did not end in time."""
    try:
        done = subprocess.run(kafka_jars.java(name, *words), input=send, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as late:
        return None, f"{late.stdout or b''}{late.stderr or b''}"
    return done.returncode, done.stdout + done.stderr


class Background:
    """A program that runs while the `with` block does; kill() is kill -9."""

    def __init__(self, log, name, *words):
        self.log, self.words = log, kafka_jars.java(name, *words)

    def __enter__(self):
        with open(self.log, "a", encoding="utf-8") as out:
            self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=out, stderr=out)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()


def until(holds, limit_s=LIMIT_S):
    """Whether it came true in time. Another program works: only looking tells."""
    end = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True
