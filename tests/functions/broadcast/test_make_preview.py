"""A preview of very many chats is made by a job: once, whatever happens to its worker."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from broadcast.kept_previews import Preview, find_preview
from broadcast.make_preview import GONE, make_preview
from broadcast.preview import AT_ONCE
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.posts import DynamoPosts
from housechats.domain.audiences import AllHouses, ListedHouses
from housechats.domain.broadcasts import preview_folder
from housechats.domain.jobs import JobStatus
from support.aws_mock import aws, new_table
from support.fakes import FakeFiles
from support.preview_desk import NOON, STAFF, PreviewTown, wish

LATER = NOON + timedelta(minutes=2)
ASKED = wish(AllHouses(), ListedHouses(("ул. Мира, 1", "Марфа, кв. 5")))


class FailingFiles(FakeFiles):
    """Files that cannot be put while `fails` is set."""

    fails = False

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        if self.fails:
            raise ConnectionError(key)
        super().put(key, body, content_type=content_type)


@dataclass
class Region:
    """A region with one chat more than are looked at while somebody waits."""

    town: PreviewTown
    posts: DynamoPosts
    files: FailingFiles

    def work(self) -> str:
        job = self.town.jobs.get(ASKED.id)
        assert job
        return make_preview(job, desk=self.town.desk, posts=self.posts, now=LATER)

    @property
    def status(self) -> tuple[JobStatus, str]:
        job = self.town.jobs.get(ASKED.id)
        assert job
        return job.status, job.reason

    @property
    def preview(self) -> Preview | None:
        kept = find_preview(ASKED.id, files=self.files)
        assert kept
        return kept.preview


@pytest.fixture
def region() -> Iterator[Region]:
    with aws():
        table, files = new_table("houses"), FailingFiles()
        posts = DynamoPosts(table)
        for post in STAFF.posts:
            posts.give(post)
        town = PreviewTown(DynamoJobs(table), files=files)
        first = town.build(1)
        for n in range(2, AT_ONCE + 2):
            address = replace(first.address, house=str(n))
            other = replace(first, id=f"H{n:07}", digest=f"d{n}", address=address, chat_id=n)
            town.houses.enrol(other)
        yield Region(town, posts, files)


def test_it_is_handed_over_and_made_within_the_reach_of_its_author(region: Region) -> None:
    kept = region.town.preview(ASKED)
    handed = region.town.work.take()

    outcome = region.work()

    made = region.preview
    assert kept.preview is None
    assert handed == [{"job_id": ASKED.id}]
    assert outcome == "made"
    assert region.status == (JobStatus.DONE, "")
    assert made
    assert (made.chats, made.chunks) == (AT_ONCE + 1, AT_ONCE // 100 + 1)
    # What was pasted is told by its place alone, as it was when it was read: its text is not kept.
    assert [part.houses for part in made.parts] == [AT_ONCE + 1, 1]
    assert [(one.part, one.line, one.text) for one in made.not_found] == [(2, 2, "")]
    assert made.expires_at == LATER + timedelta(hours=1)


def test_killed_and_run_again_it_leaves_the_same(region: Region) -> None:
    region.town.preview(ASKED)
    region.files.fails = True
    with pytest.raises(ConnectionError):
        region.work()
    killed = region.town.audiences.get(preview_folder(ASKED.id))
    region.files.fails = False

    outcomes = region.work(), region.work()

    assert outcomes == ("made", "made")
    assert region.town.audiences.get(preview_folder(ASKED.id)) == killed
    assert region.status[0] == JobStatus.DONE


def test_an_author_who_has_lost_the_post_gets_a_preview_for_nobody(region: Region) -> None:
    region.town.preview(ASKED)
    for post in STAFF.posts:
        assert region.posts.end(post, by="vk:9", now=LATER)

    region.work()

    made = region.preview
    assert made
    assert made.chats == 0


def test_of_a_request_that_is_gone_the_job_says_so(region: Region) -> None:
    region.town.preview(ASKED)
    region.files.bodies.clear()

    outcome = region.work()

    assert outcome == "gone"
    assert region.status == (JobStatus.FAILED, GONE)
