"""What broadcasts say, and when they start, is kept the same way in memory and with AWS."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.adapters.files import S3Files
from housechats.adapters.messages import S3Messages
from housechats.adapters.starts import SchedulerStarts
from housechats.domain.messages import Attachment, LinkButton, Message
from housechats.ports.broadcasts import Messages, Starts
from support.broadcast_fakes import FakeMessages, FakeStarts
from support.fakes import FakeQueue

NOW = datetime(2027, 1, 11, 3, 0, tzinfo=UTC)
EVENING = NOW + timedelta(hours=15)
QUEUE, ROLE = (
    "arn:aws:sqs:eu-central-1:123456789012:starts",
    "arn:aws:iam::123456789012:role/starts",
)
Planned = Callable[[], dict[str, datetime]]


@pytest.fixture(params=["in memory", "in a bucket"])
def messages(request: pytest.FixtureRequest) -> Messages:
    if request.param == "in memory":
        return FakeMessages()
    return S3Messages(S3Files(request.getfixturevalue("bucket")))


@pytest.fixture
def group(_aws: None) -> str:
    """Give a group of schedules with nothing in it."""
    name = f"group-{len(client('scheduler').list_schedule_groups()['ScheduleGroups'])}"
    client("scheduler").create_schedule_group(Name=name)
    return name


@pytest.fixture(params=["in memory", "with AWS"])
def starts(request: pytest.FixtureRequest) -> tuple[Starts, Planned]:
    if request.param == "in memory":
        fake = FakeStarts()
        return fake, lambda: fake.planned
    name = request.getfixturevalue("group")
    return scheduler(name, FakeQueue()), lambda: planned_in(name)


def scheduler(group: str, queue: FakeQueue, asked: Any = None) -> SchedulerStarts:
    return SchedulerStarts(group, queue, queue_arn=QUEUE, role_arn=ROLE, scheduler=asked)


def schedules_of(group: str) -> list[dict[str, Any]]:
    aws = client("scheduler")
    names = [one["Name"] for one in aws.list_schedules(GroupName=group)["Schedules"]]
    return [aws.get_schedule(Name=name, GroupName=group) for name in names]


def planned_in(group: str) -> dict[str, datetime]:
    return {
        json.loads(one["Target"]["Input"])["broadcast_id"]: datetime.strptime(
            one["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)"
        ).replace(tzinfo=UTC)
        for one in schedules_of(group)
    }


@pytest.mark.parametrize(
    "message",
    [
        Message("Официально · Администрация", "Нет воды\nдо вечера"),
        Message(
            "Официально · Администрация",
            "{адрес}: нет воды",
            until=datetime(2027, 1, 11, 18, 30, tzinfo=timezone(timedelta(hours=3))),
            buttons=(LinkButton("Где вода", "https://vk.com/app1#a"), LinkButton("112", "tel:112")),
            attachment=Attachment("broadcasts/b-1/file", "Схема.pdf", image=False),
        ),
    ],
)
def test_a_message_comes_back_as_it_was(messages: Messages, message: Message) -> None:
    messages.put("broadcasts/b-1", message)

    assert messages.get("broadcasts/b-1") == message
    assert messages.get("broadcasts/b-2") is None


def test_the_last_message_of_a_broadcast_counts(messages: Messages) -> None:
    for text in ("Нет воды", "Нет света"):
        messages.put("previews/b-1", Message("Официально", text))

    assert messages.get("previews/b-1") == Message("Официально", "Нет света")


def test_a_start_planned_anew_takes_the_place_of_the_one_before(
    starts: tuple[Starts, Planned],
) -> None:
    clock, planned = starts

    clock.plan("b-1", at=EVENING, now=NOW)
    clock.plan("b-2", at=EVENING, now=NOW)
    clock.plan("b-1", at=EVENING + timedelta(days=1), now=NOW)

    assert planned() == {"b-1": EVENING + timedelta(days=1), "b-2": EVENING}


def test_a_cancelled_start_is_planned_no_more(starts: tuple[Starts, Planned]) -> None:
    clock, planned = starts
    clock.plan("b-1", at=EVENING, now=NOW)

    for broadcast_id in ("b-1", "b-1", "b-2"):
        clock.cancel(broadcast_id)

    assert planned() == {}


def test_a_later_start_is_a_schedule_that_fires_once_into_the_queue(group: str) -> None:
    queue = FakeQueue()
    moscow = timezone(timedelta(hours=3))
    at = datetime(2027, 1, 11, 21, 30, 59, 1000, tzinfo=moscow)

    scheduler(group, queue).plan("b-1", at=at, now=NOW)

    (schedule,) = schedules_of(group)
    assert schedule["ScheduleExpression"] == "at(2027-01-11T18:31:00)"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert (schedule["Target"]["Arn"], schedule["Target"]["RoleArn"]) == (QUEUE, ROLE)
    assert json.loads(schedule["Target"]["Input"]) == {"broadcast_id": "b-1"}
    assert queue.bodies == []


@pytest.mark.parametrize(
    ("wait", "delay"),
    [
        pytest.param(timedelta(seconds=10), [10], id="the hold"),
        pytest.param(timedelta(seconds=9.001), [10], id="never too early"),
        pytest.param(timedelta(minutes=15), [900], id="the longest that a queue allows"),
        pytest.param(timedelta(), [], id="at once"),
        pytest.param(timedelta(hours=-1), [], id="past"),
    ],
)
def test_a_soon_start_is_kept_back_in_the_queue(
    group: str, wait: timedelta, delay: list[int]
) -> None:
    queue = FakeQueue()

    scheduler(group, queue).plan("b-1", at=NOW + wait, now=NOW)

    assert queue.bodies == [{"broadcast_id": "b-1"}]
    assert queue.delays == delay
    assert schedules_of(group) == []


def test_what_starts_twice_does_so_under_two_names(group: str) -> None:
    opening = SchedulerStarts(group, FakeQueue(), queue_arn=QUEUE, role_arn=ROLE, kind="discussion")
    emptying = SchedulerStarts(
        group, FakeQueue(), queue_arn=QUEUE, role_arn=ROLE, kind="discussion", name="cleanup"
    )

    for starts in (opening, emptying, scheduler(group, FakeQueue())):
        starts.plan("d-1", at=EVENING, now=NOW)

    schedules = {one["Name"]: json.loads(one["Target"]["Input"]) for one in schedules_of(group)}
    assert schedules == {
        "discussion-d-1": {"discussion_id": "d-1"},
        "cleanup-d-1": {"discussion_id": "d-1"},
        "broadcast-d-1": {"broadcast_id": "d-1"},
    }


class Refusing:
    """Says no to everything."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def refuse(**_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, name)

        return refuse


def test_what_the_scheduler_refuses_is_heard_of() -> None:
    starts = scheduler("group", FakeQueue(), Refusing())

    with pytest.raises(ClientError):
        starts.plan("b-1", at=EVENING, now=NOW)
    with pytest.raises(ClientError):
        starts.cancel("b-1")
