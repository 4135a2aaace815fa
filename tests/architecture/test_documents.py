"""The documents made from the code are those of the code as it is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
import yaml

from docs.make import OPENAPI, documents
from housechats.domain.access import Permission
from housechats.runtime.http import PROBLEMS

ROOT = Path(__file__).parent.parent.parent
OPEN_TO_ALL = {"me", "acceptInvitation", "join"}
"""What needs no permission: any signed caller may ask who they are and accept an invitation, and
anybody may ask the way."""

OF_MACHINES = {("post", "/vk/{community}/{proof}"), ("post", "/webhooks/complaints/{inn}")}
"""By which VK and the systems of organisations tell us something, signed in ways of their own."""


@pytest.mark.parametrize("path", list(documents()), ids=lambda path: path.name)
def test_a_document_is_current(path: Path) -> None:
    assert path.read_text() == documents()[path], "run make openapi"


def test_the_document_knows_the_routes_of_the_template_and_no_others() -> None:
    template = yaml.load((ROOT / "template.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    events = [
        event["Properties"]
        for resource in template["Resources"].values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]

    routes = {(event["Method"].lower(), event["Path"]) for event in events}

    document = json.loads(OPENAPI.read_text())
    told = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert {one for one in routes - OF_MACHINES if not one[1].startswith("/J/")} == told


DOCUMENT: dict[str, Any] = json.loads(OPENAPI.read_text())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    operation["operationId"]: operation
    for path in DOCUMENT["paths"].values()
    for operation in path.values()
}
FIELDS = {
    f"{name}.{field}": about
    for name, schema in SCHEMAS.items()
    for field, about in schema.get("properties", {}).items()
}
RUSSIAN, LATIN = re.compile(r"[А-Яа-яЁё]"), re.compile(r"[A-Za-z]")


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to, or the part itself."""
    where = part.get("$ref", "").removeprefix("#/").split("/")
    found: dict[str, Any] = DOCUMENT if where != [""] else part
    for step in where if where != [""] else ():
        found = found[step]
    return found


def is_typed(about: dict[str, Any]) -> bool:
    """Tell whether a field's type is a schema, which says itself what it means.

    One that may be null does not: when it is null, only the field can say.
    """
    return "$ref" in about


def is_russian(text: str) -> bool:
    """Tell in which language a text is: what is quoted and names of registers are of none."""
    plain = re.sub(r"`[^`]*`|«[^»]*»|\b[А-ЯЁ]{3,}\b", "", text)
    return len(RUSSIAN.findall(plain)) > len(LATIN.findall(plain))


def test_the_document_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOCUMENT)


def test_every_operation_has_an_id_of_its_own_and_names_the_shape_of_its_errors() -> None:
    ids = [op["operationId"] for path in DOCUMENT["paths"].values() for op in path.values()]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in ids)
    for name, operation in OPERATIONS.items():
        if operation.get("security") != []:
            problem = resolved(operation["responses"]["default"])["content"]
            assert "application/problem+json" in problem, name


def test_every_operation_says_how_it_succeeds() -> None:
    without = [
        name
        for name, operation in OPERATIONS.items()
        if not any(status < "400" and status != "304" for status in operation["responses"])
    ]

    assert without == []


def test_every_answer_with_a_body_has_a_named_shape() -> None:
    unnamed = [
        f"{name} {status}"
        for name, operation in OPERATIONS.items()
        for status, response in operation["responses"].items()
        for kind, body in resolved(response).get("content", {}).items()
        if "json" in kind and "$ref" not in body["schema"]
    ]

    assert unnamed == []


def test_every_refusal_is_shown_as_its_own_status_has_it() -> None:
    shown = [
        (f"{name} {status} {key}", status, one["value"])
        for name, operation in OPERATIONS.items()
        for status, response in operation["responses"].items()
        for kind, body in resolved(response).get("content", {}).items()
        if kind == "application/problem+json" and status != "default"
        for key, one in (body.get("examples") or {"none": {"value": {}}}).items()
    ]

    wrong = [where for where, status, told in shown if str(told.get("status")) != status]

    assert shown
    assert wrong == []
    assert all(PROBLEMS[told["code"]] == (told["status"], told["title"]) for *_, told in shown)


def test_every_body_refuses_fields_that_it_does_not_know() -> None:
    bodies = {
        name: resolved(body["schema"])
        for name, operation in OPERATIONS.items()
        for body in operation.get("requestBody", {}).get("content", {}).values()
    }

    assert bodies
    assert [name for name, one in bodies.items() if one.get("additionalProperties", True)] == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_its_meaning(name: str) -> None:
    about = FIELDS[name]

    told = about.get("description", "")

    assert told or is_typed(about), "write below the field of the class what it means"
    assert not is_russian(told), "schemas are code: they speak English"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_its_meaning(name: str) -> None:
    assert SCHEMAS[name]["description"]
    assert not is_russian(SCHEMAS[name]["description"].partition("\n")[0])


@pytest.mark.parametrize("name", OPERATIONS)
def test_people_read_of_an_operation_in_their_own_language(name: str) -> None:
    operation = OPERATIONS[name]

    texts = {
        "summary": operation["summary"],
        "description": operation["description"],
        **{f"parameter {p['name']}": p["description"] for p in all_parameters(operation)},
        **{
            f"answer {status}": resolved(response)["description"]
            for status, response in operation["responses"].items()
        },
    }

    assert {what: text for what, text in texts.items() if not is_russian(text)} == {}


def all_parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolved(parameter) for parameter in operation.get("parameters", ())]


def test_every_operation_says_which_permission_it_needs() -> None:
    needed = {name: operation.get("x-permission", "") for name, operation in OPERATIONS.items()}

    assert {one for one in needed.values() if one} <= set(Permission)
    assert {name for name, permission in needed.items() if not permission} == OPEN_TO_ALL


def test_every_part_of_the_api_is_told_of() -> None:
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}

    assert used == {tag["name"] for tag in DOCUMENT["tags"]}


def answered() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schemas of objects that answers are made of."""
    waiting = [
        body["schema"]
        for operation in OPERATIONS.values()
        for response in operation["responses"].values()
        for body in resolved(response).get("content", {}).values()
    ]
    seen = set()
    while waiting:
        part = waiting.pop()
        name = part.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            waiting.append(SCHEMAS[name])
            if "properties" in SCHEMAS[name]:
                yield name, SCHEMAS[name]
        waiting += [
            *part.get("properties", {}).values(),
            *part.get("anyOf", ()),
            *(part[key] for key in ("items", "additionalProperties") if key in part),
        ]


def test_what_is_always_answered_is_required() -> None:
    optional = {
        f"{name}.{field}"
        for name, schema in answered()
        for field in schema["properties"].keys() - set(schema["required"])
    }

    assert optional == {"ApiProblem.detail", "ApiProblem.errors", "ApiProblem.difference"}


def test_what_is_absent_is_null_only_where_nothing_else_says_so() -> None:
    nullable = {
        f"{name}.{field}": one
        for name, schema in answered()
        for field, about in schema["properties"].items()
        if {"type": "null"} in about.get("anyOf", ())
        for one in about["anyOf"]
        if one != {"type": "null"}
    }

    plain = [
        name
        for name, one in nullable.items()
        if "$ref" not in one and one.get("format") not in {"date", "date-time"}
    ]

    # Who reads "0 people" on the way to a button believes it: what nobody has counted is none.
    counted = {f"{name}.people" for name in ("Preview", "BroadcastCard", "BroadcastDetails")}
    assert set(plain) == counted, "an absent text is empty, an absent number is 0"


def test_every_count_says_what_it_may_count() -> None:
    open_ended = [
        f"{name}.{field}"
        for name, schema in answered()
        for field, about in schema["properties"].items()
        if about.get("additionalProperties", {}).get("type") == "integer"
        and not {"patternProperties", "propertyNames"} & about.keys()
    ]

    assert open_ended == []


def test_every_status_and_state_is_an_enumeration() -> None:
    free = [
        name
        for name, about in FIELDS.items()
        if name.rpartition(".")[2] in {"status", "state", "kind", "role", "verdict"}
        and name != "ApiProblem.status"
        and not {"enum", "const"} & resolved(about).keys()
        and not any("enum" in resolved(one) for one in about.get("anyOf", ()))
    ]

    assert free == []
