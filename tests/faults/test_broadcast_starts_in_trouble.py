"""A start keeps to what people said meanwhile; a community's trouble with a file is its own."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import cast

import pytest

from broadcast import attach
from broadcast.change import change
from broadcast.patience import Hours
from broadcast.set_going import set_going
from housechats.domain.broadcasts import BroadcastLane, BroadcastState, HeldFor, moved
from housechats.domain.communities import Community
from housechats.ports.mailings import Mailer
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from support.broadcast_world import ROOT, WORKER_S, BroadcastWorld, Case
from support.fakes import new_community

A, B = 240_000_001, 240_000_002
A_DAY = timedelta(days=1)
PLACE = "docs.getMessagesUploadServer"


def urgent_with_file(chats: dict[int, int]) -> BroadcastWorld:
    case = Case(chats=chats, together=2, file=True, lane=BroadcastLane.EMERGENCY)
    world = BroadcastWorld(case)
    now, scheduled = world.clock.moment(), BroadcastState.SCHEDULED
    world.root = replace(
        world.root, state=scheduled, started_at=None, start_at=now, due_at=now, held_for=None
    )
    world.at(0, world.confirm)
    return world


def outcome(world: BroadcastWorld) -> tuple[BroadcastState, int, int]:
    one = world.broadcasts.kept[ROOT]
    assert not world.dead
    return one.state, one.sent, one.failed


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
