"""What becomes of elders' letters when a house gets another elder."""

from datetime import datetime, timedelta

from housechats.domain.batches import KEPT
from housechats.domain.houses import House, parting_letter
from housechats.domain.instructions import Instruction, InstructionState
from housechats.ports.instructions import Instructions

LOOKED_AT_AGAIN = timedelta(minutes=2)
"""When letters that depend on whose a house is are looked at: by then who is changing it is done
or dead (60 s)."""


def let_go(house: House, *, instructions: Instructions, now: datetime) -> None:
    """Have the former elder told that the house is another's, if they were told that it is theirs.

    Their own letter is looked at as well: it may have waited for this house alone, and nobody
    else would ever look at it again. Nothing is sent if the house stays theirs after all.
    """
    if not house.elder_id:
        return
    parting = Instruction(
        parting_letter(house), house.elder_id, frozenset({house.id}), former=house.letter_id
    )
    instructions.part(parting, due_at=now + LOOKED_AT_AGAIN, until=now + KEPT)
    former = Instruction(house.letter_id, house.elder_id, frozenset())
    instructions.wait(former, until=now + LOOKED_AT_AGAIN)


def have_told(house: House, *, instructions: Instructions, now: datetime) -> None:
    """Have the elder told as soon as the house is ready, unless they have been.

    The sweep brings the letter until it is sent: whoever makes the house ready may still know
    the former elder only. One that could not be delivered is tried with new contacts.
    """
    letter = Instruction(house.letter_id, house.elder_id, frozenset())
    told = instructions.get(letter.batch_id, letter.elder_id)
    if told and told.state == InstructionState.UNDELIVERABLE:
        instructions.reopen(told)
    instructions.wait(letter, until=now)
