"""The chat of a house is opened once, from wherever an earlier try has left it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from create_chats.open_chat import SEARCH_AGAIN, Desk, Outcome, open_chat
from housechats.domain.addresses import Address
from housechats.domain.communities import LOOKS_AGAIN, CommunityState
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.houses import LEASE_SEARCHES, ChatState, House
from housechats.domain.people import Elder
from support.clock import JANUARY, VirtualClock
from support.fakes import (
    FakeChatMaker,
    FakeChats,
    FakeCommunities,
    FakeElders,
    FakeHouses,
    FakeQueue,
    new_community,
)

ELDER = Elder("Вымыслова Марфа", vk_id=101)
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=Address(locality="г. Архангельск", street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    elder_id="e-1",
    batch_id="b-1",
    letter_id="b-1",
)
LEASE = timedelta(seconds=120)
AFTER_LEASE = LEASE + timedelta(seconds=1)


@dataclass
class Office:
    """A desk with all that is on it, and a time that goes on."""

    houses: FakeHouses = field(default_factory=FakeHouses)
    chats: FakeChats = field(default_factory=FakeChats)
    maker: FakeChatMaker = field(default_factory=FakeChatMaker)
    communities: FakeCommunities = field(default_factory=lambda: FakeCommunities(new_community(7)))
    posters: FakeQueue = field(default_factory=FakeQueue)
    instructions: FakeQueue = field(default_factory=FakeQueue)
    clock: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        elders = FakeElders(self.clock.moment)
        elders.put("e-1", ELDER, until=JANUARY + timedelta(days=365))
        self.houses.enrol(HOUSE)
        self.desk = Desk(
            houses=self.houses,
            chats=self.chats,
            elders=elders,
            communities=self.communities,
            messenger_of=lambda _: self.maker,
            posters=self.posters,
            instructions=self.instructions,
            lease=LEASE,
        )

    def open(self, house_id: str = HOUSE.id, *, later: timedelta = timedelta()) -> Outcome:
        self.clock.sleep(later.total_seconds())
        return open_chat(house_id, desk=self.desk, now=self.clock.moment())

    def fails_to_open(self) -> None:
        with pytest.raises(UnavailableError):
            self.open()

    @property
    def house(self) -> House:
        return self.houses.by_id[HOUSE.id]


def test_a_planned_chat_is_opened_with_its_first_message_pinned() -> None:
    office = Office()

    outcome = office.open()

    (chat,) = office.maker.chats.values()
    (message,) = chat.messages
    assert outcome == Outcome.OPENED
    assert chat.title == "ул. Садовая, д. 1"
    assert "официальный чат дома: ул. Садовая, д. 1" in message
    assert "Вымыслова Марфа" in message
    assert chat.pinned == 1
    assert (office.house.state, office.house.chat_id, office.house.link) == (
        ChatState.OPEN,
        1,
        chat.link,
    )
    assert office.chats.house_of(7, 1) == HOUSE.id


def test_an_opened_chat_gets_its_poster_before_its_elder_is_told() -> None:
    office = Office()

    office.open()

    assert office.posters.bodies == [{"house_id": HOUSE.id}]
    assert office.instructions.bodies == []


def test_a_message_that_comes_again_opens_nothing_and_hands_on_again() -> None:
    office = Office()
    office.open()

    outcome = office.open()

    assert outcome == Outcome.REPEATED
    assert len(office.maker.chats) == 1
    assert office.posters.bodies == [{"house_id": HOUSE.id}] * 2


def test_nobody_opens_a_house_that_is_not_there() -> None:
    assert Office().open("NOBODY00") == Outcome.NO_HOUSE


def test_who_finds_another_worker_at_it_comes_again() -> None:
    office = Office()
    now = office.clock.moment()
    office.houses.claim_opening(HOUSE.id, now=now, lease_until=now + LEASE)

    office.fails_to_open()

    assert office.maker.chats == {}


def test_a_chat_whose_answer_was_lost_is_found_by_its_code() -> None:
    office = Office()
    office.maker.answer_lost = OutcomeUnknownError("no answer")
    office.fails_to_open()

    outcome = office.open(later=AFTER_LEASE)

    assert outcome == Outcome.OPENED
    assert len(office.maker.chats) == 1
    assert office.maker.chats[1].title == HOUSE.title


def test_a_chat_that_was_never_made_is_made_after_a_search() -> None:
    office = Office()
    office.maker.trouble["create_chat"] = UnavailableError("no connection")
    office.fails_to_open()

    outcome = office.open(later=AFTER_LEASE)

    assert outcome == Outcome.OPENED
    assert len(office.maker.chats) == 1


def test_a_chat_that_was_noted_before_its_worker_died_is_taken_up() -> None:
    office = Office()
    now = office.clock.moment()
    office.houses.claim_opening(HOUSE.id, now=now, lease_until=now + LEASE)
    number = office.maker.create_chat(HOUSE.title_with_code)
    office.chats.remember(7, number, house_id=HOUSE.id)

    office.open(later=AFTER_LEASE)

    assert office.house.chat_id == number
    assert len(office.maker.chats) == 1


def test_a_chat_of_the_same_address_with_another_code_is_not_taken() -> None:
    office = Office()
    office.maker.create_chat(f"{HOUSE.title} · ABCDEF99")
    office.chats.remember(7, 1, house_id="ABCDEF99")
    office.maker.answer_lost = OutcomeUnknownError("no answer")
    office.fails_to_open()

    office.open(later=AFTER_LEASE)

    assert office.house.chat_id == 2
    assert office.maker.chats[1].messages == []


def test_a_hidden_chat_makes_the_worker_look_again_and_then_people_decide() -> None:
    office = Office()
    office.maker.hides_new_chats = True
    office.maker.answer_lost = OutcomeUnknownError("no answer")
    office.fails_to_open()

    outcomes = [office.open(later=AFTER_LEASE)]
    while outcomes[-1] == Outcome.WAITS:
        outcomes.append(office.open(later=SEARCH_AGAIN))

    assert outcomes == [Outcome.WAITS] * LEASE_SEARCHES + [Outcome.UNCERTAIN]
    assert len(office.maker.chats) == 1
    assert office.house.state == ChatState.UNCERTAIN
    assert "Проверьте чаты сообщества" in office.house.reason
    assert office.instructions.bodies == [{"batch_id": "b-1", "elder_id": "e-1"}]


def test_a_chat_that_another_worker_notes_meanwhile_is_no_lost_one() -> None:
    office = Office()
    office.maker.hides_new_chats = True
    office.maker.trouble["create_chat"] = UnavailableError("no connection")
    office.fails_to_open()
    office.maker.create_chat("пр-кт Мира, д. 2 · ABCDEF02")
    first = office.open(later=AFTER_LEASE)

    office.chats.remember(7, 1, house_id="ABCDEF02")
    second = office.open(later=SEARCH_AGAIN)

    assert [first, second] == [Outcome.WAITS, Outcome.OPENED]
    assert office.house.chat_id == 2


def test_a_house_waits_as_long_as_vk_asks() -> None:
    office = Office()
    until = office.clock.moment() + timedelta(hours=1)
    office.maker.trouble["create_chat"] = PausedError(until, "ВКонтакте попросил подождать")

    waits = office.open()

    assert waits == Outcome.WAITS
    assert (office.house.state, office.house.due_at) == (ChatState.PLANNED, until)
    assert office.house.reason == "ВКонтакте попросил подождать"
    assert office.open(later=timedelta(hours=1)) == Outcome.OPENED
    assert office.house.due_at is None


def test_a_made_chat_that_has_to_wait_is_settled_and_not_made_again() -> None:
    office = Office()
    until = office.clock.moment() + timedelta(hours=1)
    office.maker.trouble["settle"] = PausedError(until, "ВКонтакте попросил подождать")

    waits = office.open()
    opened = office.open(later=timedelta(hours=1))

    assert [waits, opened] == [Outcome.WAITS, Outcome.OPENED]
    assert len(office.maker.chats) == 1
    assert len(office.maker.chats[1].messages) == 1


def test_a_refused_chat_says_why_and_its_elder_is_told_of_the_others() -> None:
    office = Office()
    office.maker.trouble["create_chat"] = RefusedError("chat_rights", "Сообществу нельзя.")

    outcome = office.open()

    assert outcome == Outcome.REFUSED
    assert (office.house.state, office.house.reason) == (ChatState.REFUSED, "Сообществу нельзя.")
    assert office.posters.bodies == []
    assert office.instructions.bodies == [{"batch_id": "b-1", "elder_id": "e-1"}]


def test_an_error_that_nobody_foresaw_leaves_the_house_as_it_was() -> None:
    office = Office()
    office.maker.trouble["settle"] = ValueError("a new rule of VK's")

    with pytest.raises(ValueError, match="new rule"):
        office.open()

    assert office.house.state == ChatState.MADE
    assert office.open() == Outcome.OPENED


@pytest.mark.parametrize("minutes", [10, 70], ids=["within VK's hour", "after VK's hour"])
def test_the_first_message_is_said_once_however_late_the_second_try(minutes: int) -> None:
    office = Office()
    office.open()
    made = replace(office.house, state=ChatState.MADE, link="", welcome_cmid=0, made_at=JANUARY)
    office.houses.by_id[HOUSE.id] = made  # as if the worker had died before it noted the end
    if minutes > 60:
        office.maker.forget_random_ids()

    office.open(later=timedelta(minutes=minutes))

    assert len(office.maker.chats[1].messages) == 1
    assert office.house.state == ChatState.OPEN
    assert office.house.welcome_cmid == 1
    assert office.house.link


def test_a_house_without_elder_has_nobody_to_tell() -> None:
    office = Office()
    office.houses.by_id[HOUSE.id] = replace(HOUSE, elder_id="")
    office.maker.trouble["create_chat"] = RefusedError("chat_rights", "Сообществу нельзя.")

    office.open()

    assert office.instructions.bodies == []


def test_a_retry_that_people_ordered_goes_on_with_the_chat_that_was_made() -> None:
    office = Office()
    office.maker.trouble["settle"] = RefusedError("chat_rights", "Ссылка не видна.")
    office.open()

    office.houses.replan(office.house, letter_id="b-1", now=office.clock.moment())
    outcome = office.open()

    assert outcome == Outcome.OPENED
    assert len(office.maker.chats) == 1


@pytest.mark.parametrize("method", ["create_chat", "settle"])
def test_a_house_waits_for_its_community_to_be_connected_anew_and_then_gets_one_chat(
    method: str,
) -> None:
    office = Office()
    office.maker.trouble[method] = DisconnectedError(5, "Ключ отозван.")

    outcomes = [office.open(), office.open(later=LOOKS_AGAIN)]
    waiting = office.house
    office.communities.by_id[7] = new_community(7, connected_at=office.clock.moment(), revision=9)
    opened = office.open(later=LOOKS_AGAIN)

    assert outcomes == [Outcome.DISCONNECTED, Outcome.DISCONNECTED]
    assert waiting.due_at == office.clock.moment()
    assert "Подключите его заново" in waiting.reason
    assert opened == Outcome.OPENED
    assert len(office.maker.chats) == 1


def test_why_a_community_was_disconnected_is_kept_for_staff_to_see() -> None:
    office = Office()
    office.maker.trouble["create_chat"] = DisconnectedError(5, "Ключ отозван.")

    office.open()

    community = office.communities.by_id[7]
    assert (community.state, community.reason) == (CommunityState.DISCONNECTED, "Ключ отозван.")


def test_a_house_whose_lost_chat_cannot_be_looked_for_now_is_not_planned_anew() -> None:
    office = Office()
    office.maker.answer_lost = OutcomeUnknownError("VK did not answer")
    office.fails_to_open()
    office.maker.trouble["titles"] = DisconnectedError(5, "Ключ отозван.")

    waits = office.open(later=AFTER_LEASE)
    office.communities.by_id[7] = new_community(7, connected_at=office.clock.moment(), revision=9)
    opened = office.open(later=LOOKS_AGAIN)

    assert [waits, opened] == [Outcome.DISCONNECTED, Outcome.OPENED]
    assert len(office.maker.chats) == 1
