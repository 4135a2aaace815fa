"""Working time: when officials are at work, by the Russian calendar and the clock of a place."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta

from housechats.domain.working_days import DAYS_OFF, SHORT_DAYS, WORKING_WEEKENDS
from housechats.domain.zones import day_at, zone_of

OPENS, CLOSES = time(9), time(18)
CLOSES_EARLY = time(17)
"""An hour earlier on the day before a holiday: ТК РФ, ст. 95; not checked against the act."""
SATURDAY = 5
A_DAY = timedelta(days=1)
# ТК РФ, ст. 112: the days off of each year; those of January are moved by decree only.
_HOLIDAYS = frozenset({(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})
_JANUARY = frozenset((1, day) for day in range(1, 9))


def is_decreed(day: date) -> bool:
    """Tell whether the decree on moved days of that year is known; else the law alone counts."""
    return day.year in DAYS_OFF


def is_working_day(day: date, extra: AbstractSet[date] = frozenset()) -> bool:
    """Tell whether offices work; `extra`: days off of the territory."""
    if day in extra:
        return False
    if is_decreed(day):
        weekend = day.weekday() >= SATURDAY
        return _is_in(WORKING_WEEKENDS, day) if weekend else not _is_in(DAYS_OFF, day)
    return day.weekday() < SATURDAY and not _is_holiday(day) and day not in _moved(day.year)


def closing_of(day: date) -> time:
    """Return when offices close on a working day."""
    short = _is_in(SHORT_DAYS, day) if is_decreed(day) else _is_holiday(day + A_DAY)
    return CLOSES_EARLY if short else CLOSES


def working_days_after(
    moment: datetime, n: int, oktmo: str, extra: AbstractSet[date] = frozenset()
) -> datetime:
    """Return when the n-th working day after a moment's own day closes (ГК РФ, ст. 191, 194)."""
    days = _working_days_from(day_at(moment, oktmo) + A_DAY, extra)
    return _closes(next(day for number, day in enumerate(days, 1) if number == n), oktmo)


def days_after(
    moment: datetime, n: int, oktmo: str, extra: AbstractSet[date] = frozenset()
) -> datetime:
    """Return when the n-th day closes; one that is off gives way to the next working day (193)."""
    last = day_at(moment, oktmo) + n * A_DAY
    return _closes(next(_working_days_from(last, extra)), oktmo)


def opening_by(moment: datetime, oktmo: str, extra: AbstractSet[date] = frozenset()) -> datetime:
    """Return when the last working day begins that begins before a moment."""
    day = day_at(moment, oktmo)
    while not is_working_day(day, extra) or _opens(day, oktmo) >= moment:
        day -= A_DAY
    return _opens(day, oktmo)


def next_working_moment(
    moment: datetime, oktmo: str, extra: AbstractSet[date] = frozenset()
) -> datetime:
    """Return the first moment, this one or a later, at which offices are open."""
    for day in _working_days_from(day_at(moment, oktmo), extra):
        if moment < _closes(day, oktmo):
            return max(moment, _opens(day, oktmo))
    raise AssertionError("working days never end")


def working_days_between(
    since: datetime, until: datetime, oktmo: str, extra: AbstractSet[date] = frozenset()
) -> int:
    """Count the working days after the day of one moment, up to the day of another."""
    day, last, count = day_at(since, oktmo), day_at(until, oktmo), 0
    while day < last:
        day += A_DAY
        count += is_working_day(day, extra)
    return count


def _working_days_from(day: date, extra: AbstractSet[date]) -> Iterator[date]:
    while True:
        if is_working_day(day, extra):
            yield day
        day += A_DAY


def _opens(day: date, oktmo: str) -> datetime:
    return datetime.combine(day, OPENS, zone_of(oktmo)).astimezone(UTC)


def _closes(day: date, oktmo: str) -> datetime:
    return datetime.combine(day, closing_of(day), zone_of(oktmo)).astimezone(UTC)


def _is_in(days: dict[int, str], day: date) -> bool:
    return f"{day:%m-%d}" in days[day.year]


def _is_holiday(day: date) -> bool:
    return (day.month, day.day) in _HOLIDAYS | _JANUARY


def _moved(year: int) -> set[date]:
    """Return the working days to which the law itself moves what falls on a weekend."""
    moved = set()
    for month, number in sorted(_HOLIDAYS):
        day = date(year, month, number)
        if day.weekday() < SATURDAY:
            continue
        while day.weekday() >= SATURDAY or _is_holiday(day) or day in moved:
            day += A_DAY
        moved.add(day)
    return moved
