"""How far a chat is behind its house is kept the same way in memory and in the table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.houses import DynamoHouses
from housechats.adapters.renewals import DynamoRenewals
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House, edited
from housechats.ports.houses import Houses
from housechats.ports.renewals import Renewals
from support.fakes import FakeHouses
from support.renewal_fakes import FakeRenewals

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
LATEST = NOW + timedelta(minutes=10)
LINK = "https://vk.me/join/1"
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=Address(locality="г. Архангельск", street_type="ул", street="Ленина", house="12"),
    community=7,
    created_at=NOW,
    elder_id="e-1",
    letter_id="b-1",
)


@dataclass
class Kept:
    houses: Houses
    renewals: Renewals

    def __post_init__(self) -> None:
        self.houses.enrol(HOUSE)
        self.houses.made(HOUSE.id, chat_id=5, now=NOW)

    @property
    def house(self) -> House:
        house = self.houses.get(HOUSE.id)
        assert house
        return house

    def open(self) -> None:
        self.houses.opened(HOUSE.id, link=LINK, cmid=1)

    def change(self, **changes: object) -> House:
        before = self.house
        after = edited(before, replace(before, **changes))  # type: ignore[arg-type]
        assert self.houses.amend(before, after) is None
        return self.house

    def claim(self, now: datetime = NOW) -> bool:
        claim = self.renewals.claim(HOUSE.id, now=now, lease_until=now + timedelta(minutes=1))
        assert claim
        return claim.ours


@pytest.fixture(params=["in memory", "in the table"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "in memory":
        houses = FakeHouses()
        return Kept(houses, FakeRenewals(houses))
    table = request.getfixturevalue("table")
    return Kept(DynamoHouses(table), DynamoRenewals(table))


def test_a_chat_that_says_it_all_is_not_renewed(kept: Kept) -> None:
    kept.open()

    kept.change(tags=("лифт",))

    assert (kept.house.revision, kept.house.applied) == (1, 1)
    assert not kept.claim()
    assert kept.renewals.due(NOW, limit=8) == {}


def test_a_new_title_is_due_at_once_and_renewed_by_one_worker(kept: Kept) -> None:
    kept.open()

    kept.change(name="ЖК «Север»")

    assert kept.house.title == "ЖК «Север»"
    assert kept.renewals.due(NOW, limit=8) == {HOUSE.id: 0}
    assert kept.houses.due(NOW, limit=8) == []
    assert [kept.claim(), kept.claim(), kept.claim(LATER)] == [True, False, True]


def test_a_renewed_chat_is_due_no_more(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.claim()

    noted = kept.renewals.renewed(kept.house, link=LINK, cmid=4)

    assert noted
    assert not kept.house.outdated
    assert (kept.house.welcome_cmid, kept.house.lease_until, kept.house.due_at) == (4, None, None)
    assert kept.renewals.due(LATEST, limit=8) == {}


def test_a_house_changed_while_its_chat_is_renewed_stays_due(kept: Kept) -> None:
    kept.open()
    first = kept.change(name="ЖК «Север»")
    kept.claim()
    kept.change(name="ЖК «Юг»")

    noted = kept.renewals.renewed(first, link=LINK, cmid=4)

    assert not noted
    assert kept.house.outdated
    assert kept.house.welcome_cmid == 1
    assert kept.claim()


def test_only_a_second_try_for_one_revision_looks_for_what_the_first_has_done(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    tries = []
    for now in (NOW, LATER):
        tries.append(kept.renewals.claim(HOUSE.id, now=now, lease_until=now))
    kept.change(name="ЖК «Юг»")
    tries.append(kept.renewals.claim(HOUSE.id, now=LATEST, lease_until=LATEST))

    assert [one and one.again for one in tries] == [False, True, False]


def test_a_house_changed_before_its_chat_is_open_is_renewed_after(kept: Kept) -> None:
    kept.change(name="ЖК «Север»")
    before = kept.renewals.due(LATEST, limit=8)

    kept.open()

    assert before == {}
    assert kept.house.state == ChatState.OPEN
    assert kept.renewals.due(NOW, limit=8) == {HOUSE.id: 0}


def test_a_chat_that_opens_while_its_house_is_changed_is_not_overlooked(kept: Kept) -> None:
    before = kept.house
    kept.open()

    other = kept.houses.amend(before, edited(before, replace(before, name="ЖК «Север»")))

    assert other == kept.house


def test_what_is_closed_is_not_opened_by_a_late_worker(kept: Kept) -> None:
    kept.open()
    kept.change(
        state=ChatState.CLOSED,
        closed_at=NOW,
        closed_reason="Дом расселён.",
        link="",
        welcome_cmid=0,
    )

    kept.open()
    kept.houses.refused(HOUSE.id, reason="Нет.")
    kept.houses.wait(kept.house, until=LATEST, reason="Ждём.")

    house = kept.house
    assert (house.state, house.link, house.reason) == (ChatState.CLOSED, "", "")
    assert (house.closed_at, house.closed_reason) == (NOW, "Дом расселён.")
    assert kept.renewals.due(NOW, limit=8) == {HOUSE.id: 0}


def test_the_link_of_a_closed_chat_is_not_kept(kept: Kept) -> None:
    kept.open()
    kept.change(state=ChatState.CLOSED, closed_at=NOW, link="", welcome_cmid=0)
    kept.claim()

    kept.renewals.renewed(kept.house, link="", cmid=3)

    assert (kept.house.link, kept.house.welcome_cmid) == ("", 3)


def test_a_pause_ends_the_lease(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.claim()

    kept.renewals.wait(kept.house, until=LATEST)

    assert kept.renewals.due(LATER, limit=8) == {}
    assert kept.renewals.due(LATEST, limit=8) == {HOUSE.id: 0}
    assert kept.claim()


def test_what_is_refused_for_good_waits_for_a_person(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.claim()

    kept.renewals.refused(kept.house, link=LINK, cmid=1, reason="Нет прав.")
    refused, due = kept.house, kept.renewals.due(LATEST, limit=8)
    begun = kept.renewals.again(kept.house, now=NOW)

    assert (refused.state, refused.reason, refused.outdated) == (ChatState.OPEN, "Нет прав.", True)
    assert due == {}
    assert begun
    assert (kept.house.reason, kept.renewals.due(NOW, limit=8)) == ("", {HOUSE.id: 0})


@pytest.mark.parametrize(
    ("state", "then"),
    [
        pytest.param(ChatState.OPEN, (ChatState.LOST, "chat_lost"), id="open"),
        pytest.param(ChatState.CLOSED, (ChatState.CLOSED, ""), id="closed"),
        pytest.param(ChatState.LOST, (ChatState.LOST, "chat_lost"), id="lost"),
    ],
)
def test_a_chat_out_of_reach_is_lost_and_a_closed_one_stays_closed(
    kept: Kept, state: ChatState, then: tuple[ChatState, str]
) -> None:
    kept.open()
    kept.change(state=state, name="ЖК «Север»")
    kept.claim()

    kept.renewals.lost(kept.house, code="chat_lost", reason="Такого чата нет.")

    house = kept.house
    assert ((house.state, house.loss), house.reason) == (then, "Такого чата нет.")
    assert (house.lease_until, kept.renewals.due(LATEST, limit=8)) == (None, {})


def lost(kept: Kept) -> House:
    """Have an open chat lost, and its renewal begun as a person said."""
    kept.open()
    kept.houses.lose(HOUSE.id, 5, "chat_rights")
    kept.houses.amend(kept.house, replace(kept.house, revision=kept.house.revision + 1))
    assert kept.claim()
    return kept.house


def test_a_lost_chat_that_is_renewed_is_open_again(kept: Kept) -> None:
    house = lost(kept)

    assert kept.renewals.renewed(house, link=LINK, cmid=9)

    now = kept.house
    assert (now.state, now.loss, now.reason) == (ChatState.OPEN, "", "")
    assert (now.welcome_cmid, now.outdated, now.due_at) == (9, False, None)


@pytest.mark.parametrize(
    ("cmid", "then"),
    [
        pytest.param(0, (ChatState.LOST, "chat_rights"), id="nothing was written"),
        pytest.param(9, (ChatState.OPEN, ""), id="only the title was refused"),
    ],
)
def test_a_lost_chat_is_open_again_if_a_message_came_through(
    kept: Kept, cmid: int, then: tuple[ChatState, str]
) -> None:
    house = lost(kept)

    kept.renewals.refused(house, link="", cmid=cmid, reason="Нет прав.")

    now = kept.house
    assert ((now.state, now.loss), now.reason, now.outdated) == (then, "Нет прав.", True)
    assert kept.renewals.again(now, now=LATER)


def test_a_chat_lost_while_it_is_renewed_is_tried_as_a_lost_one(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.claim()
    before = kept.house
    kept.houses.lose(HOUSE.id, 5, "chat_lost")

    noted = kept.renewals.renewed(before, link=LINK, cmid=9)

    assert not noted
    assert (kept.house.state, kept.renewals.due(LATEST, limit=8)) == (ChatState.LOST, {})
    assert kept.claim()


def test_nothing_is_claimed_of_a_house_that_is_not_there(kept: Kept) -> None:
    assert kept.renewals.claim("NOBODY00", now=NOW, lease_until=LATER) is None
    assert not kept.renewals.again(kept.house, now=NOW)


def test_a_due_chat_handed_over_is_counted_and_left_alone_for_a_while(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")

    kept.renewals.handed_over(HOUSE.id, until=LATER)

    assert kept.renewals.due(NOW, limit=8) == {}
    assert kept.renewals.due(LATER, limit=8) == {HOUSE.id: 1}


def test_what_is_due_no_more_is_not_made_due_by_a_late_sweep(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.renewals.renewed(kept.house, link=LINK, cmid=4)

    kept.renewals.handed_over(HOUSE.id, until=LATER)

    assert kept.renewals.due(LATEST, limit=8) == {}


def test_hand_overs_are_counted_anew_when_something_has_happened(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    happenings: list[Callable[[], object]] = [
        lambda: kept.change(name="ЖК «Юг»"),
        lambda: kept.renewals.wait(kept.house, until=NOW),
        lambda: kept.renewals.again(kept.house, now=NOW),
    ]
    found = []

    for happens in happenings:
        kept.renewals.handed_over(HOUSE.id, until=LATER)
        happens()
        found.append(kept.renewals.due(NOW, limit=8))

    assert found == [{HOUSE.id: 0}] * 3


def test_what_is_given_up_says_why_and_is_not_due_until_somebody_acts(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.renewals.handed_over(HOUSE.id, until=LATER)

    kept.renewals.give_up(HOUSE.id, reason="Не вышло.", now=LATER)

    given_up, due = kept.house, kept.renewals.due(LATEST, limit=8)
    kept.change(name="ЖК «Юг»")
    assert (given_up.state, given_up.reason, given_up.outdated) == (
        ChatState.OPEN,
        "Не вышло.",
        True,
    )
    assert (given_up.due_at, due) == (None, {})
    assert (kept.house.reason, kept.renewals.due(NOW, limit=8)) == ("", {HOUSE.id: 0})


def test_a_house_changed_just_now_is_not_given_up(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.renewals.handed_over(HOUSE.id, until=NOW)
    kept.change(name="ЖК «Юг»")

    kept.renewals.give_up(HOUSE.id, reason="Не вышло.", now=LATER)

    assert kept.house.reason == ""
    assert kept.renewals.due(LATER, limit=8) == {HOUSE.id: 0}


def test_a_dead_letter_put_back_still_renews_what_was_given_up(kept: Kept) -> None:
    kept.open()
    kept.change(name="ЖК «Север»")
    kept.renewals.handed_over(HOUSE.id, until=LATER)
    kept.renewals.give_up(HOUSE.id, reason="Не вышло.", now=LATER)

    claimed = kept.claim(LATER)
    kept.renewals.renewed(kept.house, link=LINK, cmid=4)

    assert claimed
    assert (kept.house.reason, kept.house.outdated) == ("", False)
