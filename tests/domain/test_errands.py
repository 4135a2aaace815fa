"""Errands of records: their order, their times, and that none is done twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from housechats.domain.errands import (
    AGAIN_AFTER,
    Errand,
    added,
    changed,
    next_at,
    next_one,
    put_off,
    stepped_aside,
    without,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
CARD = Errand("card/1", "card")
LETTER = Errand("invite/1/7", "invite", to=7)


def test_an_errand_is_added_once() -> None:
    errands = added((CARD,), CARD, LETTER)

    assert errands == (CARD, LETTER)


def test_who_is_told_two_things_hears_them_in_order_and_keeps_nobody_else_waiting() -> None:
    later = replace(CARD, at=SOON)

    assert next_one((later, Errand("card/2", "card"), LETTER), now=NOW) == LETTER
    assert next_one((later, Errand("card/2", "card")), now=NOW) is None
    assert next_one((later, LETTER), now=SOON) == later


def test_the_record_is_looked_at_when_the_first_of_somebody_s_errands_is_due() -> None:
    assert next_at((), now=NOW) is None
    assert next_at((replace(CARD, at=SOON), Errand("card/2", "card")), now=NOW) == SOON
    assert next_at((replace(CARD, at=SOON), LETTER), now=NOW) == NOW


def test_what_is_done_is_not_put_back_by_who_comes_late() -> None:
    late = put_off(CARD, now=NOW)

    assert changed(without((CARD, LETTER), CARD.id), late) == (LETTER,)


def test_what_fails_again_and_again_lets_others_to_the_same_person_go_first() -> None:
    second, third = Errand("card/2", "card"), replace(CARD, tries=3, at=SOON)

    assert stepped_aside((CARD, second), replace(third, tries=2))[1] == second
    assert stepped_aside((CARD, second, LETTER), third) == (second, LETTER, third)
    assert stepped_aside((second, LETTER), third) == (second, LETTER)


def test_pauses_grow_and_are_never_shorter_than_the_messenger_asked_for() -> None:
    errand, pauses = CARD, []
    for _ in range(len(AGAIN_AFTER) + 2):
        errand = put_off(errand, now=NOW)
        assert errand.at
        pauses.append((errand.at - NOW).total_seconds())

    assert pauses == [*AGAIN_AFTER, AGAIN_AFTER[-1], AGAIN_AFTER[-1]]
    assert put_off(CARD, now=NOW, until=SOON).at == SOON


def test_two_records_numbers_differ_and_a_repeat_s_are_one() -> None:
    assert CARD.random_id("A") == replace(CARD, tries=3).random_id("A") != CARD.random_id("B")
