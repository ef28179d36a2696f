"""Where `./dev compat` keeps what it fetches and finds: everything below build/compat, nothing of it is committed."""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = ROOT / "build" / "compat"
RESULTS = HOME / "results"
LEAT = ROOT / "build" / "release" / "leat"


def say(text):
    print(text, flush=True)


def step(what, command, folder, log):
    """Runs one step of a set-up, its output in `log`; a failure shows the end of it and ends the program."""
    say(f"-- {what}")
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as out:
        code = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        sys.exit(f"{log.read_text(errors='replace')[-3000:]}\nfailed: {what}. The whole log: {log}")
