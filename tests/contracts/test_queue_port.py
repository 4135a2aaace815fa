"""Work is handed over the same way in memory and through SQS."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from housechats.adapters.aws import client
from housechats.adapters.queues import SqsQueue
from housechats.ports.queues import Queue
from support.fakes import FakeQueue


class Recorded:
    """Takes what SQS is sent."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def send_message_batch(self, *, Entries: list[dict[str, Any]], **_: str) -> dict[str, Any]:  # noqa: N803
        self.entries += Entries
        return {"Successful": Entries}


Received = Callable[[], list[dict[str, str | int]]]


def _received_from(url: str) -> list[dict[str, str | int]]:
    bodies: list[dict[str, str | int]] = []
    while True:
        answer = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        if not answer.get("Messages"):
            return bodies
        bodies += [json.loads(message["Body"]) for message in answer["Messages"]]


@pytest.fixture(params=["in memory", "through SQS"])
def queue(request: pytest.FixtureRequest) -> tuple[Queue, Received]:
    if request.param == "in memory":
        fake = FakeQueue()
        return fake, fake.take
    request.getfixturevalue("_aws")
    url = client("sqs").create_queue(QueueName="work")["QueueUrl"]
    return SqsQueue(url), lambda: _received_from(url)


def test_everything_handed_over_is_received(queue: tuple[Queue, Received]) -> None:
    work, received = queue
    bodies: list[dict[str, str | int]] = [{"batch_id": "б-1", "chunk": n} for n in range(23)]

    work.send(iter(bodies))
    work.send([])

    assert sorted(received(), key=lambda body: int(body["chunk"])) == bodies


def test_what_takes_turns_and_what_is_kept_back_is_handed_over_too(
    queue: tuple[Queue, Received],
) -> None:
    work, received = queue

    work.send([{"chunk": 1}], group="b-1")
    work.send([{"chunk": 2}], delay_s=0, group="b-2")

    assert sorted(received(), key=lambda body: int(body["chunk"])) == [{"chunk": 1}, {"chunk": 2}]


@pytest.mark.usefixtures("_aws")
def test_a_message_that_is_kept_back_says_how_long_and_of_which_group_it_is() -> None:
    queue = Recorded()

    SqsQueue("https://queue.invalid", queue).send(  # type: ignore[arg-type]
        [{"broadcast_id": "b-1"}], delay_s=10, group="b-1"
    )

    assert queue.entries == [
        {
            "Id": "0",
            "MessageBody": '{"broadcast_id": "b-1"}',
            "DelaySeconds": 10,
            "MessageGroupId": "b-1",
        }
    ]
