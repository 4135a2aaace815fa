"""Dialogues: what the bot has asked a person privately, and waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from housechats.domain.chat_events import Room

KEPT = timedelta(days=7)
"""How long the bot waits for an answer, unless the room says otherwise."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The one thing that a person is being asked; another one takes its place."""

    community: int
    vk_id: int
    room: Room
    step: str
    """What was asked last."""
    thing: str
    """Id of what it is about; empty when it makes something new."""
    asked_at: datetime
    """What was written before is no answer."""
    until: datetime
    """Then it is forgotten with all that was noted."""
    notes: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was answered so far."""
    revision: int = 1
