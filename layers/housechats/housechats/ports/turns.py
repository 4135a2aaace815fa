"""Turns: what the bot says only now and then, however many or often people call for it."""

from datetime import datetime, timedelta
from typing import Protocol


class Turns(Protocol):
    """Lets one of many have its turn."""

    def take(self, what: str, *, by: str, every: timedelta, now: datetime) -> datetime | None:
        """Return since when it is this one's turn; None when another had it within `every`.

        Whoever asks again, because it was killed on the way, has the turn that it had.
        """

    def allow(self, what: str, *, by: str, most: int, now: datetime) -> bool:
        """Tell whether it is among the first `most` of its hour; who asks again hears the same."""
