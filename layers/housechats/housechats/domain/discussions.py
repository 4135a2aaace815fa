"""Discussions: a temporary chat on one question, from the time that is named to the empty chat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Self

from housechats.domain.access import Place, Placed
from housechats.domain.errands import Errand, next_at
from housechats.domain.errors import HouseChatsError

LENGTH = timedelta(hours=1)
MOST_MOVES = 5
"""Of one discussion: the house is told of each time."""
MOST_OF_QUESTION = 5
"""Discussions of one question: of each the house is told, and that it was called off."""
LONGEST = timedelta(hours=4)
"""However often it is prolonged."""
PROLONGED_BY = timedelta(minutes=30)
SILENCE = timedelta(minutes=30)
"""After the planned end: so long nobody has written, then it is over."""
GRACE = timedelta(hours=24)
"""From the outcome in the house chat to the empty discussion chat: people copy what they need."""
PROTOCOL_WITHIN = timedelta(days=3)
"""Then the fact and the date are posted instead."""
KEPT = timedelta(days=730)
SHOWN_IN_TITLE = 30
"""Characters of the question in a chat's title: with the code it stays below 64."""


class DiscussionState(StrEnum):
    PLANNED = "planned"
    OPENING = "opening"
    """Its chat is being made."""
    OPEN = "open"
    ENDED = "ended"
    """Nobody talks any more; the representative is asked for the protocol."""
    SETTLED = "settled"
    """The outcome is in the house chat; the chat will be emptied after a time of grace."""
    EMPTYING = "emptying"
    EMPTIED = "emptied"
    """The link is revoked, nobody is in the chat."""
    CANCELLED = "cancelled"
    """It never took place."""

    @property
    def over(self) -> bool:
        return self in {DiscussionState.EMPTIED, DiscussionState.CANCELLED}

    @property
    def ahead(self) -> bool:
        """Whether people are to come still: there is no second one of the question."""
        return self in {DiscussionState.PLANNED, DiscussionState.OPENING, DiscussionState.OPEN}

    @property
    def left_to_clean(self) -> bool:
        """Whether nothing is to come but the emptying of its chat."""
        return self in {DiscussionState.SETTLED, DiscussionState.EMPTYING}


class Happening(StrEnum):
    """What moves a discussion on."""

    MOVED = "moved"
    """Another time was named."""
    CANCELLED = "cancelled"
    TIME_CAME = "time_came"
    CHAT_MADE = "chat_made"
    NOT_MADE = "not_made"
    """Its chat cannot be made, or not in time, or nobody can tell whether it was."""
    PROLONGED = "prolonged"
    ENDED = "ended"
    """By the representative, by silence after the planned end, or at the hard end."""
    NOBODY_CAME = "nobody_came"
    """The representative never wrote: the house is told, a new time is asked for."""
    OUTCOME_POSTED = "outcome_posted"
    """The protocol, or without one the fact and the date."""
    GRACE_OVER = "grace_over"
    EMPTIED = "emptied"


_S, _H = DiscussionState, Happening
MOVES: Mapping[tuple[DiscussionState, Happening], DiscussionState] = {
    (_S.PLANNED, _H.MOVED): _S.PLANNED,
    (_S.PLANNED, _H.CANCELLED): _S.CANCELLED,
    (_S.PLANNED, _H.TIME_CAME): _S.OPENING,
    (_S.OPENING, _H.CHAT_MADE): _S.OPEN,
    (_S.OPENING, _H.NOT_MADE): _S.CANCELLED,
    (_S.OPEN, _H.PROLONGED): _S.OPEN,
    (_S.OPEN, _H.ENDED): _S.ENDED,
    (_S.OPEN, _H.NOBODY_CAME): _S.ENDED,
    (_S.ENDED, _H.OUTCOME_POSTED): _S.SETTLED,
    (_S.SETTLED, _H.GRACE_OVER): _S.EMPTYING,
    (_S.EMPTYING, _H.EMPTIED): _S.EMPTIED,
}
"""What may happen to a discussion, and what it is then. Whatever is not here does not happen."""


class NotNowError(HouseChatsError):
    """A discussion is not in a state for what is asked; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Discussion:
    """One discussion of one question."""

    id: str
    question_id: str
    house_id: str
    oktmo: str
    community: int
    house_chat_id: int
    inn: str
    named_by: int
    """VK id of the representative who named the time; 0 when they are forgotten."""
    subject: str
    """The beginning of the question, for titles and cards."""
    starts_at: datetime
    ends_at: datetime
    """The planned end."""
    created_at: datetime
    state: DiscussionState = DiscussionState.PLANNED
    moves: int = 0
    """How often another time was named: cards and reminders are told apart by it."""
    card_cmid: int = 0
    """The card in the house chat that tells of its time; 0: not posted yet."""
    reminded: int = 0
    """Of REMINDED_BEFORE, how many are said or left out."""
    chat_id: int = 0
    """0 until it is made."""
    intent_at: datetime | None = None
    lease_until: datetime | None = None
    searches: int = 0
    """How often its chat was looked for in vain."""
    link: str = ""
    opened_at: datetime | None = None
    late_told: bool = False
    """The house knows that the representative is late."""
    offered_for: datetime | None = None
    """The planned end for which going on was offered."""
    representative_wrote_at: datetime | None = None
    last_message_at: datetime | None = None
    ended_at: datetime | None = None
    came: bool = True
    """Whether the representative came."""
    protocol: str = ""
    protocol_by: str = ""
    """`vk:<id>`."""
    protocol_reminded: int = 0
    outcome_cmid: int = 0
    """The card with the outcome in the house chat; 0: not posted yet, or not there."""
    settled_at: datetime | None = None
    link_revoked_at: datetime | None = None
    removed: int = 0
    """People who were removed from the chat."""
    cleanings: int = 0
    """How often emptying had to wait: the pauses grow."""
    emptied_at: datetime | None = None
    reason: str = ""
    """Why it was cancelled, or why emptying waits: a Russian sentence."""
    errands: tuple[Errand, ...] = ()
    wake_at: datetime | None = None
    """When its next term is over; errands apart."""
    revision: int = 1

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn} - {""}))

    def place_in(self, house: Placed | None) -> Place:
        """Return where it lies, with the elder whom its house has now.

        It is nothing to the other organisations of the house.
        """
        return replace(self.place, elder_id=house.place.elder_id if house else "")

    @property
    def title(self) -> str:
        """What its chat is called."""
        return f"Обсуждение: {self.subject[:SHOWN_IN_TITLE].strip()}"

    @property
    def title_with_code(self) -> str:
        """The title of the chat that is being made: a lost one is found by the code."""
        return f"{self.title} · {self.id}"

    @property
    def begun_at(self) -> datetime:
        """When people could begin to talk."""
        return max(self.starts_at, self.opened_at or self.starts_at)

    @property
    def hard_end(self) -> datetime:
        return self.begun_at + LONGEST

    def due_at(self, now: datetime) -> datetime | None:
        """Return when the sweep looks at it."""
        moments = [self.wake_at, next_at(self.errands, now=now)]
        return min((moment for moment in moments if moment), default=None)

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)


def forgotten(discussion: Discussion, vk_id: int) -> Discussion:
    """Return a discussion without somebody who named its time or wrote its protocol.

    Others of the organisation can lead it; what was to be told to them is told to nobody.
    """
    by = discussion.protocol_by
    return replace(
        discussion,
        named_by=0 if discussion.named_by == vk_id else discussion.named_by,
        protocol_by="" if by == f"vk:{vk_id}" else by,
        errands=tuple(one for one in discussion.errands if one.to != vk_id),
    )


def moved(discussion: Discussion, happening: Happening) -> Discussion:
    """Return a discussion after something has happened; NotNowError when it cannot happen now."""
    state = MOVES.get((discussion.state, happening))
    if state is None:
        raise NotNowError(NOT_NOW[discussion.state])
    return replace(discussion, state=state)


NOT_NOW: Mapping[DiscussionState, str] = {
    _S.PLANNED: "Обсуждение ещё не началось.",
    _S.OPENING: "Чат обсуждения сейчас открывается.",
    _S.OPEN: "Обсуждение идёт.",
    _S.ENDED: "Обсуждение закончено, ждём протокол.",
    _S.SETTLED: "Обсуждение закончено, итог опубликован.",
    _S.EMPTYING: "Чат обсуждения закрывается.",
    _S.EMPTIED: "Чат обсуждения закрыт.",
    _S.CANCELLED: "Обсуждение отменено.",
}


def id_of(question_id: str, number: int) -> str:
    """Return the id of a question's discussion: the first, the one after it was lost, and so on.

    However many name a time at once, there is one.
    """
    return sha256(f"discussion/{question_id}/{number}".encode()).hexdigest()[:16]
