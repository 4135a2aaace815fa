"""A start keeps to what people said meanwhile, and one community's trouble with a file is its own."""

from datetime import timedelta

from broadcast.change import change
from broadcast.set_going import set_going
from housechats.domain.broadcasts import HeldFor, moved
from local.vk.conversations import CHAT_PEERS
from support.broadcast_world import ROOT, BroadcastWorld, Case

A, B = 240_000_001, 240_000_002
A_DAY = timedelta(days=1)


def first_message(world: BroadcastWorld, chat: int, community: int) -> float:
    """Return when a chat has got the message."""
    return min(one.date for one in world.sandbox.journal.messages(CHAT_PEERS + chat, community))


def test_who_moves_a_broadcast_while_its_file_is_uploaded_is_obeyed() -> None:
    world = BroadcastWorld(Case(chats={A: 2, B: 2}, together=2, file=True))
    world.together = 1.0
    tomorrow = world.clock.moment() + A_DAY

    def move() -> None:
        one = world.broadcasts.kept[ROOT]
        later = change(
            one,
            lambda there: moved(there, start_at=tomorrow, held_for=HeldFor.TIME),
            broadcasts=world.broadcasts,
        )
        set_going(later, seed=lambda _: None, starts=world.starts, now=world.clock.moment())

    world.at(10.3, move)
    world.at(0, world.confirm)
    world.run()

    assert first_message(world, 1, A) >= tomorrow.timestamp()
    assert world.broadcasts.kept[ROOT].sent == 4
