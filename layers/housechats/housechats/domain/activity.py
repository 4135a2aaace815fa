"""Activity: how lively house chats are. Counters only: no texts, and no list of who wrote.

What the bot hears comes at least once, in no order, and up to two weeks late. So a chat's day
remembers which numbers of messages it has seen, as bits; who wrote that day, as marks that say
nothing without a key and serve for that day alone, and are dropped when it is over.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from math import log
from operator import attrgetter
from statistics import median
from typing import Any, Self

from housechats.domain.territories import region_of
from housechats.domain.zones import day_at, end_of

SPAN = 4096
"""How far apart the numbers of messages may be that one tally remembers: 512 bytes of bits. A chat
with more of them in a day has a second tally, and so on."""
MARK = 4
"""Bytes by which a person, or an event, is told from the others of a chat's day: of 500 people two
have the same mark once in 34,000 days."""
OVER_AFTER = timedelta(hours=2)
"""How long after a day's end it is closed: VK repeats what it has told for 1 h 45 at most."""
KEPT = timedelta(days=2 * 365)
"""How long counters are kept: a year can be laid beside the one before."""
LONGEST = 400
"""Days that can be asked of at once."""
STEP = 1.1
"""Times to answer are counted in steps of a tenth: sums of them still tell the median."""


class Deed(StrEnum):
    """What is counted beside messages."""

    JOINED = "joined"
    LEFT = "left"
    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the bot has heard of a chat: a message, or a deed."""

    community: int
    chat_id: int
    at: datetime
    cmid: int = 0
    """The number of a message; 0: a deed."""
    user: int = 0
    """Who wrote it."""
    event: str = ""
    """By which repeats of a deed are known."""
    deed: Deed | None = None
    seconds: int | None = None
    """How long an answer took."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return what a queue's body tells."""
        at = datetime.fromtimestamp(body["at"] / 1000, UTC)
        if "cmid" in body:
            return cls(body["community"], body["chat_id"], at, body["cmid"], body["user"])
        return cls(
            body["community"],
            body["chat_id"],
            at,
            event=body["event"],
            deed=Deed(body["what"]),
            seconds=body.get("seconds"),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a chat, or in many."""

    messages: int = 0
    people: int = 0
    """Who wrote, counted once in each chat and day."""
    joined: int = 0
    left: int = 0
    questions: int = 0
    answers: int = 0
    answer_times: Mapping[int, int] = field(default_factory=dict)
    """How many answers took how long, by `step_of`."""

    def __add__(self, other: "Counts") -> "Counts":
        return self._with(other, 1)

    def __sub__(self, other: "Counts") -> "Counts":
        return self._with(other, -1)

    def _with(self, other: "Counts", sign: int) -> "Counts":
        numbers = {name: getattr(self, name) + sign * getattr(other, name) for name in NUMBERS}
        steps = self.answer_times.keys() | other.answer_times.keys()
        times = {
            step: self.answer_times.get(step, 0) + sign * other.answer_times.get(step, 0)
            for step in steps
        }
        return Counts(**numbers, answer_times={step: n for step, n in times.items() if n})

    @property
    def median_seconds(self) -> int | None:
        """Return the median time to answer, to a twentieth; None when nothing was answered."""
        steps = [step for step, n in sorted(self.answer_times.items()) for _ in range(n)]
        return round(STEP ** steps[(len(steps) - 1) // 2]) if steps else None


NUMBERS = tuple(f.name for f in fields(Counts) if f.name != "answer_times")
_COUNTED = {
    Deed.JOINED: "joined",
    Deed.LEFT: "left",
    Deed.QUESTION: "questions",
    Deed.ANSWER: "answers",
}


def step_of(seconds: int) -> int:
    """Return under which step a time to answer is counted."""
    return round(log(max(seconds, 1), STEP))


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of one house's chat on one day."""

    house_id: str
    day: date
    oktmo: str
    part: str = ""
    """Empty: the day's own. Else more numbers of messages: of a chat whose numbers are too far
    apart, or of the house's other chat."""
    chat: str = ""
    """Whose numbers the bits are: community and chat."""
    low: int = 0
    """The number that the lowest bit stands for."""
    seen: int = 0
    """A bit for each number of a message that was counted."""
    people: bytes = b""
    """Marks of who wrote, until the day is over."""
    people_before: int = 0
    """How many they were when it was closed."""
    deeds: bytes = b""
    """Marks of the deeds that were counted."""
    told: Counts = field(default_factory=Counts)
    """What of it is in the totals already."""
    other: Counts = field(default_factory=Counts)
    """How many deeds there were of each kind."""
    due_at: datetime | None = None
    """When it is closed; None when it is."""
    revision: int = 0

    @property
    def counts(self) -> Counts:
        """Return what it has counted.

        Of those who are heard of after the day was closed nobody can tell whether they were
        counted already: the larger number stays.
        """
        people = max(self.people_before, len(self.people) // MARK)
        return replace(self.other, messages=self.seen.bit_count(), people=people)

    @property
    def untold(self) -> Counts:
        """Return what the totals lack."""
        return self.counts - self.told

    def closed(self) -> "Tally":
        """Return it when its day is over: who wrote is a number from now on."""
        now = self.counts
        return replace(self, people=b"", people_before=now.people, told=now, due_at=None)

    def has_seen(self, chat: str, cmid: int) -> bool:
        return self.chat == chat and cmid >= self.low and bool(self.seen >> (cmid - self.low) & 1)

    def fits(self, chat: str, cmid: int) -> bool:
        """Tell whether its bits have room for the number of a message."""
        if not self.seen:
            return True
        high = self.low + self.seen.bit_length() - 1
        return self.chat == chat and max(high, cmid) - min(self.low, cmid) < SPAN

    def seeing(self, chat: str, cmid: int) -> "Tally":
        """Return it with one more message counted."""
        if not self.seen:
            return replace(self, chat=chat, low=cmid, seen=1)
        if cmid < self.low:
            return replace(self, low=cmid, seen=self.seen << (self.low - cmid) | 1)
        return replace(self, seen=self.seen | 1 << (cmid - self.low))


def fold(
    tally: Tally, heard: Iterable[Heard], *, key: str, now: datetime
) -> tuple[Tally, dict[str, list[Heard]]]:
    """Return a day's own tally with what was heard, and which messages belong in which other part.

    Of what it has heard before nothing changes. Numbers only ever move apart, so that a message
    that once did not fit never will, and one that did always does.
    """
    people, deeds = _marks(tally.people), _marks(tally.deeds)
    after, beyond = tally, dict[str, list[Heard]]()
    for one in heard:
        if one.deed is None:
            chat = _chat_of(one)
            if after.has_seen(chat, one.cmid):
                continue
            people.add(_mark(key, tally, f"person/{one.user}"))
            if after.fits(chat, one.cmid):
                after = after.seeing(chat, one.cmid)
            else:
                beyond.setdefault(f"{chat}.{one.cmid // SPAN}", []).append(one)
        elif (mark := _mark(key, tally, f"deed/{one.deed}/{one.event}")) not in deeds:
            deeds.add(mark)
            after = replace(after, other=after.other + _counted(one))
    after = replace(after, people=_packed(people), deeds=_packed(deeds))
    return _due(tally, after, now), beyond


def fold_part(tally: Tally, heard: Iterable[Heard], *, now: datetime) -> Tally:
    """Return another part of a day with messages that belong in it."""
    after = tally
    for one in heard:
        after = after.seeing(_chat_of(one), one.cmid)
    return _due(tally, after, now)


def _due(before: Tally, after: Tally, now: datetime) -> Tally:
    """Have a tally that has changed closed when its day is over, and all repeats have come."""
    if after == before or after.due_at:
        return after
    return replace(after, due_at=max(end_of(after.day, after.oktmo), now) + OVER_AFTER)


def _chat_of(one: Heard) -> str:
    return f"{one.community}.{one.chat_id}"


def _counted(one: Heard) -> Counts:
    if one.deed is None:
        return Counts()
    timed = one.deed == Deed.ANSWER and one.seconds is not None
    times = {step_of(one.seconds or 0): 1} if timed else {}
    return Counts(**{_COUNTED[one.deed]: 1}, answer_times=times)


def _mark(key: str, tally: Tally, what: str) -> bytes:
    """Return the mark of a person or a deed: another one in each chat and on each day."""
    source = f"activity/{tally.house_id}/{tally.day}/{what}"
    return hmac.digest(key.encode(), source.encode(), "sha256")[:MARK]


def _marks(packed: bytes) -> set[bytes]:
    return {packed[first : first + MARK] for first in range(0, len(packed), MARK)}


def _packed(marks: Iterable[bytes]) -> bytes:
    return b"".join(sorted(marks))


def day_of(one: Heard, oktmo: str) -> date:
    """Return on which day of a house something was."""
    return day_at(one.at, oktmo)


def subject_of(prefix: str, inn: str = "") -> str:
    """Name what totals are kept of: a territory, or an organisation in it."""
    return f"{prefix}#{inn}" if inn else prefix


def subjects_of(oktmo: str, inns: Iterable[str]) -> list[str]:
    """Return of what a house is a part: its territories, and its organisations in them.

    The codes of a territory's houses begin alike: with 2 or 3 digits of a region, 5 of a district,
    8 of a municipality or a settlement, 11 of a village.
    """
    prefixes = sorted({region_of(oktmo), oktmo[:5], oktmo[:8], oktmo})
    return [subject_of(prefix, inn) for prefix in prefixes for inn in ("", *sorted(inns))]


class Step(StrEnum):
    """By what days are put together."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, a week or a month, as far as it was asked of."""

    since: date
    until: date
    """Its last day."""
    counts: Counts
    people_median: float
    """Of the days' numbers of people who wrote, also of quiet days."""


def stretches(
    by_day: Mapping[date, Counts], *, since: date, until: date, step: Step
) -> list[Stretch]:
    """Put days together; also those on which nothing was said."""
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return [_stretch(list(some), by_day) for _, some in groupby(days, key=_BEGINNINGS[step])]


def whole(by_day: Mapping[date, Counts], *, since: date, until: date) -> Stretch:
    """Put all days together."""
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return _stretch(days, by_day)


def _stretch(days: list[date], by_day: Mapping[date, Counts]) -> Stretch:
    counts = [by_day.get(day, Counts()) for day in days]
    middle = float(median(one.people for one in counts))
    return Stretch(days[0], days[-1], sum(counts, Counts()), middle)


def by_day_of(tallies: Iterable[Tally]) -> dict[date, Counts]:
    """Put the parts of each day together."""
    days: dict[date, Counts] = {}
    for one in sorted(tallies, key=attrgetter("day")):
        days[one.day] = days.get(one.day, Counts()) + one.counts
    return days


def last_closed(now: datetime, oktmo: str) -> date:
    """Return the last day of which the totals of a territory can be whole."""
    return day_at(now - OVER_AFTER - timedelta(hours=1), oktmo) - timedelta(days=1)


_BEGINNINGS: Mapping[Step, Callable[[date], date]] = {
    Step.DAY: lambda day: day,
    Step.WEEK: lambda day: day - timedelta(days=day.weekday()),
    Step.MONTH: lambda day: day.replace(day=1),
}
