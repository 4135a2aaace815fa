"""Routes of a territory's rules of broadcasts: quiet hours, the second person, who speaks."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from broadcast.routes.router import Router
from housechats.domain.access import Permission, Place
from housechats.domain.broadcast_rules import (
    LONGEST_SPEAKER,
    MOST_CHATS,
    UNCHECKED,
    TerritoryRules,
    rules_at,
)
from housechats.domain.patterns import OKTMO
from housechats.domain.quiet_hours import QuietHours, Window, fault_of
from housechats.domain.territories import Territory, is_territory, region_of
from housechats.domain.zones import day_at
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems

router = Router()

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
LONGEST_BASIS = 300
NOT_YET = "Эти часы ещё не действуют: задайте их в тот день, с которого они действуют."
ONE_LINE = "Напишите это одной строкой."

Oktmo = Annotated[str, Path(pattern=OKTMO, description="Код ОКТМО территории")]
Clock = Annotated[str, Field(pattern=CLOCK)]


@dataclass(frozen=True, slots=True)
class NewQuietWindow:
    """Hours of a day, by the clock of the territory; from 21:00 to 09:00 goes over midnight."""

    begins: Clock
    """Such as `21:00`."""
    ends: Clock
    """Such as `09:00`; from then on it is not quiet."""


@dataclass(frozen=True, slots=True)
class NewQuietHours:
    """Quiet hours that a territory is to have."""

    weekday: NewQuietWindow
    """From Monday to Friday. The morning after a Friday is a Saturday's, by `weekend`."""
    weekend: NewQuietWindow
    """On Saturday and Sunday. Public holidays count as the weekday that they are."""
    midday: NewQuietWindow | None = None
    """Every day; null when there is none."""
    basis: Annotated[str, Field(max_length=LONGEST_BASIS)] = ""
    """The act that says so."""
    valid_from: date | None = None
    """Since when it has been so."""
    checked: bool = False
    """Whether somebody has read them in the act itself."""


@dataclass(frozen=True, slots=True)
class NewRules:
    """What a territory sets; what is null, empty, 0 or left out is as around it."""

    quiet_hours: NewQuietHours | None = None
    """When `planned` and `news` wait."""
    second_person_above: Annotated[int, Field(ge=0, le=MOST_CHATS)] = 0
    """A broadcast to more chats than this waits for a second person; an emergency is reviewed."""
    speaks_as: Annotated[str, Field(max_length=LONGEST_SPEAKER)] = ""
    """Who speaks in the first line when the territory's own staff write."""


@dataclass(frozen=True, slots=True)
class QuietWindow:
    """Hours of a day, by the clock of the territory."""

    begins: str
    """Such as `21:00`."""
    ends: str
    """Such as `09:00`; from then on it is not quiet."""


@dataclass(frozen=True, slots=True)
class QuietHoursSet:
    """The quiet hours that a territory has."""

    weekday: QuietWindow
    """From Monday to Friday. The morning after a Friday is a Saturday's, by `weekend`."""
    weekend: QuietWindow
    """On Saturday and Sunday. Public holidays count as the weekday that they are."""
    midday: QuietWindow | None
    """Every day; null when there is none."""
    basis: str
    """The act that says so."""
    valid_from: date | None
    """Since when it has been so."""
    checked: bool
    """Whether somebody has read them in the act itself."""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """What a territory has set; what is null, empty or 0 is as around it."""

    quiet_hours: QuietHoursSet | None
    """When `planned` and `news` wait; null: it has set none."""
    second_person_above: int
    """A broadcast to more chats than this waits for a second person; 0: it has set none."""
    speaks_as: str
    """Who speaks in the first line when the territory's own staff write."""


@dataclass(frozen=True, slots=True)
class RulesThatCount:
    """What counts here: of each thing what the nearest territory around has set."""

    quiet_hours: QuietHoursSet
    quiet_hours_of: str
    """The ОКТМО code of the territory whose they are; empty when nobody's are known."""
    remark: str
    """What to know of these quiet hours; empty when they were checked."""
    second_person_above: int
    """A broadcast to more chats than this waits for a second person; an emergency is reviewed."""
    speaks_as: str
    """Who speaks in the first line when the territory's own staff write."""


@dataclass(frozen=True, slots=True)
class BroadcastRulesCard:
    """Rules of broadcasts at a territory."""

    oktmo: str
    set_here: RulesSet
    """What this very territory has set."""
    counts: RulesThatCount


@router.get(
    "/territories/<oktmo>/broadcast-rules",
    operation_id="getBroadcastRules",
    summary="Правила рассылок территории",
    tags=["territories"],
    permission=Permission.BROADCASTS_READ,
)
def get_broadcast_rules(oktmo: Oktmo) -> BroadcastRulesCard:
    return _shown(_reached(oktmo))


@router.put(
    "/territories/<oktmo>/broadcast-rules",
    operation_id="setBroadcastRules",
    summary="Задать правила рассылок территории",
    tags=["territories"],
    permission=Permission.TERRITORIES_CHANGE,
    responses={
        **answers("Правила, какими они стали", BroadcastRulesCard, 200),
        **problems(changed_meanwhile="Правила изменились с тех пор, как их показали."),
    },
)
def set_broadcast_rules(oktmo: Oktmo, new: NewRules) -> BroadcastRulesCard:
    """Set all of it anew: what is left out counts as around the territory again."""
    before = _reached(oktmo)
    router.asked.deed(before.oktmo, f"territory:{before.oktmo}")
    router.asked.require_match(before.revision)
    after = TerritoryRules(
        oktmo=before.oktmo,
        quiet=_read_hours(new.quiet_hours, oktmo) if new.quiet_hours else None,
        second_person_above=new.second_person_above,
        speaks_as=_one_line(new.speaks_as, "/speaks_as"),
        revision=before.revision + 1,
    )
    if not router.doors.rules.put(after):
        raise ProblemError("changed_meanwhile")
    return _shown(after)


def _reached(oktmo: str) -> TerritoryRules:
    """Return what a territory within the caller's reach has set so far."""
    if not is_territory(oktmo):
        raise ProblemError("not_found")
    code = Territory(oktmo).code
    kept = router.doors.rules.of_region(region_of(code))
    rules = next((one for one in kept if one.oktmo == code), TerritoryRules(code))
    # Representatives write by these rules too: wherever they speak for their organisation.
    theirs = frozenset(post.inn for post in router.caller.posts)
    return router.reach(rules, Place(code, theirs - {""}))


def _read_hours(new: NewQuietHours, oktmo: str) -> QuietHours:
    if new.valid_from and new.valid_from > day_at(this_moment(), oktmo):
        raise invalid("/quiet_hours/valid_from", NOT_YET)
    windows = {"weekday": new.weekday, "weekend": new.weekend, "midday": new.midday}
    read = {name: _window(one) for name, one in windows.items() if one}
    errors = [
        {"pointer": f"/quiet_hours/{name}", "detail": fault}
        for name, window in read.items()
        if (fault := fault_of(window))
    ]
    if errors:
        raise ProblemError("invalid", errors=errors)
    return QuietHours(
        weekday=read["weekday"],
        weekend=read["weekend"],
        midday=read.get("midday"),
        basis=_one_line(new.basis, "/quiet_hours/basis"),
        valid_from=new.valid_from,
        checked=new.checked,
    )


def _window(new: NewQuietWindow) -> Window:
    return Window(time.fromisoformat(new.begins), time.fromisoformat(new.ends))


def _one_line(text: str, pointer: str) -> str:
    if not text.isprintable():
        raise invalid(pointer, ONE_LINE)
    return " ".join(text.split())


def _shown(here: TerritoryRules) -> BroadcastRulesCard:
    """Show them to somebody who may change them by what they see."""
    router.asked.revision = here.revision
    kept = router.doors.rules.of_region(region_of(here.oktmo))
    counts = rules_at(here.oktmo, kept)
    return BroadcastRulesCard(
        oktmo=here.oktmo,
        set_here=RulesSet(
            quiet_hours=_hours(here.quiet) if here.quiet else None,
            second_person_above=here.second_person_above,
            speaks_as=here.speaks_as,
        ),
        counts=RulesThatCount(
            quiet_hours=_hours(counts.quiet),
            quiet_hours_of=counts.quiet_of,
            remark="" if counts.quiet.checked else UNCHECKED,
            second_person_above=counts.second_person_above,
            speaks_as=counts.speaks_as,
        ),
    )


def _hours(quiet: QuietHours) -> QuietHoursSet:
    return QuietHoursSet(
        weekday=_told(quiet.weekday),
        weekend=_told(quiet.weekend),
        midday=_told(quiet.midday) if quiet.midday else None,
        basis=quiet.basis,
        valid_from=quiet.valid_from,
        checked=quiet.checked,
    )


def _told(window: Window) -> QuietWindow:
    return QuietWindow(f"{window.begins:%H:%M}", f"{window.ends:%H:%M}")
