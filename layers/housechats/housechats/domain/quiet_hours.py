"""Quiet hours: when people are not to be disturbed, by the clock where they live."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

SATURDAY = 5
OPEN_FROM, OPEN_TO = time(16), time(19)
"""No quiet hours reach into these: whatever the municipalities of a region choose, a message to
all of it has a time at which it may go."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a day; those from 21 to 9 are the day's first nine and its last three."""

    begins: time
    ends: time

    def of_day(self) -> list[tuple[timedelta, timedelta]]:
        """Return when it begins and ends, from midnight on."""
        begins, ends = _since_midnight(self.begins), _since_midnight(self.ends)
        if begins < ends:
            return [(begins, ends)]
        # Hours that end at midnight have no part of the morning.
        return [(timedelta(), ends), (begins, A_DAY)] if ends else [(begins, A_DAY)]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The quiet hours of a territory. Public holidays count as the weekday that they are."""

    weekday: Window
    """From Monday to Friday; the morning after a Friday is a Saturday's."""
    weekend: Window
    midday: Window | None = None
    """Every day."""
    basis: str = ""
    """The act that says so."""
    valid_from: date | None = None
    checked: bool = False
    """Whether somebody has read them in the act itself."""

    def of_day(self, day: date) -> list[tuple[timedelta, timedelta]]:
        night = self.weekend if day.weekday() >= SATURDAY else self.weekday
        return night.of_day() + (self.midday.of_day() if self.midday else [])


@dataclass(frozen=True, slots=True)
class LocalQuiet:
    """Quiet hours where people live by one clock."""

    hours: QuietHours
    zone: timezone


TOO_LONG = (
    "Часы тишины не могут занимать время с 16 до 19: иначе для рассылки на весь регион "
    "не останется часов."
)
NO_LENGTH = "Тишина начинается и кончается в один и тот же час: укажите разные."


def fault_of(window: Window) -> str:
    """Return what is wrong with a window, in Russian; empty when nothing is."""
    if window.begins == window.ends:
        return NO_LENGTH
    opens, closes = _since_midnight(OPEN_FROM), _since_midnight(OPEN_TO)
    reaches_in = any(begins < closes and opens < ends for begins, ends in window.of_day())
    return TOO_LONG if reaches_in else ""


def next_allowed(moment: datetime, quiets: Iterable[LocalQuiet]) -> datetime:
    """Return the first moment, this one or a later, that is quiet nowhere."""
    all_of_them = [*quiets]
    allowed = moment
    while ends := [end for quiet in all_of_them if (end := _end_of_quiet(allowed, quiet))]:
        allowed = max(ends)
        if allowed - moment > 8 * A_DAY:
            raise ValueError("these quiet hours leave no time at all")
    return allowed.astimezone(UTC)


def quiet_from(moment: datetime, quiets: Iterable[LocalQuiet]) -> datetime | None:
    """Return the first moment, this one or a later, that is quiet somewhere; None: never."""
    begins = [_beginning_of_quiet(moment, quiet) for quiet in quiets]
    return min(begins).astimezone(UTC) if begins else None


def _end_of_quiet(moment: datetime, quiet: LocalQuiet) -> datetime | None:
    """Return when the quiet hours end in which a moment lies; None when it lies in none."""
    return max((end for begin, end in _spans(moment, quiet) if begin <= moment < end), default=None)


def _beginning_of_quiet(moment: datetime, quiet: LocalQuiet) -> datetime:
    return min(max(begin, moment) for begin, end in _spans(moment, quiet) if moment < end)


def _spans(moment: datetime, quiet: LocalQuiet) -> Iterator[tuple[datetime, datetime]]:
    """Yield the quiet hours of a moment's day and of the next one."""
    today = moment.astimezone(quiet.zone).date()
    for day in (today, today + A_DAY):
        midnight = datetime.combine(day, time(), quiet.zone)
        for begins, ends in quiet.hours.of_day(day):
            yield midnight + begins, midnight + ends


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
