"""Use case: try a chat again that was refused, is uncertain or lost, as a person decided."""

from dataclasses import replace
from datetime import datetime

from housechats.domain.batches import KEPT
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import ChatState, House, own_letter
from housechats.domain.instructions import InstructionState
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.queues import Queue
from housechats.ports.renewals import Renewals


def retry(
    house: House,
    *,
    houses: Houses,
    renewing: Renewals,
    instructions: Instructions,
    openings: Queue,
    renewals: Queue,
    now: datetime,
) -> bool:
    """Begin anew, and have the elder told in the end; False when there is nothing to retry.

    An elder who was told of other houses only gets a letter of its own about this one. A chat
    that is lost, or could not be renewed, is renewed: a lost one that is written to is open.
    """
    if house.outdated and renewing.again(house, now=now):
        renewals.send([{"house_id": house.id}])
        return True
    if house.state == ChatState.LOST:
        _say_anew(house, houses=houses, renewals=renewals)
        return True
    if house.state not in {ChatState.REFUSED, ChatState.UNCERTAIN}:
        return False
    letter_id = house.letter_id
    told = instructions.get(letter_id, house.elder_id) if house.elder_id else None
    if told and house.id in told.told_of:
        pass  # they know of it: the posters' codes lead to the chat again
    elif told and told.state in {InstructionState.SENT, InstructionState.UNKNOWN}:
        letter_id = own_letter(house.id)
        instructions.expect(letter_id, house.elder_id, {house.id}, until=now + KEPT)
    elif told:
        instructions.reopen(told)
    # Last, for until then the whole can be asked for again.
    if not houses.replan(house, letter_id=letter_id, now=now):
        return False
    openings.send([{"house_id": house.id}])
    return True


def _say_anew(house: House, *, houses: Houses, renewals: Queue) -> None:
    """Have a chat that says all of it already say it as the next revision."""
    if houses.amend(house, replace(house, revision=house.revision + 1)):
        raise UnavailableError("somebody changes this house")
    renewals.send([{"house_id": house.id}])
