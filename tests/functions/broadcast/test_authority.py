"""Who sent a broadcast that waited is looked at again when it starts: they, and their houses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcast import attach, authority, seed
from broadcast.patience import Hours
from broadcast.start import Desk, Outcome, start
from housechats.adapters.posts import DynamoPosts
from support.broadcast_door import (
    COLLEAGUE,
    COMPANY,
    COSY,
    REPRESENTATIVE,
    STAFF,
    BroadcastDoor,
)

NEXT_WEEK = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
PLANNED: dict[str, Any] = {"start_at": NEXT_WEEK.isoformat()}


def begin(door: BroadcastDoor, broadcast_id: str, *, at: datetime | None = None) -> Outcome:
    """Have a broadcast start at its time, or at another."""
    doors, at = door.doors, at or door.kept(broadcast_id).start_at
    assert at
    moment: datetime = at
    seeding = seed.Desk(
        broadcasts=doors.broadcasts,
        receipts=doors.receipts,
        audiences=doors.audiences,
        queues=seed.Queues(door.deliveries, door.emergencies),
        lease=timedelta(seconds=120),
    )
    desk = Desk(
        seeding=seeding,
        attaching=attach.Desk(
            broadcasts=doors.broadcasts,
            audiences=doors.audiences,
            messages=doors.messages,
            communities=doors.communities,
            mailer_of=_no_mailer,
            files=doors.files,
        ),
        starts=door.starts,
        rulebook=doors.rules,
        authority=authority.Desk(DynamoPosts(door.table).known, doors.houses, doors.audiences),
    )
    until = moment + timedelta(minutes=1)
    return start(broadcast_id, desk=desk, hours=Hours(lambda: moment, lambda _: None, until))


def _no_mailer(_: object) -> Any:
    raise AssertionError("these broadcasts have no file")


def dismiss(door: BroadcastDoor, vk_id: int) -> None:
    """Have somebody's posts end."""
    posts = DynamoPosts(door.table)
    for post in posts.known(vk_id).posts:
        assert posts.end(post, by="operator", now=datetime.now(UTC))


def test_what_a_dismissed_person_had_planned_is_not_sent(door: BroadcastDoor) -> None:
    door.house(1)
    one = door.confirm(**PLANNED)
    dismiss(door, STAFF)

    outcome = begin(door, one["id"])

    _, card = door.ask("GET", f"/broadcasts/{one['id']}", vk_id=COLLEAGUE)
    assert (outcome, card["state"]) == (Outcome.STOPPED, "stopped")
    assert card["reason"] == authority.NO_SENDER
    assert not door.deliveries.bodies


def test_a_colleague_sends_what_was_not_sent(door: BroadcastDoor) -> None:
    door.house(1)
    one = door.confirm(**PLANNED)
    dismiss(door, STAFF)
    begin(door, one["id"])

    _, card = door.ask("POST", f"/broadcasts/{one['id']}/resume", {}, vk_id=COLLEAGUE)

    assert card["state"] == "running"
    assert door.deliveries.take() == [{"broadcast_id": one["id"], "chunk": 0}]


def test_a_company_writes_to_no_house_that_it_has_left_meanwhile(door: BroadcastDoor) -> None:
    _, left = [door.house(number, organisations={COSY: COMPANY}) for number in (1, 2)]
    one = door.confirm(vk_id=REPRESENTATIVE, **PLANNED)
    door.detach(left)

    outcome = begin(door, one["id"])

    assert (outcome, door.kept(one["id"]).stopped_because) == (
        Outcome.STOPPED,
        authority.HOUSES_LEFT,
    )
    assert not door.deliveries.bodies


@pytest.mark.parametrize("vk_id", [STAFF, REPRESENTATIVE])
def test_what_waited_is_sent_by_who_still_may(door: BroadcastDoor, vk_id: int) -> None:
    door.house(1, organisations={COSY: COMPANY})
    one = door.confirm(vk_id=vk_id, **PLANNED)

    assert begin(door, one["id"]) == Outcome.STARTED


def test_the_second_person_answers_for_what_they_have_confirmed(door: BroadcastDoor) -> None:
    door.rule(second_person_above=1)
    for number in (1, 2):
        door.house(number)
    one = door.confirm(**PLANNED)
    door.ask("POST", f"/broadcasts/{one['id']}/approval", {}, vk_id=COLLEAGUE)
    dismiss(door, STAFF)

    assert begin(door, one["id"]) == Outcome.STARTED


def test_who_has_just_confirmed_is_not_asked_about_again(door: BroadcastDoor) -> None:
    door.house(1)
    one = door.confirm()
    dismiss(door, STAFF)

    assert begin(door, one["id"]) == Outcome.STARTED
