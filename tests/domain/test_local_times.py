"""A time without an offset is by the clock where the houses stand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.local_times import (
    FARTHEST,
    PAST,
    TOO_FAR,
    UNREADABLE,
    LocalTimeError,
    read_moment,
    read_start,
)
from housechats.domain.regions import REGIONS
from housechats.domain.zones import zone_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "oktmo", "read"),
    [
        ("2026-11-23T09:00", "45", datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("2026-11-23T09:00:30", "27701000", datetime(2026, 11, 23, 7, 0, 30, tzinfo=UTC)),
        ("2026-11-23T09:00", "30", datetime(2026, 11, 22, 21, tzinfo=UTC)),
        ("2026-11-23T09:00Z", "30", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T09:00+05:00", "45", datetime(2026, 11, 23, 4, tzinfo=UTC)),
    ],
)
def test_staff_write_a_time_as_their_clocks_show_it(text: str, oktmo: str, read: datetime) -> None:
    assert read_moment(text, oktmo) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "завтра", "2026-11-23", "23.11.2026 09:00", "2026-11-23 09:00", "2026-11-23T9:00",
        "2026-13-01T09:00", "2026-02-30T09:00", "2026-11-23T25:00", "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00", "2026-11-23T09:00+99:00", "٢٠٢٦-11-23T09:00",
        "2026-11-23T09:00\n",
    ],
)  # fmt: skip
def test_what_tells_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(LocalTimeError) as told:
        read_moment(text, "45")

    assert told.value.message == UNREADABLE


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(days=-1), PAST),
        (timedelta(), PAST),
        (timedelta(seconds=1), ""),
        (FARTHEST, ""),
        (FARTHEST + timedelta(seconds=1), TOO_FAR),
    ],
)
def test_a_broadcast_is_planned_for_the_next_90_days(ahead: timedelta, told: str) -> None:
    text = (NOW + ahead).isoformat()

    if not told:
        assert read_start(text, "11", now=NOW) == NOW + ahead
        return
    with pytest.raises(LocalTimeError) as error:
        read_start(text, "11", now=NOW)
    assert error.value.message == told


@given(
    st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(NOW.__add__),
    st.sampled_from(sorted(REGIONS)),
)
def test_every_clock_of_the_country_is_read_back(moment: datetime, region: str) -> None:
    shown = moment.astimezone(zone_of(region)).replace(tzinfo=None).isoformat()

    assert read_moment(shown, region) == moment
