"""Errands: what a record's change makes the bot say or do, kept in the record until it is done.

They are written together with the change that calls for them, so none is lost and none is made up;
each is done once, however often its worker is killed or called.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from housechats.domain.random_ids import random_id

AGAIN_AFTER = (5, 20, 60, 300, 900, 3600)
"""Seconds until an errand that could not be done is tried anew, by how often it was; then the
last."""

STEPS_ASIDE = 3
"""So often an errand is tried that the messenger answers as nobody foresaw, with others waiting."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be said or done."""

    id: str
    """Never used again in its record: it makes the number by which repeats are recognised."""
    kind: str
    """What it is, for whoever does it."""
    to: int = 0
    """The person to whom it is said privately; 0: in the chat, or nobody."""
    value: str = ""
    tries: int = 0
    at: datetime | None = None
    """Not before; None: at once."""
    begun_at: datetime | None = None
    """When it was set about first: whether it was done is looked for if that was long ago."""

    def random_id(self, record_id: str) -> int:
        """Return the number by which the messenger knows a repeat."""
        return random_id(f"errand/{record_id}/{self.id}")


def added(errands: tuple[Errand, ...], *more: Errand) -> tuple[Errand, ...]:
    """Return errands with more of them; one whose id is there already is not added."""
    known = {errand.id for errand in errands}
    return (*errands, *(errand for errand in more if errand.id not in known))


def without(errands: tuple[Errand, ...], errand_id: str) -> tuple[Errand, ...]:
    return tuple(errand for errand in errands if errand.id != errand_id)


def changed(errands: tuple[Errand, ...], errand: Errand) -> tuple[Errand, ...]:
    """Return errands with one as it is now; none is put back that is done."""
    return tuple(errand if one.id == errand.id else one for one in errands)


def stepped_aside(errands: tuple[Errand, ...], errand: Errand) -> tuple[Errand, ...]:
    """Return errands with one after all others: what may never be done keeps none of them back."""
    if errand.tries < STEPS_ASIDE:
        return changed(errands, errand)
    there = any(one.id == errand.id for one in errands)
    return (*without(errands, errand.id), errand) if there else errands


def next_one(errands: Iterable[Errand], *, now: datetime) -> Errand | None:
    """Return the first whose time has come: who is told several things hears them in order."""
    waiting: set[int] = set()
    for errand in errands:
        if errand.to not in waiting and (errand.at is None or errand.at <= now):
            return errand
        waiting.add(errand.to)
    return None


def next_at(errands: Iterable[Errand], *, now: datetime) -> datetime | None:
    """Return when the next one's time comes; None when there is none."""
    firsts: dict[int, datetime] = {}
    for errand in errands:
        firsts.setdefault(errand.to, errand.at or now)
    return min(firsts.values(), default=None)


def put_off(errand: Errand, *, now: datetime, until: datetime | None = None) -> Errand:
    """Return an errand that could not be done, for a later try."""
    pause = timedelta(seconds=AGAIN_AFTER[min(errand.tries, len(AGAIN_AFTER) - 1)])
    return replace(errand, tries=errand.tries + 1, at=max(until or now, now + pause))
