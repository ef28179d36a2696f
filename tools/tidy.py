#!/usr/bin/env python3
"""clang-tidy over every source of the product, one a core: tidy.py BUILD_DIR [FOLDER...]. Remembers what was clean.

A file is checked again when it, a header of the repository, or .clang-tidy has changed since.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def included(path, seen):
    """The repository's files that a source is made of, itself among them."""
    if path in seen:
        return seen
    seen.add(path)
    for name in INCLUDE.findall(path.read_text()):
        for base in (ROOT / "src", ROOT / "include", ROOT):
            if (base / name).is_file():
                included(base / name, seen)
                break
    return seen


def fingerprint(path, flags):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes() + flags.encode())
    for part in sorted(included(path, set())):
        digest.update(part.read_bytes())
    return digest.hexdigest()


def check(build, path):
    # The compiler of the build is GCC, which has warnings that Clang has not.
    command = ["clang-tidy-16", "-p", str(build), "--quiet", "--extra-arg=-Wno-unknown-warning-option", str(path)]
    result = subprocess.run(command, text=True, capture_output=True)
    return result.returncode == 0, result.stdout


def wanted(build, folders):
    """(source, its compile command) of the product: what is tested, not the tests."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""
        if name.startswith(tuple(folders)) and not name.endswith("_test.cc"):
            yield path, entry["command"]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    clean = build / "tidy"
    clean.mkdir(exist_ok=True)
    marks = {path: clean / fingerprint(path, flags) for path, flags in wanted(build, sys.argv[2:] or ["src/"])}
    todo = [path for path, mark in marks.items() if not mark.exists()]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (path, (ok, text)) in enumerate(zip(todo, pool.map(lambda p: check(build, p), todo)), 1):
            print(f"[{number}/{len(todo)}] {path.relative_to(ROOT)}", flush=True)
            if ok:
                marks[path].touch()
            else:
                failures += 1
                print(text, flush=True)
    print(f"{len(marks)} files, {len(todo)} looked at, {failures} with findings")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
