"""A request's body is JSON, whatever the browser calls it."""

from dataclasses import dataclass
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from housechats.runtime.http import resolver
from support.http_event import body_of, http_event


@dataclass
class Greeting:
    name: str


def answered(headers: dict[str, str], body: str) -> dict[str, Any]:
    app = resolver()

    @app.post("/greet")
    def greet(greeting: Greeting) -> Greeting:
        return greeting

    event = http_event("POST", "/greet", vk_id=1, vk_ts=1)
    return app.resolve({**event, "headers": headers, "body": body}, LambdaContext())


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
def test_a_body_is_read_as_json_whatever_it_is_called(headers: dict[str, str]) -> None:
    answer = answered(headers, '{"name": "Марфа"}')

    assert (answer["statusCode"], body_of(answer)) == (200, {"name": "Марфа"})


def test_a_form_is_told_that_json_is_wanted() -> None:
    answer = answered({"content-type": "application/x-www-form-urlencoded"}, "name=Марфа")

    assert answer["statusCode"] == 422
    assert body_of(answer)["errors"] == [
        {"pointer": "", "detail": "Тело запроса не читается: нужен JSON."}
    ]
