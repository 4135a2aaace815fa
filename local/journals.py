"""What the functions wrote in their journals, read back from the emulated CloudWatch."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError

from local.emulator import Emulator

# What the platform writes around each invocation.
PLATFORM = ("START ", "END ", "REPORT ")


def journal_lines(emulator: Emulator) -> Iterator[tuple[str, str]]:
    """Yield (journal, line) for all that the functions said."""
    logs = emulator.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
            for event in page["events"]:
                if not event["message"].startswith(PLATFORM):
                    yield name, event["message"]


def keep_journals(emulator: Emulator, path: Path) -> None:
    """Leave the journals beside the other logs: the emulator forgets them when it ends."""
    with path.open("w", encoding="utf-8") as file, contextlib.suppress(BotoCoreError):
        file.writelines(f"{name} {line}\n" for name, line in journal_lines(emulator))
