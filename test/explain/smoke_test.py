#!/usr/bin/env python3
"""smoke_test.py LEAT: three causes with librdkafka, at once. Without confluent-kafka nothing is run, and that is said."""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build"
VENVS = [BUILD / "clients" / "confluent" / "venv", BUILD / "explain" / "venv"]
CAUSES = ["crashed", "left", "assignor_mismatch"]


def main(leat):
    for python in [sys.executable, *(str(venv / "bin" / "python") for venv in VENVS)]:
        if pathlib.Path(python).exists() and subprocess.run([python, "-c", "import confluent_kafka"], capture_output=True,
                                                            check=False).returncode == 0:
            break
    else:
        print("skipped: confluent-kafka was not fetched (test/clients/run.py fetch)")
        return 77
    words = [python, str(HERE / "suite.py"), leat, "--client", "librdkafka", "--times", "1", "--at-once", "3"]
    return subprocess.run(words + [word for cause in CAUSES for word in ("--cause", cause)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
