"""One OpenAPI document out of what the APIs say of themselves.

Operations are labels for people and speak Russian; schemas are code and speak English: their
texts are the docstrings of classes and fields.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from docs import examples
from docs.meanings import classes_called, meaning, meanings, values_told
from docs.shapes import (
    EVERYWHERE,
    GATEWAY_REFUSAL,
    HEADERS,
    JOIN,
    LAUNCH,
    PARAMETERS,
    PROBLEM,
    RESPONSES,
    TAGS,
    of_status,
)

FUNCTIONS = Path(__file__).parent.parent / "functions"
APIS = [import_module(f"{path.parent.name}.api") for path in sorted(FUNCTIONS.glob("*/api.py"))]
RESOLVERS = [api.app for api in APIS if hasattr(api, "app")]
ROOMS = ("housechats", *(api.__name__.partition(".")[0] for api in APIS))
"""Where the classes of the schemas live."""

Schema = dict[str, Any]

ABOUT = """\
Официальные чаты домов ВКонтакте: дома, списки, объявления.

- `status` говорит, как далеко зашла работа (список, задание, файл); `state` — что сейчас с вещью
  (чат, инструкция, сообщество).
- В ответе есть все поля. Чего нет, то у текста — пустая строка, у числа — 0, а у времени,
  у вложенного объекта и у значения из перечня — `null`.
- Время — RFC 3339, UTC.
- Ошибка — `application/problem+json`; коды перечислены в схеме `ApiProblem`.
"""


def openapi() -> dict[str, Any]:
    """Merge what the APIs say of themselves into one document."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Домовые чаты",
            "version": "0.1.0",
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": [{"launch": []}],
        "tags": [{"name": name, "description": told} for name, told in TAGS.items()],
        "paths": {},
        "components": {
            "securitySchemes": {"launch": LAUNCH},
            "schemas": {"ApiProblem": PROBLEM, "GatewayRefusal": GATEWAY_REFUSAL},
            "headers": HEADERS,
            "parameters": PARAMETERS,
            "responses": RESPONSES,
        },
    }
    schemas: dict[str, Schema] = {}
    for app in RESOLVERS:
        handlers = {route.operation_id: route.func for route in app._static_routes}  # noqa: SLF001
        handlers |= {route.operation_id: route.func for route in app._dynamic_routes}  # noqa: SLF001
        part = json.loads(app.get_openapi_json_schema(title="Домовые чаты", version="0.1.0"))
        for path, operations in part["paths"].items():
            for method, operation in operations.items():
                _describe(method, operation, handlers[operation["operationId"]])
            document["paths"].setdefault(path, {}).update(operations)
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")
    asked = _named_in(document["paths"], "requestBody", schemas)
    answered = _named_in(document["paths"], "responses", schemas)
    for name in asked | answered:
        document["components"]["schemas"][name] = _told(name, schemas[name])
    for name in answered:
        _require_all(schemas[name], also_asked=name in asked)
    document["paths"]["/j/{code}"] = deepcopy(JOIN)
    examples.put_into(document)
    return document


def _describe(method: str, operation: dict[str, Any], handler: Callable[..., Any]) -> None:
    """Say what the framework does not know, or says in its own words."""
    permission = operation.get("x-permission")
    operation["description"] = (
        f"Нужно право `{permission}`." if permission else "Может каждый, кто открыл приложение."
    )
    once, rereads = (operation.pop(ours, False) for ours in ("x-once", "x-rereads"))
    operation.pop("x-anew", None)
    # Whether a route honours If-Match and tells a revision, only its own code says.
    code = _code_of(handler)
    _describe_request(
        operation,
        IfNoneMatch=method == "get",
        IfMatch="require_match(" in code,
        IdempotencyKey=once,
    )
    has_tag = method == "get" or "asked.revision" in code
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    for status, response in responses.items():
        if response["description"] == "Successful Response":
            response["description"] = operation["summary"]
        is_somewhere = status in {"201", "202"} or (
            status == "200" and ("201" in responses or rereads)
        )
        _describe_answer(
            status,
            response,
            {"ETag": has_tag, "Location": is_somewhere, "Idempotency-Replayed": once},
        )
    if method == "get":
        responses["304"] = {"$ref": "#/components/responses/NotModified"}
    for status, name in {"401": "Unauthorized", "403": "Forbidden", "default": "Problem"}.items():
        responses[status] = {"$ref": f"#/components/responses/{name}"}


def _code_of(handler: Callable[..., Any]) -> str:
    """Return the code of a function, with that of its module's functions that it calls."""
    found, waiting = {}, [handler]
    while waiting:
        function = waiting.pop()
        found[function] = inspect.getsource(function)
        called = map(handler.__globals__.get, function.__code__.co_names)
        waiting += [
            one
            for one in called
            if inspect.isfunction(one) and one.__module__ == handler.__module__ and one not in found
        ]
    return "\n".join(found.values())


def _describe_request(operation: dict[str, Any], **headers: bool) -> None:
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        _tidy_parameter(parameter)
    parameters += [
        {"$ref": f"#/components/parameters/{name}"} for name, taken in headers.items() if taken
    ]


def _describe_answer(status: str, response: dict[str, Any], headers: dict[str, bool]) -> None:
    if status >= "400":
        response |= {**of_status(int(status)), "description": response["description"]}
        return
    response["headers"] = {
        name: {"$ref": f"#/components/headers/{name}"} for name, has in headers.items() if has
    }


def _tidy_parameter(parameter: dict[str, Any]) -> None:
    """Leave in the schema what a schema says; an address has no null."""
    schema = parameter["schema"]
    choices = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    for choice in choices:
        schema |= choice
    for name in ("description", "title"):
        schema.pop(name, None)
    _whole_numbers(schema)


def _named_in(paths: dict[str, Any], part: str, schemas: dict[str, Schema]) -> set[str]:
    """Return the schemas that one side of the API speaks of, and those that they speak of."""
    found: set[str] = set()
    new = {
        name
        for path in paths.values()
        for operation in path.values()
        for name in _references([operation.get(part), operation.get("parameters")])
    }
    while new := (new & schemas.keys()) - found:
        found |= new
        new = {name for one in new for name in _references(schemas[one])}
    return found


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(name := part.get("$ref"), str):
            yield name.rpartition("/")[2]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _told(name: str, schema: Schema) -> Schema:
    """Give a schema the texts of its class."""
    kind = _class_of(name, schema)
    schema.pop("title", None)
    schema["description"] = meaning(kind)
    if issubclass(kind, Enum):
        schema["description"] += f"\n\n{told}" if (told := values_told(kind)) else ""
        return schema
    told_of = meanings(kind)
    for field, about in schema["properties"].items():
        about.pop("title", None)
        about.pop("description", None)
        _whole_numbers(about)
        if said := told_of.get(field) or ("" if "$ref" in about else EVERYWHERE.get(field, "")):
            about["description"] = said
    return schema


def _class_of(name: str, schema: Schema) -> type:
    """Find the class of a schema: the framework names a schema after it."""
    wanted = set(schema.get("properties", ())) or set(map(str, schema.get("enum", ())))
    found = [
        kind
        for kind in classes_called(name.rpartition("__")[2], ROOMS)
        if wanted == _names_in(kind)
    ]
    if len(found) != 1:
        raise ValueError(f"{name}: {len(found)} classes are called so")
    return found[0]


def _names_in(kind: type) -> set[str]:
    if issubclass(kind, Enum):
        return {str(one.value) for one in kind}
    return {field.name for field in fields(kind)} if is_dataclass(kind) else set()


def _require_all(schema: Schema, *, also_asked: bool) -> None:
    """Every field of an answer is there, whatever its class may leave out when it is made."""
    if "properties" not in schema:
        return
    if also_asked and set(schema.get("required", ())) != set(schema["properties"]):
        raise ValueError("what is asked and what is answered differ: name them differently")
    schema["required"] = list(schema["properties"])
    for about in schema["properties"].values():
        about.pop("default", None)


def _whole_numbers(schema: Schema) -> None:
    for limit in {"minimum", "maximum"} & schema.keys():
        if schema.get("type") == "integer":
            schema[limit] = int(schema[limit])
