"""Use case: open a new chat for a house whose chat is gone, as a person decided."""

from datetime import datetime

from create_chats.change_house import ChangedMeanwhileError, WrongStateError
from housechats.domain.batches import KEPT
from housechats.domain.houses import House, own_letter
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.queues import Queue


def open_new_chat(
    house: House,
    *,
    houses: Houses,
    instructions: Instructions,
    openings: Queue,
    now: datetime,
) -> None:
    """Leave the lost chat and have a new one opened; posters' codes lead to it.

    Nothing can be said in a chat that is gone: the elder gets a letter about the new one, with a
    text for the neighbours in the old one.
    """
    if not house.may_get_new_chat:
        raise WrongStateError
    letter_id = house.letter_id
    if house.elder_id:
        letter_id = own_letter(house.id, house.revision + 1)
        instructions.expect(letter_id, house.elder_id, {house.id}, until=now + KEPT)
    # Last, for until then the whole can be asked for again.
    if not houses.leave_chat(house, letter_id=letter_id, now=now):
        raise ChangedMeanwhileError
    openings.send([{"house_id": house.id}])
