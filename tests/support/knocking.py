"""Knocks on a running API from outside, with an environment and a program of its own."""

import subprocess
from pathlib import Path

from support.cloudformation import ROOT

PROGRAM = ROOT / ".venv" / "outside" / "bin" / "schemathesis"
CONFIG = ROOT / "tests" / "outside" / "schemathesis.toml"
DOCUMENT = ROOT / "docs" / "openapi.json"
# No measure of the API: whatever hangs is ended. It takes about 2 seconds an operation.
LONGEST = 600


def knock(url: str, authorization: str, folder: Path) -> tuple[int, str]:
    """Ask all that the document allows, and much that it does not; return code and report."""
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(PROGRAM, "--config-file", CONFIG, "run", DOCUMENT),
            *("--url", url, "--header", f"Authorization: {authorization}"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
