"""Houses are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.houses import DynamoHouses
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from housechats.domain.organisations import OrganisationKind
from housechats.ports.houses import Claim, Houses
from support.fakes import FakeHouses

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
LATEST = NOW + timedelta(minutes=10)
COMPANY = OrganisationKind.MANAGEMENT_COMPANY
ADDRESS = Address(
    locality="г. Архангельск", street_type="ул", street="Ленина", house="12", block="3"
)
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=ADDRESS,
    community=7,
    created_at=NOW,
    fias_id="f-1",
    entrances=4,
    elder_id="e-1",
    batch_id="b-1",
)


@pytest.fixture(params=["in memory", "in the table"])
def houses(request: pytest.FixtureRequest) -> Houses:
    if request.param == "in memory":
        return FakeHouses()
    return DynamoHouses(request.getfixturevalue("table"))


def kept(houses: Houses, house_id: str = HOUSE.id) -> House:
    house = houses.get(house_id)
    assert house is not None
    return house


def numbered(number: str, **changes: object) -> House:
    return replace(
        HOUSE,
        id=f"H{number:0>7}",
        address=replace(ADDRESS, house=number, block=""),
        **changes,  # type: ignore[arg-type]
    )


def test_a_new_house_comes_back_as_it_was_put(houses: Houses) -> None:
    there = houses.enrol(HOUSE)

    assert there is None
    assert houses.get(HOUSE.id) == HOUSE


def test_a_house_without_elder_and_entrances_comes_back_as_it_was_put(houses: Houses) -> None:
    plain = replace(HOUSE, fias_id="", entrances=0, elder_id="", batch_id="")

    houses.enrol(plain)

    assert houses.get(HOUSE.id) == plain


def test_a_second_house_under_one_code_gets_the_first(houses: Houses) -> None:
    houses.enrol(HOUSE)

    there = houses.enrol(replace(HOUSE, digest="d2", entrances=9))

    assert there == HOUSE
    assert houses.get(HOUSE.id) == HOUSE


def test_what_nobody_put_is_not_there(houses: Houses) -> None:
    assert houses.get("NOBODY00") is None
    assert houses.claim_opening("NOBODY00", now=NOW, lease_until=LATER) is None
    assert houses.replan(replace(HOUSE, id="NOBODY00"), letter_id="b-1", now=LATER) is False


def test_many_houses_are_found_and_the_absent_left_out(houses: Houses) -> None:
    some = [numbered("1"), numbered("2")]
    for house in some:
        houses.enrol(house)

    found = houses.get_many([some[0].id, some[1].id, some[0].id, "NOBODY00"])

    assert sorted(found, key=lambda house: house.id) == some


def test_a_list_changes_what_it_may_of_a_house_all_at_once(houses: Houses) -> None:
    before = replace(HOUSE, tags=("лифт",), organisations={"1": COMPANY}, letter_id="b-1")
    houses.enrol(before)
    houses.opened(HOUSE.id, link="https://vk.me/join/1", cmid=1)
    after = replace(
        before,
        fias_id="f-2",
        entrances=5,
        flats=80,
        tags=(),
        organisations={"2": COMPANY, "3": OrganisationKind.UTILITY},
        elder_id="e-2",
        letter_id="b-2",
        parting_id="left-b-1",
        changed_by="b-2",
        changes=("elder", "flats"),
    )

    other = houses.amend(before, after)

    assert other is None
    assert houses.get(HOUSE.id) == replace(
        after, state=ChatState.OPEN, link="https://vk.me/join/1", welcome_cmid=1
    )


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"elder_id": "e-9"},
        {"organisations": {"9": COMPANY}},
        {"tags": ("лифт",)},
        {"flats": 9},
        {"changed_by": "b-9"},
        {"letter_id": "b-9"},
        {"fias_id": ""},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_who_is_slower_changes_nothing_and_sees_what_the_other_did(
    houses: Houses, meanwhile: dict[str, object]
) -> None:
    houses.enrol(HOUSE)
    changed = replace(HOUSE, **meanwhile)  # type: ignore[arg-type]
    houses.amend(HOUSE, changed if changed.changed_by else replace(changed, changed_by="b-9"))

    there = houses.amend(HOUSE, replace(HOUSE, entrances=9, changed_by="b-2"))

    assert there is not None
    assert there == houses.get(HOUSE.id)
    assert (there.entrances, there.changed_by) == (4, "b-9")


def test_a_house_comes_back_with_all_that_lists_say(houses: Houses) -> None:
    full = replace(
        HOUSE,
        flats=120,
        tags=("лифт", "капремонт"),
        organisations={"2901000001": COMPANY, "2901000002": OrganisationKind.UTILITY},
    )

    houses.enrol(full)

    assert houses.get(HOUSE.id) == full


def test_a_fias_id_belongs_to_the_house_that_came_first(houses: Houses) -> None:
    claims = [
        houses.claim_fias("f-1", house_id="ABCDEF01", digest="d1"),
        houses.claim_fias("f-1", house_id="ABCDEF01", digest="d1"),
        houses.claim_fias("f-1", house_id="ABCDEF02", digest="d1"),
        houses.claim_fias("f-1", house_id="ABCDEF09", digest="d9"),
    ]

    assert claims == ["", "", "", "ABCDEF02"]


def test_houses_are_found_by_their_fias_ids(houses: Houses) -> None:
    houses.claim_fias("f-1", house_id="ABCDEF01", digest="d1")
    houses.claim_fias("f-2", house_id="ABCDEF02", digest="d2")

    found = houses.of_fias(["f-1", "f-2", "f-3"])

    assert found == {"f-1": "ABCDEF01", "f-2": "ABCDEF02"}


def test_a_fias_id_is_taken_over_from_a_house_that_never_came(houses: Houses) -> None:
    houses.claim_fias("f-1", house_id="ABCDEF01", digest="d1")

    taken = houses.claim_fias("f-1", house_id="ABCDEF02", digest="d2", instead_of="ABCDEF01")

    assert taken == ""
    late = houses.claim_fias("f-1", house_id="ABCDEF01", digest="d1", instead_of="ABCDEF09")
    assert late == "ABCDEF02"


def test_one_worker_gets_the_lease_of_a_planned_house(houses: Houses) -> None:
    houses.enrol(HOUSE)

    first = houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)
    second = houses.claim_opening(HOUSE.id, now=LATER, lease_until=LATEST)

    assert first is not None
    assert (first.house, first.ours) == (HOUSE, True)
    assert second is not None
    assert (second.house.state, second.ours) == (ChatState.OPENING, False)
    assert kept(houses).lease_until == LATER


def test_a_dead_lease_goes_to_the_next_worker(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)

    claim = houses.claim_opening(HOUSE.id, now=LATER + timedelta(seconds=1), lease_until=LATEST)

    assert claim is not None
    assert (claim.house.state, claim.house.lease_until, claim.ours) == (
        ChatState.OPENING,
        LATER,
        True,
    )


def test_a_chat_is_given_up_only_before_somebody_has_begun_it(houses: Houses) -> None:
    begun = numbered("2")
    houses.enrol(HOUSE)
    houses.enrol(begun)
    houses.claim_opening(begun.id, now=NOW, lease_until=LATER)

    given_up = [houses.give_up(one, reason="Остановлено.") for one in (HOUSE.id, begun.id)]

    assert given_up == [True, False]
    assert (kept(houses).state, kept(houses).reason) == (ChatState.REFUSED, "Остановлено.")
    assert kept(houses, begun.id).state == ChatState.OPENING
    assert not houses.give_up(HOUSE.id, reason="Ещё раз.")


def test_a_made_chat_is_nobodys_to_open_again(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)

    houses.made(HOUSE.id, chat_id=5, now=NOW)

    claim = houses.claim_opening(HOUSE.id, now=LATEST, lease_until=LATEST)
    made = replace(HOUSE, state=ChatState.MADE, chat_id=5, made_at=NOW)
    assert claim is not None
    assert (claim.house, claim.ours) == (made, False)
    assert houses.get(HOUSE.id) == made


def test_an_open_chat_has_its_link_and_no_reason(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.wait(HOUSE, until=LATER, reason="Ждём.")
    houses.made(HOUSE.id, chat_id=5, now=NOW)

    houses.opened(HOUSE.id, link="https://vk.me/join/x", cmid=2)
    houses.poster_drawn(HOUSE.id, now=LATER)

    assert houses.get(HOUSE.id) == replace(
        HOUSE,
        state=ChatState.OPEN,
        chat_id=5,
        made_at=NOW,
        link="https://vk.me/join/x",
        welcome_cmid=2,
        poster_at=LATER,
    )


@pytest.mark.parametrize("state", [ChatState.REFUSED, ChatState.UNCERTAIN])
def test_what_was_given_up_is_planned_anew_by_a_person_only(
    houses: Houses, state: ChatState
) -> None:
    houses.enrol(HOUSE)
    houses.wait(HOUSE, until=LATER, reason="Ждём.", searches=2)
    {ChatState.REFUSED: houses.refused, ChatState.UNCERTAIN: houses.uncertain}[state](
        HOUSE.id, reason="Нет."
    )
    given_up = kept(houses)

    replanned = [
        houses.replan(given_up, letter_id="b-1", now=LATER),
        houses.replan(given_up, letter_id="b-1", now=LATER),
    ]

    assert (given_up.state, given_up.reason, given_up.due_at) == (state, "Нет.", None)
    assert replanned == [True, False]
    assert houses.get(HOUSE.id) == replace(HOUSE, letter_id="b-1", due_at=LATER)
    assert houses.due(LATER, limit=80) == [HOUSE.id]


def test_a_retry_keeps_the_chat_that_was_made(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.made(HOUSE.id, chat_id=5, now=NOW)
    houses.refused(HOUSE.id, reason="Нет.")

    houses.replan(kept(houses), letter_id="b-1", now=LATER)

    made = replace(HOUSE, state=ChatState.MADE, chat_id=5, made_at=NOW)
    assert houses.get(HOUSE.id) == replace(made, letter_id="b-1", due_at=LATER)


def opened(houses: Houses) -> House:
    houses.enrol(HOUSE)
    houses.made(HOUSE.id, chat_id=5, now=NOW)
    houses.opened(HOUSE.id, link="https://vk.me/join/x", cmid=2)
    return kept(houses)


def test_an_open_chat_is_lost_once_with_the_reason(houses: Houses) -> None:
    before = opened(houses)

    houses.lose(HOUSE.id, 5, "chat_rights")
    houses.lose(HOUSE.id, 5, "chat_lost")

    assert kept(houses) == replace(
        before,
        state=ChatState.LOST,
        loss="chat_rights",
        reason="Сообществу нельзя писать в этот чат.",
    )


@pytest.mark.parametrize(
    ("house_id", "chat_id"),
    [pytest.param(HOUSE.id, 6, id="another chat"), pytest.param("NOBODY00", 5, id="no house")],
)
def test_what_is_not_a_houses_chat_is_not_lost(houses: Houses, house_id: str, chat_id: int) -> None:
    before = opened(houses)

    houses.lose(house_id, chat_id, "chat_lost")

    assert kept(houses) == before
    assert houses.get("NOBODY00") is None


def test_a_chat_that_people_have_closed_is_not_lost(houses: Houses) -> None:
    before = opened(houses)
    closed = replace(before, state=ChatState.CLOSED, revision=1, applied=1)
    houses.amend(before, closed)

    houses.lose(HOUSE.id, 5, "chat_lost")

    assert kept(houses) == closed


def test_what_comes_late_leaves_a_lost_chat_lost(houses: Houses) -> None:
    before = opened(houses)
    houses.lose(HOUSE.id, 5, "chat_lost")
    lost = kept(houses)

    houses.made(HOUSE.id, chat_id=5, now=LATER)
    houses.opened(HOUSE.id, link="https://vk.me/join/y", cmid=3)
    houses.refused(HOUSE.id, reason="Нет.")
    houses.wait(before, until=LATER, reason="Ждём.")
    houses.replan(lost, letter_id="b-1", now=LATER)

    assert kept(houses) == lost
    assert houses.claim_opening(HOUSE.id, now=LATER, lease_until=LATEST) == Claim(lost, ours=False)


def test_a_house_leaves_its_lost_chat_and_is_due_for_a_new_one(houses: Houses) -> None:
    opened(houses)
    houses.poster_drawn(HOUSE.id, now=NOW)
    houses.lose(HOUSE.id, 5, "chat_lost")
    lost = kept(houses)

    left = [
        houses.leave_chat(lost, letter_id="one-1", now=LATER),
        houses.leave_chat(lost, letter_id="one-1", now=LATER),
    ]

    assert left == [True, False]
    assert kept(houses) == replace(
        HOUSE,
        letter_id="one-1",
        left_chats=(5,),
        poster_at=NOW,
        revision=1,
        applied=1,
        due_at=LATER,
    )
    assert houses.due(LATER, limit=80) == [HOUSE.id]


def test_an_open_chat_is_not_left(houses: Houses) -> None:
    before = opened(houses)

    assert not houses.leave_chat(before, letter_id="one-1", now=LATER)
    assert kept(houses) == before


def test_what_comes_late_does_not_close_an_open_chat(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.opened(HOUSE.id, link="https://vk.me/join/1", cmid=1)
    opened = kept(houses)

    houses.made(HOUSE.id, chat_id=5, now=NOW)
    houses.wait(HOUSE, until=LATER, reason="Ждём.")
    houses.refused(HOUSE.id, reason="Нет.")
    houses.uncertain(HOUSE.id, reason="Неясно.")

    assert houses.get(HOUSE.id) == opened


def test_a_waiting_house_is_due_when_its_time_has_come(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)

    houses.wait(replace(HOUSE, state=ChatState.OPENING), until=LATER, reason="Ждём.", searches=1)

    assert houses.due(LATER - timedelta(seconds=1), limit=80) == []
    assert houses.due(LATER, limit=80) == [HOUSE.id]
    waiting = kept(houses)
    assert (waiting.state, waiting.due_at, waiting.lease_until, waiting.searches) == (
        ChatState.OPENING,
        LATER,
        None,
        1,
    )
    claim = houses.claim_opening(HOUSE.id, now=LATER, lease_until=LATEST)
    assert claim is not None
    assert claim.ours
    assert houses.due(LATEST, limit=80) == []


def test_a_waiting_keeps_the_number_of_searches_unless_told(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.wait(HOUSE, until=LATER, reason="Ждём.", searches=2)

    houses.wait(kept(houses), until=LATEST, reason="Ждём ещё.")

    assert kept(houses).searches == 2


def test_a_new_house_may_be_due_until_its_chat_is_begun(houses: Houses) -> None:
    houses.enrol(replace(HOUSE, due_at=NOW))

    before = houses.due(NOW, limit=80)
    houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)

    assert before == [HOUSE.id]
    assert houses.due(LATEST, limit=80) == []


def test_a_house_that_was_handed_over_is_not_due_for_a_while(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.wait(HOUSE, until=NOW, reason="Ждём.")

    houses.postpone(HOUSE.id, until=LATER)

    assert houses.due(NOW, limit=80) == []
    assert houses.due(LATER, limit=80) == [HOUSE.id]


def test_sweeps_take_a_part_of_what_is_due_and_in_the_end_all(houses: Houses) -> None:
    ids = {numbered(str(n)).id for n in range(1, 25)}
    for n in range(1, 25):
        houses.enrol(numbered(str(n)))
        houses.wait(numbered(str(n)), until=NOW, reason="Ждём.")

    sweeps: list[list[str]] = []
    while due := houses.due(NOW, limit=16):
        sweeps.append(due)
        for house_id in due:
            houses.postpone(house_id, until=LATER)

    assert all(len(due) <= 16 for due in sweeps)
    assert sorted(house_id for due in sweeps for house_id in due) == sorted(ids)


def test_a_house_begun_meanwhile_is_not_postponed(houses: Houses) -> None:
    houses.enrol(HOUSE)
    houses.wait(HOUSE, until=NOW, reason="Ждём.")
    houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)

    houses.postpone(HOUSE.id, until=LATER)

    assert houses.due(LATEST, limit=80) == []
