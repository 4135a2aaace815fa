"""Guides: how an elder is led from the instruction to the posters, with pauses of weeks."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from housechats.domain.access import Place
from housechats.domain.errands import Errand, added, next_at

PAUSES = (timedelta(days=2), timedelta(days=7), timedelta(days=21))
"""How long nothing is heard before each reminder; after the last one nobody is reminded."""
BEGINS_AFTER = timedelta(hours=1)
"""The letter has told of the first step: who takes it at once need not hear of it again."""
SEEN_AGAIN = timedelta(hours=1)
"""Who joins one chat after another hears of the first; of the last they hear the next step."""
SAID_AGAIN = timedelta(minutes=10)
"""A button pressed twice within this is answered once."""
LONGEST_NOTE = 300


class GuideStep(StrEnum):
    """What an elder is to do next."""

    JOIN = "join"
    """Join the chats: seen by the messenger's events, never believed."""
    COPY = "copy"
    """Copy the text into the house's old chats."""
    PRINT = "print"
    """Print the posters and put them up."""
    DONE = "done"


class Happening(StrEnum):
    """What moves a guide from step to step."""

    ALL_JOINED = "all_joined"
    SAID_DONE = "said_done"
    """«Готово»: of joining it counts only when at least one join was seen."""
    MORE_HOUSES = "more_houses"


_S, _H = GuideStep, Happening
MOVES: Mapping[tuple[GuideStep, Happening], GuideStep] = {
    (_S.JOIN, _H.ALL_JOINED): _S.COPY,
    (_S.JOIN, _H.SAID_DONE): _S.COPY,
    (_S.COPY, _H.SAID_DONE): _S.PRINT,
    (_S.PRINT, _H.SAID_DONE): _S.DONE,
    (_S.JOIN, _H.MORE_HOUSES): _S.JOIN,
    (_S.COPY, _H.MORE_HOUSES): _S.JOIN,
    (_S.PRINT, _H.MORE_HOUSES): _S.JOIN,
    (_S.DONE, _H.MORE_HOUSES): _S.JOIN,
}
"""What is not here changes nothing."""


class Obstacle(StrEnum):
    """Why a step does not succeed."""

    UNNAMED = "unnamed"
    """The elder has not said yet."""
    LINK_FAILS = "link_fails"
    OTHER_HOUSE = "other_house"
    NOT_ELDER = "not_elder"
    NO_OLD_CHATS = "no_old_chats"
    CANNOT_COPY = "cannot_copy"
    MAY_NOT_WRITE = "may_not_write"
    NO_PRINTER = "no_printer"
    FILE_FAILS = "file_fails"
    TORN_DOWN = "torn_down"


class Says(StrEnum):
    """What an errand of a guide says."""

    BEGIN = "begin"
    """The first step, some time after the letter."""
    STEP = "step"
    SEEN = "seen"
    """In which chats the elder was seen, and which are left to join."""
    TEXT = "text"
    """The text for old chats, alone in its message: so it is copied with one touch."""
    REMIND = "remind"
    OBSTACLES = "obstacles"
    ADVICE = "advice"
    CALL = "call"
    """Who will call, and when."""


UNASKED = {Says.BEGIN, Says.REMIND}
"""What answers nobody: it keeps quiet hours however late or early it is."""


@dataclass(frozen=True, slots=True)
class GuidedHouse:
    """How far an elder is with one house."""

    id: str
    oktmo: str
    letter_id: str
    """The instruction that told of it: its posters are in one file."""
    told_at: datetime
    joined_at: datetime | None = None
    copied_at: datetime | None = None
    printed_at: datetime | None = None

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@dataclass(frozen=True, slots=True)
class Call:
    """An elder who wants to be called: a task for staff."""

    asked_at: datetime
    step: GuideStep
    taken_by: str = ""
    """`vk:<id>` of who has taken it."""
    taken_at: datetime | None = None
    done_at: datetime | None = None
    note: str = field(default="", repr=False)
    """What came of it, by who called."""

    @property
    def open(self) -> bool:
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class Guide:
    """One elder's way with all their houses: they take each step once for all of them."""

    elder_id: str
    community: int
    """Which one writes: the elder knows it by its letter."""
    houses: tuple[GuidedHouse, ...]
    """None any more: another is their elder now, the guide is over."""
    step: GuideStep = GuideStep.JOIN
    turn: int = 1
    """Grows when houses are added: the buttons of before do nothing any more."""
    reachable: bool = True
    """Whether the elder lets the community write to them, as far as is known."""
    reminders: int = 0
    """How often they were reminded, in all."""
    remind_at: datetime | None = None
    seen_told_at: datetime | None = None
    """When they heard last that they were seen in some of their chats."""
    obstacle: Obstacle | None = None
    """What is in the way of the present step."""
    obstacle_at: datetime | None = None
    call: Call | None = None
    """The last one that was wished for."""
    errands: tuple[Errand, ...] = ()
    revision: int = 0

    @property
    def listed_at(self) -> str:
        """Where it stands in lists: at its elder's municipality, whose houses are all theirs."""
        return f"{self.houses[0].oktmo[:8]}#{self.elder_id}"

    @property
    def over(self) -> bool:
        return not self.houses

    @property
    def wants_call(self) -> bool:
        return self.call is not None and self.call.open

    @property
    def ended_at(self) -> datetime | None:
        """Return when the last step was done."""
        done = [house.printed_at for house in self.houses if house.printed_at]
        return max(done, default=None) if self.step == GuideStep.DONE else None

    def due_at(self, *, now: datetime) -> datetime | None:
        """Return when there is something to do; None when somebody else has to act first."""
        moments = [self.remind_at, next_at(self.errands, now=now)]
        return min((moment for moment in moments if moment), default=None)

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)

    def is_at(self, step: GuideStep, turn: int) -> bool:
        """Tell whether a button under a message is still one of now."""
        return not self.over and (step, turn) == (self.step, self.turn)


# ---------------------------------------------------------------- whose houses


def told(
    guide: Guide | None,
    elder_id: str,
    houses: Iterable[GuidedHouse],
    *,
    community: int,
    reachable: bool,
    now: datetime,
) -> Guide:
    """Return the guide of an elder who was told of houses: a new one, or theirs with more of them.

    `reachable`: whether the letter went through the messenger, and not as an SMS.
    """
    there = guide or Guide(elder_id, community, (), turn=0, reachable=reachable)
    known = {house.id: house for house in there.houses}
    now_told = {house.id: house for house in houses}
    kept = {
        one.id: replace(one, letter_id=now_told[one.id].letter_id) if one.id in now_told else one
        for one in known.values()
    }
    fresh = {house_id: one for house_id, one in now_told.items() if house_id not in known}
    after = replace(there, houses=(*kept.values(), *fresh.values()))
    if not fresh:
        return after
    after = replace(
        after,
        community=community,
        step=MOVES[there.step, Happening.MORE_HOUSES],
        turn=there.turn + 1,
        reachable=reachable or there.reachable,
        obstacle=None,
        obstacle_at=None,
    )
    begins = Errand(f"begin/{after.turn}", Says.BEGIN, value=after.step, at=now + BEGINS_AFTER)
    return _resting(_saying(after, begins), now)


def kept(guide: Guide, house_ids: Collection[str], *, now: datetime) -> Guide:
    """Return a guide with only those of its houses that are still the elder's; none: it is over."""
    houses = tuple(house for house in guide.houses if house.id in house_ids)
    if houses == guide.houses:
        return guide
    after = replace(guide, houses=houses)
    if after.over:
        return replace(
            after, errands=(), remind_at=None, obstacle=None, obstacle_at=None, call=None
        )
    return _moved_if_joined(after, now)


# ---------------------------------------------------------------- what the elder does


def joined(guide: Guide, house_ids: Collection[str], *, at: datetime, now: datetime) -> Guide:
    """Return a guide whose elder was seen in chats; the next step comes when they are in all."""
    houses = tuple(
        replace(house, joined_at=at) if house.id in house_ids and not house.joined_at else house
        for house in guide.houses
    )
    if houses == guide.houses:
        return guide
    after = _moved_if_joined(_resting(replace(guide, houses=houses), now), now)
    return _seen_said(after, now) if after.step == GuideStep.JOIN else after


def _seen_said(guide: Guide, now: datetime) -> Guide:
    """Return a guide whose elder hears which chats are left; that says the first step too."""
    is_told = guide.seen_told_at is not None and now - guide.seen_told_at < SEEN_AGAIN
    if is_told or not guide.reachable:
        return guide
    left = tuple(one for one in guide.errands if one.kind != Says.BEGIN)
    told = replace(guide, seen_told_at=now, errands=left)
    seen = Errand(f"seen/{guide.turn}/{int(now.timestamp())}", Says.SEEN, value=guide.step)
    return _saying(told, seen)


def said_done(guide: Guide, step: GuideStep, turn: int, *, now: datetime) -> Guide:
    """Return a guide after «Готово» under a message of a step and turn.

    Of several chats they may never want to join all: one is enough to go on.
    """
    if not guide.is_at(step, turn):
        return guide
    if step == GuideStep.JOIN and not any(house.joined_at for house in guide.houses):
        return guide
    marks: dict[GuideStep, Callable[[GuidedHouse], GuidedHouse]] = {
        GuideStep.COPY: lambda house: replace(house, copied_at=house.copied_at or now),
        GuideStep.PRINT: lambda house: replace(house, printed_at=house.printed_at or now),
    }
    if step in marks:
        guide = replace(guide, houses=tuple(map(marks[step], guide.houses)))
    return _moved(guide, Happening.SAID_DONE, now)


def stuck(guide: Guide, step: GuideStep, turn: int, *, at: datetime, now: datetime) -> Guide:
    """Return a guide after «Не получается»: the usual obstacles are shown."""
    if not guide.is_at(step, turn) or step == GuideStep.DONE:
        return guide
    if guide.obstacle is None:
        guide = replace(guide, obstacle=Obstacle.UNNAMED, obstacle_at=at)
    shows = Errand(f"obstacles/{turn}/{step}/{_while(at)}", Says.OBSTACLES, value=step)
    return _resting(_saying(guide, shows), now)


def hindered(
    guide: Guide, obstacle: Obstacle, step: GuideStep, turn: int, *, at: datetime, now: datetime
) -> Guide:
    """Return a guide whose elder has said what is in the way: they are told what to do."""
    if not guide.is_at(step, turn) or step == GuideStep.DONE:
        return guide
    guide = replace(guide, obstacle=obstacle, obstacle_at=at)
    advises = Errand(f"advice/{turn}/{obstacle}/{_while(at)}", Says.ADVICE, value=obstacle)
    return _resting(_saying(guide, advises), now)


def wants_call(guide: Guide, *, at: datetime, now: datetime) -> Guide:
    """Return a guide after «Позвоните мне», under whichever message: one task at a time."""
    if guide.over or (guide.call and guide.call.asked_at >= at):
        return guide
    if not guide.wants_call:
        guide = replace(guide, call=Call(asked_at=at, step=guide.step))
    promises = Errand(f"call/{_while(at)}", Says.CALL)
    return _resting(_saying(guide, promises), now)


def silenced(guide: Guide) -> Guide:
    """Return the guide of an elder who does not let the community write: nothing is said."""
    return replace(guide, reachable=False, errands=(), remind_at=None)


def heard(guide: Guide, *, at: datetime, now: datetime) -> Guide:
    """Return the guide of an elder who lets the community write: they hear where they stopped."""
    if guide.over or guide.reachable:
        return guide
    guide = replace(guide, reachable=True)
    if guide.step == GuideStep.DONE:
        return guide
    return _resting(_step_said(guide, again=f"/{_while(at)}"), now)


# ---------------------------------------------------------------- reminders


def reminded(guide: Guide, *, now: datetime, allowed_at: datetime) -> Guide:
    """Return a guide after its reminder, if it is time; in quiet hours the reminder waits."""
    if guide.remind_at is None or guide.remind_at > now:
        return guide
    if not _may_remind(guide):
        return replace(guide, remind_at=None)
    if allowed_at > now:
        return replace(guide, remind_at=allowed_at)
    number = guide.reminders + 1
    reminds = Errand(f"remind/{number}", Says.REMIND, value=guide.step)
    return _resting(_saying(replace(guide, reminders=number), reminds), now)


# ---------------------------------------------------------------- staff


def taken(guide: Guide, *, by: str, now: datetime) -> Guide:
    """Return a guide whose call somebody has taken upon them; who did so first stays."""
    if not guide.call or not guide.call.open or guide.call.taken_by:
        return guide
    return replace(guide, call=replace(guide.call, taken_by=by, taken_at=now))


def called(guide: Guide, *, by: str, note: str, now: datetime) -> Guide:
    """Return a guide whose elder was called; reminders begin to count again."""
    if not guide.call or not guide.call.open:
        return guide
    call = taken(guide, by=by, now=now).call or guide.call
    return _resting(replace(guide, call=replace(call, done_at=now, note=note)), now)


# ---------------------------------------------------------------- steps


def _moved_if_joined(guide: Guide, now: datetime) -> Guide:
    if guide.step == GuideStep.JOIN and all(house.joined_at for house in guide.houses):
        return _moved(guide, Happening.ALL_JOINED, now)
    return guide


def _moved(guide: Guide, happening: Happening, now: datetime) -> Guide:
    step = MOVES.get((guide.step, happening))
    if step is None:
        return guide
    guide = replace(guide, step=step, obstacle=None, obstacle_at=None)
    return _resting(_step_said(guide), now)


def _step_said(guide: Guide, again: str = "") -> Guide:
    says = [Errand(f"step/{guide.turn}/{guide.step}{again}", Says.STEP, value=guide.step)]
    if guide.step == GuideStep.COPY:
        says.append(Errand(f"text/{guide.turn}{again}", Says.TEXT, value=guide.step))
    return _saying(guide, *says)


def _saying(guide: Guide, *errands: Errand) -> Guide:
    """Return a guide that is to say something, if anything can be said to the elder.

    Things are said in their order: who asks at night does not wait for a reminder of the morning.
    """
    if not guide.reachable:
        return guide
    in_order = sorted(added(guide.errands, *errands), key=lambda one: one.kind in UNASKED)
    return replace(guide, errands=tuple(in_order))


def _resting(guide: Guide, now: datetime) -> Guide:
    """Return a guide that has just heard or said something: the next pause begins."""
    pause = PAUSES[guide.reminders] if guide.reminders < len(PAUSES) else None
    return replace(guide, remind_at=now + pause if pause and _may_remind(guide) else None)


def _may_remind(guide: Guide) -> bool:
    """Tell whether the elder may be reminded; not while they wait for our call."""
    return (
        not guide.over
        and guide.reachable
        and guide.step != GuideStep.DONE
        and not guide.wants_call
        and guide.reminders < len(PAUSES)
    )


def _while(at: datetime) -> int:
    """Return the same number for all presses of some minutes: they are answered once."""
    return int(at.timestamp() // SAID_AGAIN.total_seconds())
