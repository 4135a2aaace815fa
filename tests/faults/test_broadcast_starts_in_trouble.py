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
from housechats.domain.broadcast_starts import begun
from housechats.domain.broadcasts import (
    URGENT_LOOKED_AT_AFTER,
    BroadcastLane,
    BroadcastState,
    HeldFor,
    moved,
)
from housechats.domain.communities import Community
from housechats.ports.mailings import Mailer
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from local.vk.switches import Repeat, Switches
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


@pytest.mark.parametrize("has_file", [False, True], ids=["", "with a file"])
def test_an_emergency_cut_off_before_it_was_handed_over_goes_out_within_a_minute(
    has_file: bool,
) -> None:
    world = BroadcastWorld(Case({A: 4}, file=has_file, lane=BroadcastLane.EMERGENCY))
    began = world.clock.moment()
    confirmed = begun(
        world.root,
        chosen=None,
        quiets=(),
        is_many=False,
        reason="",
        has_file=has_file,
        now=began,
    )
    world.broadcasts.add(confirmed)

    world.run()

    assert outcome(world) == (BroadcastState.DONE, 4, 0)
    assert first_message(world, 1, A) < began.timestamp() + 65


def test_an_emergency_that_is_on_its_way_is_not_sent_anew_by_the_first_look() -> None:
    switches = Switches(repeat=Repeat.NOTHING)
    case = Case({A: 6}, together=1, in_flight=2, lane=BroadcastLane.EMERGENCY, switches=switches)
    world = BroadcastWorld(case)
    world.sandbox.add_fault(Fault(Kind.DELAY, "messages.send", times=None, seconds=14))
    soon = world.clock.moment() + URGENT_LOOKED_AT_AFTER
    world.root = replace(world.root, due_at=soon)
    world.at(0, world.confirm)

    world.run()

    assert outcome(world) == (BroadcastState.DONE, 6, 0)
    assert len(world.sandbox.journal.calls("messages.send")) == 6


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


def test_the_one_lost_chat_of_a_community_keeps_no_file_from_other_chats() -> None:
    world = urgent_with_file({A: 4, B: 1})
    lost = Fault(Kind.ERROR, PLACE, times=None, code=917, peer_id=CHAT_PEERS + 1, community=B)
    world.sandbox.add_fault(lost)

    world.run()

    assert outcome(world) == (BroadcastState.DONE, 4, 1)
    assert world.lost == {1: 1}
    assert not world.failures


def test_many_lost_chats_before_a_good_one_cost_it_neither_message_nor_file() -> None:
    world = urgent_with_file({A: 2, B: 6})
    for chat in range(1, 6):
        peer = CHAT_PEERS + chat
        fault = Fault(Kind.ERROR, PLACE, times=None, code=917, peer_id=peer, community=B)
        world.sandbox.add_fault(fault)

    world.run()

    (good,) = world.sandbox.journal.messages(CHAT_PEERS + 6, B)
    assert outcome(world) == (BroadcastState.DONE, 3, 5)
    assert len(good.attachments) == 1


def test_a_file_that_every_upload_server_refuses_stops_the_broadcast_with_a_sentence() -> None:
    world = urgent_with_file({A: 2, B: 2})
    message = world.messages.get(world.root.audience_folder)
    assert message
    assert message.attachment
    refused = replace(message.attachment, file_name="план.exe")
    world.messages.put(world.root.audience_folder, replace(message, attachment=refused))

    world.run()

    assert outcome(world) == (BroadcastState.STOPPED, 0, 0)
    assert "файл" in world.broadcasts.kept[ROOT].stopped_because
    assert not world.failures


@pytest.mark.parametrize("code", [10, 9])
def test_a_community_without_an_upload_server_holds_no_other_one_up(code: int) -> None:
    world = urgent_with_file({A: 4, B: 1})
    began = world.clock.now()
    down = Fault(Kind.ERROR, PLACE, times=None, until=began + 1800, code=code, community=B)
    world.sandbox.add_fault(down)

    world.run()

    assert outcome(world) == (BroadcastState.DONE, 5, 0)
    assert all(first_message(world, chat, A) < began + 30 for chat in range(1, 5))
    assert began + 1800 < first_message(world, 1, B) < began + 2000
    assert not world.failures


def test_what_nobody_knows_of_one_upload_rings_once_the_others_have_the_message() -> None:
    world = urgent_with_file({A: 4, B: 1})
    began = world.clock.now()
    world.sandbox.add_fault(Fault(Kind.ERROR, PLACE, times=1, code=7777, community=B))

    world.run()

    assert outcome(world) == (BroadcastState.DONE, 5, 0)
    assert all(first_message(world, chat, A) < began + 30 for chat in range(1, 5))
    assert [type(one) for one in world.failures] == [ExceptionGroup]


class Together:
    """A mailer whose uploads end only when several communities upload at the same time."""

    def __init__(self, at_once: int) -> None:
        self._barrier = Barrier(at_once, timeout=10)

    def of(self, _: Community) -> Mailer:
        return cast("Mailer", self)

    def attach(self, chat_id: int, **file: object) -> str:
        self._barrier.wait()
        return f"doc{chat_id}_1"


def test_communities_do_not_wait_for_each_others_uploads() -> None:
    world = urgent_with_file({A: 1})
    numbers = range(A, A + 2 * attach.AT_ONCE)
    prepared = world.prepared(ROOT, world.case, {number: [1] for number in numbers})
    audience = world.audiences.get(prepared.audience_folder)
    assert audience
    desk = replace(
        world.starting.attaching,
        communities=type(world.communities)(*map(new_community, numbers)),
        mailer_of=Together(attach.AT_ONCE).of,
    )
    until = world.clock.moment() + timedelta(seconds=WORKER_S)
    hours = Hours(world.clock.moment, world.clock.sleep, until)

    attached = attach.attach(world.broadcasts.add(prepared), audience, desk=desk, hours=hours)

    assert attached.broadcast.attachments.keys() == {str(number) for number in numbers}
