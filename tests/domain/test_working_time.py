"""Officials' terms run by the Russian calendar, and by the clock of the place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.working_time import (
    closing_of,
    days_after,
    is_working_day,
    next_working_moment,
    opening_by,
    working_days_after,
    working_days_between,
)
from local.make_working_days import MODULE, written

MOSCOW, VLADIVOSTOK = "45000000", "05701000"
DAYS = st.dates(date(2023, 1, 1), date(2033, 12, 31))


def at(text: str) -> datetime:
    """Return a moment by the clock of Moscow."""
    return datetime.fromisoformat(f"{text}+03:00").astimezone(UTC)


def test_the_table_is_the_one_that_the_package_of_holidays_gives() -> None:
    there = MODULE.read_text(encoding="utf-8")

    made = written()

    assert there == made


@pytest.mark.parametrize(
    "day", ["2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01", "2025-05-05", "2026-03-10"]
)
def test_people_work_on_days_that_a_decree_has_made_working(day: str) -> None:
    works = is_working_day(date.fromisoformat(day))

    assert works


@pytest.mark.parametrize(
    "day",
    [
        *("2024-04-29", "2024-04-30", "2024-05-10", "2024-12-30", "2024-12-31"),
        *("2025-05-02", "2025-05-08", "2025-06-13", "2025-11-03", "2025-12-31"),
        *("2026-01-09", "2026-03-09", "2026-05-11", "2026-12-31", "2026-11-04", "2026-11-21"),
        pytest.param("2030-06-12", id="by the law alone"),
        pytest.param("2031-06-12", id="a holiday of a year without a decree"),
        pytest.param("2032-05-03", id="moved from a Saturday by the law itself"),
        pytest.param("2032-05-10", id="moved from a Sunday by the law itself"),
    ],
)
def test_nobody_works_on_holidays_and_on_days_moved_to(day: str) -> None:
    works = is_working_day(date.fromisoformat(day))

    assert not works


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        pytest.param("2025-11-01", 17, id="a working Saturday in place of a holiday's eve"),
        pytest.param("2024-12-28", 18, id="a working Saturday in place of a usual day"),
        pytest.param("2026-11-03", 17, id="the eve of a holiday"),
        pytest.param("2026-02-20", 18, id="a Friday, though a holiday follows the weekend"),
        pytest.param("2026-11-20", 18, id="a usual Friday"),
        pytest.param("2030-06-11", 17, id="an eve in a year without a decree"),
    ],
)
def test_offices_close_an_hour_earlier_before_a_holiday(day: str, hour: int) -> None:
    closes = closing_of(date.fromisoformat(day))

    assert closes.hour == hour


def test_ten_working_days_run_over_the_holidays_of_may() -> None:
    asked = at("2025-04-25T12:00")

    due = working_days_after(asked, 10, MOSCOW)

    assert due == at("2025-05-15T18:00")


def test_a_day_off_of_a_territory_makes_the_term_longer() -> None:
    asked, extra = at("2026-11-16T12:00"), frozenset({date(2026, 11, 18)})

    due = working_days_after(asked, 3, MOSCOW, extra)

    assert due == at("2026-11-20T18:00")


def test_a_term_in_days_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    asked = at("2026-11-06T12:00")

    due = days_after(asked, 30, MOSCOW)

    assert due == at("2026-12-07T18:00")


def test_the_day_is_that_of_the_place() -> None:
    asked = at("2026-11-17T20:00")  # 3 in the morning of Wednesday in Vladivostok

    due = working_days_after(asked, 1, VLADIVOSTOK)

    assert due == at("2026-11-19T11:00")


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        pytest.param("2026-11-17T12:30", "2026-11-17T12:30", id="at work"),
        pytest.param("2026-11-17T07:30", "2026-11-17T09:00", id="in the morning"),
        pytest.param("2026-11-20T18:00", "2026-11-23T09:00", id="on a Friday evening"),
        pytest.param("2026-11-03T17:00", "2026-11-05T09:00", id="after a short day"),
        pytest.param("2026-12-30T19:00", "2027-01-11T09:00", id="before the new year"),
    ],
)
def test_officials_are_written_to_when_they_are_at_work(moment: str, then: str) -> None:
    told = next_working_moment(at(moment), MOSCOW)

    assert told == at(then)


def test_the_day_before_a_monday_is_a_friday() -> None:
    due = at("2026-11-23T18:00")

    opens = [opening_by(due, MOSCOW), opening_by(opening_by(due, MOSCOW), MOSCOW)]

    assert opens == [at("2026-11-23T09:00"), at("2026-11-20T09:00")]


@given(day=DAYS, days=st.integers(1, 40))
def test_so_many_working_days_later_so_many_are_counted(day: date, days: int) -> None:
    asked = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)

    due = working_days_after(asked, days, MOSCOW)

    assert working_days_between(asked, due, MOSCOW) == days
    assert next_working_moment(due - timedelta(seconds=1), MOSCOW) == due - timedelta(seconds=1)
