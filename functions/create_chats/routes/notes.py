"""What the API tells of a message to an elder."""

from dataclasses import dataclass
from datetime import datetime

from housechats.domain.instructions import Channel, Instruction, InstructionState


@dataclass(frozen=True, slots=True)
class InstructionNote:
    """What became of the message to an elder."""

    elder_id: str
    """Who it was to: an id that leads to no person."""
    house_ids: list[str]
    state: InstructionState
    channel: Channel | None
    """By which way it went; null until it has gone."""
    reason: str
    sent_at: datetime | None
    """When it was sent."""


def note_of(instruction: Instruction) -> InstructionNote:
    return InstructionNote(
        elder_id=instruction.elder_id,
        house_ids=sorted(instruction.house_ids),
        state=instruction.state,
        channel=instruction.channel,
        reason=instruction.reason,
        sent_at=instruction.sent_at if instruction.state == InstructionState.SENT else None,
    )
