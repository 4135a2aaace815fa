"""Terms of answers: by when an organisation is to answer a question, and where that is written."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime

from housechats.domain.access import Place
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import Territory
from housechats.domain.working_time import (
    days_after,
    next_working_moment,
    opening_by,
    working_days_after,
)

FIRST_WORD_DAYS = 3
"""Working days until an official says anything at all: ours, no act asks for it."""
LONGEST_TERM = 60
MOST_DAYS_OFF = 100
UNCHECKED = "Не сверено с актом."


@dataclass(frozen=True, slots=True)
class Term:
    """By when organisations of one kind are to answer."""

    days: int
    working: bool
    """Whether working days are counted."""
    basis: str
    """The act that says so, or that it is our own term."""
    valid_from: date | None = None
    checked: bool = False
    """Whether somebody has read it in the act itself."""

    def after(self, moment: datetime, oktmo: str, days_off: AbstractSet[date]) -> datetime:
        """Return when it ends that begins at a moment."""
        count = working_days_after if self.working else days_after
        return count(moment, self.days, oktmo, days_off)


@dataclass(frozen=True, slots=True)
class TerritoryTerms:
    """What a territory has set; what it leaves open is as around it."""

    oktmo: str
    """Its code, in its one spelling."""
    terms: Mapping[OrganisationKind, Term] = field(default_factory=dict)
    first_word_days: int = 0
    """Working days; 0: as around it."""
    days_off: frozenset[date] = frozenset()
    """Besides those of the country: they count in all of the territory."""
    revision: int = 0
    """0: nothing was set yet."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """What counts at a place."""

    oktmo: str
    terms: Mapping[OrganisationKind, Term]
    first_word_days: int
    days_off: frozenset[date]

    def term_of(self, kind: OrganisationKind | None) -> Term:
        """Return whose term counts; nobody's question is the municipality's."""
        return self.terms[kind or OrganisationKind.ADMINISTRATION]

    def due_at(self, kind: OrganisationKind | None, asked_at: datetime) -> datetime:
        return self.term_of(kind).after(asked_at, self.oktmo, self.days_off)

    def first_word_at(self, asked_at: datetime) -> datetime:
        """Return by when we ask officials to say anything at all."""
        return working_days_after(asked_at, self.first_word_days, self.oktmo, self.days_off)

    def reminders(self, asked_at: datetime, due_at: datetime) -> tuple[datetime, ...]:
        """Return when officials are reminded: in the end as well; then the next level is told.

        When the first word is late, in the middle of the term, on the working day before its last.
        """
        middle = asked_at + (due_at - asked_at) / 2
        last_day = opening_by(due_at, self.oktmo, self.days_off)
        before = [
            next_working_moment(self.first_word_at(asked_at), self.oktmo, self.days_off),
            next_working_moment(middle, self.oktmo, self.days_off),
            opening_by(last_day, self.oktmo, self.days_off),
        ]
        return (*sorted({moment for moment in before if asked_at < moment < due_at}), due_at)


def terms_at(oktmo: str, kept: Iterable[TerritoryTerms]) -> AnswerTerms:
    """Return what counts at a place: of each thing what the nearest territory around it says.

    Days off add up. `kept`: all that was set in its region.
    """
    found = [one for one in kept if Territory(one.oktmo).covers(Territory(oktmo).code)]
    around = sorted(found, key=lambda one: len(Territory(one.oktmo).prefix))
    terms = dict(KNOWN)
    for one in around:
        terms |= one.terms
    said = [one.first_word_days for one in around if one.first_word_days]
    days_off = frozenset[date]().union(*(one.days_off for one in around))
    return AnswerTerms(oktmo, terms, said[-1] if said else FIRST_WORD_DAYS, days_off)


# From press and reference pages, none read in the act itself. Of the days only those of the acts
# are known; later editions may have set these terms.
KNOWN: Mapping[OrganisationKind, Term] = {
    OrganisationKind.MANAGEMENT_COMPANY: Term(
        10,
        working=True,
        basis="Постановление Правительства РФ от 15.05.2013 № 416",
        valid_from=date(2013, 5, 15),
    ),
    OrganisationKind.ADMINISTRATION: Term(
        30,
        working=False,
        basis="Федеральный закон от 02.05.2006 № 59-ФЗ",
        valid_from=date(2006, 5, 2),
    ),
    OrganisationKind.UTILITY: Term(
        10,
        working=True,
        basis="Срок сервиса: акт для таких организаций ещё не указан",
    ),
}
