"""Use case: write the workbook that tells what became of a broadcast."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from broadcast.list_receipts import chunks_of, receipt_of_left_out
from broadcast.name_place import name_place
from broadcast.report_book import CONTENT_TYPE, Follower, Report, write
from broadcast.report_job import BROADCAST, report_key
from housechats.domain.broadcasts import Broadcast, folder_of
from housechats.domain.jobs import Job
from housechats.domain.receipts import ChunkReceipts
from housechats.domain.territories import Territory
from housechats.domain.zones import zone_of
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Messages, Receipts
from housechats.ports.files import Files
from housechats.ports.houses import Towns
from housechats.ports.jobs import Jobs

GONE = "Рассылки, о которой нужен отчёт, уже нет."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the workbook is made of and where it is put."""

    jobs: Jobs
    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    messages: Messages
    towns: Towns
    files: Files
    """Of the bucket of broadcasts."""


def write_report(job: Job, *, desk: Desk, now: datetime) -> str:
    """Write the workbook that a job asks for, as things are now; a repeat writes it anew."""
    one = desk.broadcasts.get(job.subject[BROADCAST])
    audience = desk.audiences.get(one.audience_folder) if one else None
    if one is None or audience is None:
        desk.jobs.fail(job.id, reason=GONE, now=now)
        return "gone"
    message = desk.messages.get(folder_of(one.id))
    zone = zone_of(one.oktmo)
    report = Report(
        one=one,
        message=message,
        territory=name_place(one.oktmo, desk.towns),
        asked=audience.asked,
        followers=[
            Follower(each, _all_receipts(each, audience, desk)) for each in _followers(one, desk)
        ],
        chunks=zip(
            desk.audiences.all_chunks(audience), _all_receipts(one, audience, desk), strict=True
        ),
        left_out=(receipt_of_left_out(house) for house in desk.audiences.left_out(audience)),
        at=now,
        zone=zone,
    )
    key = report_key(job.id)
    desk.files.put(key, write(report), content_type=CONTENT_TYPE)
    file_name = f"Рассылка {one.created_at.astimezone(zone):%d.%m.%Y} {one.id}.xlsx"
    desk.jobs.finish(job.id, file_key=key, file_name=file_name, now=now)
    return "written"


def _all_receipts(one: Broadcast, audience: Audience, desk: Desk) -> Iterator[ChunkReceipts]:
    return chunks_of(desk.receipts.of(one.id), first=0, size=audience.size)


def _followers(one: Broadcast, desk: Desk) -> list[Broadcast]:
    """Return what follows a broadcast, the first one first."""
    if not one.followed_by:
        return []
    later = desk.broadcasts.of_territory(Territory(one.oktmo), since=one.created_at)
    return sorted((each for each in later if each.of == one.id), key=lambda each: each.created_at)
