"""A part of a job is counted once, whatever the queue does; what failed can be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.jobs import LOOKED_AT_AFTER, DynamoJobs
from housechats.adapters.table import Table
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.territories import Territory

NOW = datetime.now(UTC).replace(microsecond=0)  # the table drops what has expired
LATER = NOW + timedelta(minutes=1)
MUCH_LATER = LATER + LOOKED_AT_AFTER + timedelta(seconds=1)
PARTS = [["A", "B"], ["C", "D"], ["E"]]
JOB = Job(
    id="0123456789abcdef",
    kind=JobKind.TRANSFER,
    oktmo="11701000",
    created_by="vk:1",
    created_at=NOW,
    total=5,
    subject={"inn": "2901000016", "to": "2901000023"},
    organisations=("2901000016", "2901000023"),
)
FILE = replace(JOB, id="fedcba9876543210", kind=JobKind.RESULT, total=1)


@pytest.fixture
def jobs(table: Table) -> DynamoJobs:
    return DynamoJobs(table)


def finished(
    jobs: DynamoJobs,
    failed: Mapping[str, str],
    *,
    now: datetime = LATER,
    parts: Sequence[int] = (0, 1, 2),
) -> Job:
    """Have parts done; return the job after them."""
    for number in parts:
        chunk = jobs.chunk(JOB.id, number)
        assert chunk
        of_it = {thing: why for thing, why in failed.items() if thing in chunk.things}
        jobs.finish_chunk(JOB.id, chunk, failed=of_it, now=now)
    job = jobs.get(JOB.id)
    assert job
    return job


def numbers(job: Job | None) -> tuple[str, int, int]:
    assert job
    return job.status, job.done, job.failed


def test_a_job_is_kept_whole_and_begun_once(jobs: DynamoJobs) -> None:
    begun = jobs.begin(JOB, PARTS)
    again = jobs.begin(replace(JOB, total=9), [["Z"]])

    assert begun == again == replace(JOB, chunks=3)
    assert [list(chunk.things) for chunk in jobs.chunks(JOB.id)] == PARTS
    assert jobs.get("nobody's") is None


def test_nothing_is_left_of_a_try_that_died_before_the_job_was_there(
    jobs: DynamoJobs, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = table.put
    with monkeypatch.context() as dying:
        dying.setattr(table, "put", lambda item, **how: "chunks" in item or put(item, **how))
        jobs.begin(replace(JOB, total=7), [["X", "Y"], ["Z"], ["V"], ["W"]])

    begun = jobs.begin(JOB, PARTS)

    assert begun == replace(JOB, chunks=3)
    assert [list(chunk.things) for chunk in jobs.chunks(JOB.id)] == PARTS
    assert numbers(finished(jobs, {})) == ("done", 5, 0)
    assert jobs.retry(JOB.id, now=LATER) == []


def test_hand_overs_are_counted_until_the_job_comes_further(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    counts = []
    for further in (
        lambda: None,
        lambda: finished(jobs, {}, parts=[0]),
        lambda: (jobs.cancel(JOB.id, now=LATER), jobs.retry(JOB.id, now=LATER)),
    ):
        further()
        jobs.handed_over(JOB.id, until=MUCH_LATER)
        jobs.handed_over(JOB.id, until=MUCH_LATER)
        job = jobs.get(JOB.id)
        assert job
        counts.append(job.hand_overs)

    assert counts == [2, 2, 2]
    assert jobs.due(MUCH_LATER - timedelta(seconds=1), limit=80) == []
    assert jobs.due(MUCH_LATER, limit=80) == [JOB.id]


def test_a_job_that_is_over_is_not_made_due_by_a_late_sweep(jobs: DynamoJobs) -> None:
    jobs.begin(FILE, [])
    jobs.cancel(FILE.id, now=LATER)

    jobs.handed_over(FILE.id, until=MUCH_LATER)

    assert jobs.due(MUCH_LATER, limit=80) == []


def test_a_job_is_done_with_its_last_part(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)

    before = finished(jobs, {"B": "Дом передан раньше."}, parts=[0, 1])
    after = finished(jobs, {}, parts=[2])

    assert numbers(before) == ("running", 3, 1)
    assert (numbers(after), after.finished_at) == (("done", 4, 1), LATER)
    assert jobs.due(MUCH_LATER + timedelta(days=1), limit=80) == []


def test_a_part_that_comes_again_is_not_counted_again(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    chunk = jobs.chunk(JOB.id, 0)
    assert chunk

    first = jobs.finish_chunk(JOB.id, chunk, failed={"A": "Нет."}, now=LATER)
    again = jobs.finish_chunk(JOB.id, chunk, failed={}, now=LATER)

    assert numbers(first) == ("running", 1, 1)
    assert again is None
    assert numbers(jobs.get(JOB.id)) == ("running", 1, 1)


def test_what_failed_is_done_again_and_counted_anew(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    finished(jobs, {"B": "Нет.", "C": "Нет."})

    parts = jobs.retry(JOB.id, now=LATER)
    running = jobs.get(JOB.id)
    done = finished(jobs, {"C": "Всё ещё нет."}, parts=parts)

    assert parts == [0, 1]
    assert numbers(running) == ("running", 3, 2)
    assert numbers(done) == ("done", 4, 1)


def test_a_retry_that_is_repeated_begins_nothing_twice(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    finished(jobs, {"B": "Нет."})

    assert jobs.retry(JOB.id, now=LATER) == jobs.retry(JOB.id, now=LATER) == [0]
    assert numbers(finished(jobs, {}, parts=[0])) == ("done", 5, 0)


def test_a_stopped_job_stays_stopped_until_somebody_lets_it_go_on(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    finished(jobs, {}, parts=[0])

    stopped = jobs.cancel(JOB.id, now=LATER)
    again = jobs.cancel(JOB.id, now=MUCH_LATER)
    late = finished(jobs, {}, parts=[1])

    assert (stopped, again) == (True, False)
    # Who was at it finishes it: it is counted, and the job stays what it is.
    assert numbers(late) == ("cancelled", 4, 0)
    assert late.finished_at == LATER
    assert jobs.due(MUCH_LATER + timedelta(days=1), limit=80) == []
    assert jobs.retry(JOB.id, now=LATER) == [2]
    assert numbers(finished(jobs, {}, parts=[2])) == ("done", 5, 0)


def test_a_stopped_job_whose_last_part_was_at_work_is_done_when_it_goes_on(
    jobs: DynamoJobs,
) -> None:
    jobs.begin(JOB, PARTS)
    jobs.cancel(JOB.id, now=LATER)
    stopped = finished(jobs, {})

    parts = jobs.retry(JOB.id, now=MUCH_LATER)

    assert numbers(stopped) == ("cancelled", 5, 0)
    assert (parts, numbers(jobs.get(JOB.id))) == ([], ("done", 5, 0))
    assert jobs.due(MUCH_LATER + timedelta(days=1), limit=80) == []


def test_who_stops_a_job_that_lacks_only_its_end_finds_it_done(
    jobs: DynamoJobs, table: Table
) -> None:
    jobs.begin(JOB, PARTS)
    finished(jobs, {"B": "Нет."})
    table.update(f"JOB#{JOB.id}", "JOB", "SET #status = :running", running="running")

    stopped = jobs.cancel(JOB.id, now=MUCH_LATER)

    assert (stopped, numbers(jobs.get(JOB.id))) == (False, ("done", 4, 1))


def test_a_job_that_makes_a_file_is_done_with_it(jobs: DynamoJobs) -> None:
    jobs.begin(FILE, [])

    jobs.finish(FILE.id, file_key="results/1.xlsx", file_name="Дома.xlsx", now=LATER)

    done = jobs.get(FILE.id)
    assert done
    assert numbers(done) == ("done", 1, 0)
    assert (done.file_key, done.file_name) == ("results/1.xlsx", "Дома.xlsx")


def test_a_job_that_came_to_nothing_says_why_until_it_is_begun_anew(jobs: DynamoJobs) -> None:
    jobs.begin(FILE, [])
    jobs.fail(FILE.id, reason="Ни один чат не открыт.", now=LATER)
    failed = jobs.get(FILE.id)

    jobs.retry(FILE.id, now=LATER)

    anew = jobs.get(FILE.id)
    assert failed
    assert anew
    assert (failed.status, failed.reason) == ("failed", "Ни один чат не открыт.")
    assert (anew.status, anew.reason, anew.finished_at) == ("running", "", None)


def test_what_is_over_cannot_fail_or_be_finished_any_more(jobs: DynamoJobs) -> None:
    jobs.begin(FILE, [])
    jobs.cancel(FILE.id, now=LATER)

    jobs.fail(FILE.id, reason="Поздно.", now=MUCH_LATER)
    jobs.finish(FILE.id, file_key="results/1.xlsx", file_name="Дома.xlsx", now=MUCH_LATER)

    assert jobs.get(FILE.id) == replace(FILE, status=JobStatus.CANCELLED, finished_at=LATER)


def test_a_job_that_nobody_goes_on_with_is_found_and_one_that_goes_on_is_not(
    jobs: DynamoJobs,
) -> None:
    jobs.begin(JOB, PARTS)
    at_first = jobs.due(NOW + LOOKED_AT_AFTER, limit=80)
    finished(jobs, {}, parts=[0], now=NOW + LOOKED_AT_AFTER)

    moving = jobs.due(MUCH_LATER, limit=80)
    stuck = jobs.due(MUCH_LATER + LOOKED_AT_AFTER, limit=80)

    assert (at_first, moving, stuck) == ([JOB.id], [], [JOB.id])


def test_a_job_whose_end_nobody_noted_is_ended(jobs: DynamoJobs, table: Table) -> None:
    jobs.begin(JOB, PARTS)
    finished(jobs, {})
    table.update(f"JOB#{JOB.id}", "JOB", "SET #status = :running", running="running")

    ended = jobs.end(JOB.id, now=MUCH_LATER)

    assert numbers(ended) == ("done", 5, 0)


def test_a_job_with_work_left_is_not_ended(jobs: DynamoJobs) -> None:
    jobs.begin(JOB, PARTS)
    jobs.begin(FILE, [])

    assert [numbers(jobs.end(job.id, now=LATER))[0] for job in (JOB, FILE)] == ["running"] * 2


def test_a_territory_has_its_own_jobs_the_newest_first(jobs: DynamoJobs) -> None:
    elsewhere = replace(JOB, id="e" * 16, oktmo="11811000")
    newer = replace(JOB, id="a" * 16, created_at=LATER)
    for job in (JOB, elsewhere, newer):
        jobs.begin(job, [])

    assert [job.id for job in jobs.of_territory(Territory("11"))] == [newer.id, JOB.id]
    assert [job.id for job in jobs.of_territory(Territory("118"))] == [elsewhere.id]
