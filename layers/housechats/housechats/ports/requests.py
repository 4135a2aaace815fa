"""Requests that must have one effect however often they come, and callers who come too often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

REMEMBERED = timedelta(hours=24)
"""How long a key stands for its request."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a key stands for, and what was answered to it."""

    digest: str
    """Hash of the request that came with the key first."""
    lease_until: datetime | None = None
    """Until when whoever works on it is believed to be alive; None when it is answered."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    """Empty when the answer is read anew from where `location` shows: no person is kept here."""


class Requests(Protocol):
    """Remembers requests by their callers' keys."""

    def begin(
        self, caller: str, key: str, digest: str, *, now: datetime, lease_until: datetime
    ) -> Remembered | None:
        """Take a key for a request; None when it is ours, else what is known of it."""

    def answered(self, caller: str, key: str, answer: Remembered) -> None:
        """Keep the answer for as long as a key is remembered."""

    def release(self, caller: str, key: str) -> None:
        """Let the key be used again: nothing was done."""

    def count(self, caller: str, *, minute: int, of: str = "") -> int:
        """Count one more change of a caller's in a minute since 1970, and return how many.

        `of` one operation, or of all that change something.
        """
