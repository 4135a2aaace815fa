"""Work that is handed over."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Queue(Protocol):
    """Hands work over; at least once, in no order."""

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        """Hand over all bodies, or raise; a repeat may hand some over twice.

        They arrive after a delay of up to 15 minutes. Groups of bodies take turns: none of them
        waits for all of another one.
        """
