"""Jobs and their parts over the table."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.table import (
    Change,
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    to_seconds,
)
from housechats.domain.jobs import KEPT, Job, JobChunk, JobKind, JobStatus
from housechats.domain.territories import Territory

KIND = "JOB"
LOOKED_AT_AFTER = timedelta(minutes=6)
"""When a job that nobody goes on with is handed over anew: its worker, who has 5 minutes, is done
or dead by then."""
RUNNING = "#status IN (:waiting, :running)"
HAS_WORK = "(#parts_left > :none OR #chunks = :none)"
STATES = {"waiting": JobStatus.WAITING, "running": JobStatus.RUNNING}


class DynamoJobs:
    """Keeps a job and its parts under one key; GSI1 lists a region's, GSI2 the unfinished ones."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, job: Job, parts: Sequence[Sequence[str]]) -> Job:
        if there := self.get(job.id):
            return there
        expires = to_seconds(job.created_at + KEPT)
        for number, things in enumerate(parts):
            pk, sk = _part(job.id, number)
            item = {"pk": pk, "sk": sk, "things": list(things), "failed": {}, "ttl": expires}
            # A try that died before the job was there may have listed other things. A part that
            # is finished is that of a job that has begun meanwhile.
            with suppress(ConditionFailedError):
                self._table.put(item, condition="attribute_not_exists(#finished)")
        # The job comes last: whoever sees it sees all of it.
        try:
            self._table.put(
                _item(job, chunks=len(parts), expires=expires),
                condition="attribute_not_exists(#pk)",
            )
        except ConditionFailedError as failed:
            return _job(failed.item or {})
        return self.get(job.id) or job

    def get(self, job_id: str) -> Job | None:
        item = self._table.get(*_key(job_id))
        return _job(item) if item else None

    def of_territory(self, territory: Territory) -> list[Job]:
        keys = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :prefix)",
            index="GSI1",
            region=f"JOBS#{territory.region}",
            prefix=territory.prefix,
        )
        items = self._table.get_many((item["pk"], item["sk"]) for item in keys)
        return sorted(map(_job, items), key=lambda job: job.created_at, reverse=True)

    def chunk(self, job_id: str, number: int) -> JobChunk | None:
        item = self._table.get(*_part(job_id, number))
        return _chunk(item) if item else None

    def chunks(self, job_id: str) -> list[JobChunk]:
        items = [*self._table.query_all("pk = :pk", consistent=True, pk=_pk(job_id))]
        chunks = next((item["chunks"] for item in items if item["sk"] == "JOB"), 0)
        parts = (_chunk(item) for item in items if item["sk"] != "JOB")
        # A first try to begin the job may have died with more parts than there are.
        return [part for part in parts if part.number < chunks]

    def finish_chunk(
        self, job_id: str, chunk: JobChunk, *, failed: Mapping[str, str], now: datetime
    ) -> Job | None:
        more: dict[str, Any] = {
            "done": len(chunk.things) - len(failed) - _done_before(chunk),
            "failed": len(failed) - len(chunk.failed),
        }
        part = Change(
            _part(job_id, chunk.number),
            "SET #finished = :yes, #failed = :failed",
            "attribute_not_exists(#finished) AND #failed = :was",
            {"yes": True, "failed": dict(failed), "was": dict(chunk.failed)},
        )
        counted = Change(
            _key(job_id),
            "SET #due_at = :looked_at REMOVE #hand_overs "
            "ADD #done :done, #failed :failed, #parts_left :less",
            "#parts_left > :none",
            {**more, "less": -1, "none": 0, "looked_at": now + LOOKED_AT_AFTER},
        )
        try:
            self._table.update_together([part, counted])
        except ConditionFailedError:
            return None
        return self.end(job_id, now=now)

    def end(self, job_id: str, *, now: datetime) -> Job | None:
        item = self._table.get(*_key(job_id))
        if item and item["chunks"] and not item["parts_left"]:
            self._end(job_id, {"status": JobStatus.DONE, "finished_at": now})
        return self.get(job_id)

    def finish(self, job_id: str, *, file_key: str, file_name: str, now: datetime) -> None:
        values = {
            "status": JobStatus.DONE,
            "finished_at": now,
            "file_key": file_key,
            "file_name": file_name,
        }
        self._end(job_id, values, "#done = #total")

    def fail(self, job_id: str, *, reason: str, now: datetime) -> None:
        self._end(job_id, {"status": JobStatus.FAILED, "finished_at": now, "reason": reason})

    def cancel(self, job_id: str, *, now: datetime) -> bool:
        values = {"status": JobStatus.CANCELLED, "finished_at": now}
        if self._end(job_id, values, only_if=HAS_WORK):
            return True
        self.end(job_id, now=now)
        return False

    def retry(self, job_id: str, *, now: datetime) -> list[int]:
        again = [part for part in self.chunks(job_id) if part.failed or not part.finished]
        for part in again:
            if part.finished:
                self._reopen(job_id, part)
        with suppress(ConditionFailedError):  # it runs already
            self._table.update(
                *_key(job_id),
                "SET #status = :running, #gsi2pk = :due, #due_at = :at "
                "REMOVE #finished_at, #reason, #hand_overs",
                condition="attribute_exists(#pk) AND #status IN (:done, :cancelled, :failed)",
                running=JobStatus.RUNNING,
                due=due_key(KIND, job_id),
                at=now + LOOKED_AT_AFTER,
                done=JobStatus.DONE,
                cancelled=JobStatus.CANCELLED,
                failed=JobStatus.FAILED,
            )
        if not again:
            self.end(job_id, now=now)
        return [part.number for part in again]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        keys = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("JOB#") for pk, _ in keys]

    def handed_over(self, job_id: str, *, until: datetime) -> None:
        with suppress(ConditionFailedError):  # it is over
            self._table.update(
                *_key(job_id),
                "SET #due_at = :until ADD #hand_overs :one",
                condition="attribute_exists(#due_at)",
                until=until,
                one=1,
            )

    def postpone(self, job_id: str, *, until: datetime) -> None:
        postpone(self._table, *_key(job_id), until=until)

    def _reopen(self, job_id: str, part: JobChunk) -> None:
        """Have a finished part done again: those of it that failed count as not done yet."""
        reopened = Change(
            _part(job_id, part.number),
            "REMOVE #finished",
            "#finished = :yes AND #failed = :failed",
            {"yes": True, "failed": dict(part.failed)},
        )
        counted = Change(_key(job_id), "ADD #parts_left :one", values={"one": 1})
        with suppress(ConditionFailedError):  # somebody else was first
            self._table.update_together([reopened, counted])

    def _end(self, job_id: str, values: dict[str, Any], *more: str, only_if: str = "") -> bool:
        pk, sk = _key(job_id)
        sets = ", ".join([*(f"#{name} = :{name}" for name in values), *more])
        try:
            self._table.update(
                pk,
                sk,
                f"SET {sets} REMOVE #gsi2pk, #due_at",
                condition=f"{RUNNING} AND {only_if}" if only_if else RUNNING,
                **(values | STATES | ({"none": 0} if only_if else {})),
            )
        except ConditionFailedError:
            return False
        spending.add(f"jobs_{values['status']}", 1)
        return True


def _done_before(chunk: JobChunk) -> int:
    """Return how many of a part were counted as done when it was done before."""
    return len(chunk.things) - len(chunk.failed) if chunk.failed else 0


def _item(job: Job, *, chunks: int, expires: int) -> Item:
    pk, sk = _key(job.id)
    told = asdict(job)
    unkept = ("id", "finished_at", "beyond_retry", "hand_overs", "left_seconds", "can_retry")
    for name in unkept:
        del told[name]
    return {
        **told,
        "pk": pk,
        "sk": sk,
        "chunks": chunks,
        "parts_left": chunks,
        "organisations": list(job.organisations),
        "subject": dict(job.subject),
        "gsi1pk": f"JOBS#{Territory(job.oktmo).region}",
        "gsi1sk": f"{job.oktmo}#{job.id}",
        "gsi2pk": due_key(KIND, job.id),
        "due_at": job.created_at + LOOKED_AT_AFTER,
        "ttl": expires,
    }


def _job(item: Item) -> Job:
    return Job(
        id=item["pk"].removeprefix("JOB#"),
        kind=JobKind(item["kind"]),
        oktmo=item["oktmo"],
        created_by=item["created_by"],
        created_at=_moment(item["created_at"]),
        total=item["total"],
        chunks=item["chunks"],
        done=item["done"],
        failed=item["failed"],
        status=JobStatus(item["status"]),
        finished_at=from_ms(item.get("finished_at")),
        subject=item["subject"],
        organisations=tuple(item["organisations"]),
        file_key=item["file_key"],
        file_name=item["file_name"],
        reason=item.get("reason", ""),
        hand_overs=item.get("hand_overs", 0),
    )


def _moment(ms: int) -> datetime:
    moment = from_ms(ms)
    if moment is None:
        raise ValueError(ms)
    return moment


def _chunk(item: Item) -> JobChunk:
    number = int(item["sk"].removeprefix("PART#"))
    finished = item.get("finished", False)
    return JobChunk(number, tuple(item["things"]), finished, item["failed"])


def _pk(job_id: str) -> str:
    return f"JOB#{job_id}"


def _key(job_id: str) -> tuple[str, str]:
    return _pk(job_id), "JOB"


def _part(job_id: str, number: int) -> tuple[str, str]:
    return _pk(job_id), f"PART#{number:06d}"
