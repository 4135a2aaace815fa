"""Told times: when something is to be, as a person writes it to the bot: «завтра в 19:00»."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from housechats.domain.zones import MONTHS

LONGEST = 60
"""Characters; who writes more tells a story."""
_DAYS = {"сегодня": 0, "завтра": 1, "послезавтра": 2}
_WEEKDAYS = (
    ("понедельник", "пн"),
    ("вторник", "вт"),
    ("среда", "среду", "ср"),
    ("четверг", "чт"),
    ("пятница", "пятницу", "пт"),
    ("суббота", "субботу", "сб"),
    ("воскресенье", "вс"),
)
_HOUR = r"(?P<hour>\d{1,2})"
_MINUTE = r"(?:[:.\-](?P<minute>\d{2}))"
_CLOCK = (
    rf"(?:(?:в|на|к)\s+)?{_HOUR}(?:{_MINUTE}|\s*(?:ч|час|часа|часов)\.?(?:\s*(?P<spoken>\d{{2}})"
    r"\s*(?:м|мин|минут|минуты)?\.?)?)?(?:\s+(?P<part>утра|дня|вечера))?"
)
_DATE = r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}|\d{2}))?"
_SPOKEN_DATE = (
    r"(?P<spoken_day>\d{1,2})\s+(?P<name>[а-я]+)(?:\s+(?P<spoken_year>\d{4})(?:\s+года)?)?"
)
_FORM = re.compile(
    rf"(?:(?P<word>{'|'.join(sorted(_DAYS, key=len, reverse=True))})|"
    rf"(?:во?\s+)?(?P<weekday>{'|'.join(w for names in _WEEKDAYS for w in names)})|"
    rf"{_DATE}|{_SPOKEN_DATE})(?:\s*,\s*|\s+){_CLOCK}"
)
_CLOCK_ONLY = re.compile(_CLOCK)
_NOON = 12


def read_told_time(text: str, *, now: datetime, zone: timezone) -> datetime | None:
    """Return the moment that a text tells, by the clocks of a zone; None when it tells none.

    What names no year, or a weekday, is the next one that is not over; a clock alone is today's,
    or tomorrow's when that is over.
    """
    said = " ".join(text[: LONGEST + 1].lower().replace("ё", "е").split()).strip(" .!")
    if len(said) > LONGEST:
        return None
    local = now.astimezone(zone)
    if alone := _CLOCK_ONLY.fullmatch(said):
        return _next_clock(alone, local)
    told = _FORM.fullmatch(said)
    clock = told and _clock(told)
    if told is None or clock is None:
        return None
    day = _day(told, local, clock)
    return _moment(day, clock, zone) if day else None


def _next_clock(told: re.Match[str], local: datetime) -> datetime | None:
    clock = _clock(told)
    # A bare number is no time: «5» may answer anything.
    bare = told["minute"] is None and not re.search(r"[вкча]", told[0])
    if clock is None or bare:
        return None
    today = datetime.combine(local.date(), clock, local.tzinfo)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def _clock(told: re.Match[str]) -> time | None:
    hour, minute = int(told["hour"]), int(told["minute"] or told["spoken"] or 0)
    if told["part"] in {"дня", "вечера"} and hour < _NOON:
        hour += _NOON
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _day(told: re.Match[str], local: datetime, clock: time) -> date | None:
    today = local.date()
    if told["word"]:
        return today + timedelta(days=_DAYS[told["word"]])
    if told["weekday"]:
        number = next(n for n, names in enumerate(_WEEKDAYS) if told["weekday"] in names)
        ahead = (number - today.weekday()) % 7
        is_over = ahead == 0 and clock <= local.timetz().replace(tzinfo=None)
        return today + timedelta(days=7 if is_over else ahead)
    month = int(told["month"]) if told["month"] else _month(told["name"])
    day, year = int(told["day"] or told["spoken_day"]), told["year"] or told["spoken_year"]
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004
    this_year = _date(today.year, month, day)
    return this_year if this_year and this_year >= today else _date(today.year + 1, month, day)


def _month(name: str) -> int:
    """Return a month by its name as dates have it; 0 when it is none."""
    return MONTHS.index(name) + 1 if name in MONTHS else 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(day: date, clock: time, zone: timezone) -> datetime | None:
    try:
        return datetime.combine(day, clock, zone).astimezone(UTC)
    except OverflowError:
        return None
