"""A territory covers what its ОКТМО code covers, minus the regions within."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.territories import Territory, is_oktmo, is_territory, region_of

digits = st.text("0123456789", min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("oktmo", "region"),
    [
        ("11701000", "11"),
        ("11800000", "118"),
        ("71701000", "71"),
        ("71871000", "718"),
        ("71951000", "719"),
        ("11", "11"),
        ("118", "118"),
        ("45380000", "45"),
    ],
)
def test_three_regions_lie_within_the_codes_of_others(oktmo: str, region: str) -> None:
    assert region_of(oktmo) == region


@pytest.mark.parametrize(
    ("territory", "sees", "does_not_see"),
    [
        pytest.param("11", ["11701000", "11605410101"], ["11800000", "118", "36701000"], id="11"),
        pytest.param("118", ["11811000"], ["11701000"], id="within 11"),
        pytest.param("71", ["71701000"], ["71871000", "71951000"], id="71"),
        pytest.param("11000000", ["11701000"], ["11800000"], id="a region in 8 digits"),
        pytest.param("11000000000", ["11701000"], ["11800000"], id="a region in 11 digits"),
        pytest.param("11800000", ["11811000"], ["11701000"], id="one within in 8 digits"),
        pytest.param(
            "11605000", ["11605000", "11605410", "11605410101"], ["11606000"], id="a district"
        ),
        pytest.param("11701000", ["11701000", "11701000001"], ["11702000"], id="a town"),
        pytest.param("11701000000", ["11701000"], ["11702000"], id="a town in 11 digits"),
        pytest.param("11605410", ["11605410101"], ["11605412101"], id="a settlement"),
        pytest.param("11605410101", ["11605410101"], ["11605410106", "11605410"], id="a village"),
    ],
)
def test_a_territory_sees_its_own_and_nothing_else(
    territory: str, sees: list[str], does_not_see: list[str]
) -> None:
    place = Territory(territory)

    assert [place.covers(oktmo) for oktmo in sees] == [True] * len(sees)
    assert [place.covers(oktmo) for oktmo in does_not_see] == [False] * len(does_not_see)


@given(digits, digits)
def test_no_house_is_in_two_regions(one: str, other: str) -> None:
    regions = {region_of(one), region_of(other)}

    seen_by = {region for region in regions if Territory(region).covers(one)}

    assert seen_by == {region_of(one)}


@given(digits, digits)
def test_what_is_covered_begins_with_the_prefix(territory: str, oktmo: str) -> None:
    place = Territory(territory)

    if place.covers(oktmo):
        assert oktmo.startswith(place.prefix)
        assert place.region == region_of(oktmo)


def test_codes_are_told_from_other_texts() -> None:
    assert [is_oktmo(text) for text in ("11701000", "11701000001", "11", "1170100а")] == [
        True,
        True,
        False,
        False,
    ]
    assert [is_territory(text) for text in ("11", "118", "11701000", "1", "1170", "٣٣")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("11701000", "11701000"),
        ("11701000000", "11701000"),
        ("11701000001", "11701000001"),
        ("11", "11"),
        ("11000000", "11"),
        ("11800000000", "118"),
    ],
)
def test_a_territory_has_one_spelling(written: str, code: str) -> None:
    assert Territory(written).code == code
    assert Territory(written).prefix == Territory(code).prefix
