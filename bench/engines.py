"""How each engine is started on one of the queries of sql/. Leat and Flink read the same script."""
import json
import shutil

from setup import BENCH, LEAT, WORK, flights, flink_classpath, venv_python

QUERIES = ["tumble", "filter", "hop", "session"]
OUT = WORK / "out"

FLINK_SETTINGS = {
    "state.backend.type": "hashmap",
    "execution.checkpointing.interval": "1s",
    "execution.checkpointing.storage": "filesystem",
    "execution.checkpointing.dir": f"file://{WORK}/checkpoints",
    "pipeline.object-reuse": "true",
    "table.local-time-zone": "UTC",
}
OPEN_PACKAGES = ["java.util", "java.lang", "java.net", "java.io", "java.nio", "java.lang.reflect", "java.text", "java.time",
                 "java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks"]


def script(query):
    """The query's script with its paths filled in."""
    text = (BENCH / "sql" / f"{query}.sql").read_text()
    path = WORK / f"{query}.sql"
    path.write_text(text.replace("${IN}", str(flights())).replace("${OUT}", str(OUT)))
    return path


def leat(query, threads):
    return [LEAT, "run", script(query), "--data", WORK / "data", "--fresh", "--set", f"parallelism.default={threads}",
            "--report", WORK / "report.json"]


def duckdb(query, threads):
    return [venv_python(), BENCH / "duckdb_batch.py", query, flights(), OUT / "results.json", str(threads)]


def flink(query, threads):
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPEN_PACKAGES]
    settings = FLINK_SETTINGS | {"parallelism.default": threads, "taskmanager.numberOfTaskSlots": threads}
    return ["java", "-Xmx2g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", *opens, "-cp", flink_classpath(), "FlinkSql",
            script(query), *(f"{key}={value}" for key, value in settings.items())]


ENGINES = {"leat": leat, "duckdb": duckdb, "flink": flink}


def clean():
    """Every run starts with no output, no state and no checkpoints."""
    for folder in (OUT, WORK / "data", WORK / "checkpoints"):
        shutil.rmtree(folder, ignore_errors=True)
    OUT.mkdir()


def rows_out():
    """Rows of results; Flink leaves those of its last checkpoint in files whose names begin with a dot."""
    return sum(sum(block.count(b"\n") for block in iter(lambda f=f: f.read(1 << 20), b""))
               for f in (path.open("rb") for path in OUT.rglob("*") if path.is_file()))


def late_rows(engine):
    """As the engine itself counts them; only Leat says."""
    return json.loads((WORK / "report.json").read_text())["late"] if engine == "leat" else None
