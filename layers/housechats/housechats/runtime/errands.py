"""Doing a record's errands: one after another, each noted before it begins and when it is done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, Self, TypeVar

from housechats.domain.errands import Errand, changed, next_one, put_off, stepped_aside, without
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
    UnforeseenError,
)
from housechats.runtime.log import logger

AT_ONCE = 50
"""Errands of one record in one go; what is left is due at once."""
LOOKS_AGAIN = timedelta(minutes=15)
"""When it is seen whether a community has been connected anew."""
MEETINGS = 10
"""How often a change is made anew because the record was changed meanwhile."""


class Errant(Protocol):
    """What has errands: a question, a discussion."""

    @property
    def errands(self) -> tuple[Errand, ...]: ...

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        """Return it with other errands, and due when the first of them is."""


Record = TypeVar("Record", bound=Errant)
Then = Callable[[Record], Record]
"""What is noted of a done errand, such as its message's number: made anew when writers meet."""


class Store(Protocol[Record]):
    """Keeps records of one kind."""

    def get(self, record_id: str) -> Record | None:
        """Return it as it is now (consistent)."""

    def save(self, record: Record) -> Record | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile."""


def change(record_id: str, then: Then[Record], store: Store[Record]) -> Record | None:
    """Change a record as it is now; None when there is none. What changes nothing is not kept."""
    for _ in range(MEETINGS):
        record = store.get(record_id)
        if record is None:
            return None
        wanted = then(record)
        if wanted == record:
            return record
        if saved := store.save(wanted):
            return saved
    raise UnavailableError("too many change one record")


def run_errands(
    record_id: str,
    *,
    store: Store[Record],
    do: Callable[[Record, Errand], Then[Record]],
    refused: Callable[[Record, Errand, RefusedError], Record],
    clock: Callable[[], datetime],
) -> Record | None:
    """Do what is to be done by now, and return the record as it is then.

    `do` does one errand, and returns what is to be noted of it; done again it must not be seen
    twice: its errand's number and `begun_at` help. `refused` notes what was refused for good.
    A pause, a community without a token and what could not be reached put the errand off; so does
    an answer that nobody foresaw, but not what waits behind it.
    """
    record = store.get(record_id)
    for _ in range(AT_ONCE):
        errand = next_one(record.errands, now=clock()) if record else None
        if record is None or errand is None:
            return record
        if errand.begun_at is None:
            begun = replace(errand, begun_at=clock())
            record = change(record_id, _noting(begun), store)
            if record is None or begun not in record.errands:
                continue
            errand = begun
        record = change(record_id, _come_of(record, errand, do, refused, clock), store)
    return record


def _come_of(
    record: Record,
    errand: Errand,
    do: Callable[[Record, Errand], Then[Record]],
    refused: Callable[[Record, Errand, RefusedError], Record],
    clock: Callable[[], datetime],
) -> Then[Record]:
    """Do an errand and return what is to be noted of it."""
    try:
        then = do(record, errand)
    except RefusedError as refusal:
        error = refusal

        def then(now: Record) -> Record:
            return refused(now, errand, error)
    except PausedError as paused:
        return _noting(put_off(errand, now=clock(), until=paused.until))
    except DisconnectedError:
        return _noting(put_off(errand, now=clock(), until=clock() + LOOKS_AGAIN))
    except UnavailableError:
        logger.warning("put off", extra={"errand": errand.kind})
        return _noting(put_off(errand, now=clock()))
    except UnforeseenError:
        logger.error("put off", extra={"errand": errand.kind})
        later = put_off(errand, now=clock())
        return lambda now: now.with_errands(stepped_aside(now.errands, later))

    def done(now: Record) -> Record:
        if errand.id not in {one.id for one in now.errands}:
            return now
        after = then(now)
        return after.with_errands(without(after.errands, errand.id))

    return done


def _noting(errand: Errand) -> Callable[[Record], Record]:
    def then(record: Record) -> Record:
        return record.with_errands(changed(record.errands, errand))

    return then
