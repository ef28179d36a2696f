#!/usr/bin/env python3
"""The examples of a page of the documentation, run in their order in one folder; each must print what the page says.

usage: docs_test.py LEAT PAGE.md
"""
import os
import re
import subprocess
import sys
import tempfile

EXAMPLE = re.compile(r"^```sh\n(.*?)^```\n(?:^```text\n(.*?)^```\n)?", re.S | re.M)


def main():
    leat, page = (os.path.abspath(path) for path in sys.argv[1:3])
    with open(page, encoding="utf-8") as file:
        examples = list(EXAMPLE.finditer(file.read()))
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PATH": os.path.dirname(leat) + os.pathsep + os.environ["PATH"]}
        environment.pop("LEAT_DATA", None)
        for example in examples:
            script, expected = example.group(1), example.group(2)
            done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True,
                                  timeout=120)
            if expected is None and done.returncode == 0 or done.stdout == expected:
                passed += 1
                continue
            failed += 1
            print(f"FAILED (exit code {done.returncode}):\n{script}--- expected\n{expected}--- printed\n{done.stdout}"
                  f"--- on standard error\n{done.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
