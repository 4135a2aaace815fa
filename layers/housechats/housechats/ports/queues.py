"""Work that is handed over."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Queue(Protocol):
    """Hands work over; at least once, in no order."""

    def send(self, bodies: Iterable[Mapping[str, str | int]]) -> None:
        """Hand over all bodies, or raise; a repeat may hand some over twice."""
