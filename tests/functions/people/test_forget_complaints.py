"""Whoever is forgotten stands in no complaint and in no report any more; the records stay."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.reports import DynamoReports
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.domain.complaints import Complaint, ComplaintState, Topic, begun
from housechats.domain.erasure import Person
from housechats.domain.questions import Where
from housechats.domain.reports import Report
from support.aws_mock import aws, new_table
from support.fakes import real_time

NOW = real_time().replace(microsecond=0)
VK_ID, OTHER, PHONE = 601, 602, "+79990000117"


@pytest.fixture
def table() -> Iterator[Table]:
    with aws():
        yield new_table("houses")


def complaint(number: str, by: int, text: str = "Лифт стоит.", contact: str = "") -> Complaint:
    return begun(
        Complaint(
            id=number,
            house_id="ABCDEF01",
            oktmo="11701000",
            community=5,
            inn="2901000017",
            by=by,
            topic=Topic.LIFT,
            where=Where.HOUSE,
            sent_at=NOW,
            event=number,
            text=text,
            contact=contact,
        )
    )


def report(number: str, author: int, reporter: int) -> Report:
    return Report(
        id=number * 16,
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        chat_id=7,
        cmid=11,
        author=author,
        reported_at=NOW,
        reporters=(reporter,),
        reporter_keys=("a-hash",),
    )


def forget(table: Table, person: Person) -> None:
    memory = DynamoMemory(table, elder_key="a key")
    found = memory.look(person)
    for complaint_id in found.complaints:
        memory.forget_complaint(complaint_id, person.vk_id)
    for report_id in found.reports:
        memory.forget_report(report_id, person.vk_id)
    left = memory.look(person)
    assert (dict(left.complaints), dict(left.reports)) == ({}, {})


def test_an_authors_complaints_stay_without_them(table: Table) -> None:
    complaints = DynamoComplaints(table)
    for one in (complaint("000001", VK_ID), complaint("000002", OTHER)):
        complaints.add(one)

    forget(table, Person(vk_id=VK_ID))

    own, others = complaints.get("000001"), complaints.get("000002")
    assert own is not None
    assert others is not None
    assert (own.by, own.text, own.state) == (0, "", ComplaintState.SENT)
    assert (others.by, others.text) == (OTHER, "Лифт стоит.")
    assert complaints.of_author(VK_ID, limit=5) == []


def test_a_phone_in_anothers_complaint_goes_with_its_words(table: Table) -> None:
    complaints = DynamoComplaints(table)
    complaints.add(complaint("000001", OTHER, contact="8 (999) 000-01-17"))

    forget(table, Person(phone=PHONE))

    kept = complaints.get("000001")
    assert kept is not None
    assert (kept.by, kept.contact) == (OTHER, "")


def test_reports_of_and_by_who_is_forgotten_stay_without_them(table: Table) -> None:
    reports = DynamoReports(table)
    kept = [report("1", VK_ID, OTHER), report("2", OTHER, VK_ID), report("3", OTHER, OTHER + 1)]
    for one in kept:
        reports.add(one)

    forget(table, Person(vk_id=VK_ID))

    after = [reports.get(one.id) for one in kept]
    assert after == [
        replace(kept[0], author=0, revision=2),
        replace(kept[1], reporters=(), revision=2),
        kept[2],
    ]
