"""How the API shows questions: to each what concerns them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.access import Caller, Permission
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Role
from housechats.domain.questions import Happening, Question, QuestionState, Tally, Where


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people are for a question and against it."""

    those_for: int
    """People who are for it; each counts once, by what they said last."""
    against: int
    """People who are against it."""
    enough: int
    """So many voices for it, and more than against it, send it to the officials."""
    until: datetime | None
    """When the vote ends, or ended; null: it has not begun."""


@dataclass(frozen=True, slots=True)
class QuestionNote:
    """A question, as lists show it."""

    id: str
    house_id: str
    oktmo: str
    text: str
    where: Where
    state: QuestionState
    inn: str
    """Of the competent organisation; empty: the municipality's staff are asked."""
    raised_at: datetime
    """When it was raised or proposed."""
    votes: Votes
    """As the card in the chat shows them; exact when the vote is over."""
    answer_due_at: datetime | None
    """By when the officials owe an answer; null: they owe none now."""
    overdue: bool
    """Whether the officials should have answered by now."""


@dataclass(frozen=True, slots=True)
class QuestionDeed:
    """One thing that happened to a question."""

    at: datetime
    """When it happened."""
    what: Happening
    by: str
    """Who did it: `vk:<id>`; empty to all but staff, and where a term was over."""
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """What an organisation answered."""

    inn: str
    name: str
    """Of the organisation; empty when nobody has named it."""
    at: datetime
    """When it was answered."""
    text: str


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """All that is known of a question."""

    id: str
    house_id: str
    oktmo: str
    text: str
    photos: int
    """How many; they are in the chat."""
    where: Where
    state: QuestionState
    raised_by: str
    """Who raised or proposed it: `vk:<id>`; empty to all but staff."""
    raised_at: datetime
    """When it was raised or proposed."""
    inn: str
    """Of the competent organisation; empty: the municipality's staff are asked."""
    kind: OrganisationKind | None
    """What that organisation is to the house."""
    name: str
    """What it is called; empty when nobody has named it."""
    votes: Votes
    """As the card in the chat shows them; exact when the vote is over."""
    answer_due_at: datetime | None
    """By when the officials owe an answer; null: they owe none now."""
    overdue: bool
    """Whether the officials should have answered by now."""
    told: int
    """Representatives who got the invitation, of those asked last."""
    unreached: str
    """Why nobody of the organisation could be told, in Russian; empty: somebody was, or it is being
    tried."""
    answers: list[AnswerShown]
    """The oldest first."""
    redirects: list[str]
    """Whose it was not, with the reasons: `ИНН: reason`."""
    discussion_id: str
    """Of the discussion that is set; empty when none is."""
    solved: int
    """Residents who say that it is solved."""
    not_solved: int
    """Residents who say that it is not."""
    silence_at: datetime | None
    """When it is closed if the residents say no more; null: they are not asked now."""
    outcome: str
    """What came of it; empty until it is over."""
    closed_at: datetime | None
    """Since when it is over."""
    history: list[QuestionDeed]
    """What happened to it, the oldest first."""


def note_of(question: Question, *, now: datetime) -> QuestionNote:
    return QuestionNote(
        id=question.id,
        house_id=question.house_id,
        oktmo=question.oktmo,
        text=question.text,
        where=question.where,
        state=question.state,
        inn=question.inn,
        raised_at=question.raised_at,
        votes=_votes(question, question.tally),
        answer_due_at=question.overdue_from,
        overdue=is_overdue(question, now=now),
    )


def card_of(
    question: Question,
    caller: Caller,
    name_of: Callable[[str, str], str],
    *,
    tally: Tally,
    now: datetime,
) -> QuestionCard:
    """Show a question; `tally`: the voices of this moment."""
    shows_people = _is_staff(caller, question)
    return QuestionCard(
        id=question.id,
        house_id=question.house_id,
        oktmo=question.oktmo,
        text=question.text,
        photos=len(question.photos),
        where=question.where,
        state=question.state,
        raised_by=question.raised_by if shows_people else "",
        raised_at=question.raised_at,
        inn=question.inn,
        kind=question.kind,
        name=name_of(question.inn, question.oktmo),
        votes=_votes(question, tally),
        answer_due_at=question.overdue_from,
        overdue=is_overdue(question, now=now),
        told=len(question.told),
        unreached=question.unreached,
        answers=[
            AnswerShown(one.inn, name_of(one.inn, question.oktmo), one.at, one.text)
            for one in question.answers
        ],
        redirects=list(question.redirects),
        discussion_id=question.discussion_id,
        solved=question.solved.those_for,
        not_solved=question.solved.against,
        silence_at=question.silence_at,
        outcome=question.outcome,
        closed_at=question.closed_at,
        history=[
            QuestionDeed(one.at, one.what, one.by if shows_people else "", one.reason)
            for one in question.deeds
        ],
    )


def is_overdue(question: Question, *, now: datetime) -> bool:
    return question.overdue_from is not None and question.overdue_from <= now


def _votes(question: Question, tally: Tally) -> Votes:
    return Votes(tally.those_for, tally.against, question.enough, question.vote_until)


def _is_staff(caller: Caller, question: Question) -> bool:
    return any(
        post.role != Role.REPRESENTATIVE and post.territory.covers(question.oktmo)
        for post in caller.granting(Permission.QUESTIONS_READ)
    )
