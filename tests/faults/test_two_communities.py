"""Two communities share a territory, and one of them loses its token in the middle."""

from collections import Counter
from functools import partial

import pytest

from housechats.domain.communities import CommunityState
from housechats.domain.houses import ChatState
from housechats.domain.instructions import InstructionState
from local.vk.conversations import CHAT_PEERS
from support.killing import Wire
from support.vk_side import COMMUNITY, WILLING
from support.world import World

OTHER = 240_000_002
TOKENS = {COMMUNITY: "the first", OTHER: "the second"}
ANOTHER = "handed out anew"
HOUSES = 12
LIST = "\n".join(
    [
        "Адрес;Старший по дому;ВКонтакте",
        *(
            f"г. Архангельск, ул. Садовая, д. {number};Вымыслова Марфа;https://vk.ru/marfa_v"
            for number in range(1, HOUSES + 1)
        ),
    ]
)


def two(monkeypatch: pytest.MonkeyPatch, wire: Wire | None = None) -> World:
    world = World(monkeypatch, communities_told=TOKENS, wire=wire or Wire())
    world.put_list(LIST)
    return world


def check(world: World) -> None:
    """Every house has one chat, in its own community, and the elder one letter."""
    houses = {house.id: house for house in world.houses.by_id.values()}
    made = Counter(
        (one.title.rpartition(" · ")[2], one.community)
        for one in world.sandbox.journal.created_chats()
    )
    assert len(houses) == len(world.houses_in(ChatState.OPEN)) == HOUSES
    assert made == Counter((house.id, house.community) for house in houses.values())
    for house in houses.values():
        chat = world.sandbox.communities[house.community].chats[house.chat_id]
        (first,) = world.sandbox.journal.messages(chat.peer_id, house.community)
        assert chat.title == house.title
        assert chat.pinned is first
    (letter,) = [m for m in world.sandbox.journal.all_messages() if m.peer_id < CHAT_PEERS]
    assert letter.peer_id == WILLING
    assert all(house.link in letter.text for house in houses.values())
    assert world.dead == []


def dies_in_the_middle(world: World) -> None:
    """Have the other community's token revoked when it has made a chat or two."""
    world.run_until(lambda: len(world.sandbox.journal.created_chats(OTHER)) == 2)
    world.sandbox.replace_token(OTHER, ANOTHER)


def test_a_lists_houses_are_spread_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    world = two(monkeypatch)

    world.run()

    of_each = Counter(house.community for house in world.houses.by_id.values())
    assert set(of_each) == set(TOKENS)
    check(world)


def test_only_the_houses_of_the_community_that_lost_its_token_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = two(monkeypatch)
    dies_in_the_middle(world)

    world.run_until(lambda: world.clock.now() > world.began + 6 * 3600)

    there = world.communities.by_id[OTHER]
    waiting = [house for house in world.houses.by_id.values() if house.state != ChatState.OPEN]
    assert (there.state, there.reason) == (
        CommunityState.DISCONNECTED,
        "ВКонтакте больше не принимает ключ сообщества.",
    )
    assert {house.community for house in waiting} == {OTHER}
    assert all(house.due_at and "Подключите его заново" in house.reason for house in waiting)
    assert world.instructions_in(InstructionState.SENT) == []
    assert world.sandbox.journal.errors(5) <= 2
    assert world.dead == []


def test_they_go_on_by_themselves_once_a_new_token_is_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = two(monkeypatch)
    dies_in_the_middle(world)
    world.run_until(lambda: world.clock.now() > world.began + 6 * 3600)
    connected_at = world.clock.now()

    world.connect(ANOTHER)
    world.run()

    assert world.clock.now() - connected_at < 3600
    check(world)


def test_a_list_that_comes_meanwhile_goes_to_the_community_that_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = two(monkeypatch)
    dies_in_the_middle(world)
    world.run_until(lambda: not world.communities.by_id[OTHER].works)
    before = set(world.houses.by_id)

    more = "\n".join(["Адрес", *(f"г. Архангельск, ул. Полевая, д. {n}" for n in range(1, 9))])
    world.put_list(more, key="lists/11701000/ещё.csv")
    world.run_until(lambda: world.clock.now() > world.began + 3600)

    new = [house for house in world.houses.by_id.values() if house.id not in before]
    assert {(house.community, house.state) for house in new} == {(COMMUNITY, ChatState.OPEN)}


def test_workers_may_die_wherever_they_do_while_a_token_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = two(monkeypatch)
    dies_in_the_middle(counting)
    so_far = len(counting.wire.calls)

    for number in range(so_far + 1, so_far + 40):
        world = two(monkeypatch, Wire(after={number}))
        dies_in_the_middle(world)
        world.run_until(partial(an_hour_is_over, world))
        world.connect(ANOTHER)
        world.run()

        assert world.wire.kills == 1
        check(world)


def an_hour_is_over(world: World) -> bool:
    return world.clock.now() > world.began + 3600
