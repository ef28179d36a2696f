"""Runs one program and says what it cost."""
import dataclasses
import os
import platform
import re
import subprocess
import sys
import time


@dataclasses.dataclass
class Cost:
    wall_s: float
    cpu_s: float  # User and system, of the program and everything it waited for.
    peak_mb: float

    def better(self, other):
        """The least of each: what disturbs a run only ever adds."""
        return Cost(*map(min, dataclasses.astuple(self), dataclasses.astuple(other)))


def measure(command, log, env=None):
    """The cost of a command whose output goes to the file `log`. Ends this program if it fails."""
    with open(log, "wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"exit code {process.returncode}, output in {log}: {' '.join(map(str, command))}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def machine():
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return (f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores, "
            f"Linux {platform.release().split('-')[0]}")
