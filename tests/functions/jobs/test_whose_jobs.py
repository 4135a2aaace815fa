"""Who sees a job, and who may stop it and begin it again."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.posts import DynamoPosts
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from jobs import api
from support.aws_mock import aws, new_bucket, new_table
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

OKTMO = "11701000"
ADMINISTRATOR, STAFF, OF_BOTH, OF_ONE = 1, 3, 5, 6
COSY, HOME = "2901000017", "2901000024"
QUEUES = (
    "lists",
    "sheets",
    "results",
    "attachments",
    "exports",
    "erasures",
    "broadcast_jobs",
    "activity_exports",
)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoJobs]:
    with aws():
        table, now = new_table("houses"), datetime.now(UTC)
        for vk_id, role, inn in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, ""),
            (STAFF, Role.STAFF, ""),
            (OF_BOTH, Role.REPRESENTATIVE, COSY),
            (OF_BOTH, Role.REPRESENTATIVE, HOME),
            (OF_ONE, Role.REPRESENTATIVE, HOME),
        ]:
            DynamoPosts(table).give(Post(vk_id, role, Territory(OKTMO), now, "operator", inn))
        for name, value in {
            "TABLE": "houses",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
            "LISTS_BUCKET": new_bucket("lists"),
            "POSTERS_BUCKET": new_bucket("posters"),
            "BROADCASTS_BUCKET": new_bucket("broadcasts"),
            **{f"{one.upper()}_QUEUE_URL": f"https://queue.invalid/{one}" for one in QUEUES},
        }.items():
            monkeypatch.setenv(name, value)
        api.wired.cache_clear()
        yield DynamoJobs(table)
        api.wired.cache_clear()


def ask(method: str, path: str, *, vk_id: int, key: str = "") -> tuple[int, Any]:
    event = http_event(method, path, vk_id=vk_id, vk_ts=time.time())
    event["headers"] |= {"idempotency-key": key} if key else {}
    answer = api.handle(event, CONTEXT)
    return answer["statusCode"], body_of(answer)


def begun(jobs: DynamoJobs, kind: JobKind, *organisations: str) -> str:
    job = Job(
        id=f"{kind:a<16}",
        kind=kind,
        oktmo=OKTMO,
        created_by="vk:1",
        created_at=datetime.now(UTC),
        total=1,
        organisations=organisations,
    )
    return jobs.begin(job, []).id


def test_a_workbook_of_two_companies_is_not_for_who_speaks_for_one_of_them(
    jobs: DynamoJobs,
) -> None:
    job_id = begun(jobs, JobKind.COMPANIES, COSY, HOME)

    seen = {who: ask("GET", f"/jobs/{job_id}", vk_id=who)[0] for who in (STAFF, OF_BOTH, OF_ONE)}
    listed = {who: ask("GET", "/jobs", vk_id=who)[1]["total"] for who in (STAFF, OF_BOTH, OF_ONE)}

    assert seen == {STAFF: 200, OF_BOTH: 200, OF_ONE: 404}
    assert listed == {STAFF: 1, OF_BOTH: 1, OF_ONE: 0}


def test_both_companies_see_that_houses_pass_from_one_to_the_other(jobs: DynamoJobs) -> None:
    job_id = begun(jobs, JobKind.TRANSFER, COSY, HOME)

    status, _ = ask("GET", f"/jobs/{job_id}", vk_id=OF_ONE)

    assert status == 200


def test_an_erasure_is_stopped_by_who_may_begin_one_and_nobody_else(jobs: DynamoJobs) -> None:
    job_id = begun(jobs, JobKind.ERASURE)

    by_staff = [ask("POST", f"/jobs/{job_id}/{what}", vk_id=STAFF) for what in ("cancel", "retry")]
    before = jobs.get(job_id)
    by_administrator, _ = ask("POST", f"/jobs/{job_id}/cancel", vk_id=ADMINISTRATOR)

    assert [(status, body["code"]) for status, body in by_staff] == [(403, "forbidden")] * 2
    assert before
    assert before.status == JobStatus.RUNNING
    assert by_administrator == 200


def test_a_repeat_shows_the_job_as_it_is_by_now(jobs: DynamoJobs) -> None:
    job_id = begun(jobs, JobKind.COMPANIES)

    first, then = ask("POST", f"/jobs/{job_id}/cancel", vk_id=STAFF, key="c-1")
    jobs.retry(job_id, now=datetime.now(UTC))
    again, now = ask("POST", f"/jobs/{job_id}/cancel", vk_id=STAFF, key="c-1")

    assert (first, then["status"]) == (200, JobStatus.CANCELLED)
    assert (again, now["status"]) == (200, JobStatus.RUNNING)


def test_each_is_told_what_they_may_do_with_a_job_and_not_what_others_may(
    jobs: DynamoJobs,
) -> None:
    transfer, erasure = begun(jobs, JobKind.TRANSFER, HOME), begun(jobs, JobKind.ERASURE)

    can = {
        (who, job_id): ask("GET", f"/jobs/{job_id}", vk_id=who)[1]["can"]["cancel"]
        for who, job_id in [
            (ADMINISTRATOR, transfer),
            (STAFF, transfer),
            (OF_ONE, transfer),
            (ADMINISTRATOR, erasure),
            (STAFF, erasure),
        ]
    }

    assert can == {
        (ADMINISTRATOR, transfer): True,
        (STAFF, transfer): True,
        (OF_ONE, transfer): False,
        (ADMINISTRATOR, erasure): True,
        (STAFF, erasure): False,
    }
