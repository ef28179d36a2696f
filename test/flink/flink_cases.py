#!/usr/bin/env python3
"""Runs the SQL cases of test/sql on a real Flink: ./dev compat flink [PART_OF_A_NAME]...

Every file whose head says `# flink: same` is run there, query by query, in streaming mode and at parallelism 1, and what
comes out must be what the file expects, and what Leat gives: test/sql/README.md. Flink comes from Maven, into build/flink.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parent / "sql"
HOME = HERE.parent.parent / "build" / "flink"
SECTIONS = ("file", "script", "query", "rows", "late", "dead", "error", "text")
SHOWN = 5  # Of the rows that differ.


def sections(text):
    """(kind, argument, body) of each, what stands before the first one left out."""
    for part in re.split(r"^--- ", text, flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        kind, _, argument = title.partition(" ")
        if kind not in SECTIONS:
            raise SystemExit(f"an unknown section: --- {title}")
        yield kind, argument.strip(), body


def statements(script):
    """The script's statements; a statement set is one."""
    found, begin, at = [], 0, 0
    in_set = False
    while at < len(script):
        skipped = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|`(?:[^`]|``)*`", re.S).match(script, at)
        if skipped:
            at = skipped.end()
        elif script[at] == ";":
            statement = script[begin:at].strip()
            in_set = bool(re.match(r"(?is)(EXECUTE|BEGIN)\s+STATEMENT\s+SET", statement)) and not re.search(r"(?is)\bEND$", statement)
            if not in_set:
                found.append(statement)
                begin = at + 1
            at += 1
        else:
            at += 1
    found.append(script[begin:].strip())
    return [re.sub(r"\A(\s|--[^\n]*\n)+", "", statement) for statement in found if statement]


def unescaped(body):
    named = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}
    out, at = b"", 0
    body = body.replace("\n", "")
    while at < len(body):
        if body[at] != "\\":
            out, at = out + body[at].encode(), at + 1
        elif body[at + 1] == "x":
            out, at = out + bytes.fromhex(body[at + 2 : at + 4]), at + 4
        else:
            out, at = out + named[body[at + 1]], at + 2
    return out


class Step:
    def __init__(self, kind, text):
        self.kind, self.text = kind, text
        self.expected = {}

    @property
    def exception(self):
        return re.match(r"-- flink: (differs|not applicable)", self.text)


def read_case(path, directory):
    """The steps of a file; writes its input files."""
    steps = []
    for kind, argument, body in sections(path.read_text()):
        if kind == "file":
            name, _, how = argument.partition(" ")
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(unescaped(body) if how == "escaped" else body.encode())
        elif kind in ("script", "query"):
            steps.append(Step(kind, body.replace("{dir}", str(directory)).strip()))
        else:
            steps[-1].expected[kind] = (argument, body)
    return steps


def canonical(value):
    """Numbers of any spelling are equal, and an object's keys have no order."""
    if isinstance(value, dict):
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.14g}")
    return value


def left_over(changes):
    """The rows that are there when all changes are applied."""
    rows = collections.Counter()
    for change in changes:
        rows[json.dumps(canonical(change["row"]), ensure_ascii=False)] += 1 if change["op"] in ("+I", "+U") else -1
    return rows


def in_order(rows, changes):
    """Those of the rows that are left over, each with its place."""
    texts = [json.dumps(canonical(change["row"]), ensure_ascii=False) for change in changes if change["op"] in ("+I", "+U")]
    return enumerate(text for text in texts if rows[text] > 0)


def wanted_rows(body):
    """As changes, also those of SHOW and DESCRIBE, which have none."""
    rows = [json.loads(line) for line in body.splitlines() if line]
    return [row if "op" in row else {"op": "+I", "row": row} for row in rows]


def as_text(change):
    """What SHOW and DESCRIBE give is text with us."""
    text = {k: str(v).upper() if isinstance(v, bool) else "" if v is None else str(v) for k, v in change["row"].items()}
    return {"op": change["op"], "row": {k: "STRING" if v == "VARCHAR(2147483647)" else v for k, v in text.items()}}


def compare(step, answer):
    """What is wrong with the answer to a step, or nothing."""
    failed = answer.get("error")
    if "error" in step.expected:
        return None if failed else "Flink takes it, and an error is expected"
    if failed:
        return "Flink: " + failed.splitlines()[0]
    if step.kind == "script" or "text" in step.expected:
        return None
    ordered, body = step.expected.get("rows", ("", ""))
    wanted, given = wanted_rows(body), answer.get("rows", [])
    if not re.match(r"(?is)(SELECT|WITH|VALUES)\b|\(", statements(step.text)[0]):
        given = [as_text(change) for change in given]
    # Without ORDER BY the order is ours alone: Flink does not keep that of VALUES.
    if ordered and "ORDER BY" in step.text.upper():
        wanted, given = (collections.Counter(in_order(left_over(x), x)) for x in (wanted, given))
    else:
        wanted, given = left_over(wanted), left_over(given)
    if wanted == given:
        return None
    only = lambda title, rows: [f"{title} {row}" for row in list(rows.elements())[:SHOWN]]
    return "\n".join(["the rows differ", *only("expected", wanted - given), *only("Flink   ", given - wanted)])


class Flink:
    """The JVM: a line in, a line out."""

    def __init__(self):
        lib = HOME / "lib"
        if not (HOME / "FlinkServer.class").exists():
            print(f"-- fetching Flink into {HOME}", flush=True)
            fetch = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={lib}"]
            subprocess.run(fetch, cwd=HERE, check=True)
        sources = [HERE / "FlinkServer.java", HERE / "RowJson.java"]
        subprocess.run(["javac", "-cp", f"{lib}/*", "-d", HOME, *sources], check=True)
        opened = [f"--add-opens=java.base/java.{p}=ALL-UNNAMED" for p in ("lang", "util", "nio", "net", "time", "io")]
        command = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-Duser.timezone=UTC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                   *opened, "-cp", f"{HOME}:{lib}/*", "FlinkServer"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, steps):
        print(json.dumps({"steps": steps}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())["answers"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def run_case(flink, path, tally):
    with tempfile.TemporaryDirectory() as directory:
        steps = read_case(path, pathlib.Path(directory))
        here = [step for step in steps if not step.exception]
        answers = flink.run([statements(step.text) for step in here])
    tally["left out"] += sum(step.kind == "query" for step in steps) - sum(step.kind == "query" for step in here)
    good = True
    for step, answer in zip(here, answers):
        wrong = compare(step, answer)
        if step.kind == "query":
            tally["same" if wrong is None else "different"] += 1
        if wrong is not None:
            good = False
            shown = " ".join(step.text.split())[:160]
            print(f"{path.relative_to(CASES)}: {step.kind} {shown}\n  " + wrong.replace("\n", "\n  "), flush=True)
    return good


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("parts", nargs="*", help="only files with one of these in their names")
    parts = arguments.parse_args().parts
    flink = Flink()
    tally, bad, other = collections.Counter(), 0, collections.Counter()
    for path in sorted(CASES.rglob("*.test")):
        if parts and not any(part in str(path.relative_to(CASES)) for part in parts):
            continue
        says = re.search(r"^# flink: (same|differs|not applicable)", path.read_text(), flags=re.M)
        other[says[1] if says else "silent"] += 1
        if says and says[1] == "same":
            bad += not run_case(flink, path, tally)
    flink.stop()
    print(f"files: {other['same']} run, of which {bad} differ; {other['differs']} say that they differ, "
          f"{other['not applicable']} are not for Flink, {other['silent']} say nothing")
    print(f"queries: {tally['same']} same, {tally['different']} different, {tally['left out']} left out by a comment")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
