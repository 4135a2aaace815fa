"""What counts at a place is what the nearest territory around it says."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.broadcast_rules import (
    CAREFUL,
    KNOWN,
    SECOND_PERSON_ABOVE,
    TerritoryRules,
    needs_second_person,
    quiets_within,
    rules_at,
)
from housechats.domain.quiet_hours import QuietHours, Window, next_allowed
from housechats.domain.regions import REGIONS
from housechats.domain.zones import zone_of

NIGHT = QuietHours(Window(time(22), time(7)), Window(time(22), time(9)))
LONG_NIGHT = QuietHours(Window(time(20), time(11)), Window(time(20), time(11)))
TOWN, DISTRICT, IN_DISTRICT, VILLAGE = "11701000", "11605000", "11605410", "11605410101"


@pytest.mark.parametrize(
    ("oktmo", "whose", "weekday", "weekend"),
    [
        ("45301000", "45", (23, 7), (23, 7)),
        ("46000000", "46", (21, 8), (22, 10)),
        ("40", "40", (22, 8), (22, 8)),
        ("92701000", "92701000", (22, 6), (22, 9)),
        ("92701000001", "92701000", (22, 6), (22, 9)),
        ("92730000", "", (21, 9), (21, 10)),
        ("11701000", "", (21, 9), (21, 10)),
        ("118", "", (21, 9), (21, 10)),
    ],
)
def test_what_we_know_of_quiet_hours_counts_until_a_territory_sets_its_own(
    oktmo: str, whose: str, weekday: tuple[int, int], weekend: tuple[int, int]
) -> None:
    found = rules_at(oktmo, [])

    assert found.quiet_of == whose
    assert found.quiet.weekday == Window(time(weekday[0]), time(weekday[1]))
    assert found.quiet.weekend == Window(time(weekend[0]), time(weekend[1]))
    assert found.second_person_above == SECOND_PERSON_ABOVE


def test_nothing_that_we_know_of_quiet_hours_was_checked_and_all_of_it_says_by_what() -> None:
    assert all(one.quiet and one.quiet.basis and one.quiet.valid_from for one in KNOWN)
    assert not any(one.quiet.checked for one in KNOWN if one.quiet)
    assert (CAREFUL.basis, CAREFUL.checked) != ("", True)


def test_of_each_thing_the_nearest_territory_that_says_it_counts() -> None:
    kept = [
        TerritoryRules("11", NIGHT, 500, "Правительство области"),
        TerritoryRules(DISTRICT, None, 50),
        TerritoryRules(IN_DISTRICT, LONG_NIGHT, speaks_as="Администрация поселения"),
    ]

    region, district, place, village, town = (
        rules_at(oktmo, kept) for oktmo in ("11", DISTRICT, IN_DISTRICT, VILLAGE, TOWN)
    )

    assert (region.quiet_of, region.second_person_above) == ("11", 500)
    assert (district.quiet_of, district.second_person_above) == ("11", 50)
    assert district.speaks_as == "Правительство области"
    assert (place.quiet, place.second_person_above) == (LONG_NIGHT, 50)
    assert place.speaks_as == "Администрация поселения"
    assert village == place
    assert town == region


@pytest.mark.parametrize(
    ("oktmo", "chats", "needed"),
    [
        pytest.param(TOWN, {TOWN: 20}, False, id="as many as the town lets one person write to"),
        pytest.param(TOWN, {TOWN: 21}, True, id="one more"),
        pytest.param("11", {TOWN: 15, "11701000001": 6}, True, id="the town's, under the region"),
        pytest.param("11", {TOWN: 20, DISTRICT: 480}, False, id="few of each"),
        pytest.param("11", {TOWN: 20, DISTRICT: 481}, True, id="many of the region"),
        pytest.param(VILLAGE, {VILLAGE: 500}, False, id="a village as around it"),
        pytest.param(VILLAGE, {VILLAGE: 501}, True, id="one more in a village"),
        pytest.param("118", {"11811000": 1000}, False, id="another region"),
    ],
)
def test_a_town_that_wants_a_second_person_gets_one_whichever_territory_is_named(
    oktmo: str, chats: dict[str, int], needed: bool
) -> None:
    kept = [TerritoryRules("11", second_person_above=500), TerritoryRules(TOWN, None, 20)]

    assert needs_second_person(oktmo, chats, kept) is needed


def test_what_people_have_set_stands_before_what_we_know() -> None:
    assert rules_at("45301000", [TerritoryRules("45", NIGHT)]).quiet == NIGHT
    assert rules_at("45301000", [TerritoryRules("45", speaks_as="Мэрия")]).quiet_of == "45"
    assert rules_at("92701000", [TerritoryRules("92", NIGHT)]).quiet_of == "92701000"
    assert rules_at("92701000", [TerritoryRules("92701000", NIGHT)]).quiet == NIGHT


def test_who_has_said_nothing_speaks_as_the_administration_of_the_region() -> None:
    assert rules_at(TOWN, []).speaks_as == "Администрация, Архангельская область"
    assert rules_at("118", []).speaks_as == "Администрация, Ненецкий автономный округ"


def test_a_region_keeps_the_hours_of_every_town_with_hours_of_its_own() -> None:
    kept = [
        TerritoryRules("11", NIGHT),
        TerritoryRules(TOWN, LONG_NIGHT),
        TerritoryRules(DISTRICT, speaks_as="Администрация района"),
        TerritoryRules(IN_DISTRICT, NIGHT),
    ]

    of_region, of_town, of_district = (
        quiets_within(oktmo, kept) for oktmo in ("11", TOWN, DISTRICT)
    )

    assert [one.hours for one in of_region] == [NIGHT, LONG_NIGHT]
    assert [one.hours for one in of_town] == [LONG_NIGHT]
    assert [one.hours for one in of_district] == [NIGHT]
    assert {one.zone for one in of_region} == {zone_of("11")}


def test_tatarstan_is_written_to_when_kazan_and_the_rest_of_it_are_awake() -> None:
    hours = [one.hours.weekday for one in quiets_within("92", [])]

    assert hours == [CAREFUL.weekday, Window(time(22), time(6))]
    assert [one.hours.weekday for one in quiets_within("92701000", [])] == hours[1:]


def test_the_region_within_another_ones_code_keeps_its_own_hours() -> None:
    kept = [TerritoryRules("11", NIGHT), TerritoryRules("118", LONG_NIGHT)]

    assert [one.hours for one in quiets_within("11", kept)] == [NIGHT]
    assert [one.hours for one in quiets_within("118", kept)] == [LONG_NIGHT]


@given(
    st.sampled_from(sorted(REGIONS)),
    st.timedeltas(timedelta(), timedelta(days=365)).map(datetime(2026, 1, 1, tzinfo=UTC).__add__),
)
def test_every_region_is_awake_at_some_time_within_a_day(region: str, moment: datetime) -> None:
    allowed = next_allowed(moment, quiets_within(region, []))

    assert allowed - moment < timedelta(days=1)
    assert time(7) <= allowed.astimezone(zone_of(region)).time() < time(23)
