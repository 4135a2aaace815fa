"""A chat's day counts each thing once, and forgets who wrote when it is over."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.activity import (
    MARK,
    OVER_AFTER,
    SPAN,
    Counts,
    Deed,
    Heard,
    Step,
    Tally,
    fold,
    fold_part,
    step_of,
    stretches,
    subjects_of,
    whole,
)

DAY = date(2027, 1, 11)
NOON = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
KEY = "a key"
EMPTY = Tally("ABCDEF01", DAY, "11701000")


def message(cmid: int, user: int = 1, chat_id: int = 5) -> Heard:
    return Heard(7, chat_id, NOON, cmid=cmid, user=user)


def deed(what: Deed, event: str, seconds: int | None = None) -> Heard:
    return Heard(7, 5, NOON, event=event, deed=what, seconds=seconds)


def folded(*batches: list[Heard], now: datetime = NOON) -> dict[str, Tally]:
    """Return all parts of the day after some batches, as the worker keeps them."""
    parts = {"": EMPTY}
    for batch in batches:
        parts[""], beyond = fold(parts[""], batch, key=KEY, now=now)
        for part, some in beyond.items():
            there = parts.get(part, Tally(EMPTY.house_id, DAY, EMPTY.oktmo, part=part))
            parts[part] = fold_part(there, some, now=now)
    return parts


def total(parts: dict[str, Tally]) -> Counts:
    return sum((one.counts for one in parts.values()), Counts())


NUMBERS = st.integers(1, 3 * SPAN)
TALK = st.lists(
    st.one_of(
        st.builds(message, NUMBERS, st.integers(1, 9), st.integers(5, 6)),
        st.builds(deed, st.sampled_from(Deed), st.sampled_from("abcdef")),
    ),
    min_size=1,
    max_size=40,
)


@given(TALK, st.data())
def test_each_thing_is_counted_once_in_any_order_and_with_any_repeats(
    talk: list[Heard], data: st.DataObject
) -> None:
    one_author = {(one.chat_id, one.cmid): one for one in talk if one.cmid}
    said = [*one_author.values(), *{o for o in talk if o.deed}]
    twice = data.draw(st.permutations([*said, *data.draw(st.lists(st.sampled_from(said)))]))
    cut = data.draw(st.integers(0, len(twice)))

    counts = total(folded(twice[:cut], twice[cut:], said))

    deeds = {(one.deed, one.event) for one in said if one.deed}
    assert counts.messages == len(one_author)
    assert counts.people == len({one.user for one in one_author.values()})
    assert counts.joined == len([d for d, _ in deeds if d == Deed.JOINED])
    assert counts.answers == len([d for d, _ in deeds if d == Deed.ANSWER])


def test_a_lively_day_of_a_chat_fits_into_two_kilobytes() -> None:
    (day,) = folded([message(n, user=n % 300) for n in range(100, 100 + SPAN)]).values()

    bits = (day.seen.bit_length() + 7) // 8

    assert bits + len(day.people) < 1800
    assert day.counts == Counts(messages=SPAN, people=300)


def test_numbers_too_far_apart_are_kept_beside_the_day() -> None:
    parts = folded([message(5), message(10**9, user=2)])

    assert total(parts) == Counts(messages=2, people=2)
    assert max(one.seen.bit_length() for one in parts.values()) <= SPAN
    assert len(parts) == 2


def test_when_the_day_is_over_nobody_can_tell_who_wrote() -> None:
    day = folded([message(5), message(6, user=2)])[""]

    closed = day.closed()

    assert closed.people == b""
    assert closed.counts == Counts(messages=2, people=2)
    assert closed.untold == Counts()


def test_a_mark_says_nothing_of_a_person_on_another_day_or_in_another_chat() -> None:
    days = [EMPTY, Tally("ABCDEF01", DAY + timedelta(1), "11701000"), Tally("Z", DAY, "11701000")]

    marks = {fold(day, [message(5, user=42)], key=KEY, now=NOON)[0].people for day in days}

    assert len(marks) == 3
    assert {len(mark) for mark in marks} == {MARK}


def test_a_repeat_after_the_day_was_closed_changes_nothing() -> None:
    closed = folded([message(5), deed(Deed.JOINED, "a")])[""].closed()

    after, beyond = fold(closed, [message(5), deed(Deed.JOINED, "a")], key=KEY, now=NOON)

    assert (after, beyond) == (closed, {})


def test_what_comes_after_the_day_was_closed_is_counted_and_told_as_a_difference() -> None:
    closed = folded([message(5), message(6, user=2)])[""].closed()

    after, _ = fold(closed, [message(7)], key=KEY, now=NOON)

    assert after.counts == Counts(messages=3, people=2)
    assert after.untold == Counts(messages=1)
    assert after.due_at is not None


def test_a_day_is_closed_two_hours_after_its_end_where_the_house_stands() -> None:
    day = folded([message(5)])[""]

    # Archangelsk's midnight is at 21:00 UTC.
    assert day.due_at == datetime(2027, 1, 11, 21, 0, tzinfo=UTC) + OVER_AFTER


def test_a_day_heard_of_late_is_closed_two_hours_later() -> None:
    late = NOON + timedelta(days=3)

    assert folded([message(5)], now=late)[""].due_at == late + OVER_AFTER


def test_the_median_time_to_answer_is_right_to_a_twentieth() -> None:
    times = [60, 3600, 86_400]
    answers = [deed(Deed.ANSWER, f"{n}", seconds) for n, seconds in enumerate(times)]

    median = folded(answers)[""].counts.median_seconds

    assert median is not None
    assert abs(median - 3600) < 180


def test_without_answers_there_is_no_time_to_answer() -> None:
    assert Counts().median_seconds is None


def test_quiet_days_count_in_the_median_of_people() -> None:
    by_day = {DAY: Counts(people=8), DAY + timedelta(1): Counts(people=2)}

    week = whole(by_day, since=DAY, until=DAY + timedelta(2))

    assert (week.counts.people, week.people_median) == (10, 2)


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    since, until = date(2027, 1, 30), date(2027, 2, 2)
    by_day = {since: Counts(messages=1), until: Counts(messages=2)}

    weeks = stretches(by_day, since=since, until=until, step=Step.WEEK)
    months = stretches(by_day, since=since, until=until, step=Step.MONTH)
    days = stretches(by_day, since=since, until=until, step=Step.DAY)

    assert [(one.since.day, one.until.day) for one in weeks] == [(30, 31), (1, 2)]
    assert [(one.since.month, one.counts.messages) for one in months] == [(1, 1), (2, 2)]
    assert [one.counts.messages for one in days] == [1, 0, 0, 2]


def test_a_house_is_a_part_of_its_region_district_settlement_and_of_its_company_there() -> None:
    assert subjects_of("11605101", ["1"]) == [
        "11", "11#1", "11605", "11605#1", "11605101", "11605101#1",
    ]  # fmt: skip
    assert "118" in subjects_of("11811000", [])
    assert "11" not in subjects_of("11811000", [])


def test_times_to_answer_are_told_apart_by_a_tenth() -> None:
    assert step_of(0) == step_of(1) == 0
    assert step_of(3600) != step_of(4000)
