"""What somebody wants to send, once it reads well: a preview looks at it, nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.access import Place
from housechats.domain.audiences import Part
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Wish:
    """One message for many chats."""

    id: str
    """The preview's, and the broadcast's once it is confirmed."""
    by: str
    """`vk:<id>`."""
    oktmo: str
    """The territory within which the houses are looked for."""
    inn: str
    """The organisation that speaks; empty when the territory's own staff do."""
    parts: Sequence[Part]
    """With codes of houses in place of what was pasted, once it was read."""
    lane: BroadcastLane
    message: Message
    """Its file lies in the preview's folder already."""
    pin: bool = False
    start_at: datetime | None = None
    """The time that the sender has chosen; None: as soon as it may be."""
    asked: tuple[str, ...] = ()
    """What the parts were, in words, once they were looked for."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn} - {""}))
