#!/usr/bin/env python3
"""explain.py [CAUSE|all] [CLIENT|all] [TIMES]: does `leat group explain` name the causes that test/explain/ provokes?

Ten times each unless TIMES says otherwise. All of them, with every client, write their table into docs/group-explain.md.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "build" / "explain" / "venv"
DOCUMENT = ROOT / "docs" / "group-explain.md"
HEADING = "## Is it right?\n"


def python():
    if not (VENV / "bin" / "python").exists():
        subprocess.run(["python3", "-m", "venv", str(VENV)], check=True)
    subprocess.run([VENV / "bin" / "pip", "install", "-q", "-r", str(ROOT / "test/explain/requirements.txt")], check=True)
    return str(VENV / "bin" / "python")


def main(cause="all", client="all", times="10"):
    words = [python(), str(ROOT / "test/explain/suite.py"), str(ROOT / "build/release/leat"), "--times", times]
    if cause != "all":
        words += ["--cause", cause]
    if client != "all":
        words += ["--client", client]
    table = ROOT / "build" / "explain" / "table.md"
    everything = cause == client == "all"
    if everything:
        words += ["--table", str(table)]
    code = subprocess.run(words, check=False).returncode
    if everything and table.exists():
        before = DOCUMENT.read_text().split(HEADING)[0]
        DOCUMENT.write_text(before + HEADING + "\n" + table.read_text())
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
