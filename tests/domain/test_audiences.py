"""A broadcast reaches the houses that were asked for, within reach, each once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.access import Caller
from housechats.domain.audiences import (
    LEFT_OUT,
    AllHouses,
    CoordinationChatsOf,
    ListedHouses,
    MunicipalityHouses,
    Named,
    OrganisationHouses,
    Part,
    StreetHouses,
    TaggedHouses,
    TheseHouses,
    choose,
    digest_of,
    fault_of,
    faults_of,
    listed,
    wanted,
    why_left_out,
    within_reach,
)
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
REGION, TOWN, OTHER_TOWN, ELSEWHERE = "11", "11701000", "11730000", "63701000"
COSY, HEAT = "2901000001", "2901000002"


def house(n: int, oktmo: str = TOWN, *inns: str, tags: tuple[str, ...] = ()) -> HouseLine:
    return HouseLine(
        id=f"H0SE{n:04d}",
        oktmo=oktmo,
        title=f"ул. Садовая, д. {n}",
        state=ChatState.OPEN,
        organisations=inns,
        tags=tags,
        community=7,
        chat_id=n,
    )


def post(role: Role, oktmo: str, inn: str = "") -> Post:
    return Post(1, role, Territory(oktmo), SINCE, "operator", inn=inn)


def test_houses_of_several_parts_come_once_and_each_part_says_how_many_it_found() -> None:
    lines = [
        house(1, TOWN, COSY),
        house(2, TOWN, COSY, tags=("Лифт",)),
        house(3, OTHER_TOWN),
        house(4, OTHER_TOWN, tags=("лифт", "газ")),
        house(5),
    ]
    parts = [
        wanted(OrganisationHouses(COSY)),
        wanted(TaggedHouses(" ЛИФТ ")),
        wanted(MunicipalityHouses(OTHER_TOWN)),
        wanted(TaggedHouses("мусоропровод")),
    ]

    chosen = choose(lines, parts)

    assert [line.id for line in chosen.lines] == [f"H0SE000{n}" for n in (1, 2, 3, 4)]
    assert [part.houses for part in chosen.parts] == [2, 2, 2, 0]
    assert [(one.part, one.line) for one in chosen.not_found] == [(4, 0)]


def test_codes_and_lines_that_are_no_house_here_are_told_by_their_numbers() -> None:
    lines = [house(1), house(2)]
    pasted = [
        Named("ул. Садовая, 2", "H0SE0002"),
        Named("ул. Нет, 1", ""),
        Named("Мира", "", "Две."),
    ]

    chosen = choose(lines, [wanted(TheseHouses(("hose-0001", "H0SE0009"))), listed(pasted)])

    assert [line.id for line in chosen.lines] == ["H0SE0001", "H0SE0002"]
    assert [(one.part, one.line, one.text) for one in chosen.not_found] == [
        (1, 2, "H0SE0009"),
        (2, 2, "ул. Нет, 1"),
        (2, 3, "Мира"),
    ]
    assert chosen.not_found[2].why == "Две."


def test_each_line_is_looked_at_once_however_many_parts_there_are() -> None:
    looked_at = iter([house(n) for n in range(1, 4)])

    chosen = choose(looked_at, [wanted(AllHouses()), wanted(OrganisationHouses(COSY))])

    assert len(chosen.lines) == 3


@pytest.mark.parametrize("state", ChatState)
def test_only_an_open_chat_gets_the_message_and_the_others_say_why(state: ChatState) -> None:
    why = why_left_out(replace(house(1), state=state), {7})

    assert (why == "") == (state == ChatState.OPEN)
    assert not why or LEFT_OUT[why]


def test_a_chat_of_a_disconnected_community_is_left_out() -> None:
    assert why_left_out(house(1), {8}) == "community_disconnected"


def test_a_house_whose_chat_has_no_number_yet_is_left_out() -> None:
    assert why_left_out(replace(house(1), chat_id=0), {7}) == "no_chat_yet"


def test_who_represents_a_company_reaches_its_houses_of_now() -> None:
    mine, before, other = house(1, TOWN, COSY), house(2, TOWN, HEAT), house(3)
    caller = Caller(1, (post(Role.REPRESENTATIVE, REGION, COSY),))

    reached = within_reach([mine, before, other], caller, territory=Territory(TOWN), inn=COSY)

    assert reached == [mine]


def test_who_speaks_for_a_company_reaches_only_its_houses_whatever_else_they_are() -> None:
    lines = [house(1, TOWN, COSY), house(2, TOWN), house(3, OTHER_TOWN, COSY), house(4, OTHER_TOWN)]
    both = Caller(1, (post(Role.REPRESENTATIVE, REGION, COSY), post(Role.STAFF, TOWN)))
    staff = Caller(2, (post(Role.STAFF, REGION),))

    as_company = within_reach(lines, both, territory=Territory(REGION), inn=COSY)
    as_town = within_reach(lines, both, territory=Territory(REGION), inn="")
    staff_as_company = within_reach(lines, staff, territory=Territory(REGION), inn=COSY)

    assert as_company == staff_as_company == [lines[0], lines[2]]
    assert as_town == lines[:2]


OKTMOS = st.sampled_from([TOWN, OTHER_TOWN, ELSEWHERE])
INNS = st.sampled_from([COSY, HEAT])


@given(
    houses=st.lists(st.tuples(OKTMOS, st.sets(INNS)), max_size=12),
    posts=st.lists(st.tuples(st.sampled_from([REGION, TOWN, OTHER_TOWN]), INNS), max_size=3),
    speaks=st.sampled_from(["", COSY, HEAT]),
)
def test_a_representative_never_reaches_a_house_that_is_not_theirs(
    houses: list[tuple[str, set[str]]], posts: list[tuple[str, str]], speaks: str
) -> None:
    lines = [house(n, oktmo, *sorted(inns)) for n, (oktmo, inns) in enumerate(houses)]
    caller = Caller(1, tuple(post(Role.REPRESENTATIVE, oktmo, inn) for oktmo, inn in posts))

    reached = within_reach(lines, caller, territory=Territory(REGION), inn=speaks)

    mine = [
        line
        for line in lines
        if speaks in line.organisations
        and any(inn == speaks and Territory(oktmo).covers(line.oktmo) for oktmo, inn in posts)
    ]
    assert reached == mine


def test_an_elder_writes_to_nobody() -> None:
    caller = Caller(1, elder_ids=frozenset({"e1"}))

    assert within_reach([house(1)], caller, territory=Territory(TOWN), inn="") == []


def test_an_audience_is_the_same_in_any_order_and_another_with_another_chat() -> None:
    chats = [(7, 1, "A"), (7, 2, "B"), (8, 1, "C")]

    assert digest_of(chats) == digest_of(reversed(chats))
    assert digest_of(chats) != digest_of([(7, 1, "A"), (7, 3, "B"), (8, 1, "C")])


@pytest.mark.parametrize(
    ("part", "field"),
    [
        pytest.param(TheseHouses(()), "ids", id="no codes"),
        pytest.param(ListedHouses(()), "lines", id="an empty list"),
        pytest.param(ListedHouses(("Мира, 1", "М" * 501)), "lines/1", id="a line of a page"),
        pytest.param(TheseHouses(("1" * 501,)), "ids/0", id="a code of a page"),
        pytest.param(OrganisationHouses("1" * 500), "inn", id="no ИНН"),
        pytest.param(TaggedHouses("я" * 201), "tag", id="a tag of a page"),
        pytest.param(StreetHouses("Мира " * 41), "street", id="a street of a page"),
        pytest.param(MunicipalityHouses("117"), "oktmo", id="no code of a territory"),
        pytest.param(CoordinationChatsOf("117"), "oktmo", id="no territory of coordination chats"),
        pytest.param(TaggedHouses(" "), "tag", id="an empty tag"),
        pytest.param(StreetHouses(" "), "street", id="no street"),
        pytest.param(StreetHouses("ул. Мира", first=9, last=3), "last", id="the wrong way round"),
        pytest.param(StreetHouses("ул. Мира", oktmo="1"), "oktmo", id="a street of no territory"),
    ],
)
def test_a_part_that_says_nothing_sensible_is_refused(part: Part, field: str) -> None:
    fault = fault_of(part)

    assert fault is not None
    assert fault[0] == field
    assert fault[1].endswith((".", "».", "населённого пункта."))


def test_what_is_listed_is_counted_over_all_parts() -> None:
    thousand, codes = ListedHouses(("Мира, 1",) * 1000), TheseHouses(("H0SE0001",) * 10_000)

    enough = [*faults_of([*[thousand] * 5, codes, codes])]
    too_many = [*faults_of([*[thousand] * 5, codes, ListedHouses(("Мира, 1",)), thousand])]
    too_many_codes = [*faults_of([codes, codes, thousand, codes])]

    assert enough == []
    assert [fault[:2] for fault in too_many] == [(6, "lines")]
    assert [fault[:2] for fault in too_many_codes] == [(3, "ids")]


@pytest.mark.parametrize(
    "part",
    [
        AllHouses(),
        TheseHouses(("H0SE0001",)),
        StreetHouses("ул. Мира", first=3, last=3),
        MunicipalityHouses(REGION),
        OrganisationHouses(COSY),
        TaggedHouses("лифт"),
        CoordinationChatsOf(),
        ListedHouses(("Мира, 1",)),
    ],
)
def test_a_part_that_reads_well_is_taken(part: Part) -> None:
    assert fault_of(part) is None
