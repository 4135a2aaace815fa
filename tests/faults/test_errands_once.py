"""A record's errands under kills, races, pauses and refusals: each is done, and seen once."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Self

import pytest

from housechats.domain.errands import Errand, added
from housechats.domain.errors import (
    PausedError,
    RefusedError,
    UnavailableError,
    UnforeseenError,
)
from housechats.runtime.errands import Then, change, run_errands

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class KilledError(BaseException):
    """The worker is gone."""


@dataclass(frozen=True)
class Card:
    id: str = "A"
    errands: tuple[Errand, ...] = ()
    done: tuple[str, ...] = ()
    gave_up: tuple[str, ...] = ()
    revision: int = 1

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)


@dataclass
class Shelf:
    """Keeps one record; `strike` is asked before and after each call, and may raise."""

    card: Card
    strike: Callable[[], None] = lambda: None

    def get(self, record_id: str) -> Card | None:
        self.strike()
        return self.card if record_id == self.card.id else None

    def save(self, record: Card) -> Card | None:
        self.strike()
        if record.revision != self.card.revision:
            return None
        self.card = replace(record, revision=record.revision + 1)
        self.strike()
        return self.card


@dataclass
class Outside:
    """Hears each number once, as the messenger does; answers by a plan."""

    strike: Callable[[], None]
    troubles: list[Exception] = field(default_factory=list)
    heard: dict[int, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def do(self, card: Card, errand: Errand) -> Then[Card]:
        assert errand.begun_at, "it is noted before it begins"
        self.strike()
        if self.troubles and (trouble := self.troubles.pop()):
            raise trouble
        self.calls[errand.id] += 1
        self.heard.setdefault(errand.random_id(card.id), errand.id)
        self.strike()
        return lambda now: replace(now, done=(*now.done, errand.id))


def refused(card: Card, errand: Errand, error: RefusedError) -> Card:
    return replace(card, gave_up=(*card.gave_up, f"{errand.id}: {error.code}"))


def some_errands(number: int) -> tuple[Errand, ...]:
    return added((), *(Errand(f"{n}", "say", to=n % 3) for n in range(number)))


@pytest.mark.parametrize("seed", range(150))
def test_errands_are_done_and_noted_once_however_often_workers_die(seed: int) -> None:
    dice = random.Random(seed)
    shelf = Shelf(Card(errands=some_errands(7)))
    minutes = count()

    def strike() -> None:
        if dice.random() < 0.1:
            raise KilledError
        if dice.random() < 0.05:
            # Somebody else changes the record meanwhile.
            shelf.card = replace(shelf.card, revision=shelf.card.revision + 1)

    troubles: list[Exception] = [
        dice.choice((UnavailableError("busy"), PausedError(START + timedelta(hours=1), "wait")))
        for _ in range(dice.randrange(4))
    ]
    outside = Outside(strike, troubles)
    shelf.strike = strike

    def clock() -> datetime:
        return START + timedelta(minutes=next(minutes))

    for _ in range(2000):
        with suppress(KilledError, UnavailableError):
            run_errands("A", store=shelf, do=outside.do, refused=refused, clock=clock)
            if not shelf.card.errands:
                break

    assert not shelf.card.errands
    assert sorted(shelf.card.done) == [f"{n}" for n in range(7)]
    assert sorted(outside.heard.values()) == [f"{n}" for n in range(7)]


def test_what_is_refused_is_noted_and_keeps_nothing_else_from_being_done() -> None:
    shelf = Shelf(Card(errands=some_errands(2)))
    outside = Outside(lambda: None, [RefusedError("consent", "Человек не разрешил.")])

    run_errands("A", store=shelf, do=outside.do, refused=refused, clock=lambda: START)

    assert shelf.card.gave_up == ("0: consent",)
    assert shelf.card.done == ("1",)


def test_what_was_put_off_is_not_done_before_its_time() -> None:
    shelf = Shelf(Card(errands=(Errand("0", "say"),)))
    outside = Outside(lambda: None, [UnavailableError("busy")])

    for seconds in (0, 4, 5):
        clock = partial(START.__add__, timedelta(seconds=seconds))
        run_errands("A", store=shelf, do=outside.do, refused=refused, clock=clock)

    assert outside.calls == {"0": 1}
    assert shelf.card.done == ("0",)


def test_what_nobody_foresaw_keeps_nothing_else_from_being_done_and_is_tried_on() -> None:
    shelf = Shelf(Card(errands=(Errand("0", "say"), Errand("1", "say"))))
    strange: list[Exception] = [UnforeseenError(100, "one of the parameters") for _ in range(3)]
    outside = Outside(lambda: None, strange)

    for minutes in (0, 1, 2):
        clock = partial(START.__add__, timedelta(minutes=minutes))
        run_errands("A", store=shelf, do=outside.do, refused=refused, clock=clock)
    done_meanwhile = shelf.card.done
    run_errands(
        "A", store=shelf, do=outside.do, refused=refused, clock=lambda: START + timedelta(hours=1)
    )

    assert done_meanwhile == ("1",)
    assert shelf.card.done == ("1", "0")


def test_a_bug_rises_and_the_errand_stays() -> None:
    shelf = Shelf(Card(errands=some_errands(1)))
    outside = Outside(lambda: None, [ZeroDivisionError()])

    with pytest.raises(ZeroDivisionError):
        run_errands("A", store=shelf, do=outside.do, refused=refused, clock=lambda: START)

    assert [errand.id for errand in shelf.card.errands] == ["0"]


def test_a_change_is_made_of_the_record_as_it_is_and_nothing_is_kept_that_changed_nothing() -> None:
    shelf = Shelf(Card())
    looks = 0

    def meet() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            shelf.card = replace(shelf.card, done=("by another",), revision=2)

    shelf.strike = meet

    after = change("A", lambda card: replace(card, done=(*card.done, "by us")), shelf)

    assert after
    assert after.done == ("by another", "by us")
    assert change("A", lambda card: card, shelf) == after
    assert change("B", lambda card: card, shelf) is None
