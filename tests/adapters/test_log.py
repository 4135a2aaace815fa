"""A log line is one JSON object with what an operator needs to find its request."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from housechats.runtime.log import logger, with_request_id


@dataclass(frozen=True)
class Context:
    aws_request_id: str = "request-7"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> str:
    logger.info("opened", extra={"house_id": event["house_id"]})
    return "done"


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_carries_its_request_and_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    answer = handle({"house_id": "ABCDEF01"}, Context())

    (line,) = logged(capsys)
    assert answer == "done"
    assert line.pop("timestamp")
    assert line == {
        "level": "INFO",
        "message": "opened",
        "request_id": "request-7",
        "house_id": "ABCDEF01",
    }


def test_who_is_told_a_request_id_by_the_api_is_found_by_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handle({"house_id": "ABCDEF01", "requestContext": {"requestId": "asked-1"}}, Context())

    (line,) = logged(capsys)
    assert line["request_id"] == "asked-1"


def test_a_failure_is_one_line_with_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int("no such thing")
    except ValueError:
        logger.exception("failed")

    (line,) = logged(capsys)
    assert line["level"] == "ERROR"
    assert "ValueError: invalid literal" in line["exception"]


def test_what_json_cannot_say_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    logger.warning("given back", extra={"why": TimeoutError("no answer")})

    (line,) = logged(capsys)
    assert line["why"] == "no answer"
