"""Use cases: change what is known of a house; close its chat, open it again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from housechats.domain.batches import KEPT
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import BY_PERSON, ChatState, House, edited, own_letter
from housechats.domain.instructions import InstructionState
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.queues import Queue

TRIES = 5
"""How often workers may be faster at one house before a person has to try again."""


class ChangedMeanwhileError(Exception):
    """Somebody has changed the house since it was read: a person looks at it again."""


class WrongStateError(Exception):
    """The chat is not in a state in which this can be done to it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person changes; None stays as it is."""

    name: str | None = None
    """The title; empty gives the house its address again."""
    tags: tuple[str, ...] | None = None
    entrances: int | None = None
    flats: int | None = None


def change_house(house: House, changes: Changes, *, houses: Houses, renewals: Queue) -> House:
    """Write what differs; the chat follows if it has to say it."""

    def changed(there: House) -> House:
        wanted = {
            "name": _name(there, changes.name),
            "tags": changes.tags,
            "entrances": changes.entrances,
            "flats": changes.flats,
        }
        said = {name: value for name, value in wanted.items() if value is not None}
        return replace(there, **said)  # type: ignore[arg-type]

    return write(house, changed, houses=houses, renewals=renewals)


def close(house: House, reason: str, *, houses: Houses, renewals: Queue, now: datetime) -> House:
    """Close a chat: the short link says so at once, its link is revoked by the renewal.

    A lost one too: its residents read why behind the posters' codes.
    """

    def closed(there: House) -> House:
        if there.state not in {ChatState.OPEN, ChatState.LOST}:
            raise WrongStateError
        return replace(
            there,
            state=ChatState.CLOSED,
            closed_at=now,
            closed_reason=reason,
            link="",
            welcome_cmid=0,
            loss="",
        )

    return write(house, closed, houses=houses, renewals=renewals)


def reopen(
    house: House,
    *,
    houses: Houses,
    instructions: Instructions,
    renewals: Queue,
    now: datetime,
) -> House:
    """Open a closed chat again, with a fresh link; have its elder told, if they were not yet."""
    letter_id = _letter_of_reopened(house, instructions, now)

    def opened(there: House) -> House:
        if there.state != ChatState.CLOSED:
            raise WrongStateError
        return replace(
            there,
            state=ChatState.OPEN,
            closed_at=None,
            closed_reason="",
            link="",
            welcome_cmid=0,
            letter_id=letter_id,
        )

    return write(house, opened, houses=houses, renewals=renewals)


def write(
    house: House,
    change: Callable[[House], House],
    *,
    houses: Houses,
    renewals: Queue,
    renamed: bool = False,
) -> House:
    """Change a house that is as a person has seen it, and have its chat follow.

    The sweep finds a chat whose message is lost.
    """
    revision = house.revision
    for _ in range(TRIES):
        if house.revision != revision:
            raise ChangedMeanwhileError
        after = change(house)
        if after == house and not renamed:
            return house
        after = edited(house, replace(after, changed_by=BY_PERSON, changes=()), renamed=renamed)
        other = houses.amend(house, after)
        if other is None:
            if after.outdated:
                renewals.send([{"house_id": after.id}])
            return after
        house = other  # a worker has opened or renewed its chat: what people see is the same
    raise UnavailableError("workers keep changing this house")


def _name(house: House, name: str | None) -> str | None:
    """Return the name to keep: the address itself is none."""
    return "" if name == house.address.short else name


def _letter_of_reopened(house: House, instructions: Instructions, now: datetime) -> str:
    """Return which letter tells of a house that was closed when the elder's own had its turn."""
    told = instructions.get(house.letter_id, house.elder_id) if house.elder_id else None
    if told is None:
        return house.letter_id
    if told.state == InstructionState.UNDELIVERABLE:
        instructions.reopen(told)
    missed = told.state == InstructionState.SENT and house.id not in told.told_of
    if not missed:
        return house.letter_id
    letter_id = own_letter(house.id, house.revision + 1)
    instructions.expect(letter_id, house.elder_id, {house.id}, until=now + KEPT)
    return letter_id
