"""Complaints, webhooks and reports are kept alike in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.reports import DynamoReports
from housechats.adapters.table import Table
from housechats.adapters.webhooks import DynamoWebhooks
from housechats.domain.complaints import Complaint, ComplaintState, Topic, Way, begun
from housechats.domain.errands import Errand
from housechats.domain.house_rules import HouseRule
from housechats.domain.questions import Where
from housechats.domain.reports import Removal, Report, ReportState
from housechats.domain.territories import Territory
from housechats.domain.webhooks import Webhook, WebhookEvent
from housechats.ports.complaints import Complaints
from housechats.ports.reports import Reports
from housechats.ports.webhooks import Webhooks
from support.report_fakes import FakeComplaints, FakeReports, FakeWebhooks

NOW = datetime(2036, 1, 14, 9, tzinfo=UTC)
"""Far ahead: the table hides what has expired by the real clock."""
COMPLAINT = begun(
    Complaint(
        id="7K2M9X",
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        inn="2901000017",
        by=601,
        topic=Topic.LIFT,
        where=Where.ENTRANCE,
        sent_at=NOW,
        event="an-event",
        text="Лифт стоит.",
    )
)
WHOLE = replace(
    COMPLAINT,
    detail="2",
    photos=("photo1_2_key",),
    contact="+79000000000",
    state=ComplaintState.REJECTED,
    way=Way.WEBHOOK,
    round=2,
    note="Не наш лифт.",
    answered_by="organisation:2901000017",
    changed_at=NOW,
    errands=(Errand("an-errand", "send", to=5, value="x", tries=2, at=NOW, begun_at=NOW),),
)
REPORT = Report(
    id="0123456789abcdef",
    house_id="ABCDEF01",
    oktmo="11701000",
    community=5,
    chat_id=7,
    cmid=11,
    author=602,
    reported_at=NOW,
    reporters=(601,),
    reporter_keys=("a-hash",),
    escalate_at=NOW + timedelta(days=1),
)
DECIDED = replace(
    REPORT,
    by_company=True,
    of_official=True,
    state=ReportState.REMOVED,
    decided_by="vk:5",
    decided_role="staff",
    decided_at=NOW,
    rule=HouseRule.ADVERTS,
    mutes=True,
    deletion=Removal.DONE,
    muting=Removal.REFUSED,
    accounts=True,
    request_id="a-request",
    errands=(Errand("an-errand", "delete"),),
)


@pytest.fixture(params=["memory", "table"])
def complaints(request: pytest.FixtureRequest, table: Table) -> Complaints:
    return FakeComplaints() if request.param == "memory" else DynamoComplaints(table)


@pytest.fixture(params=["memory", "table"])
def reports(request: pytest.FixtureRequest, table: Table) -> Reports:
    return FakeReports() if request.param == "memory" else DynamoReports(table)


@pytest.fixture(params=["memory", "table"])
def webhooks(request: pytest.FixtureRequest, table: Table) -> Webhooks:
    return FakeWebhooks() if request.param == "memory" else DynamoWebhooks(table)


@pytest.mark.parametrize("complaint", [COMPLAINT, WHOLE], ids=["new", "whole"])
def test_a_complaint_comes_back_as_it_was_kept(
    complaints: Complaints, complaint: Complaint
) -> None:
    kept = complaints.add(complaint)

    assert kept == complaints.get(complaint.id) == complaint


def test_an_event_that_comes_again_gets_what_it_has_made(complaints: Complaints) -> None:
    complaints.add(COMPLAINT)

    again = complaints.add(replace(COMPLAINT, text="Другое."))

    assert again == COMPLAINT


def test_a_number_is_one_complaints_only(complaints: Complaints) -> None:
    complaints.add(COMPLAINT)

    assert complaints.add(replace(COMPLAINT, event="another-event")) is None


def test_of_two_who_change_a_complaint_one_is_refused(complaints: Complaints) -> None:
    complaints.add(COMPLAINT)

    first = complaints.save(replace(COMPLAINT, note="первое"))
    second = complaints.save(replace(COMPLAINT, note="второе"))

    assert second is None
    assert first == complaints.get(COMPLAINT.id)


def test_complaints_of_a_territory_are_listed_by_time(complaints: Complaints) -> None:
    later = replace(
        COMPLAINT, id="000001", event="2", oktmo="11701000001", sent_at=NOW + timedelta(hours=1)
    )
    elsewhere = replace(COMPLAINT, id="000002", event="3", oktmo="11730000")
    long_ago = replace(COMPLAINT, id="000003", event="4", sent_at=NOW - timedelta(days=9))
    for one in (COMPLAINT, later, elsewhere, long_ago):
        complaints.add(one)

    found = complaints.of_territory(Territory("11701000"), since=NOW - timedelta(days=1))

    assert found == [later, COMPLAINT]


def test_an_author_is_led_to_their_own(complaints: Complaints) -> None:
    later = replace(COMPLAINT, id="000001", event="2", sent_at=NOW + timedelta(hours=1))
    for one in (COMPLAINT, later, replace(COMPLAINT, id="000002", event="3", by=602)):
        complaints.add(one)

    assert complaints.of_author(601, limit=5) == [later, COMPLAINT]
    assert complaints.of_author(601, limit=1) == [later]


def test_a_complaint_is_due_until_it_is_saved_otherwise(complaints: Complaints) -> None:
    complaints.add(COMPLAINT)
    due = complaints.due(NOW, limit=80)
    complaints.postpone(COMPLAINT.id, until=NOW + timedelta(minutes=5))
    postponed = complaints.due(NOW, limit=80)

    complaints.save(replace(COMPLAINT, errands=()))

    assert (due, postponed) == ([COMPLAINT.id], [])
    assert complaints.due(NOW, limit=80) == []
    assert complaints.due(NOW + timedelta(days=1), limit=80) == [COMPLAINT.id]


@pytest.mark.parametrize("report", [REPORT, DECIDED], ids=["new", "decided"])
def test_a_report_comes_back_as_it_was_kept(reports: Reports, report: Report) -> None:
    kept = reports.add(report)

    assert kept == reports.get(report.id) == report


def test_a_message_has_one_report(reports: Reports) -> None:
    reports.add(REPORT)

    assert reports.add(replace(REPORT, author=5)) == REPORT


def test_of_two_who_decide_one_is_refused(reports: Reports) -> None:
    reports.add(REPORT)

    first = reports.save(replace(REPORT, state=ReportState.KEPT))
    second = reports.save(replace(REPORT, state=ReportState.QUARREL))

    assert second is None
    assert first == reports.get(REPORT.id)


def test_reports_are_counted_once_each_a_day(reports: Reports) -> None:
    day = NOW.date()

    counts = [reports.count("a-hash", day, one) for one in ("r1", "r2", "r1")]

    assert counts == [1, 2, 2]
    assert reports.count("a-hash", day + timedelta(days=1), "r3") == 1
    assert reports.count("another", day, "r1") == 1


def test_reports_are_listed_by_territory_and_by_house(reports: Reports) -> None:
    later = replace(REPORT, id="1" * 16, reported_at=NOW + timedelta(hours=1))
    other_house = replace(REPORT, id="2" * 16, house_id="ABCDEF02")
    elsewhere = replace(REPORT, id="3" * 16, oktmo="11730000", house_id="ABCDEF03")
    for one in (REPORT, later, other_house, elsewhere):
        reports.add(one)

    assert reports.of_house("ABCDEF01", "11701000") == [later, REPORT]
    assert set(reports.of_territory(Territory("11701000"))) == {later, REPORT, other_house}


def test_a_report_is_due_when_the_elder_has_not_decided(reports: Reports) -> None:
    reports.add(REPORT)
    at = NOW + timedelta(days=1)

    due = reports.due(at, limit=80)
    reports.postpone(REPORT.id, until=at + timedelta(minutes=5))

    assert reports.due(NOW, limit=80) == []
    assert due == [REPORT.id]
    assert reports.due(at, limit=80) == []


def test_a_webhook_is_one_of_an_organisation_and_region(webhooks: Webhooks) -> None:
    events = (WebhookEvent.CHANGED, WebhookEvent.SENT)
    webhook = Webhook("2901000017", "11", "https://a.example.ru", events, "one", "vk:1", NOW)
    webhooks.put(replace(webhook, nonce="earlier"))
    webhooks.put(webhook)

    kept, elsewhere = webhooks.get("11", webhook.inn), webhooks.get("71", webhook.inn)
    webhooks.delete("11", webhook.inn)

    assert (kept, elsewhere) == (webhook, None)
    assert webhooks.get("11", webhook.inn) is None
