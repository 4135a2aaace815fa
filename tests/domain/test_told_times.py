"""Times that people write to the bot are read as they mean them, and nothing else is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.told_times import read_told_time

MOSCOW = timezone(timedelta(hours=3))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""A Sunday, 13:00 in Moscow."""
ZONES = st.integers(min_value=2, max_value=12).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("завтра в 19:00", "2026-11-23 19:00"),
        ("Завтра, 19.00", "2026-11-23 19:00"),
        ("послезавтра в 9 утра", "2026-11-24 09:00"),
        ("сегодня к 20 часам", None),
        ("сегодня в 20 часов", "2026-11-22 20:00"),
        ("25.11 18:30", "2026-11-25 18:30"),
        ("25.11.2026 в 18:30", "2026-11-25 18:30"),
        ("25 ноября в 18 ч 30 мин", "2026-11-25 18:30"),
        ("1 мая 2027 года в 12:00", "2027-05-01 12:00"),
        ("3 января в 12:00", "2027-01-03 12:00"),
        ("в четверг в 19", "2026-11-26 19:00"),
        ("во вторник в 7 вечера", "2026-11-24 19:00"),
        ("в воскресенье в 12:00", "2026-11-29 12:00"),
        ("вс 18:00", "2026-11-22 18:00"),
        ("19:00", "2026-11-22 19:00"),
        ("в 12", "2026-11-23 12:00"),
        ("5", None),
        ("31.02 10:00", None),
        ("25:61", None),
        ("завтра", None),
        ("завтра в 19:00 или в 20:00", None),
        ("не знаю", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, told: str | None) -> None:
    read = read_told_time(text, now=NOW, zone=MOSCOW)

    assert (f"{read.astimezone(MOSCOW):%Y-%m-%d %H:%M}" if read else None) == told


@given(st.text(max_size=200), MOMENTS, ZONES)
def test_no_text_is_too_strange_to_read(text: str, now: datetime, zone: timezone) -> None:
    read = read_told_time(text, now=now, zone=zone)

    assert read is None or read.tzinfo is UTC


@given(MOMENTS, st.integers(min_value=1, max_value=300), ZONES)
def test_a_date_that_is_written_out_is_read_back(now: datetime, days: int, zone: timezone) -> None:
    meant = (now.astimezone(zone) + timedelta(days=days)).replace(second=0, microsecond=0)
    clock = f"{meant:%H:%M}"

    read = {
        read_told_time(text, now=now, zone=zone)
        for text in (
            f"{meant:%d.%m.%Y} {clock}",
            f"{meant:%d.%m} в {clock}",
            f"{meant.day} {MONTHS[meant.month - 1]}, {clock}",
        )
    }

    assert read == {meant.astimezone(UTC)}


@given(MOMENTS, st.times(), ZONES)
def test_a_clock_alone_is_the_next_time_it_shows_that(
    now: datetime, clock: object, zone: timezone
) -> None:
    read = read_told_time(f"{clock:%H:%M}", now=now, zone=zone)

    assert read is not None
    assert now < read <= now + timedelta(days=1)
    assert f"{read.astimezone(zone):%H:%M}" == f"{clock:%H:%M}"


@given(MOMENTS, st.sampled_from(["пн", "вт", "ср", "чт", "пт", "сб", "вс"]), ZONES)
def test_a_weekday_is_one_of_the_next_seven_days(now: datetime, day: str, zone: timezone) -> None:
    read = read_told_time(f"{day} 12:00", now=now, zone=zone)

    assert read is not None
    assert now < read <= now + timedelta(days=8)
    assert ["пн", "вт", "ср", "чт", "пт", "сб", "вс"][read.astimezone(zone).weekday()] == day
