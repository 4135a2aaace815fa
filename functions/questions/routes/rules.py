"""Routes of a territory's rules of votes: how long one lasts, how many voices are enough."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from housechats.domain.access import Permission, Place
from housechats.domain.patterns import OKTMO
from housechats.domain.question_rules import (
    LONGEST_VOTE_DAYS,
    MOST_VOICES,
    TerritoryQuestionRules,
    rules_at,
)
from housechats.domain.territories import Territory, is_territory, region_of
from housechats.runtime.http import ProblemError, answers, problems
from questions.routes.router import Router

router = Router()

Oktmo = Annotated[str, Path(pattern=OKTMO, description="Код ОКТМО территории")]
Voices = Annotated[int, Field(ge=0, le=MOST_VOICES, strict=True)]


@dataclass(frozen=True, slots=True)
class NewQuestionRules:
    """What a territory sets; what is 0 or left out is as around it."""

    vote_days: Annotated[int, Field(ge=0, le=LONGEST_VOTE_DAYS, strict=True)] = 0
    """How long a vote lasts."""
    share_percent: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    """Of the members of a house's chat: so many voices for a question are enough."""
    at_least: Voices = 0
    """Voices that are needed however few members there are."""
    at_most: Voices = 0
    """Voices that are enough however many members there are."""


@dataclass(frozen=True, slots=True)
class QuestionRulesShown:
    """Rules of votes."""

    vote_days: int
    """How long a vote lasts."""
    share_percent: int
    """Of the members of a house's chat: so many voices for a question are enough."""
    at_least: int
    """Voices that are needed however few members there are."""
    at_most: int
    """Voices that are enough however many members there are."""


@dataclass(frozen=True, slots=True)
class QuestionRulesCard:
    """Rules of votes at a territory."""

    oktmo: str
    set_here: QuestionRulesShown
    """What this very territory has set; 0: it has set none."""
    counts: QuestionRulesShown
    """What counts here: of each number what the nearest territory around has set."""


@router.get(
    "/territories/<oktmo>/question-rules",
    operation_id="getQuestionRules",
    summary="Правила голосований территории",
    tags=["territories"],
    permission=Permission.TERRITORIES_READ,
)
def get_question_rules(oktmo: Oktmo) -> QuestionRulesCard:
    return _shown(_reached(oktmo))


@router.put(
    "/territories/<oktmo>/question-rules",
    operation_id="setQuestionRules",
    summary="Задать правила голосований территории",
    tags=["territories"],
    permission=Permission.TERRITORIES_CHANGE,
    responses={
        **answers("Правила, какими они стали", QuestionRulesCard, 200),
        **problems(changed_meanwhile="Правила изменились с тех пор, как их показали."),
    },
)
def set_question_rules(oktmo: Oktmo, new: NewQuestionRules) -> QuestionRulesCard:
    """Set all of it anew; votes that are under way keep the rules they began with."""
    before = _reached(oktmo)
    router.asked.deed(before.oktmo, f"territory:{before.oktmo}")
    router.asked.require_match(before.revision)
    after = TerritoryQuestionRules(
        oktmo=before.oktmo,
        vote_days=new.vote_days,
        share_percent=new.share_percent,
        at_least=new.at_least,
        at_most=new.at_most,
        revision=before.revision + 1,
    )
    if not router.doors.rulebook.put(after):
        raise ProblemError("changed_meanwhile")
    return _shown(after)


def _reached(oktmo: str) -> TerritoryQuestionRules:
    """Return what a territory within the caller's reach has set so far."""
    if not is_territory(oktmo):
        raise ProblemError("not_found")
    code = Territory(oktmo).code
    kept = router.doors.rulebook.of_region(region_of(code))
    rules = next((one for one in kept if one.oktmo == code), TerritoryQuestionRules(code))
    theirs = frozenset(post.inn for post in router.caller.posts)
    return router.reach(rules, Place(code, theirs - {""}))


def _shown(here: TerritoryQuestionRules) -> QuestionRulesCard:
    """Show them to somebody who may change them by what they see."""
    router.asked.revision = here.revision
    kept = router.doors.rulebook.of_region(region_of(here.oktmo))
    counts = rules_at(here.oktmo, kept)
    return QuestionRulesCard(
        oktmo=here.oktmo,
        set_here=QuestionRulesShown(
            here.vote_days, here.share_percent, here.at_least, here.at_most
        ),
        counts=QuestionRulesShown(
            counts.vote_days, counts.share_percent, counts.at_least, counts.at_most
        ),
    )
