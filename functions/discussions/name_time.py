"""Use case: a time is named for a discussion, or another one for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from discussions.desk import Office, quiet_at
from housechats.domain.discussion_course import moved_to, named
from housechats.domain.discussion_texts import ALREADY_NAMED, MANY_DISCUSSIONS, NOT_NOW, when
from housechats.domain.discussion_times import (
    conflict,
    fault_of_length,
    fault_of_time,
    proposed,
)
from housechats.domain.discussions import (
    LENGTH,
    MOST_OF_QUESTION,
    Discussion,
    Happening,
    NotNowError,
    id_of,
    moved,
)
from housechats.domain.errors import HouseChatsError
from housechats.domain.questions import Question, QuestionState
from housechats.runtime.errands import change

SHOWN = 200
"""Characters of a question in cards."""


class BadTimeError(HouseChatsError):
    """A time does not do; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def times_for(question: Question, *, by: int, office: Office) -> list[datetime]:
    """Return some times at which nothing is in the way."""
    return proposed(
        now=office.clock(),
        quiet=quiet_at(question.oktmo, office.rulebook),
        of_house=office.discussions.of_house(question.house_id),
        of_representative=_of(by, question.inn, office),
    )


def other_times_for(discussion: Discussion, *, office: Office) -> list[datetime]:
    house = office.discussions.of_house(discussion.house_id)
    theirs = _of(discussion.named_by, discussion.inn, office)
    return proposed(
        now=office.clock(),
        quiet=quiet_at(discussion.oktmo, office.rulebook),
        of_house=_but(discussion, house),
        of_representative=_but(discussion, theirs),
        length=discussion.ends_at - discussion.starts_at,
    )


def check_time(
    question: Question, starts_at: datetime, length: timedelta, *, by: int, office: Office
) -> None:
    """Raise BadTimeError when a time does not do for a new discussion of a question."""
    house = office.discussions.of_house(question.house_id)
    theirs = _of(by, question.inn, office)
    _check(starts_at, length, oktmo=question.oktmo, house=house, theirs=theirs, office=office)


def check_other_time(discussion: Discussion, starts_at: datetime, *, office: Office) -> None:
    house = office.discussions.of_house(discussion.house_id)
    theirs = _of(discussion.named_by, discussion.inn, office)
    _check(
        starts_at,
        discussion.ends_at - discussion.starts_at,
        oktmo=discussion.oktmo,
        house=_but(discussion, house),
        theirs=_but(discussion, theirs),
        office=office,
    )


def name_time(
    question: Question,
    starts_at: datetime,
    length: timedelta = LENGTH,
    *,
    by: int,
    office: Office,
) -> Discussion:
    """Keep a question's discussion at a time; however many name one at once, there is one.

    NotNowError when the question waits for none, BadTimeError when the time does not do.
    """
    number = 0
    while (there := office.discussions.get(id_of(question.id, number))) and not there.state.ahead:
        number += 1
    if there is None:
        if number >= MOST_OF_QUESTION:
            raise NotNowError(MANY_DISCUSSIONS)
        if question.state != QuestionState.INVITED:
            raise NotNowError(NOT_NOW)
        check_time(question, starts_at, length, by=by, office=office)
        new = Discussion(
            id=id_of(question.id, number),
            question_id=question.id,
            house_id=question.house_id,
            oktmo=question.oktmo,
            community=question.community,
            house_chat_id=question.chat_id,
            inn=question.inn,
            named_by=by,
            subject=_beginning(question.text),
            starts_at=starts_at,
            ends_at=starts_at + length,
            created_at=office.clock(),
        )
        there = office.discussions.add(named(new, quiet=quiet_at(question.oktmo, office.rulebook)))
    if there.starts_at != starts_at:
        raise NotNowError(ALREADY_NAMED.format(when(there.starts_at, there.oktmo)))
    office.own.send([{"discussion_id": there.id}])
    return there


def move(discussion: Discussion, starts_at: datetime, *, office: Office) -> Discussion:
    """Name another time for a discussion. Errors as in `name_time`."""
    moved(discussion, Happening.MOVED)  # or it is too late for that
    check_other_time(discussion, starts_at, office=office)
    quiet = quiet_at(discussion.oktmo, office.rulebook)
    there = change(
        discussion.id,
        lambda now: moved_to(now, starts_at, now=office.clock(), quiet=quiet),
        office.discussions,
    )
    office.own.send([{"discussion_id": discussion.id}])
    return there or discussion


def _check(
    starts_at: datetime,
    length: timedelta,
    *,
    oktmo: str,
    house: Sequence[Discussion],
    theirs: Sequence[Discussion],
    office: Office,
) -> None:
    quiet, now = quiet_at(oktmo, office.rulebook), office.clock()
    fault = fault_of_length(length) or fault_of_time(starts_at, length, now=now, quiet=quiet)
    if fault:
        raise BadTimeError(fault)
    if found := conflict(starts_at, length, of_house=house, of_representative=theirs):
        sentence, other = found
        raise BadTimeError(sentence.format(when(other.starts_at, other.oktmo)))


def _of(vk_id: int, inn: str, office: Office) -> list[Discussion]:
    there = office.discussions.of_organisation(inn) if inn else []
    return [one for one in there if one.named_by == vk_id]


def _but(discussion: Discussion, others: Sequence[Discussion]) -> list[Discussion]:
    return [one for one in others if one.id != discussion.id]


def _beginning(text: str) -> str:
    whole = " ".join(text.split())
    if len(whole) <= SHOWN:
        return whole
    return f"{whole[: SHOWN - 1].rpartition(' ')[0] or whole[: SHOWN - 1]}…"
