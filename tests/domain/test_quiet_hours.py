"""Nobody is disturbed in quiet hours, and nobody waits longer than they last."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.broadcast_rules import CAREFUL, KNOWN
from housechats.domain.quiet_hours import (
    NO_LENGTH,
    OPEN_FROM,
    OPEN_TO,
    TOO_LONG,
    LocalQuiet,
    QuietHours,
    Window,
    fault_of,
    next_allowed,
    quiet_from,
)

MOSCOW = timezone(timedelta(hours=3))
REGION = next(one.quiet for one in KNOWN if one.oktmo == "46")
"""Of the Moscow region: by weekday, weekend and midday."""
A_MINUTE = timedelta(minutes=1)

clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def clock_of(minutes: int) -> time:
    """Return what a clock shows so long after the open hours."""
    return (datetime.combine(date(2026, 11, 20), OPEN_TO) + minutes * A_MINUTE).time()


MINUTES_BETWEEN = 21 * 60
"""From the end of the open hours to their beginning."""
windows = (
    st.lists(st.integers(0, MINUTES_BETWEEN), min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda two: Window(clock_of(two[0]), clock_of(two[1])))
)
zones = st.integers(2, 12).map(lambda hours: timezone(timedelta(hours=hours)))
moments = st.timedeltas(timedelta(), timedelta(days=730)).map(
    datetime(2026, 1, 1, tzinfo=UTC).__add__
)
hours = st.builds(QuietHours, windows, windows, st.none() | windows)
one_place = st.builds(LocalQuiet, hours, zones)


def at(day: int, clock: str) -> datetime:
    """Return a moment of November 2026 in Moscow; the 20th is a Friday."""
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), MOSCOW)


def is_quiet(moment: datetime, place: LocalQuiet) -> bool:
    """Look at the clock on the wall, as a resident does."""
    local = moment.astimezone(place.zone)
    night = place.hours.weekend if local.strftime("%a") in {"Sat", "Sun"} else place.hours.weekday
    return any(
        window.begins <= local.time() < window.ends
        if window.begins < window.ends
        else local.time() >= window.begins or local.time() < window.ends
        for window in (night, place.hours.midday)
        if window
    )


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        pytest.param(at(20, "12:59"), at(20, "12:59"), id="before midday"),
        pytest.param(at(20, "13:00"), at(20, "15:00"), id="at midday"),
        pytest.param(at(20, "15:00"), at(20, "15:00"), id="when midday is over"),
        pytest.param(at(20, "20:59"), at(20, "20:59"), id="on a Friday evening"),
        pytest.param(at(20, "21:00"), at(21, "10:00"), id="from Friday night to Saturday"),
        pytest.param(at(21, "08:30"), at(21, "10:00"), id="on a Saturday morning"),
        pytest.param(at(21, "21:30"), at(21, "21:30"), id="on a Saturday evening"),
        pytest.param(at(22, "22:00"), at(23, "08:00"), id="from Sunday night to Monday"),
        pytest.param(at(23, "00:00"), at(23, "08:00"), id="at midnight"),
        pytest.param(at(24, "07:59"), at(24, "08:00"), id="a minute too early"),
    ],
)
def test_a_message_waits_for_the_end_of_the_quiet_hours(asked: datetime, allowed: datetime) -> None:
    assert REGION

    assert next_allowed(asked, [LocalQuiet(REGION, MOSCOW)]) == allowed


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        pytest.param(at(20, "09:00"), at(20, "13:00"), id="midday is next"),
        pytest.param(at(20, "15:00"), at(20, "21:00"), id="the night is next"),
        pytest.param(at(21, "15:00"), at(21, "22:00"), id="a Saturday's night is next"),
        pytest.param(at(20, "22:00"), at(20, "22:00"), id="it is quiet now"),
    ],
)
def test_it_is_known_when_quiet_hours_begin_next(asked: datetime, begins: datetime) -> None:
    assert REGION

    assert quiet_from(asked, [LocalQuiet(REGION, MOSCOW)]) == begins


def test_an_evening_that_is_quiet_until_midnight_makes_no_midnight_quiet() -> None:
    morning, evening = Window(time(3), time(5)), Window(time(19), time())
    hours_of_town = QuietHours(weekday=morning, weekend=evening)

    begins = quiet_from(at(20, "12:00"), [LocalQuiet(hours_of_town, MOSCOW)])

    assert begins == at(21, "19:00")


def test_a_new_years_day_that_is_a_friday_is_a_weekday() -> None:
    assert REGION
    new_year = datetime(2027, 1, 1, 9, tzinfo=MOSCOW)

    assert next_allowed(new_year, [LocalQuiet(REGION, MOSCOW)]) == new_year


def test_where_nobody_wants_quiet_a_message_goes_at_any_time() -> None:
    assert next_allowed(at(20, "03:00"), []) == at(20, "03:00")
    assert quiet_from(at(20, "03:00"), []) is None


@given(moments, st.lists(one_place, min_size=1, max_size=1))
def test_a_message_is_held_no_longer_than_it_is_quiet(
    moment: datetime, places: list[LocalQuiet]
) -> None:
    allowed = next_allowed(moment, places)

    assert allowed >= moment
    assert not is_quiet(allowed, places[0])
    if allowed > moment:
        assert is_quiet(moment, places[0])
        assert is_quiet(allowed - timedelta(microseconds=1), places[0])


@given(moments, st.lists(hours, min_size=1, max_size=5), zones)
def test_a_region_is_written_to_when_all_of_its_towns_allow_it(
    moment: datetime, towns: list[QuietHours], zone: timezone
) -> None:
    places = [LocalQuiet(town, zone) for town in towns]

    allowed = next_allowed(moment, places)

    assert not any(is_quiet(allowed, place) for place in places)
    assert allowed - moment < timedelta(days=1)
    minute = moment
    while minute < allowed:
        assert any(is_quiet(minute, place) for place in places)
        minute += 17 * A_MINUTE


@given(moments, st.lists(one_place, min_size=1, max_size=4))
def test_between_now_and_the_next_quiet_hours_nobody_is_disturbed(
    moment: datetime, places: list[LocalQuiet]
) -> None:
    begins = quiet_from(moment, places)

    assert begins
    assert begins >= moment
    assert any(is_quiet(begins, place) for place in places)
    minute = moment
    while minute < begins:
        assert not any(is_quiet(minute, place) for place in places)
        minute += 17 * A_MINUTE


@given(moments, zones)
def test_what_we_know_of_quiet_hours_leaves_time_for_everybody(
    moment: datetime, zone: timezone
) -> None:
    places = [LocalQuiet(hours, zone) for hours in (CAREFUL, *(o.quiet for o in KNOWN)) if hours]

    assert not any(is_quiet(next_allowed(moment, places), place) for place in places)


@pytest.mark.parametrize(
    ("begins", "ends", "fault"),
    [
        pytest.param("21:00", "09:00", "", id="a night"),
        pytest.param("00:00", "10:00", "", id="a morning"),
        pytest.param("13:00", "16:00", "", id="up to the open hours"),
        pytest.param("19:00", "16:00", "", id="all but the open hours"),
        pytest.param("19:00", "00:00", "", id="an evening"),
        pytest.param("13:00", "16:01", TOO_LONG, id="a minute into them"),
        pytest.param("18:59", "06:00", TOO_LONG, id="a minute before their end"),
        pytest.param("17:00", "18:00", TOO_LONG, id="within them"),
        pytest.param("20:00", "19:00", TOO_LONG, id="around the clock"),
        pytest.param("09:00", "09:00", NO_LENGTH, id="no hours at all"),
    ],
)
def test_quiet_hours_leave_a_part_of_every_day(begins: str, ends: str, fault: str) -> None:
    assert fault_of(Window(time.fromisoformat(begins), time.fromisoformat(ends))) == fault


@given(windows)
def test_all_hours_outside_the_open_ones_may_be_quiet(window: Window) -> None:
    assert not fault_of(window)


@given(clocks, clocks)
def test_quiet_hours_without_a_fault_are_never_around_the_clock(begins: time, ends: time) -> None:
    window = Window(begins, ends)
    place = LocalQuiet(QuietHours(window, window), MOSCOW)

    if not fault_of(window):
        assert not is_quiet(datetime.combine(date(2026, 11, 20), OPEN_FROM, MOSCOW), place)
