"""Runs of Leat alone, on scripts of sql/ with their ${…} filled in."""
import json
import shutil

from measure import measure
from setup import BENCH, LEAT, WORK

DATA = WORK / "data"


def script(name, **values):
    text = (BENCH / "sql" / f"{name}.sql").read_text()
    for key, value in values.items():
        text = text.replace("${" + key + "}", str(value))
    path = WORK / f"{name}.sql"
    path.write_text(text)
    return path


def command(path, *more):
    return [LEAT, "run", path, "--data", DATA, "--report", WORK / "report.json", *more]


def run(name, **values):
    """The cost of one undisturbed run, and its report."""
    shutil.rmtree(DATA, ignore_errors=True)
    cost = measure(command(script(name, **values)), WORK / f"{name}.log")
    return cost, json.loads((WORK / "report.json").read_text())


def least(repeat, name, **values):
    cost, report = run(name, **values)
    for _ in range(repeat - 1):
        again, report = run(name, **values)
        cost = again.better(cost)
    return cost, report
