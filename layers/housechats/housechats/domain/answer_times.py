"""Times of answers: how soon organisations answer, and who does not."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from housechats.domain.questions import Happening, Question
from housechats.domain.working_time import working_days_between

ASKING = frozenset({Happening.SUPPORTED, Happening.ASKED, Happening.REDIRECTED})
"""With these an organisation is asked for the first time."""


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How one organisation answers."""

    inn: str
    oktmo: str
    """Of a house that asked it."""
    asked: int
    """Questions that were put to it, and that it did not pass on."""
    answered: int
    overdue: int
    """Questions that wait for it longer than they may."""
    median_days: float
    """Working days to its first answer; says nothing when `answered` is 0."""


def answer_times(
    questions: Iterable[Question],
    days_off: Callable[[str], AbstractSet[date]],
    *,
    now: datetime,
) -> list[AnswerTimes]:
    """Return how organisations answer, those with most overdue first.

    `days_off`: those that a place has besides the country's.
    """
    of_each: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        if question.inn and question.invited_at:
            of_each[question.inn].append(question)
    times = []
    for inn, theirs in of_each.items():
        days = [taken for one in theirs if (taken := _days(one, days_off)) is not None]
        times.append(
            AnswerTimes(
                inn=inn,
                oktmo=theirs[0].oktmo,
                asked=len(theirs),
                answered=len(days),
                overdue=sum(
                    one.overdue_from is not None and one.overdue_from <= now for one in theirs
                ),
                median_days=float(median(days)) if days else 0.0,
            )
        )
    return sorted(times, key=lambda one: (-one.overdue, -one.asked, one.inn))


def _days(question: Question, days_off: Callable[[str], AbstractSet[date]]) -> int | None:
    """Return in how many working days its organisation answered first; None: not yet."""
    first = next((one.at for one in question.answers if one.inn == question.inn), None)
    asked = [deed.at for deed in question.deeds if deed.what in ASKING]
    since = max((at for at in asked if first and at <= first), default=None)
    if first is None or since is None:
        return None
    return working_days_between(since, first, question.oktmo, days_off(question.oktmo))
