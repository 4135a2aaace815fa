"""Every example in the API's document is true: sent anew, it is answered as it stands there."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from docs import examples
from docs.make import OPENAPI
from docs.story import STORY
from support.told_story import Told, tell

DOCUMENT: dict[str, Any] = json.loads(OPENAPI.read_text())
OPERATIONS = {
    operation["operationId"]: (method, operation)
    for path in DOCUMENT["paths"].values()
    for method, operation in path.items()
}
KEPT = examples.read()
NAMES = [f"{n}. {step.operation}, {step.status}" for n, step in enumerate(STORY)]
DOCUMENTED_HEADERS = {name.lower(): name for name in DOCUMENT["components"]["headers"]}
CHECK = jsonschema.Draft202012Validator.FORMAT_CHECKER


@pytest.fixture(scope="module")
def story() -> Iterator[list[Told]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield list(tell(DOCUMENT, monkeypatch))


@pytest.fixture
def told(story: list[Told], request: pytest.FixtureRequest) -> Told:
    step: int = request.param
    return story[step]


each_step = pytest.mark.parametrize("told", range(len(STORY)), ids=NAMES, indirect=True)


def response_of(told: Told) -> dict[str, Any]:
    """Return what the document says of an answer of this status."""
    responses = OPERATIONS[told.step.operation][1]["responses"]
    response: dict[str, Any] = responses.get(str(told.example.status)) or responses["default"]
    name = response.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][name] if name else response


def shape(part: Any) -> Any:
    """Return a body with the kinds of its values in their places."""
    match part:
        case dict():
            return {name: shape(value) for name, value in part.items()}
        case list():
            return [shape(value) for value in part]
        case str() | int() | float() | bool() | None:
            return type(part).__name__
    raise TypeError(part)


def test_every_operation_has_its_examples() -> None:
    asked = {step.operation for step in STORY}
    succeeded = {step.operation for step in STORY if step.status < 400}

    assert set(OPERATIONS) - asked == set()
    assert asked - succeeded <= {"retryHouse", "openNewChat", "retryBroadcast"}


@each_step
def test_an_example_is_answered_as_it_says(told: Told) -> None:
    assert told.example.status == told.step.status, told.example.answer


@each_step
def test_an_answer_has_the_shape_that_the_document_gives_it(told: Told) -> None:
    kind = told.example.headers.get("content-type", "").partition(";")[0]
    content = response_of(told).get("content", {})

    body = told.example.answer

    if body in ("", None):
        assert content == {}
    else:
        rules = {**content[kind]["schema"], "components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(rules, format_checker=CHECK).validate(body)


@each_step
def test_an_answer_has_the_headers_that_the_document_names_and_no_others(told: Told) -> None:
    named = response_of(told).get("headers", {})

    came = {DOCUMENTED_HEADERS[name] for name in told.example.headers if name in DOCUMENTED_HEADERS}

    assert came <= set(named)
    assert {"ETag", "Location"} & set(named) <= came


@each_step
def test_the_document_shows_an_answer_of_the_same_shape(told: Told) -> None:
    kept = KEPT[STORY.index(told.step)]

    assert (kept.operation, kept.said, kept.status) == (
        told.step.operation,
        told.step.said,
        told.step.status,
    ), "run make examples"
    assert shape(kept.request["body"]) == shape(told.example.request["body"])
    assert shape(kept.answer) == shape(told.example.answer), "run make examples"
