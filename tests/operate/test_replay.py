"""What could not be done goes back to work by one command, all of it and once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest

from operate import replay as replaying
from operate.replay import count_dead, main, put_back, queues_of, replay
from operate.system import FAILED, MISTAKEN, System, carry_out
from support.aws_mock import aws
from support.operated import NAME, FakeDeployment


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDeployment]:
    monkeypatch.setattr(replaying, "WAIT_S", 0)
    with aws():
        made = FakeDeployment()
        made.add_queue("openings")
        made.add_queue("rows")
        yield made


def put(deployment: FakeDeployment, queue: str, *bodies: str, **how: Any) -> None:
    for body in bodies:
        boto3.client("sqs").send_message(
            QueueUrl=deployment.queues[f"{NAME}-{queue}"], MessageBody=body, **how
        )


def taken(deployment: FakeDeployment, queue: str) -> list[dict[str, Any]]:
    found: list[Any] = []
    while (
        more := boto3.client("sqs")
        .receive_message(
            QueueUrl=deployment.queues[f"{NAME}-{queue}"],
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["MessageGroupId"],
        )
        .get("Messages")
    ):
        found += more
    return found


def test_all_that_was_laid_aside_goes_back_once(
    deployment: FakeDeployment, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = [f'{{"house_id": "{n}"}}' for n in range(23)]
    put(deployment, "openings-dead", *bodies)
    put(deployment, "rows-dead", "another queue's")

    replay(deployment.system, "openings")

    assert sorted(one["Body"] for one in taken(deployment, "openings")) == sorted(bodies)
    assert taken(deployment, "openings-dead") == []
    assert [one["Body"] for one in taken(deployment, "rows-dead")] == ["another queue's"]
    assert capsys.readouterr().out == "Возвращено в очередь openings: 23.\n"


def test_work_goes_back_into_the_group_that_it_belonged_to(deployment: FakeDeployment) -> None:
    put(deployment, "openings-dead", "{}", MessageGroupId="list-1")

    replay(deployment.system, "openings")

    (letter,) = taken(deployment, "openings")
    assert letter["Attributes"] == {"MessageGroupId": "list-1"}


class DyingSqs:
    """Ends the command where a letter is in its queue again, and not yet deleted."""

    def __getattr__(self, name: str) -> Any:
        return getattr(boto3.client("sqs"), name)

    def delete_message(self, **_: Any) -> None:
        raise KeyboardInterrupt


def test_whoever_dies_on_the_way_leaves_nothing_out(deployment: FakeDeployment) -> None:
    put(deployment, "openings-dead", "1", "2")
    (queue, _) = queues_of(deployment.system)

    with pytest.raises(KeyboardInterrupt):
        put_back(System(NAME, lambda name: DyingSqs() if name == "sqs" else deployment), queue)

    assert count_dead(deployment.system, queue) == 2
    assert {one["Body"] for one in taken(deployment, "openings")} == {"1", "2"}


@pytest.mark.parametrize("name", ["", "opening", "openings-dead"])
def test_an_unknown_name_is_answered_with_what_there_is(
    deployment: FakeDeployment, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    put(deployment, "rows-dead", "1", "2")

    code = carry_out(partial(replay, deployment.system, name))

    said = capsys.readouterr().err.splitlines()
    assert code == MISTAKEN
    assert [line.split() for line in said[1:]] == [["openings", "0"], ["rows", "2"]]


def test_letters_that_another_run_holds_are_told(
    deployment: FakeDeployment, capsys: pytest.CaptureFixture[str]
) -> None:
    put(deployment, "openings-dead", "1")
    boto3.client("sqs").receive_message(QueueUrl=deployment.queues[f"{NAME}-openings-dead"])

    replay(deployment.system, "openings")

    said = capsys.readouterr().out
    assert "Возвращено в очередь openings: 0." in said
    assert "Ещё отложено: 1." in said


def test_without_a_system_the_command_says_how_to_get_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("operate.system.RUNS", tmp_path)

    code = main(["--queue", "openings"])

    assert code == FAILED
    assert "make run" in capsys.readouterr().err
