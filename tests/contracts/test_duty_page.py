"""The page of the duty officer asks nothing that the API does not know."""

import json
import re
from typing import Any

import jsonschema
import pytest

from docs.make import OPENAPI
from support.cloudformation import ROOT

PAGE = (ROOT / "docs" / "broadcasts.md").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(OPENAPI.read_text())
CALL = re.compile(
    r"vk (?:-X (?P<method>[A-Z]+) )?\"?\$API(?P<path>/[^\s\"?`]*)(?P<query>\?[^\"`\s]*)?\"?"
    r"(?: -d '(?P<body>\{.*?\})')?(?=[`\n ]|$)",
    re.DOTALL,
)
CALLS = [call.groupdict() for call in CALL.finditer(PAGE)]


def operation_of(call: dict[str, str]) -> dict[str, Any]:
    """Return the operation that a call of the page asks for; the method as curl takes it."""
    method = call["method"] or ("POST" if call["body"] else "GET")
    path = re.sub(r"\$ID|<id>", "0123456789abcdef", call["path"])
    found = [
        operations[method.lower()]
        for route, operations in sorted(DOCUMENT["paths"].items())
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), path) and method.lower() in operations
    ]
    assert found, f"{method} {path} is no route"
    operation: dict[str, Any] = found[0]
    return operation


def test_the_page_tells_the_whole_way() -> None:
    asked = {operation_of(call)["operationId"] for call in CALLS}

    assert {
        "previewBroadcast",
        "confirmBroadcast",
        "getBroadcast",
        "stopBroadcast",
        "correctBroadcast",
        "recallBroadcast",
        "closeBroadcast",
        "listReceipts",
        "reportBroadcast",
    } <= asked


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call["path"])
def test_what_the_page_sends_reads_well(call: dict[str, str]) -> None:
    operation = operation_of(call)

    if call["body"]:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        rules = {**schema, "components": DOCUMENT["components"]}
        body = json.loads(call["body"].replace("<token>", f"{'0' * 16}.{'0' * 16}"))
        jsonschema.Draft202012Validator(rules).validate(body)
    asked = {part.partition("=")[0] for part in (call["query"] or "?")[1:].split("&")} - {""}
    assert asked <= {one.get("name") for one in operation["parameters"]}
