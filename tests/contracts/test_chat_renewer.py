"""Chats are renewed the same way in memory and in VK, whatever nobody knows about VK."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from housechats.adapters.vk_renewals import VkRenewals
from housechats.domain.errors import OutcomeUnknownError, PausedError, RefusedError
from housechats.ports.chats import ChatMaker
from housechats.ports.renewals import ChatRenewer, Saying
from local.vk.core import HANDLERS
from local.vk.faults import Kind
from local.vk.switches import Switches, every_position
from support.fakes import FakeChatMaker
from support.renewal_fakes import FakeChatRenewer
from support.vk_side import COMMUNITY, VkSide

TITLE = "ул. Ленина, д. 12"
SAYING = Saying("ЖК «Север»", "Это официальный чат дома: ЖК «Север».", 0, 7)


@dataclass
class Side:
    maker: ChatMaker
    renewer: ChatRenewer

    def opened(self) -> Saying:
        """Make a chat, and return what it is to say instead."""
        chat_id = self.maker.create_chat(f"{TITLE} · ABCDEF01")
        done = self.maker.settle(chat_id, title=TITLE, text="Это чат.", random_id=5)
        return replace(SAYING, cmid=done.cmid or self.maker.own_message(chat_id))


def in_memory() -> Side:
    maker = FakeChatMaker()
    return Side(maker, FakeChatRenewer(maker))


def in_vk(switches: Switches) -> Side:
    vk = VkSide(switches)
    return Side(vk.chats, VkRenewals(vk.api, COMMUNITY))


SIDES: list[object] = [
    pytest.param(in_memory, id="in memory"),
    *(
        pytest.param(lambda switches=switches: in_vk(switches), id=name)
        for name, switches in every_position()
    ),
]


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    make: Callable[[], Side] = request.param
    return make()


def test_a_chat_gets_its_title_and_says_what_it_should(side: Side) -> None:
    saying = side.opened()

    said = side.renewer.renew(1, saying)

    assert side.maker.titles([1]) == {1: "ЖК «Север»"}
    assert said.refusal == ""
    assert said.cmid >= saying.cmid


def test_a_repeat_says_nothing_twice_and_keeps_the_link(side: Side) -> None:
    saying = side.opened()
    first = side.renewer.renew(1, saying)

    again = side.renewer.renew(1, replace(saying, cmid=first.cmid))
    once_more = side.renewer.renew(1, saying)

    assert again.link == first.link == once_more.link
    assert first.cmid == again.cmid == once_more.cmid


def test_a_new_message_is_sent_once(side: Side) -> None:
    side.opened()

    numbers = [side.renewer.renew(1, SAYING).cmid for _ in range(2)]

    assert numbers[0] == numbers[1] > 1
    assert side.renewer.sent(1, text=SAYING.text, random_id=7) == numbers[0]


def test_an_invite_link_can_be_replaced(side: Side) -> None:
    saying = side.opened()
    first = side.renewer.renew(1, saying)

    second = side.renewer.renew(1, replace(saying, cmid=first.cmid, new_link=True))
    third = side.renewer.renew(1, replace(saying, cmid=second.cmid))

    assert first.link != second.link == third.link


def test_a_chat_that_is_not_there_is_lost(side: Side) -> None:
    for cmid in (0, 3):
        with pytest.raises(RefusedError) as refused:
            side.renewer.renew(9, replace(SAYING, cmid=cmid))

        assert refused.value.code == "chat_lost"


def test_what_nobody_sent_is_not_found(side: Side) -> None:
    side.opened()

    assert side.renewer.sent(1, text="Никто такого не писал.", random_id=8) == 0


def opened_in_vk() -> tuple[VkSide, ChatRenewer, Saying]:
    vk = VkSide()
    renewer = VkRenewals(vk.api, COMMUNITY)
    return vk, renewer, Side(vk.chats, renewer).opened()


def test_a_renewal_is_one_call() -> None:
    vk, renewer, saying = opened_in_vk()
    before = len(vk.sandbox.journal.arrivals())

    renewer.renew(1, saying)

    assert len(vk.sandbox.journal.arrivals()) - before == 1


def test_a_message_too_old_to_edit_is_followed_by_a_new_one_that_is_pinned() -> None:
    vk, renewer, saying = opened_in_vk()
    vk.clock.sleep(86_400)

    said = renewer.renew(1, saying)

    chat = vk.sandbox.communities[COMMUNITY].chats[1]
    assert vk.texts(chat.peer_id) == ["Это чат.", SAYING.text]
    assert chat.pinned
    assert (said.cmid, said.refusal) == (chat.pinned.cmid, "")


def test_a_message_that_somebody_has_deleted_is_written_anew() -> None:
    vk, renewer, saying = opened_in_vk()

    said = renewer.renew(1, replace(saying, cmid=99))

    assert said.cmid == vk.sandbox.communities[COMMUNITY].chats[1].last_cmid - 1


@pytest.mark.parametrize("method", ["messages.editChat", "messages.edit"])
def test_what_vk_refuses_of_a_chat_is_told_and_the_rest_is_done(method: str) -> None:
    vk, renewer, saying = opened_in_vk()
    vk.fault(Kind.ERROR, method, code=925)

    said = renewer.renew(1, saying)

    assert "не администратор" in said.refusal
    assert said.link.startswith("https://")


@pytest.mark.parametrize(
    "method", ["messages.editChat", "messages.getInviteLink", "messages.edit", "execute"]
)
@pytest.mark.parametrize(
    ("code", "error"), [(9, PausedError), (10, OutcomeUnknownError)], ids=["flood", "internal"]
)
def test_what_vk_cannot_do_now_is_tried_again(
    method: str, code: int, error: type[Exception]
) -> None:
    vk, renewer, saying = opened_in_vk()
    vk.fault(Kind.ERROR, method, code=code)

    with pytest.raises(error):
        renewer.renew(1, saying)


def test_the_sandbox_knows_every_method_of_a_renewal() -> None:
    assert {"messages.edit", "messages.editChat", "messages.getInviteLink"} <= set(HANDLERS)
