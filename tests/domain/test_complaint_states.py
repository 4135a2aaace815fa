"""Complaints and reports stay in their tables of states, whatever comes in whatever order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain import complaints, reports
from housechats.domain.complaints import (
    ANSWERABLE,
    Complaint,
    ComplaintState,
    Topic,
    Way,
    answerable,
    number_of,
)
from housechats.domain.house_rules import LABELS, HouseRule, wording
from housechats.domain.houses import ALPHABET
from housechats.domain.organisations import OrganisationKind
from housechats.domain.questions import Where
from housechats.domain.reports import Removal, Report, ReportState
from support.clock import JANUARY

AUTHOR, OFFICIAL = 601, 701
INN = "2901000017"
COMPLAINT = complaints.begun(
    Complaint(
        id="7K2M9X",
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        inn=INN,
        by=AUTHOR,
        topic=Topic.LIFT,
        where=Where.HOUSE,
        sent_at=JANUARY,
        event="an-event",
        text="Лифт стоит.",
        contact="+79000000000",
    )
)
REPORT = reports.begun(
    Report(
        id="0123456789abcdef",
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        chat_id=7,
        cmid=11,
        author=602,
        reported_at=JANUARY,
        reporters=(AUTHOR,),
        reporter_keys=("a-hash",),
    )
)

HAPPENS = st.lists(
    st.tuples(st.sampled_from([*complaints.Happening]), st.integers(0, 40)), max_size=12
)


@given(HAPPENS, st.sampled_from([*Way]))
def test_no_order_of_events_leaves_the_table_or_strands_a_complaint(
    events: list[tuple[complaints.Happening, int]], way: Way
) -> None:
    complaint, now = replace(COMPLAINT, way=way), JANUARY
    for happening, days in events:
        now += timedelta(days=days)
        complaint = complaints.turned(complaint, now=now)
        before = complaint
        by = "" if happening in {"delivered", "given_up", "sent_again"} else f"vk:{OFFICIAL}"
        try:
            complaint = complaints.moved(complaint, happening, now=now, by=by, note="Почему.")
        except complaints.NotNowError:
            assert (before.state, happening) not in complaints.MOVES
        if complaint != before:
            assert complaints.MOVES[before.state, happening] == complaint.state
        # Until its author's words are gone there is always a moment when somebody looks at it.
        assert complaint.erased or complaint.due_at(now) is not None
        assert complaint.state != ComplaintState.SENT or complaint.delivery_until is not None

    at_last = complaints.turned(
        complaints.turned(complaint, now=now + timedelta(days=366)), now=now + timedelta(days=732)
    )
    assert at_last.state != ComplaintState.SENT
    assert (at_last.text, at_last.contact) == ("", "")


def test_what_is_said_again_changes_nothing() -> None:
    once = complaints.moved(
        COMPLAINT, complaints.Happening.ACCEPTED, now=JANUARY, by=f"vk:{OFFICIAL}"
    )

    again = complaints.moved(
        once, complaints.Happening.ACCEPTED, now=JANUARY + timedelta(days=1), by="vk:5"
    )

    assert again == once


def test_a_rejection_says_why() -> None:
    with pytest.raises(complaints.NotNowError, match="почему"):
        complaints.moved(COMPLAINT, complaints.Happening.REJECTED, now=JANUARY, by="vk:5")


def test_who_has_answered_is_not_delivered_to_any_more() -> None:
    done = complaints.moved(COMPLAINT, complaints.Happening.DONE, now=JANUARY, by="vk:5")

    assert {errand.kind for errand in done.errands} == {complaints.ErrandKind.TELL_AUTHOR}


def test_a_forgotten_author_is_told_nothing_and_found_nowhere_in_the_record() -> None:
    done = complaints.moved(COMPLAINT, complaints.Happening.DONE, now=JANUARY, by="vk:5")

    forgotten = complaints.forgotten(done)

    assert f"{AUTHOR}" not in repr(forgotten)
    assert forgotten.errands == ()
    assert forgotten.state == ComplaintState.DONE


@given(st.text(max_size=30), st.integers(0, 4))
def test_a_number_can_be_read_out_and_is_the_same_for_the_same_event(
    event: str, attempt: int
) -> None:
    number = number_of(event, attempt)

    assert len(number) == complaints.NUMBER_LENGTH
    assert set(number) <= set(ALPHABET)
    assert number == number_of(event, attempt)


def test_numbers_seldom_meet() -> None:
    numbers = {number_of(f"event-{n}") for n in range(5000)}

    assert len(numbers) > 4990


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_finds_somebody_in_every_house_that_has_a_company(topic: Topic) -> None:
    company = {INN: OrganisationKind.MANAGEMENT_COMPANY}

    assert answerable(topic, company) == INN
    assert answerable(topic, {}) == ""
    assert OrganisationKind.ADMINISTRATION in ANSWERABLE[topic]


DECIDES = st.lists(
    st.tuples(st.sampled_from([*reports.Happening]), st.integers(0, 30), st.booleans()), max_size=10
)


@given(DECIDES, st.booleans())
def test_no_order_of_events_leaves_the_table_or_strands_a_report(
    events: list[tuple[reports.Happening, int, bool]], of_official: bool
) -> None:
    report, now = reports.begun(replace(REPORT, of_official=of_official)), JANUARY
    for happening, hours, mutes in events:
        now += timedelta(hours=hours)
        report = reports.turned(report, now=now)
        before = report
        try:
            report = _happened(report, happening, mutes)
        except reports.NotNowError:
            assert (before.state, happening) not in reports.MOVES
        if report.state != before.state:
            assert reports.MOVES[before.state, happening] == report.state
        assert report.state != ReportState.WAITING or report.due_at(now) is not None

    late = reports.turned(report, now=now + timedelta(hours=25))
    assert late.state != ReportState.WAITING
    # A decision is on its way to everybody concerned, and who reported is known no more after it.
    if late.state.decided:
        told = _carried_out(late)
        assert told.reporters == ()
        assert {e.to for e in told.errands} >= {AUTHOR, 5}


def _happened(report: Report, happening: reports.Happening, mutes: bool) -> Report:
    if happening == reports.Happening.REPORTED:
        return reports.reported(report, by=603, key="another", by_company=False)
    if happening == reports.Happening.NOBODY_DECIDED:
        return reports.escalated(report)
    return reports.decided(
        report,
        happening,
        by="vk:5",
        role="elder",
        now=JANUARY,
        rule=HouseRule.ADVERTS,
        mutes=mutes,
    )


def _carried_out(report: Report) -> Report:
    if report.state == ReportState.REMOVED and report.deletion == Removal.NOT_ASKED:
        report = reports.deleted(report, Removal.REFUSED)
        if report.mutes:
            report = reports.muted(report, Removal.DONE)
    return report


def test_a_removal_names_a_rule() -> None:
    with pytest.raises(reports.NotNowError, match="правило"):
        reports.decided(REPORT, reports.Happening.REMOVED, by="vk:5", role="elder", now=JANUARY)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (HouseRule.ADVERTS, "рекламы"),
        (HouseRule.PRIVATE_DATA, "чужие телефоны"),
        (HouseRule.INSULTS, "уважаем"),
        (HouseRule.POLITICS, "политики"),
    ],
)
def test_a_rule_is_named_in_the_words_of_the_chats_first_message(
    rule: HouseRule, words: str
) -> None:
    assert words in wording(rule)
    assert rule in LABELS
