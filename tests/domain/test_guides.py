"""The elder's guide: what each button does, when it reminds, and that nothing breaks it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housechats.domain.errands import next_one, without
from housechats.domain.guide_texts import ADVICE, OBSTACLES, reminder, step_text
from housechats.domain.guides import (
    BEGINS_AFTER,
    MOVES,
    PAUSES,
    Guide,
    GuidedHouse,
    GuideStep,
    Happening,
    Obstacle,
    Says,
    called,
    heard,
    hindered,
    joined,
    kept,
    reminded,
    said_done,
    silenced,
    stuck,
    taken,
    told,
    wants_call,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STEPS = list(GuideStep)


def a_house(number: int) -> GuidedHouse:
    return GuidedHouse(f"HOUSE00{number}", "11701000", "b-1", NOW)


def a_guide(*numbers: int, reachable: bool = True) -> Guide:
    houses = [a_house(number) for number in numbers or (1,)]
    return told(None, "e-1", houses, community=7, reachable=reachable, now=NOW)


def said(guide: Guide) -> list[str]:
    return [f"{errand.kind} {errand.value}" for errand in guide.errands]


def at_step(step: GuideStep) -> Guide:
    """Return a guide of one house that has come to a step, with nothing left to say."""
    guide = a_guide()
    if step != GuideStep.JOIN:
        guide = joined(guide, {"HOUSE001"}, at=NOW, now=NOW)
    while guide.step != step:
        guide = said_done(guide, guide.step, guide.turn, now=NOW)
    return guide.with_errands(())


def test_nothing_is_said_at_once_for_the_letter_has_told_of_the_first_step() -> None:
    guide = a_guide()

    due_at = guide.due_at(now=NOW)

    assert due_at == NOW + BEGINS_AFTER
    assert guide.remind_at == NOW + PAUSES[0]


def test_joining_is_seen_and_brings_the_text_to_copy() -> None:
    guide = joined(a_guide(), {"HOUSE001"}, at=NOW, now=NOW)

    assert guide.step == GuideStep.COPY
    assert said(guide)[:2] == ["step copy", "text copy"]


def test_joining_is_not_believed() -> None:
    guide = a_guide()

    after = said_done(guide, GuideStep.JOIN, 1, now=NOW)

    assert after == guide


def test_who_has_many_chats_goes_on_with_one_that_they_joined() -> None:
    guide = joined(a_guide(1, 2, 3), {"HOUSE002"}, at=NOW, now=NOW)

    after = said_done(guide, GuideStep.JOIN, 1, now=NOW)

    assert (guide.step, after.step) == (GuideStep.JOIN, GuideStep.COPY)


@pytest.mark.parametrize(
    ("step", "after"),
    [(GuideStep.COPY, GuideStep.PRINT), (GuideStep.PRINT, GuideStep.DONE)],
)
def test_done_leads_on_once(step: GuideStep, after: GuideStep) -> None:
    once = said_done(at_step(step), step, 1, now=NOW)
    twice = said_done(once, step, 1, now=NOW)

    assert (once.step, twice) == (after, once)


def test_buttons_of_before_more_houses_came_do_nothing() -> None:
    guide = at_step(GuideStep.COPY)
    more = told(guide, "e-1", [a_house(2)], community=7, reachable=True, now=NOW)

    after = said_done(more, GuideStep.COPY, 1, now=NOW)

    assert (after, more.step, more.turn) == (more, GuideStep.JOIN, 2)


def test_an_obstacle_is_known_until_the_step_is_done() -> None:
    guide = stuck(at_step(GuideStep.PRINT), GuideStep.PRINT, 1, at=NOW, now=NOW)
    named = hindered(guide, Obstacle.NO_PRINTER, GuideStep.PRINT, 1, at=NOW, now=NOW)

    after = said_done(named, GuideStep.PRINT, 1, now=NOW)

    assert (guide.obstacle, named.obstacle) == (Obstacle.UNNAMED, Obstacle.NO_PRINTER)
    assert after.obstacle is None


def test_a_button_pressed_twice_is_answered_once() -> None:
    guide = at_step(GuideStep.PRINT)

    for seconds in (0, 1, 2):
        at = NOW + timedelta(seconds=seconds)
        guide = stuck(guide, GuideStep.PRINT, 1, at=at, now=at)

    assert said(guide) == ["obstacles print"]


def test_who_waits_for_a_call_is_not_reminded_until_it_was_made() -> None:
    guide = wants_call(at_step(GuideStep.COPY), at=NOW, now=NOW)
    waiting = guide.remind_at

    guide = taken(guide, by="vk:12", now=NOW)
    guide = called(guide, by="vk:13", note="Разобрались.", now=NOW)

    assert waiting is None
    assert guide.remind_at == NOW + PAUSES[0]
    assert guide.call is not None
    assert (guide.call.taken_by, guide.call.done_at) == ("vk:12", NOW)


def test_reminders_come_with_growing_pauses_and_three_at_most() -> None:
    guide, moments = at_step(GuideStep.COPY), []

    while guide.remind_at:
        moments.append(guide.remind_at)
        guide = reminded(guide, now=guide.remind_at, allowed_at=guide.remind_at)

    waits = [after - before for before, after in zip([NOW, *moments], moments, strict=False)]
    assert waits == [*PAUSES]
    assert said(guide) == ["remind copy"] * 3


def test_a_reminder_of_the_night_waits_for_the_morning_and_counts_once() -> None:
    guide = at_step(GuideStep.COPY)
    night, morning = NOW + PAUSES[0], NOW + PAUSES[0] + timedelta(hours=9)

    waiting = reminded(guide, now=night, allowed_at=morning)
    after = reminded(waiting, now=morning, allowed_at=morning)

    assert (waiting.reminders, waiting.remind_at) == (0, morning)
    assert (after.reminders, said(after)) == (1, ["remind copy"])


def test_who_forbids_messages_hears_nothing_until_they_allow_them() -> None:
    guide = silenced(joined(a_guide(), {"HOUSE001"}, at=NOW, now=NOW))
    silent = said_done(guide, GuideStep.COPY, 1, now=NOW)

    after = heard(silent, at=NOW, now=NOW)

    assert (guide.due_at(now=NOW), said(silent)) == (None, [])
    assert said(after) == ["step print"]


def test_a_replaced_elders_guide_is_over() -> None:
    guide = wants_call(at_step(GuideStep.COPY), at=NOW, now=NOW)

    after = kept(guide, set(), now=NOW)

    assert after.over
    assert (after.due_at(now=NOW), after.wants_call) == (None, False)


def test_what_stands_in_the_way_no_more_is_another_elders_house() -> None:
    guide = joined(a_guide(1, 2), {"HOUSE001"}, at=NOW, now=NOW)

    after = kept(guide, {"HOUSE001"}, now=NOW)

    assert after.step == GuideStep.COPY


def test_each_usual_obstacle_has_its_advice_and_fits_its_button() -> None:
    named = [(one, label) for of_step in OBSTACLES.values() for one, label in of_step.items()]

    assert {one for one, _ in named} == set(ADVICE) == set(Obstacle) - {Obstacle.UNNAMED}
    assert max(len(label) for _, label in named) <= 40
    assert all(len(of_step) <= 5 for of_step in OBSTACLES.values())


def test_every_step_has_a_message_and_only_the_last_reminder_says_that_it_is_the_last() -> None:
    texts = [step_text(at_step(step), []) for step in STEPS]
    reminders = [
        reminder(Guide("e-1", 7, (a_house(1),), reminders=number), []) for number in (1, 2, 3)
    ]

    assert len({*texts}) == len(STEPS)
    assert ["Больше напоминать не будем" in text for text in reminders] == [False, False, True]


# ---------------------------------------------------------------- in any order, with repeats

Act = Callable[[Guide, datetime], Guide]
SOME_STEP = st.sampled_from(STEPS)
TURN = st.integers(1, 3)
HOUSES = st.sets(st.sampled_from(["HOUSE001", "HOUSE002", "HOUSE003"]))


def _acts() -> st.SearchStrategy[Act]:
    return st.one_of(
        st.builds(lambda ids: lambda g, now: joined(g, ids, at=now, now=now), HOUSES),
        st.builds(lambda s, t: lambda g, now: said_done(g, s, t, now=now), SOME_STEP, TURN),
        st.builds(lambda s, t: lambda g, now: stuck(g, s, t, at=now, now=now), SOME_STEP, TURN),
        st.builds(
            lambda o, s, t: lambda g, now: hindered(g, o, s, t, at=now, now=now),
            st.sampled_from(list(Obstacle)),
            SOME_STEP,
            TURN,
        ),
        st.builds(
            lambda number: (
                lambda g, now: told(
                    g, "e-1", [a_house(number)], community=7, reachable=True, now=now
                )
            ),
            st.integers(1, 3),
        ),
        st.builds(lambda ids: lambda g, now: kept(g, ids, now=now), HOUSES),
        st.sampled_from(
            [
                lambda g, now: wants_call(g, at=now, now=now),
                lambda g, now: called(g, by="vk:1", note="", now=now),
                lambda g, now: taken(g, by="vk:1", now=now),
                lambda g, _now: silenced(g),
                lambda g, now: heard(g, at=now, now=now),
            ]
        ),
    )


@dataclass
class Played:
    """A guide that is led through deeds, with the sweep and the errands in between."""

    guide: Guide = field(default_factory=a_guide)
    now: datetime = NOW
    reminders: int = 0
    ids: list[str] = field(default_factory=list)

    def do(self, act: Act, pause: timedelta) -> None:
        self.now += pause
        for _ in range(2):  # whatever comes, comes twice
            self.guide = act(self.guide, self.now)
        self.guide = reminded(self.guide, now=self.now, allowed_at=self.now)
        while errand := next_one(self.guide.errands, now=self.now):
            self.reminders += errand.kind == Says.REMIND
            self.ids.append(errand.id)
            self.guide = self.guide.with_errands(without(self.guide.errands, errand.id))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(_acts(), st.integers(0, 40 * 24).map(lambda hours: timedelta(hours=hours))),
        max_size=40,
    )
)
def test_nothing_in_any_order_leads_out_of_the_guide_or_reminds_a_fourth_time(
    deeds: list[tuple[Act, timedelta]],
) -> None:
    played = Played()

    for act, pause in deeds:
        before = played.guide
        played.do(act, pause)
        after = played.guide
        steps = (before.step, after.step)
        assert steps[0] == steps[1] or any(
            MOVES.get((steps[0], one)) == steps[1] for one in Happening
        )
        assert after.due_at(now=played.now) is None or not after.over
        waits_for_nobody = (
            after.reachable
            and not after.over
            and not after.wants_call
            and after.step != GuideStep.DONE
            and after.reminders < len(PAUSES)
        )
        assert (after.remind_at is not None) == waits_for_nobody
    assert played.reminders <= len(PAUSES)
    assert len([one for one in played.ids if one.startswith("remind")]) == len(
        {one for one in played.ids if one.startswith("remind")}
    )
