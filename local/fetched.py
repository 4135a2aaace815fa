"""Files that the API makes of a list: all its posters in one, and the list with its verdicts."""

import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from local.addresses import Stack

MAKING_SECONDS = 300  # a file of 4,546 posters is drawn in a minute at most
POLL_SECONDS = 1.0


def fetch_posters(stack: Stack, batch_id: str) -> str:
    """Ask for one PDF of all posters and keep it: the API's link lives a quarter of an hour."""
    sheet = _made(stack, f"/batches/{batch_id}/posters", while_it="drawing")
    if sheet["status"] != "ready":
        return f"не собраны ({sheet['status']})"
    return _keep(sheet["link"], Path(stack.home) / "posters.pdf").as_uri()


def fetch_result(stack: Stack, batch_id: str) -> str:
    """Ask for the list with its verdicts and keep it beside the run's folder: it outlives the run.

    Whoever mends it uploads it to the next run.
    """
    result = _made(stack, f"/batches/{batch_id}/result", while_it="writing")
    if result["status"] != "ready":
        return f"не собрана ({result['status']})"
    file_name = Path(result["link"]["file_name"]).name
    return str(_keep(result["link"], Path(stack.home).parent / file_name))


def _made(stack: Stack, path: str, *, while_it: str) -> Any:
    stack.post(path)
    deadline = time.monotonic() + MAKING_SECONDS
    while (made := stack.get(path))["status"] == while_it and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return made


def _keep(link: Any, file: Path) -> Path:
    with urlopen(link["url"], timeout=60) as answer:  # noqa: S310 - signed by our API
        file.write_bytes(answer.read())
    return file
