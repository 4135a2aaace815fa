"""Local times: moments as people write them, by the clock where they live."""

import re
from datetime import UTC, datetime, timedelta

from housechats.domain.errors import HouseChatsError
from housechats.domain.zones import zone_of

FARTHEST = timedelta(days=90)
"""How far ahead a broadcast may be planned: beyond it nobody remembers having done so."""
_FORM = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)
FIRST_YEAR, LAST_YEAR = 2000, 2100

UNREADABLE = "Напишите время так: 2026-11-30T09:00, по местным часам."
PAST = "Это время уже прошло."
TOO_FAR = "Запланировать рассылку можно не дальше чем на 90 дней вперёд."


class LocalTimeError(HouseChatsError):
    """A text tells no time, or one that does not do; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def read_moment(text: str, oktmo: str) -> datetime:
    """Return a moment; without an offset it is by the clocks of a territory."""
    if not _FORM.fullmatch(text):
        raise LocalTimeError(UNREADABLE)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise LocalTimeError(UNREADABLE) from None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise LocalTimeError(UNREADABLE)
    return (read if read.tzinfo else read.replace(tzinfo=zone_of(oktmo))).astimezone(UTC)


def read_start(text: str, oktmo: str, *, now: datetime) -> datetime:
    """Return when a broadcast is to start."""
    start = read_moment(text, oktmo)
    if start <= now:
        raise LocalTimeError(PAST)
    if start - now > FARTHEST:
        raise LocalTimeError(TOO_FAR)
    return start
