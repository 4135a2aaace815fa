"""Use case: look whether who sent a broadcast that waited may still send it to these houses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.access import Caller, Permission, may
from housechats.domain.broadcasts import HOLD, STARTED_BY_NOW, Broadcast
from housechats.ports.broadcasts import Audience, Audiences
from housechats.ports.houses import Houses
from housechats.ports.people import Known

JUST_CONFIRMED = HOLD + STARTED_BY_NOW
"""What starts by then was looked at when it was confirmed: nobody chose a later time for it."""
NO_SENDER = (
    "Рассылка не началась: тот, кто её составил, больше не может здесь рассылать. Продолжить её "
    "может любой, кто может."
)
HOUSES_LEFT = (
    "Рассылка не началась: за часть её домов организация уже не отвечает. Продолжить её может "
    "сотрудник территории; представителю организации нужно составить новую."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What it is looked at with."""

    known: Callable[[int], Known]
    """What is known of a page."""
    houses: Houses
    audiences: Audiences


def caller_named(name: str, known: Callable[[int], Known]) -> Caller:
    """Return whom records name, `vk:<id>`, with the posts that they have by now."""
    vk_id = int(name.removeprefix("vk:"))
    return Caller(vk_id, tuple(post for post in known(vk_id).posts if post.until is None))


def why_not(one: Broadcast, audience: Audience, *, desk: Desk, now: datetime) -> str:
    """Return why a broadcast may not start any more, a Russian sentence; empty when it may.

    One that has begun is not looked at: whoever stops it, stops it.
    """
    if one.started_at or now - one.created_at <= JUST_CONFIRMED:
        return ""
    senders = [name for name in (one.created_by, one.approved_by) if name]
    if not any(_may_send(one, name, desk) for name in senders):
        return NO_SENDER
    return HOUSES_LEFT if one.inn and _some_have_left(one.inn, audience, desk) else ""


def _may_send(one: Broadcast, name: str, desk: Desk) -> bool:
    return may(caller_named(name, desk.known), Permission.BROADCASTS_SEND, [one.place])


def _some_have_left(inn: str, audience: Audience, desk: Desk) -> bool:
    """Tell whether an organisation answers no more for a house: chunk by chunk, as they are now."""
    for chunk in desk.audiences.all_chunks(audience):
        ids = {chat.house_id for chat in chunk}
        houses = desk.houses.get_many(ids)
        if ids != {house.id for house in houses if inn in house.organisations}:
            return True
    return False
