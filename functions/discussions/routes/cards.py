"""How the API shows discussions."""

from dataclasses import dataclass
from datetime import datetime

from housechats.domain.discussions import GRACE, Discussion, DiscussionState


@dataclass(frozen=True, slots=True)
class DiscussionNote:
    """A discussion, as lists show it."""

    id: str
    question_id: str
    """Of the question that is discussed."""
    house_id: str
    oktmo: str
    inn: str
    """Of the organisation that answers; empty: the municipality's staff do."""
    subject: str
    """The beginning of the question."""
    state: DiscussionState
    starts_at: datetime
    ends_at: datetime
    """The planned end."""
    reason: str
    """Why it was cancelled, or why something waits: a sentence for people; may be empty."""


@dataclass(frozen=True, slots=True)
class DiscussionCard:
    """All that is known of a discussion."""

    id: str
    question_id: str
    """Of the question that is discussed."""
    house_id: str
    oktmo: str
    inn: str
    """Of the organisation that answers; empty: the municipality's staff do."""
    subject: str
    """The beginning of the question."""
    state: DiscussionState
    starts_at: datetime
    ends_at: datetime
    """The planned end."""
    moves: int
    """How often another time was named."""
    interested: int
    """People who asked to be told when it opens; 0 once they were."""
    link: str
    """Leads into its chat while it is open; else empty."""
    opened_at: datetime | None
    """When its chat opened; null: not yet, or never."""
    came: bool
    """Whether the representative came; true until it is known that they did not."""
    ended_at: datetime | None
    """When people stopped to talk; null: they have not yet."""
    protocol: str
    """What was agreed; empty: there is none yet, or there was none in time."""
    settled_at: datetime | None
    """When the outcome was posted to the house chat; null: not yet."""
    empties_at: datetime | None
    """When its chat is emptied, or is tried to be again; null: that is not decided yet, or done."""
    removed: int
    """People who were removed from its chat."""
    emptied_at: datetime | None
    """Since when nobody is in its chat and nobody can enter; null: not yet."""
    reason: str
    """Why it was cancelled, or why something waits: a sentence for people; may be empty."""


@dataclass(frozen=True, slots=True)
class DiscussionPage:
    """Discussions, the latest first."""

    items: list[DiscussionNote]
    next_cursor: str
    """Empty on the last page."""
    total: int


def note_of(discussion: Discussion) -> DiscussionNote:
    return DiscussionNote(
        id=discussion.id,
        question_id=discussion.question_id,
        house_id=discussion.house_id,
        oktmo=discussion.oktmo,
        inn=discussion.inn,
        subject=discussion.subject,
        state=discussion.state,
        starts_at=discussion.starts_at,
        ends_at=discussion.ends_at,
        reason=discussion.reason,
    )


def card_of(discussion: Discussion, *, interested: int) -> DiscussionCard:
    is_open = discussion.state == DiscussionState.OPEN
    return DiscussionCard(
        id=discussion.id,
        question_id=discussion.question_id,
        house_id=discussion.house_id,
        oktmo=discussion.oktmo,
        inn=discussion.inn,
        subject=discussion.subject,
        state=discussion.state,
        starts_at=discussion.starts_at,
        ends_at=discussion.ends_at,
        moves=discussion.moves,
        interested=interested,
        link=discussion.link if is_open else "",
        opened_at=discussion.opened_at,
        came=discussion.came,
        ended_at=discussion.ended_at,
        protocol=discussion.protocol,
        settled_at=discussion.settled_at,
        empties_at=_empties_at(discussion),
        removed=discussion.removed,
        emptied_at=discussion.emptied_at,
        reason=discussion.reason,
    )


def _empties_at(discussion: Discussion) -> datetime | None:
    if discussion.state == DiscussionState.SETTLED and discussion.settled_at:
        return discussion.settled_at + GRACE
    return discussion.wake_at if discussion.state == DiscussionState.EMPTYING else None
