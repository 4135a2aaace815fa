"""Workers of people, from their events to what they leave behind."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.aws import client
from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.people import DynamoElders
from housechats.domain.erasure import Erasure, Person
from housechats.domain.invitations import LASTS, Invitation
from housechats.domain.jobs import JobStatus
from housechats.domain.people import Elder, Post, Role
from housechats.domain.territories import Territory
from people import on_due, on_erasure, on_forget, on_invitation
from support.lambda_context import CONTEXT
from support.people_door import ADMINISTRATOR, OKTMO, PeopleDoor, people_door

NOW = datetime.now(UTC)
PHONE = "+79161230099"
ELDER = Elder("Забываева Мария", PHONE, 909090)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        for name in ("invitations", "erasures"):
            url = client("sqs").create_queue(QueueName=name)["QueueUrl"]
            monkeypatch.setenv(f"{name.upper()}_QUEUE_URL", url)
        monkeypatch.setenv("LEASE_SECONDS", "120")
        for module in (on_due, on_erasure, on_forget, on_invitation):
            module.wired.cache_clear()
        yield opened
        for module in (on_due, on_erasure, on_forget, on_invitation):
            module.wired.cache_clear()


def invite(door: PeopleDoor) -> str:
    one = Invitation("0" * 16, "7707083893", OKTMO, PHONE, "vk:1", NOW, NOW + LASTS)
    DynamoInvitations(door.table).add(one)
    return one.id


def event(**body: str) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "body": json.dumps(body)}]}


def queued(name: str) -> list[Any]:
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def keep_elder(door: PeopleDoor) -> None:
    until = NOW + timedelta(days=30)
    DynamoElders(door.table).put(ELDER.id("a key", OKTMO), ELDER, house_ids=set(), until=until)


def test_an_invitation_is_sent_to_its_phone(
    door: PeopleDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation_id = invite(door)

    answer = on_invitation.handle(event(invitation_id=invitation_id), CONTEXT)

    kept = DynamoInvitations(door.table).get(invitation_id)
    assert answer == {"batchItemFailures": []}
    assert kept
    assert kept.state == "sent"
    assert PHONE not in capsys.readouterr().out


def test_the_sweep_hands_over_an_invitation_that_nobody_sends(door: PeopleDoor) -> None:
    invitation_id = invite(door)

    on_due.handle({}, CONTEXT)

    assert queued("invitations") == [{"invitation_id": invitation_id}]


def test_a_worker_forgets_and_ends_the_job(
    door: PeopleDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    invite(door)
    job = door.ask("POST", "/erasures", {"phone": PHONE})[1]

    answer = on_erasure.handle(event(job_id=job["id"]), CONTEXT)

    done = DynamoJobs(door.table).get(job["id"])
    assert answer == {"batchItemFailures": []}
    assert done
    assert (done.status, done.failed) == (JobStatus.DONE, 0)
    assert DynamoInvitations(door.table).get("0" * 16) is None
    assert PHONE not in capsys.readouterr().out


def test_a_job_whose_request_is_closed_says_so(door: PeopleDoor) -> None:
    job = door.ask("POST", "/erasures", {"phone": PHONE})[1]
    door.table.delete(f"ERASURE#{job['id']}", "ERASURE")

    on_erasure.handle(event(job_id=job["id"]), CONTEXT)

    failed = DynamoJobs(door.table).get(job["id"])
    assert failed
    assert (failed.status, "попросите" in failed.reason) == (JobStatus.FAILED, True)


def test_a_job_of_which_only_the_end_is_lacking_is_ended(door: PeopleDoor) -> None:
    job, jobs = door.ask("POST", "/erasures", {"phone": PHONE})[1], DynamoJobs(door.table)
    on_erasure.handle(event(job_id=job["id"]), CONTEXT)
    door.table.update(f"JOB#{job['id']}", "JOB", "SET #status = :s", s="running")
    erasure = Erasure(job["id"], Person(phone=PHONE), OKTMO, "vk:1", NOW)
    door.doors.erasures.forgetting.memory.ask(erasure)

    on_erasure.handle(event(job_id=job["id"]), CONTEXT)

    ended = jobs.get(job["id"])
    assert ended
    assert ended.status == JobStatus.DONE
    assert door.table.get(f"ERASURE#{job['id']}", "ERASURE") is None


def test_an_administrator_who_became_the_last_one_stops_the_job(door: PeopleDoor) -> None:
    posts = door.doors.gate.posts
    other = Post(77, Role.ADMINISTRATOR, Territory(OKTMO), NOW, "vk:1")
    posts.give(other)
    job = door.ask("POST", "/erasures", {"vk": f"id{ADMINISTRATOR}"})[1]
    posts.end(posts.get(other.id) or other, by="vk:1", now=NOW)

    on_erasure.handle(event(job_id=job["id"]), CONTEXT)

    failed = DynamoJobs(door.table).get(job["id"])
    assert failed
    assert (failed.status, "последний" in failed.reason) == (JobStatus.FAILED, True)
    assert door.table.get(f"ERASURE#{job['id']}", "ERASURE") is None


def test_an_operator_is_shown_what_is_known_and_has_it_erased(
    door: PeopleDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_elder(door)
    who = {"phone": "8 916 123-00-99"}

    known = on_forget.handle({**who, "erase": False}, CONTEXT)["found"]
    left = on_forget.handle({**who, "erase": True}, CONTEXT)["found"]

    assert [one["where"] for one in known] == ["elder"]
    assert left == []
    assert DynamoElders(door.table).get(ELDER.id("a key", OKTMO)) is None
    said = capsys.readouterr().out
    assert PHONE not in said
    assert "Забываева" not in said


@pytest.mark.parametrize("who", [{}, {"vk_id": "1", "phone": PHONE}, {"phone": "12"}])
@pytest.mark.usefixtures("door")
def test_an_operator_who_names_nobody_is_told_how(who: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Кого забыть"):
        on_forget.handle(who, CONTEXT)
