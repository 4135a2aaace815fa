"""Lists of houses come page by page, whatever happens to the houses meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House, HouseLine
from housechats.domain.listing import HousePage, ShownState, order, page, within
from support.clock import JANUARY

LINE = HouseLine(
    id="A",
    oktmo="11701000",
    title="ул. Садовая, д. 1",
    state=ChatState.OPEN,
    position="11701000#г. образцов садовая ул#00001",
)

BLANK = {
    "id": "A",
    "digest": "d",
    "oktmo": "11701000",
    "address": Address(street="Садовая", house="1"),
    "community": 7,
    "created_at": JANUARY,
}


def line(number: int, **changes: object) -> HouseLine:
    return replace(
        LINE,
        id=f"H{number}",
        title=f"ул. Садовая, д. {number}",
        position=f"11701000#г. образцов садовая ул#{number:05d}",
        **changes,  # type: ignore[arg-type]
    )


def paged(lines: list[HouseLine], limit: int = 50, **asked: str) -> HousePage:
    return page(lines, limit=limit, **asked)


def ids(of: HousePage) -> list[str]:
    return [line.id for line in of.items]


@given(st.integers(0, 30), st.integers(1, 10))
def test_pages_follow_each_other_without_gaps(houses: int, limit: int) -> None:
    lines, shown, cursor = [line(n) for n in range(houses)], [], ""

    while True:
        one = paged(lines, limit, cursor=cursor)
        shown += ids(one)
        if not (cursor := one.next_cursor):
            break

    assert shown == [line.id for line in lines]
    assert one.total == houses


def test_a_page_goes_on_where_the_last_one_ended_though_its_last_house_is_gone() -> None:
    lines = [line(n) for n in range(6)]

    first = paged(lines, 3)
    second = paged([line for line in lines if line.id not in ids(first)], 3, **_after(first))

    assert ids(second) == ["H3", "H4", "H5"]


def test_a_house_that_has_another_state_by_now_does_not_stop_its_page() -> None:
    lines = [line(n, state=ChatState.PLANNED) for n in range(6)]

    first = paged(lines, 3, state="planned")
    lines[2] = replace(lines[2], state=ChatState.OPEN)
    second = paged(lines, 3, state="planned", **_after(first))

    assert ids(second) == ["H3", "H4", "H5"]


def test_a_new_house_before_the_page_moves_nothing() -> None:
    lines = [line(n) for n in range(2, 8)]

    first = paged(lines, 3)
    second = paged([line(1), *lines], 3, **_after(first))

    assert ids(second) == ["H5", "H6", "H7"]


def test_two_houses_of_one_place_are_shown_once_each() -> None:
    lines = sorted((replace(line(1), id=name) for name in "CBA"), key=order)

    first = paged(lines, 1)
    second = paged(lines, 1, **_after(first))

    assert ids(first) + ids(second) == ["A", "B"]


@pytest.mark.parametrize("cursor", ["H1", "%%%", "=", "0JDQsQ", "____"])
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(LookupError):
        paged([LINE], cursor=cursor)


def test_counts_are_of_all_states_and_the_page_of_one() -> None:
    lines = [
        line(1),
        line(2, state=ChatState.PLANNED),
        line(3, state=ChatState.PLANNED, waits=True),
    ]

    planned, waiting = paged(lines, state="planned"), paged(lines, state="waiting")

    assert (ids(planned), ids(waiting)) == (["H2"], ["H3"])
    assert planned.counts == {"open": 1, "planned": 1, "waiting": 1}
    assert planned.total == 1


def test_words_a_tag_and_an_organisation_narrow_the_page_and_its_counts() -> None:
    lines = [
        line(1, tags=("лифт",), organisations=("2901000017",)),
        line(2, tags=("лифт",)),
        line(12, organisations=("2901000017",)),
    ]

    assert ids(paged(lines, text="садовая 1")) == ["H1", "H12"]
    assert ids(paged(lines, tag="лифт")) == ["H1", "H2"]
    assert ids(paged(lines, tag="Лифт")) == ["H1", "H2"]
    assert ids(paged(lines, organisation="2901000017")) == ["H1", "H12"]
    assert paged(lines, tag="лифт", organisation="2901000017").counts == {"open": 1}


def test_the_houses_of_a_territory_are_a_part_of_its_regions() -> None:
    codes = ["11605000", "11701000", "11701000", "11701001", "11730000"]
    lines = [replace(line(n), oktmo=code, position=f"{code}#{n}") for n, code in enumerate(codes)]

    assert within(lines, "11701") == lines[1:4]
    assert within(lines, "11") == lines
    assert within(lines, "117") == lines[1:]
    assert within(lines, "12") == []


def test_people_may_ask_for_every_state_that_a_list_shows() -> None:
    houses = [House(**BLANK, state=state) for state in ChatState]  # type: ignore[arg-type]

    assert {house.line.state for house in houses} | {ShownState.WAITING} == set(ShownState)


def _after(one: HousePage) -> dict[str, str]:
    return {"cursor": one.next_cursor}
