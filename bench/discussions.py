"""Discussions: a thousand chats of two hundred people are emptied within the pace."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from random import Random

from bench.rows import Row
from cleanup_discussions.empty_room import REMOVED_AT_ONCE, Outcome, empty_room
from housechats.domain.discussions import GRACE, Discussion, DiscussionState
from support.bot_door import COMPANY, OKTMO
from support.clock import JANUARY
from support.discussion_door import NEIGHBOUR, QUESTION, SPEAKER, DiscussionDoor
from support.killing import Killed, Wire

DISCUSSIONS, PEOPLE = 1000, 200
KILLS = 400
"""Calls to ports at which a cleaner dies, of some 30,000."""
PACE = 18.9
"""Calls a second (docs/decisions: the pace of a community)."""
SETTLED = JANUARY - timedelta(days=2)


def measure() -> list[Row]:
    calm, calls = _emptied(Wire())
    wire = Wire(before=_some(calls, 1), after=_some(calls, 2))
    killed, _ = _emptied(wire)
    by_hand = DISCUSSIONS * (PEOPLE / REMOVED_AT_ONCE + 3)
    return [
        Row.at_most(
            f"VK calls for {DISCUSSIONS} discussions of {PEOPLE}", calm.vk_calls, by_hand, "calls"
        ),
        Row.at_most(
            "  to those for a link, two looks and 25 at once", calm.vk_calls / by_hand, 1, ""
        ),
        Row.at_most("  at the pace of one community", calm.vk_calls / PACE / 60, 15, "min"),
        Row.at_most("  people left in them", calm.left, 0, "people"),
        Row.at_least(
            f"cleaners killed on the way ({KILLS} wanted)", wire.kills, KILLS * 0.9, "kills"
        ),
        Row.at_most("  people left in discussions", killed.left, 0, "people"),
        Row.at_most("  people missing from house chats", killed.missing, 0, "people"),
        Row.at_most("  VK calls more", killed.vk_calls / calm.vk_calls - 1, 0.25, ""),
    ]


@dataclass(frozen=True)
class _Result:
    left: int
    """People who are still in discussions."""
    missing: int
    """People who are not in their house chat any more."""
    vk_calls: int
    """What is in one `execute` is one."""


def _emptied(wire: Wire) -> tuple[_Result, int]:
    """Settle discussions, and have cleaners work until nothing is due."""
    door = DiscussionDoor(reached=wire.watch)
    rooms = [_settled(door, number) for number in range(DISCUSSIONS)]
    neighbours, before = door.members(door.house_chat), len(door.sandbox.journal.arrivals())
    while due := door.discussions.to_clean(door.clock.moment(), limit=DISCUSSIONS):
        for discussion_id in due:
            _until_killed(partial(empty_room, discussion_id, desk=door.desk_of_cleaning))
        door.wait(timedelta(minutes=15))
    left = sum(len(door.members(room)) for room in rooms)
    missing = len(neighbours - door.members(door.house_chat))
    vk_calls = len(door.sandbox.journal.arrivals()) - before
    return _Result(left, missing, vk_calls), len(wire.calls)


def _until_killed(work: Callable[[], Outcome]) -> None:
    try:
        work()
    except Killed:
        return


def _settled(door: DiscussionDoor, number: int) -> int:
    discussion_id = f"{number:016x}"
    room = door.chat(*range(10_000, 10_000 + PEOPLE), title="Обсуждение")
    door.rooms.remember(door.community, room, discussion_id=discussion_id)
    discussion = Discussion(
        id=discussion_id,
        question_id=QUESTION,
        house_id="ABCDEF01",
        oktmo=OKTMO,
        community=door.community,
        house_chat_id=door.house_chat,
        inn=COMPANY,
        named_by=SPEAKER,
        subject="Лифт",
        starts_at=SETTLED,
        ends_at=SETTLED,
        created_at=SETTLED,
        state=DiscussionState.SETTLED,
        chat_id=room,
        settled_at=SETTLED,
        outcome_cmid=NEIGHBOUR,
    )
    door.discussions.add(replace(discussion, wake_at=SETTLED + GRACE))
    return room


def _some(calls: int, seed: int) -> set[int]:
    return set(Random(seed).sample(range(1, calls), KILLS // 2))
