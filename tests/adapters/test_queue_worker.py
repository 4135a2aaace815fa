"""A worker gives back what failed, and only that."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from housechats.domain.errors import UnavailableError
from housechats.runtime.queue import THREADS, work_through
from support.killing import Killed


def event(*numbers: int) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps({"n": n})} for n in numbers]}


def nothing_spent() -> dict[str, float]:
    return {}


def failing(*numbers: int, error: Exception) -> Callable[[dict[str, Any]], str]:
    def work(body: dict[str, Any]) -> str:
        if body["n"] in numbers:
            raise error
        return "done"

    return work


def given_back(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


@pytest.mark.parametrize("threads", [1, THREADS], ids=["in a row", "in threads"])
@pytest.mark.parametrize("error", [UnavailableError("later"), ValueError("a bug")], ids=str)
def test_what_failed_goes_back_and_the_rest_is_done(error: Exception, threads: int) -> None:
    answer = work_through(
        event(1, 2, 3, 4, 5),
        failing(2, 5, error=error),
        spent=nothing_spent,
        threads=threads,
    )

    assert given_back(answer) == ["m2", "m5"]


def test_work_without_failures_gives_nothing_back() -> None:
    answer = work_through(event(1, 2), lambda _: "done", spent=nothing_spent)

    assert given_back(answer) == []


def test_a_body_that_is_no_json_goes_back_alone() -> None:
    records = event(1, 2)
    records["Records"][0]["body"] = "{"

    answer = work_through(records, lambda _: "done", spent=nothing_spent)

    assert given_back(answer) == ["m1"]


@pytest.mark.parametrize("numbers", [(1,), (1, 2, 3)], ids=["alone", "among others"])
def test_a_killed_worker_answers_nothing(numbers: tuple[int, ...]) -> None:
    def die(_: dict[str, Any]) -> None:
        raise Killed

    with pytest.raises(Killed):
        work_through(event(*numbers), die, spent=nothing_spent)


def test_records_are_worked_together() -> None:
    together = threading.Barrier(THREADS, timeout=10)

    answer = work_through(event(*range(THREADS)), lambda _: together.wait(), spent=nothing_spent)

    assert given_back(answer) == []


def test_the_log_names_messages_and_no_contents(capsys: pytest.CaptureFixture[str]) -> None:
    records = event(1, 2)
    records["Records"][0]["body"] = json.dumps({"n": 1, "phone": "+79990000001"})

    work_through(records, failing(1, error=UnavailableError("later")), spent=lambda: {"sms": 1})

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("message_id") for one in told if one["level"] == "WARNING"] == ["m1"]
    assert told[-1]["sms"] == 1
    assert told[-1]["records"] == 2
    assert "79990000001" not in str(told)
