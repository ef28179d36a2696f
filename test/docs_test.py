#!/usr/bin/env python3
"""What the documentation shows is what the program does.

usage: docs_test.py LEAT SOURCE_DIRECTORY [PAGE...]

Each page (README.md and those of docs/, if none is named) is followed from top to bottom in a folder of its own, in which `leat` is on the PATH, `build/release/leat` is
the program, and examples/ and docs/ are those of the repository:
* a block ```sql file=NAME (or any language) is written to that file;
* a block ```sh is run, and no command in it may fail. ```sh may-fail: they may. ```sh not-run: only shown;
* a block ```text after it is what it writes, standard error too. `…` stands for any text in a line, and a line of `…`
  for any lines; what a job says of its time and memory may differ in any case;
* <!-- run: COMMAND --> is run before what follows, and not shown.
Links lead to what is there.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
CODE = re.compile(r"`[^`\n]*`")
HIDDEN = re.compile(r"^<!-- run: (.*) -->$", re.MULTILINE)
FIGURES = re.compile(r"[\d.]+ s, [\d.]+ s of CPU, [\d.]+ [KMG]?B at most")
# Failures go to descriptor 3, so that they are not part of what the commands write.
PRELUDE = "set -E; trap 'echo \"$BASH_COMMAND\" >&3' ERR\n"


class Mismatch(Exception):
    pass


def pattern_of(text):
    """What a text block stands for, as a regular expression over whole lines."""
    lines = []
    for line in FIGURES.sub("…", text).splitlines():
        lines.append("(?:.*\n)*?" if line.strip() == "…" else "[^\n]*".join(map(re.escape, line.split("…"))) + "\n")
    return re.compile("".join(lines))


def run(block, folder, environment, flags):
    with tempfile.TemporaryFile() as failures, tempfile.TemporaryFile() as output:
        os.dup2(failures.fileno(), 3)
        subprocess.run(["bash", "-c", PRELUDE + block], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                       stdout=output, stderr=output, pass_fds=[3], timeout=120)
        failures.seek(0)
        output.seek(0)
        failed, shown = failures.read().decode(), output.read().decode()
    if failed and "may-fail" not in flags:
        raise Mismatch(f"failed: {failed}\n{shown}")
    return shown


def follow(page, text, folder, environment):
    shown, ran, end = None, 0, 0
    for block in BLOCK.finditer(text):
        for hidden in HIDDEN.finditer(text, end, block.start()):
            run(hidden.group(1), folder, environment, "")
        end = block.end()
        language, _, flags = block.group(1).partition(" ")
        body = block.group(2)
        where = f"{page}:{text.count(chr(10), 0, block.start()) + 1}"
        if named := re.search(r"file=(\S+)", flags):
            with open(os.path.join(folder, named.group(1)), "w", encoding="utf-8") as file:
                file.write(body)
        elif language == "text" and shown is not None:
            if not pattern_of(body).fullmatch(shown):
                raise Mismatch(f"{where} shows\n{body}\nbut it is\n{shown}")
        try:
            shown = run(body, folder, environment, flags) if language == "sh" and "not-run" not in flags else None
        except Mismatch as mismatch:
            raise Mismatch(f"{where}: {mismatch}\nin\n{body}") from None
        ran += shown is not None
    return ran


def check_links(source, page, text):
    """That what is linked to is there; of other pages also the heading."""
    for target in LINK.findall(CODE.sub("", BLOCK.sub("", text))):
        path, _, anchor = target.partition("#")
        full = os.path.join(source, os.path.dirname(page), path) if path else os.path.join(source, page)
        if not os.path.exists(full):
            raise Mismatch(f"{page}: links to {target}, which is not there")
        if anchor and full.endswith(".md"):
            with open(full, encoding="utf-8") as file:
                headings = [re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-")
                            for line in re.findall(r"^#+ (.*)$", BLOCK.sub("", file.read()), re.MULTILINE)]
            if anchor not in headings:
                raise Mismatch(f"{page}: links to {target}, which has no such heading")


def check(program, source, page):
    with open(os.path.join(source, page), encoding="utf-8") as file:
        text = file.read()
    check_links(source, page, text)
    folder = tempfile.mkdtemp(prefix="leat-docs-")
    try:
        os.makedirs(os.path.join(folder, "build/release"))
        os.makedirs(os.path.join(folder, "bin"))
        for link in ("build/release/leat", "bin/leat"):
            os.symlink(program, os.path.join(folder, link))
        for name in ("examples", "docs"):
            os.symlink(os.path.join(source, name), os.path.join(folder, name))
        environment = {"PATH": os.path.join(folder, "bin") + ":" + os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8",
                       "TMPDIR": folder}
        return follow(page, text, folder, environment)
    finally:
        shutil.rmtree(folder)


def main():
    program, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    failed = False
    everything = ["README.md", *("docs/" + name for name in sorted(os.listdir(os.path.join(source, "docs"))))]
    for page in sys.argv[3:] or [page for page in everything if page.endswith(".md")]:
        try:
            print(f"{page}: {check(program, source, page)} blocks run")
        except Mismatch as mismatch:
            failed = True
            print(mismatch)
    sys.exit(failed)


if __name__ == "__main__":
    main()
