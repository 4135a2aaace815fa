"""Dialogues: what the bot has asked a person privately, and waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from housechats.domain.chat_events import Room

KEPT = timedelta(days=7)
"""How long the bot waits for an answer, unless the room says otherwise."""
MOST_BEGUN = 10
"""Dialogues that one person may begin in an hour: all people of a community share its pace."""
MOST_AT_WORK = 60
"""Presses in private dialogs by which one official has the bot write in an hour."""
ENOUGH = "Слишком часто: вы начали много разговоров. Попробуйте через час."
"""What is shown to who presses on."""


def turn_of(community: int, vk_id: int) -> str:
    """Return under what it is counted how often a person begins a dialogue: it names nobody."""
    return f"DIALOGUES#{sha256(f'dialogues/{community}/{vk_id}'.encode()).hexdigest()[:16]}"


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
