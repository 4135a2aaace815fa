"""A chat is renewed by one worker at a time, and what it cannot be made to say is told."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from create_chats.renew import Desk, Outcome, renew
from housechats.domain.addresses import Address
from housechats.domain.communities import LOOKS_AGAIN, CommunityState
from housechats.domain.errors import DisconnectedError, PausedError, RefusedError, UnavailableError
from housechats.domain.houses import ChatState, House
from support.clock import JANUARY
from support.fakes import (
    FakeChatMaker,
    FakeCommunities,
    FakeElders,
    FakeHouses,
    FakeQueue,
    new_community,
)
from support.renewal_fakes import FakeChatRenewer, FakeRenewals

LEASE = timedelta(seconds=120)
HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    state=ChatState.OPEN,
    chat_id=1,
    link="https://vk.me/join/1",
    welcome_cmid=1,
    name="ЖК «Север»",
    revision=1,
    due_at=JANUARY,
)


@dataclass
class Office:
    house: House = HOUSE
    maker: FakeChatMaker = field(default_factory=FakeChatMaker)
    communities: FakeCommunities = field(default_factory=lambda: FakeCommunities(new_community(7)))

    def __post_init__(self) -> None:
        self.houses = FakeHouses()
        self.houses.enrol(self.house)
        self.maker.create_chat("ул. Садовая, д. 1")
        self.maker.settle(1, title="ул. Садовая, д. 1", text="Это чат.", random_id=5)
        self.renewer = FakeChatRenewer(self.maker)
        self.renewals = FakeRenewals(self.houses)
        self.posters = FakeQueue()

    def renew(self, house_id: str = HOUSE.id) -> Outcome:
        desk = Desk(
            renewals=self.renewals,
            elders=FakeElders(lambda: JANUARY),
            communities=self.communities,
            renewer_of=lambda _: self.renewer,
            posters=self.posters,
            instructions=FakeQueue(),
            lease=LEASE,
        )
        return renew(house_id, desk=desk, now=JANUARY)

    @property
    def now(self) -> House:
        return self.houses.by_id[HOUSE.id]


def test_a_chat_is_renewed_once() -> None:
    office = Office()

    outcomes = [office.renew(), office.renew()]

    assert outcomes == [Outcome.RENEWED, Outcome.REPEATED]
    assert office.maker.chats[1].title == HOUSE.name
    assert office.maker.chats[1].messages[0].startswith("Это официальный чат дома: ЖК «Север».")
    assert office.posters.bodies == [{"house_id": HOUSE.id}]


def test_who_finds_another_worker_renewing_comes_again() -> None:
    office = Office()
    office.renewals.claim(HOUSE.id, now=JANUARY, lease_until=JANUARY + LEASE)

    with pytest.raises(UnavailableError):
        office.renew()


@pytest.mark.parametrize("house", [replace(HOUSE, state=ChatState.MADE), replace(HOUSE, applied=1)])
def test_a_chat_that_is_not_open_or_up_to_date_is_left_alone(house: House) -> None:
    office = Office(house)

    assert office.renew() == Outcome.REPEATED
    assert office.maker.chats[1].title == "ул. Садовая, д. 1"


def test_a_house_that_is_not_there_has_no_chat() -> None:
    assert Office().renew("NOBODY00") == Outcome.NO_HOUSE


def test_a_chat_waits_as_long_as_vk_asks() -> None:
    office = Office()
    office.renewer.trouble = PausedError(JANUARY + timedelta(hours=1), "Ждём.")

    assert office.renew() == Outcome.WAITS
    assert (office.now.due_at, office.now.lease_until) == (JANUARY + timedelta(hours=1), None)


def test_a_chat_waits_for_its_community_to_be_connected_anew() -> None:
    office = Office()
    office.renewer.trouble = DisconnectedError(5, "Ключ отозван.")

    outcomes = [office.renew(), office.renew()]

    assert outcomes == [Outcome.DISCONNECTED] * 2
    assert office.communities.by_id[7].state == CommunityState.DISCONNECTED
    assert office.now.due_at == JANUARY + LOOKS_AGAIN


def test_a_chat_out_of_reach_is_lost_with_the_reason() -> None:
    office = Office()
    office.renewer.trouble = RefusedError("chat_lost", "Нет доступа к чату.")

    assert office.renew() == Outcome.LOST
    assert (office.now.state, office.now.loss) == (ChatState.LOST, "chat_lost")
    assert office.now.reason == "Нет доступа к чату."


def test_a_lost_chat_that_may_be_written_to_again_is_open_and_gets_a_new_message() -> None:
    office = Office(replace(HOUSE, state=ChatState.LOST, loss="chat_rights", reason="Нет."))
    before = len(office.maker.chats[1].messages)

    assert office.renew() == Outcome.RENEWED
    assert (office.now.state, office.now.loss, office.now.reason) == (ChatState.OPEN, "", "")
    assert len(office.maker.chats[1].messages) == before + 1
    assert office.now.welcome_cmid == before + 1


def test_a_lost_chat_that_is_still_out_of_reach_stays_lost() -> None:
    office = Office(replace(HOUSE, state=ChatState.LOST, loss="chat_rights", reason="Нет."))
    office.renewer.trouble = RefusedError("chat_lost", "Сообщество вышло из чата.")

    assert office.renew() == Outcome.LOST
    assert (office.now.state, office.now.loss) == (ChatState.LOST, "chat_lost")
    assert office.now.reason == "Сообщество вышло из чата."


def test_rights_that_are_missing_are_told_and_the_chat_stays_open() -> None:
    office = Office()
    office.renewer.rights = "Сообщество не администратор этого чата."

    assert office.renew() == Outcome.REFUSED
    assert office.now.state == ChatState.OPEN
    assert "Сообщество не администратор" in office.now.reason
    assert office.now.outdated
