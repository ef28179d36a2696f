"""What the foreign suites said, kept in build/compat/results, and written into docs/compatibility.md.

The document is the memory of it: a suite that was not run here keeps what stands there.
"""
import json
import pathlib
import re

from places import HERE, RESULTS, ROOT

PAGE = ROOT / "docs" / "compatibility.md"
ORDER = ["passed", "failed", "skipped"]


def keep(suite, broker, version, results, complete):
    """`results`: {test: [state, seconds, why]}. A run of some tests replaces their outcomes only."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{suite.replace(' ', '-')}-{broker}.json"
    kept = json.loads(path.read_text()) if path.exists() and not complete else {"results": {}}
    kept |= {"suite": suite, "broker": broker, "version": version}
    kept["results"] |= results
    path.write_text(json.dumps(kept, indent=1, sort_keys=True))


def reasons():
    """{(suite's begin, test): why it does not pass}: reasons.txt, whose lines are `suite | test | reason`."""
    found = {}
    for line in (HERE / "reasons.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            suite, tests, why = (part.strip() for part in line.split("|"))
            for test in tests.split(", "):
                found[suite, test] = why
    return found


def reason(known, suite, test, ours):
    for (begin, name), why in known.items():
        if suite.startswith(begin) and (name == test or name.endswith("*") and test.startswith(name[:-1])):
            return why
    return plain(ours[2]) if ours else ""


def plain(text):
    """What a program said, as a cell of a table: without this machine's folders, ports and random names."""
    text = re.sub(r"/[\w/.-]*/(bin/)", r"\1", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST:PORT", text)
    text = re.sub(r"rdkafkatest_rnd\w+?_", "", text)
    return text.replace("|", "\\|").replace("`", "'")[:160]


def counts(results):
    states = [state for state, _, _ in results.values()]
    return " | ".join(str(states.count(state)) for state in ORDER)


def section(suite, brokers, known):
    lines = [f"### {suite}", "", "| | passed | failed | skipped |", "|---|---:|---:|---:|"]
    for broker, title in (("leat", "Leat"), ("kafka", "Apache Kafka")):
        if broker in brokers:
            version = f" {brokers[broker]['version']}" if broker == "kafka" else ""
            lines.append(f"| {title}{version} | {counts(brokers[broker]['results'])} |")
    ours, theirs = (brokers.get(name, {"results": {}})["results"] for name in ("leat", "kafka"))
    rest = [test for test in sorted(ours | theirs)
            if any(results.get(test, ["passed"])[0] != "passed" for results in (ours, theirs))]
    if rest:
        lines += ["", "| not passed by both | Leat | Kafka | why |", "|---|---|---|---|"]
    for test in rest:
        states = [results.get(test, ["not run"])[0] for results in (ours, theirs)]
        lines.append(f"| {test} | {states[0]} | {states[1]} | {reason(known, suite, test, ours.get(test))} |")
    return "\n".join(lines) + "\n"


def write():
    suites = {}
    for path in sorted(RESULTS.glob("*.json")):
        kept = json.loads(path.read_text())
        suites.setdefault(kept["suite"], {})[kept["broker"]] = kept
    page, known = PAGE.read_text(encoding="utf-8"), reasons()
    for suite, brokers in suites.items():
        mark = rf"(?s)(<!-- {re.escape(suite)} -->\n).*?(<!-- end -->)"
        if not re.search(mark, page):
            page += f"\n<!-- {suite} -->\n<!-- end -->\n"
        page = re.sub(mark, lambda found, text=section(suite, brokers, known): found[1] + text + found[2], page)
    pathlib.Path(PAGE).write_text(page, encoding="utf-8")
