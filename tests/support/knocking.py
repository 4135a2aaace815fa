"""Knocks on a running API from outside, with an environment and a program of its own.

`make outside` asks all that it can think of, on the system that `make run` has up: minutes. The
tests of the whole system ask the examples of the document and what is drawn at random.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from local.launch import launch_header
from support.cloudformation import ROOT

PROGRAM = ROOT / ".venv" / "outside" / "bin" / "schemathesis"
CONFIG = ROOT / "tests" / "outside" / "schemathesis.toml"
DOCUMENT = ROOT / "docs" / "openapi.json"
QUICK, ALL = "examples,fuzzing", "examples,coverage,fuzzing"
# No measure of the API: whatever hangs is ended.
LONGEST = 1200


def knock(url: str, authorization: str, folder: Path, phases: str = QUICK) -> tuple[int, str]:
    """Ask what the document allows, and what it does not; return the code and the report."""
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(PROGRAM, "--config-file", CONFIG, "run", DOCUMENT, "--phases", phases),
            *("--url", url, "--header", f"Authorization: {authorization}"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def main() -> int:
    runs = sorted((ROOT / ".run").glob("*/stack.json"))
    if len(runs) != 1:
        sys.stderr.write("Запустите систему, одну: make run\n")
        return 2
    sys.stdout.write(
        "Стучусь во все операции от имени администратора: около пяти минут. Образец после этого "
        "другой — дома, люди и организации меняются; для чистого запустите make run заново.\n"
    )
    sys.stdout.flush()
    to = json.loads(runs[0].read_text(encoding="utf-8"))
    header = launch_header(to["app_id"], to["app_secret"], to["administrator"])
    with tempfile.TemporaryDirectory() as folder:
        code, report = knock(to["public_url"], header, Path(folder), ALL)
    sys.stdout.write(report)
    return code


if __name__ == "__main__":
    sys.exit(main())
