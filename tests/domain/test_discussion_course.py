"""No sequence of events strands a discussion: time alone leads it to its end."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housechats.domain import discussion_course as course
from housechats.domain.discussion_course import Heard, Kind
from housechats.domain.discussion_times import (
    APART,
    FARTHEST,
    SOONEST,
    conflict,
    fault_of_time,
    proposed,
)
from housechats.domain.discussions import (
    GRACE,
    LENGTH,
    LONGEST,
    MOVES,
    PROTOCOL_WITHIN,
    Discussion,
    DiscussionState,
    NotNowError,
)
from housechats.domain.errands import without
from housechats.domain.quiet_hours import LocalQuiet, QuietHours, Window, next_allowed
from housechats.domain.zones import zone_of

OKTMO = "11701000"
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
QUIET = LocalQuiet(
    QuietHours(Window(time(21), time(9)), Window(time(21), time(10)), Window(time(13), time(15))),
    zone_of(OKTMO),
)
HOURS = st.integers(min_value=1, max_value=24 * 29).map(lambda hours: timedelta(hours=hours))
PAUSES = st.integers(min_value=0, max_value=60 * 48).map(lambda minutes: timedelta(minutes=minutes))


def planned(starts_in: timedelta = timedelta(hours=30)) -> Discussion:
    new = Discussion(
        id="0123456789abcdef",
        question_id="q",
        house_id="ABCDEF01",
        oktmo=OKTMO,
        community=7,
        house_chat_id=1,
        inn="2901000017",
        named_by=600,
        subject="Лифт",
        starts_at=NOW + starts_in,
        ends_at=NOW + starts_in + LENGTH,
        created_at=NOW,
    )
    return course.named(new, quiet=QUIET)


def passed(one: Discussion, now: datetime, *, opens: bool, heard: Heard) -> Discussion:
    """Return what workers make of a discussion at a moment, when VK lets them."""
    for errand in one.errands:
        one = one.with_errands(without(one.errands, errand.id))
        if errand.kind in {Kind.OUTCOME, Kind.OUTCOME_HERE}:
            one = (
                course.outcome_posted(one, cmid=5, now=now)
                if opens
                else course.outcome_refused(one, errand.kind, now=now)
            )
    if one.wake_at is None or one.wake_at > now:
        return one
    match one.state:
        case DiscussionState.OPENING if opens and now < one.ends_at:
            made = replace(one, chat_id=3)
            ends_at = course.end_when_opened(made, now=now)
            return course.opened(made, link="https://vk.me/join/3", ends_at=ends_at, now=now)
        case DiscussionState.OPENING:
            return course.not_made(one, reason="Не открылся.")
        case DiscussionState.OPEN:
            return course.listened(one, heard, now=now)
        case DiscussionState.SETTLED | DiscussionState.EMPTYING:
            if course.may_be_emptied(one, now=now):
                begun = course.emptying(one, lease_until=now + timedelta(minutes=2))
                return course.emptied(begun, now=now)
    return course.woken(one, now=now, quiet=QUIET)


ACTS = st.sampled_from(["move", "cancel", "over", "prolong", "end", "protocol", "wait", "present"])


def done(one: Discussion, act: str, now: datetime) -> Discussion:
    deeds = {
        "move": lambda: course.moved_to(one, now + timedelta(hours=5), now=now, quiet=QUIET),
        "cancel": lambda: course.cancelled(one, reason="Болен."),
        "over": lambda: course.question_over(one, reason="Вопрос снят."),
        "prolong": lambda: course.prolonged(one, now=now),
        "end": lambda: course.ended(one, now=now),
        "protocol": lambda: course.with_protocol(one, "Починят.", by="vk:600"),
        "present": lambda: course.present(one, now=now),
        "wait": lambda: one,
    }
    try:
        return deeds[act]()
    except NotNowError:
        return one


def in_a_state(one: Discussion) -> bool:
    """Tell whether something is to come of it by itself, if it is not over."""
    return one.state.over or one.due_at(NOW) is not None


@given(
    starts_in=HOURS,
    steps=st.lists(st.tuples(ACTS, PAUSES, st.booleans(), st.booleans()), max_size=25),
    opens=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_people_do_time_leads_to_the_end(
    starts_in: timedelta, steps: list[tuple[str, timedelta, bool, bool]], opens: bool
) -> None:
    one, now = planned(starts_in), NOW

    for act, pause, spoke, wrote in steps:
        before = one.state
        one = done(one, act, now)
        assert one.state == before or (before, one.state) in ways()
        heard = Heard(now if wrote else None, spoke)
        now += pause
        one = passed(one, now, opens=opens, heard=heard)
        assert in_a_state(one)
    # Nobody does anything any more: it is over by itself, and soon.
    by = max(now, one.starts_at) + LONGEST + PROTOCOL_WITHIN + GRACE + timedelta(hours=2)
    while not one.state.over and now < by:
        now += timedelta(minutes=30)
        one = passed(one, now, opens=opens, heard=Heard())

    assert one.state.over
    assert not one.wake_at


def ways() -> set[tuple[DiscussionState, DiscussionState]]:
    return {(before, after) for (before, _), after in MOVES.items()}


@given(starts_in=HOURS, minutes=st.lists(st.integers(1, 200), min_size=1, max_size=60))
@settings(deadline=None)
def test_no_discussion_lasts_longer_than_four_hours(
    starts_in: timedelta, minutes: list[int]
) -> None:
    one = planned(starts_in)
    one = course.woken(one, now=one.starts_at, quiet=QUIET)
    now = one.starts_at
    one = course.opened(replace(one, chat_id=3), link="l", ends_at=one.ends_at, now=now)

    for pause in minutes:
        one = done(one, "prolong", now)
        assert one.ends_at <= one.hard_end
        if one.state == DiscussionState.OPEN and one.wake_at:
            assert one.wake_at <= max(one.hard_end, now + course.LOOKED_AFTER)
        now += timedelta(minutes=pause)
        one = passed(one, now, opens=True, heard=Heard(now, speaker_wrote=True))

    assert one.hard_end == one.begun_at + LONGEST
    if now >= one.hard_end:
        assert one.state != DiscussionState.OPEN


@given(starts_in=HOURS)
@settings(max_examples=40, deadline=None)
def test_people_are_reminded_twice_at_most_and_never_in_quiet_hours(starts_in: timedelta) -> None:
    one, now, said = planned(starts_in), NOW, []
    while one.state == DiscussionState.PLANNED:
        now += timedelta(minutes=5)
        before = len([e for e in one.errands if e.kind == Kind.REMIND])
        one = course.woken(one, now=now, quiet=QUIET)
        if len([e for e in one.errands if e.kind == Kind.REMIND]) > before:
            said.append(now)

    assert len(said) <= 2
    assert all(moment < one.starts_at for moment in said)
    assert all(next_allowed(moment, [QUIET]) == moment for moment in said)


def test_a_protocol_counts_once_and_only_after_the_end() -> None:
    one = planned()
    with pytest.raises(NotNowError, match="ещё не началось"):
        course.with_protocol(one, "Починят.", by="vk:1")
    ended = replace(one, state=DiscussionState.ENDED, ended_at=NOW)

    first = course.with_protocol(ended, "Починят.", by="vk:1")

    assert course.with_protocol(first, "Починят.", by="vk:2") == first
    with pytest.raises(NotNowError, match="уже опубликован"):
        course.with_protocol(first, "Не починят.", by="vk:2")


def test_an_outcome_that_no_chat_takes_stays_in_the_record() -> None:
    ended = replace(planned(), state=DiscussionState.ENDED, ended_at=NOW, errands=())

    here = course.outcome_refused(ended, Kind.OUTCOME, now=NOW)
    nowhere = course.outcome_refused(here, Kind.OUTCOME_HERE, now=NOW)

    assert [errand.kind for errand in here.errands] == [Kind.OUTCOME_HERE]
    assert (nowhere.state, nowhere.outcome_cmid) == (DiscussionState.SETTLED, 0)
    assert nowhere.reason == course.NOT_READABLE


@given(
    others=st.lists(HOURS, max_size=6),
    later=st.integers(min_value=0, max_value=24 * 700),
)
@settings(deadline=None)
def test_whatever_is_proposed_may_be_named(others: list[timedelta], later: int) -> None:
    now = NOW + timedelta(hours=later)
    house = [
        replace(planned(), starts_at=now + ahead, ends_at=now + ahead + LENGTH) for ahead in others
    ]

    times = proposed(now=now, quiet=QUIET, of_house=house, of_representative=house)

    assert times == sorted(set(times))
    for starts_at in times:
        assert not fault_of_time(starts_at, LENGTH, now=now, quiet=QUIET)
        assert SOONEST <= starts_at - now <= FARTHEST
        assert all(abs(starts_at - one.starts_at) >= APART for one in house)
        assert conflict(starts_at, LENGTH, of_house=house, of_representative=house) is None
