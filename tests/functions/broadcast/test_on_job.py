"""The worker of long work of broadcasts, from its message to what it leaves behind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from broadcast import on_job
from broadcast.kept_previews import KeptPreview, find_preview, keep_preview
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.messages import S3Messages
from housechats.adapters.posts import DynamoPosts
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
from housechats.domain.broadcasts import preview_folder
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.messages import Attachment, LinkButton, Message
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
        settings = {"TABLE": "houses", "LISTS_BUCKET": "lists", "BROADCASTS_BUCKET": "broadcasts"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        for bucket in ("lists", "broadcasts"):
            new_bucket(bucket)
        on_job.wired.cache_clear()
        yield new_table("houses")
        on_job.wired.cache_clear()


def work(table: Table) -> tuple[Any, Job]:
    event = {"Records": [{"messageId": "1", "body": json.dumps({"job_id": ASKED.id})}]}
    answer = on_job.handle(event, CONTEXT)
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
