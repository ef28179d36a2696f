"""What the benchmarks need and the repository does not carry: data and peers, made once in build/bench/."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
BENCH = ROOT / "bench"
LEAT = ROOT / "build" / "release" / "leat"
DUCKDB = "duckdb==2.0.1"
DATA_SET = "vega-datasets@3.2.1"


def say(text):
    print(text, file=sys.stderr, flush=True)


def venv_python():
    """The Python that has DuckDB."""
    python = WORK / "venv" / "bin" / "python"
    if subprocess.run([python, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode if python.exists() else True:
        say(f"-- installing {DUCKDB} in {WORK / 'venv'}")
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", DUCKDB], check=True)
    return python


def flights():
    """All 3,000,000 of them, 453 MB."""
    out = WORK / "flights.ndjson"
    if not out.exists():
        say(f"-- making {out} from npm's {DATA_SET}")
        name = subprocess.run(["npm", "pack", "--silent", DATA_SET], cwd=WORK, check=True, text=True, capture_output=True)
        parquet = "package/data/flights-3m.parquet"
        subprocess.run(["tar", "xzf", name.stdout.strip(), parquet], cwd=WORK, check=True)
        partial = out.with_suffix(".partial")
        subprocess.run([venv_python(), BENCH / "make_flights.py", WORK / parquet, partial], check=True)
        os.replace(partial, out)
    return out


def flink_classpath():
    """Flink's jars and the driver, from Maven."""
    home = WORK / "flink"
    if not (home / "FlinkSql.class").exists():
        say(f"-- fetching Flink into {home}")
        fetch = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={home / 'lib'}"]
        subprocess.run(fetch, cwd=BENCH / "flink", check=True)
        source = BENCH / "flink" / "FlinkSql.java"
        subprocess.run(["javac", "-cp", home / "lib" / "*", "-d", home, source], check=True)
    return f"{home}:{home / 'lib'}/*"
