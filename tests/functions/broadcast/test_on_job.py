"""The worker of long work of broadcasts, from its message to what it leaves behind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcast import on_job
from broadcast.kept_previews import KeptPreview, find_preview, keep_preview
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import client
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.messages import S3Messages
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.table import Table
from housechats.domain.address_reading import parse
from housechats.domain.audiences import (
    AllHouses,
    MunicipalityHouses,
    OrganisationHouses,
    Side,
    StreetHouses,
    TaggedHouses,
    TheseHouses,
)
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    folder_of,
    preview_folder,
)
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.messages import Attachment, LinkButton, Message
from housechats.domain.receipts import Recipient
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import new_community
from support.lambda_context import CONTEXT
from support.preview_desk import COSY, FIRST, OKTMO, REGION, STAFF, wish

NOW = datetime.now(UTC)
ASKED = wish(
    AllHouses(),
    TheseHouses(("H0SE0001",)),
    StreetHouses("ул. Мира", Side.EVEN, 2, 48, OKTMO),
    MunicipalityHouses(OKTMO),
    OrganisationHouses(COSY),
    TaggedHouses("лифт"),
    message=Message(
        "Официально · Администрация города · Новости",
        "{адрес}: завтра не будет воды.",
        NOW,
        (LinkButton("Подробнее", "https://gosuslugi.ru"),),
        Attachment("previews/0123456789abcdef/file", "план.pdf", image=False),
    ),
)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with aws():
        for name, value in {
            "TABLE": "houses",
            "LISTS_BUCKET": new_bucket("lists"),
            "BROADCASTS_BUCKET": new_bucket("broadcasts"),
            "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:123456789012:starts",
            "SCHEDULES_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
            "SCHEDULES_GROUP": "broadcasts",
            "LEASE_SECONDS": "120",
            **{
                f"{queue.upper()}_QUEUE_URL": client("sqs").create_queue(QueueName=queue)[
                    "QueueUrl"
                ]
                for queue in ("starts", "deliveries", "emergencies")
            },
        }.items():
            monkeypatch.setenv(name, value)
        on_job.wired.cache_clear()
        yield new_table("houses")
        on_job.wired.cache_clear()


def handed(body: dict[str, str | int]) -> Any:
    event = {"Records": [{"messageId": "1", "body": json.dumps(body)}]}
    return on_job.handle(event, CONTEXT)


def work(table: Table) -> tuple[Any, Job]:
    answer = handed({"job_id": ASKED.id})
    job = DynamoJobs(table).get(ASKED.id)
    assert job
    return answer, job


def begin(table: Table) -> None:
    job = Job(ASKED.id, JobKind.PREVIEW, OKTMO, ASKED.by, NOW, total=1)
    DynamoJobs(table).begin(job, [])


def test_a_preview_that_was_asked_for_is_there_when_the_job_is_done(table: Table) -> None:
    address, _ = parse("г. Архангельск, ул. Мира, д. 12")
    assert address
    digest = digest_of(OKTMO, address)
    planned = House(code_of(digest), digest, OKTMO, address, FIRST, NOW)
    houses, files = DynamoHouses(table), S3Files("broadcasts")
    houses.enrol(planned)
    houses.claim_opening(planned.id, now=NOW, lease_until=NOW)
    houses.made(planned.id, chat_id=5, now=NOW)
    houses.opened(planned.id, link="https://vk.me/join/1", cmid=1)
    community = replace(new_community(FIRST, REGION), revision=1)
    DynamoCommunities(table).connect(community, instead_of=None)
    for post in STAFF.posts:
        DynamoPosts(table).give(post)
    keep_preview(KeptPreview(ASKED), files=files)
    begin(table)

    answer, job = work(table)

    kept = find_preview(ASKED.id, files=files)
    audience = S3Audiences(files).get(preview_folder(ASKED.id))
    assert answer == {"batchItemFailures": []}
    assert (job.status, job.done) == (JobStatus.DONE, 1)
    assert kept is not None
    assert [*kept.wish.parts] == [*ASKED.parts]
    assert kept.preview
    assert kept.preview.samples[0].text.endswith("ул. Мира, д. 12: завтра не будет воды.")
    assert audience
    assert [chat.chat_id for chat in S3Audiences(files).chunk(audience, 0)] == [5]
    assert S3Messages(files).get(preview_folder(ASKED.id)) == ASKED.message


def test_a_job_whose_request_is_gone_says_so(table: Table) -> None:
    begin(table)

    answer, job = work(table)

    assert answer == {"batchItemFailures": []}
    assert job.status == JobStatus.FAILED
    assert job.reason.startswith("Проверка устарела")


def test_a_job_that_is_over_is_left_alone(table: Table) -> None:
    begin(table)
    DynamoJobs(table).cancel(ASKED.id, now=NOW)

    answer, job = work(table)

    assert answer == {"batchItemFailures": []}
    assert job.status == JobStatus.CANCELLED


def over(table: Table, failure: str) -> Broadcast:
    """Keep an emergency to two chats that is over; to one of them it was not sent."""
    now, broadcast_id = NOW.replace(microsecond=0), "b" * 16
    chats = [(FIRST, Recipient(f"H{n:07d}", n, f"Садовая, {n}")) for n in (1, 2)]
    S3Audiences(S3Files("broadcasts")).write(folder_of(broadcast_id), chats, together=100)
    receipts = DynamoReceipts(table)
    lease = now + timedelta(minutes=1)
    claimed = receipts.claim(broadcast_id, 0, now=now, lease_until=lease).receipts
    noted = replace(claimed, cmids={0: 7}, failures={1: failure}, finished_at=now)
    assert receipts.finish(broadcast_id, noted)
    return DynamoBroadcasts(table).add(
        Broadcast(
            id=broadcast_id,
            deed=Deed.MESSAGE,
            lane=BroadcastLane.EMERGENCY,
            oktmo=OKTMO,
            inn="",
            created_by="vk:1",
            created_at=now,
            beginning="Воды не будет.",
            chats=2,
            chunks=1,
            people=20,
            state=BroadcastState.DONE,
            held_for=None,
            started_at=now,
            finished_at=now,
            sent=1,
            failed=1,
            finished={FIRST: 1},
        )
    )


def waiting(queue: str) -> list[Any]:
    """Take what waits in a queue."""
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"]) for one in found]


def test_a_broadcast_that_somebody_wants_retried_goes_on_however_often_it_is_said(
    table: Table,
) -> None:
    one = over(table, "not_done")

    answers = [handed({"broadcast_id": one.id, "revision": 1}) for _ in range(2)]

    after = DynamoBroadcasts(table).get(one.id)
    assert answers == [{"batchItemFailures": []}] * 2
    assert after
    assert (after.state, after.failed, after.revision) == (BroadcastState.RUNNING, 0, 2)
    assert DynamoReceipts(table).get(one.id, 0).left_of(2) == [1]
    assert waiting("emergencies") == [{"broadcast_id": one.id, "chunk": 0}] * 2


@pytest.mark.parametrize("broadcast_id", ["b" * 16, "c" * 16])
def test_where_nothing_can_be_retried_or_nothing_is_there_it_is_over(
    table: Table, broadcast_id: str
) -> None:
    one = over(table, "too_late")

    answer = handed({"broadcast_id": broadcast_id, "revision": 1})

    assert answer == {"batchItemFailures": []}
    assert DynamoBroadcasts(table).get(one.id) == one
    assert waiting("emergencies") == []


def test_a_report_is_a_file_when_its_job_is_done(table: Table) -> None:
    one = over(table, "too_late")
    subject = {"broadcast_id": one.id}
    job = Job(ASKED.id, JobKind.REPORT, OKTMO, "vk:1", NOW, total=1, subject=subject)
    DynamoJobs(table).begin(job, [])

    answer, done = work(table)

    assert answer == {"batchItemFailures": []}
    assert (done.status, done.file_key) == (JobStatus.DONE, f"reports/{job.id}.xlsx")
    assert (S3Files("broadcasts").get(done.file_key) or b"").startswith(b"PK")
