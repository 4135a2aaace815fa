"""Staff ask for the list that comes back, and get the sample to start from."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

import pytest

from create_chats.make_result import make_result_job
from create_chats.read_list import read
from create_chats.results import result_key
from create_chats.routes.workbooks import sample_key
from support.staff_door import StaffDoor, staff_door

LIST = "Адрес\nг. Архангельск, ул. Садовая, д. 1\n"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def write_asked_one(door: StaffDoor) -> datetime:
    """Have the workbook that was asked for written; return when that was."""
    (message,) = door.results.take()
    job = door.doors.jobs.get(str(message["job_id"]))
    assert job
    make_result_job(
        job.id,
        jobs=door.doors.jobs,
        batches=door.doors.batches,
        houses=door.doors.houses,
        lists=door.doors.lists,
        now=datetime.now(UTC),
    )
    done = door.doors.jobs.get(job.id)
    assert done
    assert (done.status, done.done, done.file_name) == ("done", 1, "дома — проверено.xlsx")
    return datetime.fromtimestamp(int(job.subject["asked_at"]) / 1000, UTC)


def test_the_workbook_is_written_when_somebody_asks(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)
    path = f"/batches/{batch_id}/result"
    _, before = door.ask("GET", path)

    status, asked = door.ask("POST", path)
    _, waiting = door.ask("GET", path)
    asked_at = write_asked_one(door)
    _, written = door.ask("GET", path)

    assert before["status"] == "not_asked"
    assert (status, asked["status"], waiting["status"]) == (202, "running", "writing")
    assert (asked["kind"], asked["batch_id"]) == ("result", batch_id)
    assert written["status"] == "ready"
    link = urlsplit(written["link"]["url"])
    assert link.path.endswith(result_key(batch_id, asked_at))
    assert written["link"]["file_name"] == "дома — проверено.xlsx"
    assert "дома — проверено.xlsx" in unquote(unquote(link.query))


@pytest.mark.parametrize(
    ("asked", "written", "status"),
    [
        pytest.param(timedelta(minutes=9), None, "writing", id="a long list"),
        pytest.param(timedelta(minutes=11), None, "failed", id="far too long"),
        pytest.param(timedelta(minutes=9), timedelta(hours=1), "writing", id="an older one"),
        pytest.param(timedelta(hours=47), timedelta(hours=47), "ready", id="the day before"),
        pytest.param(timedelta(hours=49), timedelta(hours=49), "not_asked", id="deleted by now"),
    ],
)
def test_who_asked_a_while_ago_learns_how_it_stands(
    door: StaffDoor, asked: timedelta, written: timedelta | None, status: str
) -> None:
    batch_id, now = door.enrolled(LIST), datetime.now(UTC)
    batches = door.doors.batches
    batches.ask_result(batch_id, now=now - asked)
    if written:
        batches.result_written(batch_id, asked_at=now - written)

    _, result = door.ask("GET", f"/batches/{batch_id}/result")

    assert result["status"] == status
    assert (result["code"], bool(result["reason"])) == (
        ("result_late", True) if status == "failed" else ("", False)
    )


def test_the_workbook_of_a_list_that_is_still_checked_cannot_be_asked_for(door: StaffDoor) -> None:
    batch_id = door.upload(LIST)

    status, problem = door.ask("POST", f"/batches/{batch_id}/result")

    assert (status, problem["code"]) == (409, "conflict")
    assert door.results.bodies == []


def test_the_sample_is_a_list_that_can_be_read(door: StaffDoor) -> None:
    status, link = door.ask("GET", "/sample-list")

    body = door.doors.lists.get(sample_key())
    assert (status, link["file_name"]) == (200, "Список домов (образец).xlsx")
    assert urlsplit(link["url"]).path.endswith(sample_key())
    assert body
    assert {"locality", "street", "house", "elder_phone"} <= read(body).columns.keys()


def test_a_workbook_is_stale_when_a_row_was_mended_after_it(door: StaffDoor) -> None:
    batch_id = door.enrolled(f"{LIST}г. Архангельск, ул. Садовая\n")
    path = f"/batches/{batch_id}"
    door.ask("POST", f"{path}/result")
    write_asked_one(door)
    _, fresh = door.ask("GET", f"{path}/result")

    mended = {"cells": {"address": "г. Архангельск, ул. Садовая, д. 2"}}
    status, _ = door.ask("PATCH", f"{path}/rows/3", mended)

    _, result = door.ask("GET", f"{path}/result")
    assert status == 200
    assert [(one["status"], one["stale"]) for one in (fresh, result)] == [
        ("ready", False),
        ("ready", True),
    ]
