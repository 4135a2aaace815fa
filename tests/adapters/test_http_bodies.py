"""A request's body is JSON, whatever the browser calls it."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from housechats.adapters.gate import open_gate
from housechats.adapters.table import Table
from housechats.runtime.routes import Router, answer, api
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT


@dataclass
class Greeting:
    name: str


def answered(table: Table, headers: dict[str, str], body: str) -> dict[str, Any]:
    def greet(greeting: Greeting) -> Greeting:
        return greeting

    router = Router()
    router.post("/greet", operation_id="greet", summary="", tags=[], permission=None)(greet)
    event = http_event("POST", "/greet", vk_id=1, vk_ts=time.time())
    gate = open_gate(table, elder_key="a key", launch_hours=24, changes_a_minute=60)
    asked = {**event, "headers": headers, "body": body}
    return answer(api(router), asked, CONTEXT, gate=gate, doors=None, spent=dict)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"Content-Type": "text/plain;charset=UTF-8"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {},
    ],
)
def test_a_body_is_read_as_json_whatever_it_is_called(
    table: Table, headers: dict[str, str]
) -> None:
    greeted = answered(table, headers, '{"name": "Марфа"}')

    assert (greeted["statusCode"], body_of(greeted)) == (200, {"name": "Марфа"})


def test_a_form_is_told_that_json_is_wanted(table: Table) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}

    refused = answered(table, headers, "name=Марфа")

    assert refused["statusCode"] == 422
    assert body_of(refused)["errors"] == [
        {"pointer": "", "detail": "Тело запроса не читается: нужен JSON."}
    ]
