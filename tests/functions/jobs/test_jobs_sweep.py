"""Long work whose worker died goes on, whatever it is."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.jobs import LOOKED_AT_AFTER, DynamoJobs
from housechats.domain.hand_overs import ENOUGH
from housechats.domain.jobs import Job, JobKind, JobStatus
from jobs.hand_over import GIVEN_UP, NOT_BEFORE, Workers, hand_over_due
from support.aws_mock import aws, new_table
from support.fakes import FakeQueue

NOW = datetime.now(UTC).replace(microsecond=0)  # the table drops what has expired
DUE = NOW + LOOKED_AT_AFTER + timedelta(seconds=1)
JOB = Job("0123456789abcdef", JobKind.TRANSFER, "11701000", "vk:1", NOW, total=3)


@pytest.fixture
def jobs() -> Iterator[DynamoJobs]:
    with aws():
        yield DynamoJobs(new_table("houses"))


def swept(
    jobs: DynamoJobs, now: datetime = DUE, *, at_most: int = 9
) -> dict[str, list[dict[str, str | int]]]:
    """Return what a sweep has handed over, by queue."""
    queues = {field.name: FakeQueue() for field in fields(Workers)}
    there_is_time = iter([True] * at_most + [False])
    count = hand_over_due(
        jobs=jobs,
        workers=Workers(**queues),
        has_time=lambda: next(there_is_time),
        now=now,
    )
    handed = {name: queue.bodies for name, queue in queues.items() if queue.bodies}
    assert count == len(handed)
    return handed


@pytest.mark.parametrize(
    ("kind", "queue"),
    [
        pytest.param(JobKind.POSTERS, "sheets", id="posters"),
        pytest.param(JobKind.RESULT, "results", id="the workbook of a list"),
        pytest.param(JobKind.COMPANIES, "exports", id="the workbook of companies"),
        pytest.param(JobKind.ERASURE, "erasures", id="an erasure"),
        pytest.param(JobKind.PREVIEW, "broadcast_jobs", id="a preview of many chats"),
        pytest.param(JobKind.REPORT, "broadcast_jobs", id="the report of a broadcast"),
        pytest.param(JobKind.ACTIVITY, "activity_exports", id="the workbook of activity"),
    ],
)
def test_work_that_nobody_goes_on_with_is_handed_over_as_a_whole(
    jobs: DynamoJobs, kind: JobKind, queue: str
) -> None:
    jobs.begin(replace(JOB, kind=kind), [])

    handed = swept(jobs)

    assert handed == {queue: [{"job_id": JOB.id}]}


def test_of_work_in_parts_those_that_are_left_are_handed_over(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, [["A"], ["B"], ["C"]])
    first = jobs.chunk(JOB.id, 0)
    assert first
    jobs.finish_chunk(JOB.id, first, failed={}, now=NOW)

    handed = swept(jobs)

    assert handed == {"attachments": [{"job_id": JOB.id, "chunk": part} for part in (1, 2)]}


def test_work_that_was_handed_over_is_left_to_its_worker_for_a_while(jobs: DynamoJobs) -> None:
    jobs.begin(replace(JOB, kind=JobKind.COMPANIES), [])
    swept(jobs)

    soon = swept(jobs, DUE + timedelta(minutes=1))
    later = swept(jobs, DUE + NOT_BEFORE)

    assert (soon, later) == ({}, {"exports": [{"job_id": JOB.id}]})


def test_a_sweep_hands_over_what_fits_into_its_time_and_the_next_one_the_rest(
    jobs: DynamoJobs,
) -> None:
    jobs.begin(replace(JOB, kind=JobKind.COMPANIES), [])
    jobs.begin(replace(JOB, id="f" * 16, kind=JobKind.ERASURE), [])

    found = [swept(jobs, at_most=1) for _ in range(3)]

    assert [len(handed) for handed in found] == [1, 1, 0]
    assert found[0] | found[1] == {
        "exports": [{"job_id": JOB.id}],
        "erasures": [{"job_id": "f" * 16}],
    }


def test_work_that_always_fails_is_given_up_after_a_day_and_a_person_may_begin_it_again(
    jobs: DynamoJobs,
) -> None:
    jobs.begin(JOB, [["A"]])
    handed_over_at = sweep_for_two_days(jobs)
    given_up = jobs.get(JOB.id)

    jobs.retry(JOB.id, now=DUE)
    again = sweep_for_two_days(jobs)

    assert given_up
    assert (given_up.status, given_up.reason) == (JobStatus.FAILED, GIVEN_UP)
    assert given_up.may_retry
    assert len(handed_over_at) == len(again) == ENOUGH
    assert timedelta(hours=18) < handed_over_at[-1] < timedelta(hours=24)


def test_work_that_goes_on_slowly_is_not_given_up(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, [["A"], ["B"]])
    for _ in range(ENOUGH):
        jobs.handed_over(JOB.id, until=NOW)
    first = jobs.chunk(JOB.id, 0)
    assert first
    jobs.finish_chunk(JOB.id, first, failed={}, now=NOW)

    handed = swept(jobs)

    assert handed == {"attachments": [{"job_id": JOB.id, "chunk": 1}]}


def test_work_of_which_only_the_end_is_lacking_is_ended(
    jobs: DynamoJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.begin(JOB, [["A"]])
    finish_and_die(jobs, monkeypatch)

    handed = swept(jobs)

    job = jobs.get(JOB.id)
    assert job
    assert (handed, job.status) == ({}, JobStatus.DONE)


def test_an_erasure_of_which_only_the_end_is_lacking_is_ended_by_its_worker(
    jobs: DynamoJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.begin(replace(JOB, kind=JobKind.ERASURE), [["records"]])
    finish_and_die(jobs, monkeypatch)

    handed = swept(jobs)

    assert handed == {"erasures": [{"job_id": JOB.id}]}


def test_work_that_was_stopped_stays_so(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, [["A"]])
    jobs.cancel(JOB.id, now=NOW)

    assert swept(jobs) == {}


def sweep_for_two_days(jobs: DynamoJobs) -> list[timedelta]:
    """Return after what times the job was handed over."""
    times = (NOT_BEFORE * n for n in range(timedelta(days=2) // NOT_BEFORE))
    return [time for time in times if swept(jobs, DUE + time)]


def finish_and_die(jobs: DynamoJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the only part of a job, and die before the job is ended."""
    part = jobs.chunk(JOB.id, 0)
    assert part
    with monkeypatch.context() as dying:
        dying.setattr(jobs, "end", lambda *_, **__: None)
        jobs.finish_chunk(JOB.id, part, failed={}, now=NOW)
