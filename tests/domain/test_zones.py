"""A day begins when it begins where the house stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from housechats.domain.regions import REGIONS
from housechats.domain.territories import REGIONS_WITHIN, region_of
from housechats.domain.zones import beginning_of, day_at, end_of, last_day_before, zone_of

DAY = date(2027, 1, 1)


def test_there_are_89_regions_and_each_is_found_by_its_own_code() -> None:
    assert len(REGIONS) == 89
    assert len({region.name for region in REGIONS.values()}) == 89
    assert set(REGIONS_WITHIN) | set(REGIONS_WITHIN.values()) <= set(REGIONS)
    assert all(region_of(code) == code for code in REGIONS)


def test_the_country_has_eleven_zones() -> None:
    assert {region.utc_offset for region in REGIONS.values()} == set(range(2, 13))


@pytest.mark.parametrize(
    ("oktmo", "hours"),
    [
        pytest.param("27701000", 2, id="Калининград"),
        pytest.param("45301000", 3, id="Москва"),
        pytest.param("118", 3, id="Нарьян-Мар"),
        pytest.param("71876000", 5, id="Югра, inside the code of Тюмень"),
        pytest.param("05701000", 10, id="Владивосток"),
        pytest.param("00000000", 3, id="no such region"),
    ],
)
def test_a_house_has_the_zone_of_its_region(oktmo: str, hours: int) -> None:
    assert zone_of(oktmo).utcoffset(None) == timedelta(hours=hours)


def test_a_day_of_the_far_east_is_over_before_that_of_moscow_begins_to_end() -> None:
    assert beginning_of(DAY, "30701000") == datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert end_of(DAY, "45301000") == datetime(2027, 1, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize("oktmo", REGIONS)
def test_the_last_day_of_what_ended_with_a_day_is_that_day(oktmo: str) -> None:
    assert day_at(beginning_of(DAY, oktmo), oktmo) == DAY
    assert last_day_before(end_of(DAY, oktmo), oktmo) == DAY
