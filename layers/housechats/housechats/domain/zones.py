"""Zones: which day it is where a house stands, what a month is called, when days begin and end.

A territory's zone is its region's. A code of no known region counts as Moscow's.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

from housechats.domain.regions import region_at

MOSCOW = 3
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
"""As they stand in a date: «29 ноября»."""


def zone_of(oktmo: str) -> timezone:
    """Return the zone in which people of a territory read their clocks."""
    region = region_at(oktmo)
    return timezone(timedelta(hours=region.utc_offset if region else MOSCOW))


def day_at(moment: datetime, oktmo: str) -> date:
    """Return which day it is in a territory."""
    return moment.astimezone(zone_of(oktmo)).date()


def beginning_of(day: date, oktmo: str) -> datetime:
    """Return the first moment of a territory's day."""
    return datetime.combine(day, time(), zone_of(oktmo)).astimezone(UTC)


def end_of(day: date, oktmo: str) -> datetime:
    """Return the first moment after a territory's day."""
    return beginning_of(day + timedelta(days=1), oktmo)


def last_day_before(moment: datetime, oktmo: str) -> date:
    """Return the last day that something had which ended at a moment."""
    return day_at(moment - timedelta(milliseconds=1), oktmo)
