"""A chat that the community has lost is found again or replaced, whoever is killed on the way."""

from collections.abc import Callable

import pytest

from create_chats.change_house import ChangedMeanwhileError, WrongStateError
from create_chats.new_chat import open_new_chat
from create_chats.retry import retry
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import InstructionState
from join.lead import lead
from local.vk.conversations import Chat
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches, every_position
from support.fakes import FakeScans
from support.killing import Killed, Wire
from support.small_list import HOUSES, LIST, PHONE
from support.vk_side import COMMUNITY
from support.world import World

TITLE = HOUSES[2]
"""A house whose elder was reached by SMS."""


class Lost:
    """A world in which the community was put out of a house's chat, as a broadcast has found."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, switches: Switches | None = None) -> None:
        self.wire = Wire()
        self.world = World(monkeypatch, switches=switches or Switches(), wire=self.wire)
        self.world.put_list(LIST)
        self.world.run()
        self.house_id = self.world.house_at(TITLE).id
        self.old = self.house
        if self.old.state == ChatState.OPEN:
            self.membership = self.chat.members.pop(-COMMUNITY)
            self.world.houses.lose(self.house_id, self.old.chat_id, "chat_lost")

    @property
    def house(self) -> House:
        return self.world.houses.by_id[self.house_id]

    @property
    def chat(self) -> Chat:
        return self.world.sandbox.communities[COMMUNITY].chats[self.house.chat_id]

    def come_back(self) -> None:
        """Have a resident let the community in again."""
        self.chat.members[-COMMUNITY] = self.membership

    def by_person(self, act: Callable[[], object]) -> None:
        """Do what a person does, who tries again when the request dies, and all that follows."""
        while True:
            try:
                act()
            except Killed:
                continue
            except (WrongStateError, ChangedMeanwhileError):
                assert self.wire.kills, "it was done by a request that died"
            break
        self.world.run()

    def retry(self) -> None:
        moment = self.world.clock.moment()
        self.by_person(lambda: retry(self.house, now=moment, **self.world.retrying))

    def replace(self) -> None:
        ports = {name: self.world.retrying[name] for name in ("houses", "instructions", "openings")}
        moment = self.world.clock.moment()
        self.by_person(lambda: open_new_chat(self.house, now=moment, **ports))

    def leads_to(self) -> str:
        return lead(self.house_id, houses=self.world.houses, scans=FakeScans()).invite

    def check_new_chat(self) -> None:
        """The house has one chat more, it is open, and its elder knows of it."""
        house, world = self.house, self.world
        assert world.dead == []
        assert (house.state, house.left_chats) == (ChatState.OPEN, (self.old.chat_id,))
        assert house.chat_id != self.old.chat_id
        assert (self.chat.title, self.leads_to()) == (TITLE, house.link)
        assert house.link != self.old.link
        assert len(world.sandbox.journal.messages(self.chat.peer_id)) == 1
        assert len(world.sandbox.communities[COMMUNITY].chats) == len(HOUSES) + 1
        told = world.instructions.by_key[house.letter_id, house.elder_id]
        assert told.state in {InstructionState.SENT, InstructionState.UNKNOWN}
        assert sum(phone == PHONE for phone, _ in world.sms.sent) <= 2


def test_a_lost_chat_leads_nobody_in_and_is_open_again_once_it_may_be_written_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = Lost(monkeypatch)
    said = len(lost.world.sandbox.journal.messages(lost.chat.peer_id))

    led = lost.leads_to()
    lost.retry()
    still = (lost.house.state, lost.house.reason, lost.leads_to())
    lost.come_back()
    lost.retry()

    assert (led, still) == ("", (ChatState.LOST, "Нет доступа к чату.", ""))
    assert (lost.house.state, lost.house.reason) == (ChatState.OPEN, "")
    assert (lost.house.chat_id, lost.leads_to()) == (lost.old.chat_id, lost.house.link)
    assert len(lost.world.sandbox.journal.messages(lost.chat.peer_id)) == said + 1
    assert lost.house.line.state == ChatState.OPEN


def test_only_a_new_message_shows_that_a_chat_may_be_written_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = Lost(monkeypatch)
    lost.come_back()
    fault = Fault(Kind.ERROR, "messages.send", code=983, peer_id=lost.chat.peer_id, times=None)
    lost.world.sandbox.add_fault(fault)

    lost.retry()

    assert (lost.house.state, lost.house.loss) == (ChatState.LOST, "chat_lost")
    assert "Сообществу запрещено писать в этот чат." in lost.house.reason
    assert lost.chat.pinned


def test_a_new_chat_takes_the_place_of_a_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Lost(monkeypatch)

    lost.replace()

    lost.check_new_chat()
    assert sum(phone == PHONE for phone, _ in lost.world.sms.sent) == 2


def count_calls() -> tuple[int, int]:
    """Return the numbers of the first and the last call by which a chat is replaced."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        lost = Lost(monkeypatch)
        first = len(lost.wire.calls) + 1
        lost.replace()
        return first, len(lost.wire.calls)


FIRST, LAST = count_calls()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(FIRST, LAST + 1))
def test_somebody_is_killed_while_a_chat_is_replaced(
    monkeypatch: pytest.MonkeyPatch, number: int, moment: str
) -> None:
    lost = Lost(monkeypatch)
    lost.wire.kill(**{moment: {number}})

    lost.replace()

    assert lost.wire.kills == 1
    lost.check_new_chat()


@pytest.mark.parametrize("switches", [pytest.param(s, id=n) for n, s in every_position()])
def test_a_chat_is_replaced_whatever_nobody_knows_about_vk(
    monkeypatch: pytest.MonkeyPatch, switches: Switches
) -> None:
    lost = Lost(monkeypatch, switches)
    if lost.old.state != ChatState.OPEN:
        return

    lost.replace()

    lost.check_new_chat()
