"""House chats are made the same way in memory and in VK, whatever nobody knows about VK."""

from collections.abc import Callable

import pytest

from housechats.domain.errors import OutcomeUnknownError, RefusedError
from housechats.ports.chats import ChatMaker
from local.vk.faults import Kind
from local.vk.switches import Listed, Switches, every_position
from support.fakes import FakeChatMaker
from support.vk_side import VkSide

TITLE = "ул. Ленина, д. 12"
WELCOME = "Это официальный чат дома: ул. Ленина, д. 12."
SIDES: list[object] = [
    pytest.param(FakeChatMaker, id="in memory"),
    *(
        pytest.param(lambda switches=switches: VkSide(switches).chats, id=name)
        for name, switches in every_position()
    ),
]


@pytest.fixture(params=SIDES)
def maker(request: pytest.FixtureRequest) -> ChatMaker:
    make: Callable[[], ChatMaker] = request.param
    return make()


def settled(maker: ChatMaker, chat_id: int, random_id: int = 5) -> int:
    """Settle a chat and return the number of its first message."""
    done = maker.settle(chat_id, title=TITLE, text=WELCOME, random_id=random_id)
    return done.cmid or maker.own_message(chat_id)


def test_chats_are_numbered_one_after_another(maker: ChatMaker) -> None:
    numbers = [maker.create_chat(f"{TITLE} · ABCDEF0{n}") for n in (1, 2)]

    assert numbers == [1, 2]


def test_a_settled_chat_has_a_link_and_its_pinned_first_message(maker: ChatMaker) -> None:
    chat_id = maker.create_chat(f"{TITLE} · ABCDEF01")

    done = maker.settle(chat_id, title=TITLE, text=WELCOME, random_id=5)

    assert done.link.startswith("https://")
    assert done.cmid > 0
    assert done.pinned
    assert maker.titles([chat_id]) == {chat_id: TITLE}


def test_a_chat_settled_again_has_the_same_link_and_no_second_message(maker: ChatMaker) -> None:
    chat_id = maker.create_chat(f"{TITLE} · ABCDEF01")
    first = maker.settle(chat_id, title=TITLE, text=WELCOME, random_id=5)

    again = maker.settle(chat_id, title=TITLE, text=WELCOME, random_id=5)

    assert again.link == first.link
    assert again.cmid in {0, first.cmid}
    assert maker.own_message(chat_id) == first.cmid
    assert settled(maker, chat_id) == first.cmid


def test_a_chat_that_has_its_message_gets_only_title_and_link(maker: ChatMaker) -> None:
    chat_id = maker.create_chat(f"{TITLE} · ABCDEF01")
    cmid = settled(maker, chat_id)

    done = maker.settle(chat_id, title=TITLE, text=None, random_id=6)

    assert (done.cmid, done.pinned) == (0, False)
    assert done.link.startswith("https://")
    assert maker.own_message(chat_id) == cmid


def test_a_message_can_be_pinned_again(maker: ChatMaker) -> None:
    chat_id = maker.create_chat(f"{TITLE} · ABCDEF01")
    cmid = settled(maker, chat_id)

    maker.pin(chat_id, cmid)

    assert maker.own_message(chat_id) == cmid


def test_a_chat_without_our_message_has_none(maker: ChatMaker) -> None:
    chat_id = maker.create_chat(f"{TITLE} · ABCDEF01")

    assert maker.own_message(chat_id) == 0
    assert maker.own_message(chat_id + 1) == 0


def test_existing_chats_are_told_from_numbers_without_a_chat(maker: ChatMaker) -> None:
    for n in (1, 2):
        maker.create_chat(f"{TITLE} · ABCDEF0{n}")

    assert maker.existing(range(1, 40)) == {1, 2}
    assert maker.existing([]) == set()


def test_titles_are_read_over_many_numbers(maker: ChatMaker) -> None:
    for n in (1, 2):
        settled(maker, maker.create_chat(f"{TITLE} · ABCDEF0{n}"))

    assert maker.titles(range(1, 131)) == {1: TITLE, 2: TITLE}


def test_a_chat_that_is_not_there_cannot_be_settled(maker: ChatMaker) -> None:
    with pytest.raises(RefusedError):
        maker.settle(9, title=TITLE, text=WELCOME, random_id=5)


@pytest.mark.parametrize(
    "kind", [Kind.LOST_ANSWER, Kind.DELAY, Kind.BAD_GATEWAY, Kind.BAD_GATEWAY_AFTER, Kind.LOST_CALL]
)
def test_a_chat_whose_answer_was_lost_may_exist(kind: Kind) -> None:
    vk = VkSide()
    vk.fault(kind, "messages.createChat")

    with pytest.raises(OutcomeUnknownError):
        vk.chats.create_chat(TITLE)


def test_a_lost_chat_is_seen_by_its_title_where_vk_lists_it() -> None:
    fake, vk = FakeChatMaker(), VkSide()
    fake.answer_lost = OutcomeUnknownError("lost")
    vk.fault(Kind.LOST_ANSWER, "messages.createChat")
    sides: list[ChatMaker] = [fake, vk.chats]
    for maker in sides:
        with pytest.raises(OutcomeUnknownError):
            maker.create_chat(f"{TITLE} · ABCDEF01")

    seen = [maker.titles([1, 2]) for maker in sides]

    assert seen == [{1: f"{TITLE} · ABCDEF01"}] * 2


def test_a_hidden_chat_exists_without_a_title() -> None:
    fake, vk = FakeChatMaker(), VkSide(Switches(listed=Listed.AFTER_FIRST_MESSAGE))
    fake.hides_new_chats = True
    sides: list[ChatMaker] = [fake, vk.chats]
    for maker in sides:
        maker.create_chat(f"{TITLE} · ABCDEF01")

    hidden = [(maker.titles([1]), maker.existing([1])) for maker in sides]
    cmids = [settled(maker, 1) for maker in sides]

    assert hidden == [({}, {1})] * 2
    assert all(cmids)
    assert [maker.titles([1]) for maker in sides] == [{1: TITLE}] * 2
