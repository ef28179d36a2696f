#!/usr/bin/env python3
"""Fails if a file includes a folder that layers.txt does not allow, reaches around env/, or grows beyond one idea."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
ROOT = ROOT if ROOT.is_dir() else ROOT.parent.parent
LINES_MAX = 1000

# Sources of non-determinism belong to env/ and server/ alone: that is what makes the simulator possible.
BANNED = re.compile(
    r"<(thread|mutex|condition_variable|random|fstream|filesystem|fcntl\.h|sys/socket\.h)>|"
    r"(system|steady|high_resolution)_clock::now|\btime\(nullptr\)|\brand\(\)"
)
MAY_REACH = {"env", "server"}


def read_layers():
    allowed = {}
    for line in (ROOT / "layers.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            folder, _, below = line.partition(":")
            allowed[folder.strip()] = set(below.split())
    return allowed


def complaints(path, allowed):
    folder = path.relative_to(ROOT / "src").parts[0]
    below = allowed.get(folder)
    if below is None:
        yield 1, f"folder '{folder}' is not in layers.txt"
        return
    lines = path.read_text().splitlines()
    if len(lines) > LINES_MAX:
        yield 1, f"{len(lines)} lines: more than one idea?"
    is_test = path.stem.endswith("_test")
    for number, line in enumerate(lines, 1):
        include = re.match(r'#include "([a-z_]+)/', line)
        # include/leat/ is the public API: api/ implements it.
        public = folder == "api" and include and include[1] == "leat"
        if include and not public and include[1] not in below | {folder} and "*" not in below and not (is_test and include[1] == "sim"):
            yield number, f"'{folder}' may not include '{include[1]}'"
        if folder not in MAY_REACH and not is_test and BANNED.search(line):
            yield number, "non-determinism outside env/"


def main():
    allowed = read_layers()
    errors = 0
    for path in sorted((ROOT / "src").rglob("*.[hc]*")):
        for number, text in complaints(path, allowed):
            errors += 1
            print(f"{path.relative_to(ROOT)}:{number}: {text}")
    sys.exit(errors > 0)


if __name__ == "__main__":
    main()
