"""Questions: what an elder raises, with the residents' votes behind it, for officials to answer."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Self

from housechats.domain.access import Place, Placed
from housechats.domain.errands import Errand, added, next_at
from housechats.domain.errors import HouseChatsError
from housechats.domain.organisations import OrganisationKind

SHORTEST_TEXT = 10
LONGEST_TEXT = 1000
LONGEST_REASON = 300
MOST_PHOTOS = 3
EDITED_EVERY = timedelta(seconds=5)
"""How often a card is edited at most, however many vote."""
POSTED_ANEW = timedelta(hours=24)
"""VK may not let a message be edited that is older (unknown): then the card is posted anew."""
KEPT = timedelta(days=730)
"""How long a question is kept after it is over: two years of what was asked of whom."""
ELDER_DECIDES = timedelta(days=14)
"""How long a proposal, or a question without enough voices, waits for the elder."""
REOPENED_WITHIN = timedelta(days=30)
VOICES_KEPT = REOPENED_WITHIN
"""After a question is over: then nobody can tell any more who said what."""
MOST_DEEDS = 200
"""Of one question; of more the oldest are forgotten."""


class QuestionState(StrEnum):
    PROPOSED = "proposed"
    """A resident proposes it: the elder raises or declines it."""
    DECLINED = "declined"
    VOTING = "voting"
    UNSUPPORTED = "unsupported"
    """Too few voices: the elder may ask the officials all the same."""
    INVITED = "invited"
    """The officials are asked for an answer."""
    DISCUSSED = "discussed"
    """A time for a discussion is set, or it is under way."""
    ANSWERED = "answered"
    """The residents say whether it is solved."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def over(self) -> bool:
        return self in {
            QuestionState.DECLINED,
            QuestionState.CLOSED,
            QuestionState.WITHDRAWN,
        }


class Happening(StrEnum):
    """What moves a question on."""

    RAISED = "raised"
    """The elder puts it to the vote."""
    DECLINED = "declined"
    SUPPORTED = "supported"
    """The vote has ended with enough voices, or the elder has ended it so."""
    NOT_SUPPORTED = "not_supported"
    ASKED = "asked"
    """The elder asks the officials, whatever the vote was."""
    ANSWERED = "answered"
    REDIRECTED = "redirected"
    """It is another organisation's: that one is asked."""
    TIME_NAMED = "time_named"
    DISCUSSION_CANCELLED = "discussion_cancelled"
    DISCUSSION_OVER = "discussion_over"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    SILENCE = "silence"
    """Nobody said in time whether it is solved; or what waited for the elder, waited too long."""
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


_S, _H = QuestionState, Happening
MOVES: Mapping[tuple[QuestionState, Happening], QuestionState] = {
    (_S.PROPOSED, _H.RAISED): _S.VOTING,
    (_S.PROPOSED, _H.DECLINED): _S.DECLINED,
    (_S.PROPOSED, _H.SILENCE): _S.DECLINED,
    (_S.PROPOSED, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.VOTING, _H.SUPPORTED): _S.INVITED,
    (_S.VOTING, _H.NOT_SUPPORTED): _S.UNSUPPORTED,
    (_S.VOTING, _H.ASKED): _S.INVITED,
    (_S.VOTING, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.UNSUPPORTED, _H.ASKED): _S.INVITED,
    (_S.UNSUPPORTED, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.UNSUPPORTED, _H.SILENCE): _S.CLOSED,
    (_S.INVITED, _H.ANSWERED): _S.ANSWERED,
    (_S.INVITED, _H.REDIRECTED): _S.INVITED,
    (_S.INVITED, _H.TIME_NAMED): _S.DISCUSSED,
    (_S.INVITED, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.DISCUSSED, _H.ANSWERED): _S.ANSWERED,
    (_S.DISCUSSED, _H.DISCUSSION_CANCELLED): _S.INVITED,
    (_S.DISCUSSED, _H.DISCUSSION_OVER): _S.ANSWERED,
    (_S.DISCUSSED, _H.SILENCE): _S.INVITED,
    (_S.DISCUSSED, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.ANSWERED, _H.SOLVED): _S.CLOSED,
    (_S.ANSWERED, _H.NOT_SOLVED): _S.INVITED,
    (_S.ANSWERED, _H.SILENCE): _S.CLOSED,
    (_S.ANSWERED, _H.ANSWERED): _S.ANSWERED,
    (_S.ANSWERED, _H.WITHDRAWN): _S.WITHDRAWN,
    (_S.CLOSED, _H.REOPENED): _S.INVITED,
}
"""What may happen to a question, and what it is then. Whatever is not here does not happen."""


class NotNowError(HouseChatsError):
    """A question is not in a state for what is asked; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Where(StrEnum):
    """What part of a house a question is about."""

    FLAT = "flat"
    ENTRANCE = "entrance"
    HOUSE = "house"
    YARD = "yard"


class Voice(StrEnum):
    """What somebody says to a question that is put to the vote."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people said what; each counts once, by what they said last."""

    those_for: int = 0
    against: int = 0

    @property
    def total(self) -> int:
        return self.those_for + self.against


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """What an organisation answered."""

    inn: str
    by: str
    """`vk:<id>`; empty when they are forgotten."""
    at: datetime
    text: str
    pin: bool = False
    photos: tuple[str, ...] = ()
    """As the messenger names files."""
    id: str = ""
    """By what a repeat of the deed that gave it is known."""
    speaker: str = ""
    """Who is said to speak, in its first line."""
    cmid: int = 0
    """Its message in the chat; 0: not posted yet."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened to a question."""

    at: datetime
    what: Happening
    by: str = ""
    """`vk:<id>`; empty: nobody, a term was over."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one house."""

    id: str
    house_id: str
    oktmo: str
    community: int
    chat_id: int
    text: str
    where: Where
    raised_by: str
    """`vk:<id>`: whose words they are."""
    raised_at: datetime
    state: QuestionState = QuestionState.PROPOSED
    photos: tuple[str, ...] = ()
    """As the messenger names files."""
    inn: str = ""
    """The organisation that is competent; empty: nobody is known, the municipality's staff are."""
    kind: OrganisationKind | None = None
    # The vote.
    vote_until: datetime | None = None
    enough: int = 0
    """So many voices for it end the vote at once."""
    card_cmid: int = 0
    card_at: datetime | None = None
    """When the card was posted last."""
    card_shown_at: datetime | None = None
    """When it was posted or edited last."""
    card_number: int = 0
    """How many cards there were: another one when the last has grown too old."""
    tally: Tally = Tally()
    """As the card shows it; exact when the vote is over."""
    # The officials.
    round: int = 0
    """How often officials were asked: anew after `not solved`, a redirect or a lost discussion."""
    invited_at: datetime | None = None
    answer_due_at: datetime | None = None
    """By when they owe an answer."""
    reminded: int = 0
    """Reminders of this round."""
    level: int = 0
    """0: the organisation's representatives were asked; 1: the next level was told."""
    redirects: tuple[str, ...] = ()
    """ИНН of those whose it was not, with their reasons: `inn: reason`."""
    asked_cmid: int = 0
    """By what the chat was told last that officials are asked; 0: nothing has been said."""
    told: tuple[int, ...] = ()
    """VK ids of the representatives who got this round's invitation."""
    unreached: str = ""
    """Why nobody of the organisation could be told in this round, in Russian; empty: somebody was,
    or it is being tried."""
    texting_at: datetime | None = None
    """When this round's SMS was claimed: killed after that, nobody knows whether it went."""
    remind_at: tuple[datetime, ...] = ()
    """When this round's officials are reminded; in the end the next level is told."""
    answers: tuple[OfficialAnswer, ...] = ()
    discussion_id: str = ""
    past_discussions: tuple[str, ...] = ()
    """Ids of those that are over: what is told of them late, or again, changes nothing."""
    discussed_until: datetime | None = None
    """When a discussion that tells nothing more is given up."""
    discussion_cmid: int = 0
    """What came of this round's discussion, in the chat; 0: there was none, or it is not there."""
    # The residents' word.
    solved: Tally = Tally()
    """`for`: it is solved."""
    solved_cmid: int = 0
    """The card on which the residents say it; 0: not posted yet."""
    solved_shown_at: datetime | None = None
    """When that card was posted or edited last."""
    elder_objects: bool = False
    """The elder says that it is not solved, and is asked why."""
    silence_at: datetime | None = None
    """When silence decides."""
    outcome: str = ""
    """What came of it, in one Russian sentence: the closing card says it."""
    closed_at: datetime | None = None
    """Since when it is over."""
    deeds: tuple[Deed, ...] = ()
    """What happened to it, the oldest first."""
    turn: int = 0
    """How much has happened to it, with what is forgotten: names what is made by it."""
    listed_for: tuple[str, ...] = ()
    """ИНН of the organisations in whose lists it was ever put."""
    errands: tuple[Errand, ...] = ()
    wake_at: datetime | None = None
    """When its next term is over; errands apart."""
    revision: int = 1

    @property
    def place(self) -> Place:
        """Where it lies; it is nothing to an organisation that was not asked yet."""
        asked = {self.inn} - {""} if self.invited_at else set()
        return Place(self.oktmo, frozenset(asked))

    def place_in(self, house: Placed | None) -> Place:
        """Return where it lies, with the elder whom its house has now."""
        return replace(self.place, elder_id=house.place.elder_id if house else "")

    @property
    def overdue_from(self) -> datetime | None:
        """When it becomes overdue: officials owe an answer then."""
        return self.answer_due_at if self.state == QuestionState.INVITED else None

    @property
    def was_discussed(self) -> bool:
        """Whether a discussion is what the residents judge; else an answer is."""
        return bool(self.deeds) and self.deeds[-1].what == Happening.DISCUSSION_OVER

    @property
    def is_overdue(self) -> bool:
        """Whether the officials' term is over, and the next level was told so."""
        return self.state == QuestionState.INVITED and self.level > 0

    def due_at(self, now: datetime) -> datetime | None:
        """Return when the sweep looks at it."""
        moments = [self.wake_at, next_at(self.errands, now=now)]
        return min((moment for moment in moments if moment), default=None)

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)


def moved(question: Question, happening: Happening) -> Question:
    """Return a question after something has happened; NotNowError when it cannot happen now."""
    state = MOVES.get((question.state, happening))
    if state is None:
        raise NotNowError(NOT_NOW[question.state])
    return replace(question, state=state)


def happened(
    question: Question, happening: Happening, *, now: datetime, by: str = "", reason: str = ""
) -> Question:
    """Return a question after something has happened, with a note of it.

    What it waited for is over with its former state; what it waits for now is for others to say.
    """
    after = moved(question, happening)
    if question.state == QuestionState.DISCUSSED:
        after = with_past_discussion(after, question.discussion_id)
    if question.is_overdue:
        redraw = Errand(f"redraw/{question.turn}", "redraw_card")
        after = errand_added(after, redraw)
    deeds = (*question.deeds, Deed(now, happening, by, reason))[-MOST_DEEDS:]
    return replace(after, deeds=deeds, turn=question.turn + 1, wake_at=None)


def with_past_discussion(question: Question, discussion_id: str) -> Question:
    """Return a question that a discussion does not concern any more, whatever it tells yet."""
    past = question.past_discussions
    if discussion_id in past:
        return question
    return replace(question, past_discussions=(*past, discussion_id))


def ended(question: Question, *, outcome: str, now: datetime) -> Question:
    """Return a question that is over; the chat hears what came of it if it ever saw the card."""
    said = replace(question, outcome=outcome, closed_at=now, answer_due_at=None, silence_at=None)
    turn = question.turn
    if question.vote_until is None:
        return said
    return errand_added(
        said,
        Errand(f"card/{turn}", "edit_card"),
        Errand(f"closing/{turn}", "say_closing"),
        Errand(f"voices/{turn}", "forget_voices"),
    )


def errand_added(question: Question, *errands: Errand) -> Question:
    return replace(question, errands=added(question.errands, *errands))


def forgotten(question: Question, vk_id: int) -> Question:
    """Return a question without somebody who asked, answered, was asked or decided about it.

    What was said stays: it is the house's. What they are about to be told goes with their post.
    """
    person = f"vk:{vk_id}"
    return replace(
        question,
        raised_by="" if question.raised_by == person else question.raised_by,
        told=tuple(one for one in question.told if one != vk_id),
        # The id of an answer may tell whose draft it was.
        answers=tuple(
            replace(one, by="", id="") if one.by == person else one for one in question.answers
        ),
        deeds=tuple(replace(one, by="") if one.by == person else one for one in question.deeds),
    )


def question_id_of(source: str) -> str:
    """Return the id of a question that a person's deed makes: a repeat of it makes no other."""
    return sha256(f"question/{source}".encode()).hexdigest()[:12]


def voter_of(key: str, question_id: str, vk_id: int) -> str:
    """Return by what a voice is kept: without the key nobody learns whose it is."""
    return hmac.digest(key.encode(), f"voter/{question_id}/{vk_id}".encode(), "sha256").hex()[:32]


NOT_NOW: Mapping[QuestionState, str] = {
    _S.PROPOSED: "Вопрос предложен старшему: пока он его не задал, это невозможно.",
    _S.DECLINED: "Вопрос отклонён.",
    _S.VOTING: "По вопросу ещё голосуют.",
    _S.UNSUPPORTED: "Вопрос набрал мало голосов: его можно отправить ответственным или снять.",
    _S.INVITED: "Вопрос ждёт ответа ответственных.",
    _S.DISCUSSED: "По вопросу назначено обсуждение.",
    _S.ANSWERED: "На вопрос ответили: жители говорят, решён ли он.",
    _S.CLOSED: "Вопрос закрыт: его можно открыть снова.",
    _S.WITHDRAWN: "Вопрос снят.",
}
