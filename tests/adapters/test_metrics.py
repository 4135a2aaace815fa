"""A line that counts is a line of the journal that CloudWatch reads as a metric."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from housechats.runtime.log import logger
from housechats.runtime.metrics import DIMENSIONS, Metric, answered_with, count_spent, counted
from housechats.runtime.queue import work_through

ALLOWED = {"function", "community", "lane", "verdict"}


@pytest.fixture(autouse=True)
def _lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "housechats-create-chats-api")
    monkeypatch.setenv("METRICS_NAMESPACE", "housechats")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metrics(line: dict[str, Any]) -> Iterator[tuple[str, str, float, dict[str, str]]]:
    """Read a line as CloudWatch does: namespace, metric, value and each set of dimensions."""
    for told in line.get("_aws", {}).get("CloudWatchMetrics", []):
        for metric in told["Metrics"]:
            for names in told["Dimensions"]:
                dimensions = {name: line[name] for name in names}
                assert all(isinstance(value, str) and value for value in dimensions.values())
                yield told["Namespace"], metric["Name"], line[metric["Name"]], dimensions


def test_a_counting_line_is_read_as_a_metric(capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("rows", extra=counted(Metric.ROWS, 12, verdict="accepted"))

    (line,) = lines(capsys)
    assert list(metrics(line)) == [("housechats", "Rows", 12, {"verdict": "accepted"})]
    assert line["message"] == "rows"
    assert line["_aws"]["Timestamp"] > 1_600_000_000_000


def test_what_the_adapters_noted_is_counted_and_error_6_in_all_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    count_spent(
        {
            "vk_calls_7": 3,
            "error_6_7": 1,
            "disconnected_7": 2,
            "vk_calls": 3,
            "units_read": 0.5,
            "jobs_failed": 1,
        }
    )

    counts = [count for line in lines(capsys) for count in metrics(line)]

    assert counts == [
        ("housechats", "VkCalls", 3, {"community": "7"}),
        ("housechats", "VkError6", 1, {}),
        ("housechats", "VkError6", 1, {"community": "7"}),
        ("housechats", "VkDisconnected", 2, {}),
        ("housechats", "VkDisconnected", 2, {"community": "7"}),
        ("housechats", "Jobs", 1, {"verdict": "failed"}),
    ]


@pytest.mark.parametrize("status", [200, 202, 304, 404, 429, 503])
def test_an_answer_is_counted_by_its_class(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("answered", extra=answered_with(status))

    (line,) = lines(capsys)
    ((_, name, _, dimensions),) = metrics(line)
    assert line["status"] == status
    assert name == "Answers"
    assert dimensions == {
        "function": "housechats-create-chats-api",
        "verdict": f"{str(status)[0]}xx",
    }


def test_a_worker_counts_its_outcomes_and_what_it_could_not_foresee(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work(body: dict[str, Any]) -> str:
        if body["n"] == 2:
            raise ValueError("a bug")
        return "opened"

    records = [{"messageId": str(n), "body": json.dumps({"n": n})} for n in (1, 2, 3)]
    work_through({"Records": records}, work, spent=dict, counts=Metric.CHATS, threads=1)

    counts = [count for line in lines(capsys) for count in metrics(line)]
    assert [(name, dimensions) for _, name, _, dimensions in counts] == [
        ("Chats", {"verdict": "opened"}),
        ("WorkFailed", {"function": "housechats-create-chats-api"}),
        ("Chats", {"verdict": "opened"}),
    ]


def test_a_count_knows_nothing_but_functions_communities_lanes_and_verdicts() -> None:
    names = {name for sets in DIMENSIONS.values() for names in sets for name in names}

    assert set(DIMENSIONS) == set(Metric)
    assert names <= ALLOWED
