"""Work is handed over the same way in memory and through SQS."""

import json
from collections.abc import Callable

import pytest

from housechats.adapters.aws import client
from housechats.adapters.queues import SqsQueue
from housechats.ports.queues import Queue
from support.fakes import FakeQueue

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
