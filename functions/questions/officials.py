"""Officials of a question: who they are, what counts for them, when they may be written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from housechats.domain.access import Caller, Permission, may
from housechats.domain.addressees import overseers, representatives_of
from housechats.domain.answer_terms import AnswerTerms, terms_at
from housechats.domain.broadcast_rules import quiets_within, rules_at
from housechats.domain.chat_events import Press, Room
from housechats.domain.dialogues import Dialogue
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Role
from housechats.domain.question_texts import addressee
from housechats.domain.questions import NotNowError, Question
from housechats.domain.quiet_hours import next_allowed
from housechats.domain.territories import Territory, region_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.organisation_cards import Cards
from housechats.ports.talks import PressButton, Row, Tone
from questions.desk import Desk, NotForYouError, Records, caller_of, name_of


class Registers(Records, Protocol):
    """What is to be known of who speaks: the API has no more than this."""

    @property
    def cards(self) -> Cards: ...
    @property
    def quiet_hours(self) -> Rulebook: ...


NO_SUCH = "Такого вопроса нет."
NOT_YOURS = "Отвечать на этот вопрос может только представитель организации, которой он задан."


def representatives(question: Question, desk: Desk) -> list[int]:
    """Return who speaks for the competent organisation where the house lies."""
    if not question.inn:
        return []
    posts = desk.posts.of_territory(Territory(region_of(question.oktmo)))
    return representatives_of(posts, question.inn, question.oktmo)


def next_level(question: Question, desk: Desk) -> list[int]:
    """Return the municipality's staff and administrators."""
    posts = desk.posts.of_territory(Territory(region_of(question.oktmo)))
    return overseers(posts, question.oktmo)


def terms_of(question: Question, desk: Desk) -> AnswerTerms:
    return terms_at(question.oktmo, desk.termbook.of_region(region_of(question.oktmo)))


def when_not_quiet(question: Question, desk: Desk) -> datetime:
    """Return when people of that place may be written to: now, or in the morning."""
    kept = desk.quiet_hours.of_region(region_of(question.oktmo))
    return next_allowed(desk.clock(), quiets_within(question.oktmo, kept))


def title_of(question: Question, desk: Desk) -> str:
    house = desk.houses.get(question.house_id)
    return house.title if house else question.house_id


def whose(question: Question, desk: Registers) -> str:
    """Return what the competent organisation is called."""
    return addressee(question, name_of(question.inn, question.oktmo, desk))


def may_answer(caller: Caller, question: Question) -> bool:
    """Tell whether somebody speaks for whoever is asked.

    Staff speak for their own administration, and where nobody else is known to be competent.
    """
    if not may(caller, Permission.QUESTIONS_ANSWER, [question.place]):
        return False
    if question.kind in {None, OrganisationKind.ADMINISTRATION}:
        return True
    return any(
        post.role == Role.REPRESENTATIVE
        and post.inn == question.inn
        and post.territory.covers(question.oktmo)
        for post in caller.posts
    )


def theirs(question_id: str, community: int, vk_id: int, desk: Desk) -> Question:
    """Return a question that somebody may answer at this moment; NotForYouError for others."""
    question = desk.questions.get(question_id)
    if question is None or question.community != community:
        raise NotForYouError(NO_SUCH)
    if not may_answer(caller_of(vk_id, desk), question):
        raise NotForYouError(NOT_YOURS)
    return question


def speaker_of(question: Question, caller: Caller, desk: Registers) -> str:
    """Return who is said to speak: the organisation, or the territory's own administration."""
    represents = any(
        post.role == Role.REPRESENTATIVE and post.inn == question.inn for post in caller.posts
    )
    if question.inn and (represents or question.kind == OrganisationKind.ADMINISTRATION):
        return whose(question, desk)
    return rules_at(question.oktmo, desk.quiet_hours.of_region(region_of(question.oktmo))).speaks_as


def buttons(question: Question) -> tuple[Row, ...]:
    """Return what an official may press under a private message."""
    return (
        (PressButton("Ответить", Press(Room.QUESTIONS, "answer", question.id), Tone.PRIMARY),),
        (PressButton("Назначить время", Press(Room.DISCUSSIONS, "name_time", question.id)),),
        (PressButton("Не наш вопрос", Press(Room.QUESTIONS, "not_ours", question.id)),),
    )


@contextmanager
def ended_if_refused(dialogue: Dialogue, desk: Desk) -> Iterator[None]:
    """Ask no more for what is not wanted any more."""
    try:
        yield
    except (NotNowError, NotForYouError):
        desk.dialogues.end(dialogue)
        raise
