"""What a broadcast tells of has ended while it waited: it goes out only if a person wants it to."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from housechats.domain.broadcasts import OUTDATED, BroadcastState, Deed
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from support.broadcast_world import ROOT, BroadcastWorld, Case, judge

A, B = 240_000_001, 240_000_002
ENDS_S = 3600


def about_something_that_ends(case: Case, *, ends_s: int = ENDS_S) -> BroadcastWorld:
    world = BroadcastWorld(case)
    until = world.clock.moment() + timedelta(seconds=ends_s)
    world.root = replace(world.root, until=until)
    world.at(0, world.confirm)
    return world


def got(world: BroadcastWorld, community: int) -> int:
    """Return how many messages the chats of a community have got."""
    chats = range(1, world.case.chats[community] + 1)
    journal = world.sandbox.journal
    return sum(len(journal.messages(CHAT_PEERS + chat, community)) for chat in chats)


def standing(world: BroadcastWorld) -> tuple[BroadcastState, str]:
    one = world.broadcasts.kept[ROOT]
    return one.state, one.stopped_because


def test_a_community_connected_anew_afterwards_sends_nothing_of_it() -> None:
    world = about_something_that_ends(Case(chats={A: 2, B: 3}, together=2))
    connected_s = ENDS_S + 600
    refused = Fault(Kind.ERROR, "*", until=world.clock.now() + connected_s, code=5, community=B)
    world.sandbox.add_fault(refused)
    world.at(connected_s, world.reconnect)

    world.run()

    assert standing(world) == (BroadcastState.STOPPED, OUTDATED)
    assert (got(world, A), got(world, B)) == (2, 0)
    assert judge(world).lost == ()


def test_one_that_would_start_afterwards_is_stopped_and_a_person_may_send_it_all_the_same() -> None:
    world = about_something_that_ends(Case(chats={A: 4}, together=2), ends_s=5)
    world.run()
    before = (standing(world), got(world, A))

    world.at(60, world.resume)
    world.run()

    assert before == ((BroadcastState.STOPPED, OUTDATED), 0)
    assert (standing(world), got(world, A)) == ((BroadcastState.DONE, ""), 4)


def test_one_that_a_person_stopped_and_resumes_afterwards_goes_on() -> None:
    world = about_something_that_ends(Case(chats={A: 6}, together=1, in_flight=1))
    world.at(10.5, world.stop)
    world.at(ENDS_S + 60, world.resume)

    world.run()

    assert (standing(world), got(world, A)) == ((BroadcastState.DONE, ""), 6)


def test_its_correction_and_its_recall_have_no_end() -> None:
    world = about_something_that_ends(Case(chats={A: 2}, together=2))
    world.at(ENDS_S + 60, partial(world.follow, Deed.CORRECTION))
    world.at(ENDS_S + 600, partial(world.follow, Deed.RECALL))

    world.run()

    states = {one.deed: one.state for one in world.broadcasts.kept.values()}
    assert states == dict.fromkeys(Deed, BroadcastState.DONE)
    assert judge(world).lost == ()
