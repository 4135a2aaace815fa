"""The documents made from the code are those of the code as it is."""

import json
import re
from pathlib import Path

import pytest
import yaml

from docs.make import OPENAPI, documents

ROOT = Path(__file__).parent.parent.parent


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
    assert {route for route in routes if not route[1].startswith("/J/")} == told


def test_every_operation_has_an_id_and_names_the_shape_of_its_errors() -> None:
    document = json.loads(OPENAPI.read_text())
    operations = [op for path in document["paths"].values() for op in path.values()]

    ids = [operation["operationId"] for operation in operations]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in ids)
    assert all("default" in op["responses"] or op.get("security") == [] for op in operations)
