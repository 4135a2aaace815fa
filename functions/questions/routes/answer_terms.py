"""Routes of a territory's terms of answers, with the acts that set them, and its days off."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from housechats.domain.access import Permission, Place
from housechats.domain.answer_terms import (
    LONGEST_TERM,
    MOST_DAYS_OFF,
    UNCHECKED,
    Term,
    TerritoryTerms,
    terms_at,
)
from housechats.domain.organisations import OrganisationKind
from housechats.domain.patterns import OKTMO
from housechats.domain.territories import Territory, is_territory, region_of
from housechats.runtime.http import ProblemError, answers, invalid, problems
from questions.routes.router import Router

router = Router()

LONGEST_BASIS = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100
ONE_LINE = "Напишите это одной строкой."
NO_SUCH_DAY = f"Нужны даты с {FIRST_YEAR} по {LAST_YEAR} год."

Oktmo = Annotated[str, Path(pattern=OKTMO, description="Код ОКТМО территории")]


@dataclass(frozen=True, slots=True)
class NewTerm:
    """By when organisations of one kind are to answer."""

    days: Annotated[int, Field(ge=1, le=LONGEST_TERM, strict=True)]
    """Days from the one after the question is put to them."""
    working: Annotated[bool, Field(strict=True)]
    """Whether working days are counted; else a last day that is off gives way to the next."""
    basis: Annotated[str, Field(min_length=1, max_length=LONGEST_BASIS)]
    """The act that says so, or that it is the territory's own term."""
    valid_from: date | None = None
    """Since when the act is in force."""
    checked: Annotated[bool, Field(strict=True)] = False
    """Whether somebody has read it in the act itself."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a territory sets; what is left out is as around it."""

    terms: dict[OrganisationKind, NewTerm] = field(default_factory=dict)
    """By what an organisation is to the house."""
    first_word_days: Annotated[int, Field(ge=0, le=LONGEST_TERM, strict=True)] = 0
    """Working days until officials are asked to say anything at all: this service's own term, no
    act asks for it; 0: as around."""
    days_off: Annotated[list[date], Field(max_length=MOST_DAYS_OFF)] = field(default_factory=list)
    """Besides those of the country; those of the territories around count too."""


@dataclass(frozen=True, slots=True)
class TermShown:
    """By when organisations of one kind are to answer."""

    days: int
    """Days from the one after the question is put to them."""
    working: bool
    """Whether working days are counted; else a last day that is off gives way to the next."""
    basis: str
    """The act that says so, or that it is a term of the service's or the territory's own."""
    valid_from: date | None
    """Since when the act is in force; null: nobody has said."""
    checked: bool
    """Whether somebody has read it in the act itself."""
    remark: str
    """What to know of it; empty when it was checked."""


@dataclass(frozen=True, slots=True)
class TermsShown:
    """Terms of answers."""

    terms: dict[OrganisationKind, TermShown]
    """By what an organisation is to the house."""
    first_word_days: int
    """Working days until officials are asked to say anything at all: this service's own term."""
    days_off: list[date]
    """Besides those of the country."""


@dataclass(frozen=True, slots=True)
class AnswerTermsCard:
    """Terms of answers at a territory."""

    oktmo: str
    set_here: TermsShown
    """What this very territory has set; 0: it has set no first word."""
    counts: TermsShown
    """What counts here: of each thing what the nearest territory around has set."""


@router.get(
    "/territories/<oktmo>/answer-terms",
    operation_id="getAnswerTerms",
    summary="Сроки ответов на территории",
    tags=["territories"],
    permission=Permission.QUESTIONS_ANSWER,
)
def get_answer_terms(oktmo: Oktmo) -> AnswerTermsCard:
    return _shown(_reached(oktmo))


@router.put(
    "/territories/<oktmo>/answer-terms",
    operation_id="setAnswerTerms",
    summary="Задать сроки ответов на территории",
    tags=["territories"],
    permission=Permission.TERRITORIES_CHANGE,
    responses={
        **answers("Сроки, какими они стали", AnswerTermsCard, 200),
        **problems(changed_meanwhile="Сроки изменились с тех пор, как их показали."),
    },
)
def set_answer_terms(oktmo: Oktmo, new: NewTerms) -> AnswerTermsCard:
    """Set all of it anew; whoever was asked already keeps their term."""
    before = _reached(oktmo)
    router.asked.deed(before.oktmo, f"territory:{before.oktmo}")
    router.asked.require_match(before.revision)
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in new.days_off):
        raise invalid("/days_off", NO_SUCH_DAY)
    after = TerritoryTerms(
        oktmo=before.oktmo,
        terms={kind: _read(kind, one) for kind, one in new.terms.items()},
        first_word_days=new.first_word_days,
        days_off=frozenset(new.days_off),
        revision=before.revision + 1,
    )
    if not router.doors.termbook.put(after):
        raise ProblemError("changed_meanwhile")
    return _shown(after)


def _reached(oktmo: str) -> TerritoryTerms:
    """Return what a territory within the caller's reach has set so far."""
    if not is_territory(oktmo):
        raise ProblemError("not_found")
    code = Territory(oktmo).code
    kept = router.doors.termbook.of_region(region_of(code))
    terms = next((one for one in kept if one.oktmo == code), TerritoryTerms(code))
    theirs = frozenset(post.inn for post in router.caller.posts)
    return router.reach(terms, Place(code, theirs - {""}))


def _read(kind: OrganisationKind, new: NewTerm) -> Term:
    if not new.basis.isprintable() or not new.basis.strip():
        raise invalid(f"/terms/{kind}/basis", ONE_LINE)
    basis = " ".join(new.basis.split())
    return Term(new.days, new.working, basis, new.valid_from, new.checked)


def _shown(here: TerritoryTerms) -> AnswerTermsCard:
    """Show them to somebody who may change them by what they see."""
    router.asked.revision = here.revision
    counts = terms_at(here.oktmo, router.doors.termbook.of_region(region_of(here.oktmo)))
    return AnswerTermsCard(
        oktmo=here.oktmo,
        set_here=TermsShown(
            {kind: _term(one) for kind, one in here.terms.items()},
            here.first_word_days,
            sorted(here.days_off),
        ),
        counts=TermsShown(
            {kind: _term(one) for kind, one in counts.terms.items()},
            counts.first_word_days,
            sorted(counts.days_off),
        ),
    )


def _term(term: Term) -> TermShown:
    return TermShown(
        days=term.days,
        working=term.working,
        basis=term.basis,
        valid_from=term.valid_from,
        checked=term.checked,
        remark="" if term.checked else UNCHECKED,
    )
