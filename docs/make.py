"""Documents made from the code: docs/openapi.json, the tables of docs/api.md and docs/lists.md."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "layers/housechats")]

import create_chats.api  # noqa: E402
import people.api  # noqa: E402
import poster.api  # noqa: E402
from create_chats import (  # noqa: E402
    attached,
    cells,
    check_rows,
    contacts,
    elder_pages,
    enrol,
    read_row,
    repeats,
)
from create_chats.columns import FIELDS  # noqa: E402
from create_chats.refusals import REFUSALS  # noqa: E402
from housechats.domain import address_reading  # noqa: E402
from housechats.runtime.http import PROBLEMS  # noqa: E402

OPENAPI = ROOT / "docs/openapi.json"
API = ROOT / "docs/api.md"
LISTS = ROOT / "docs/lists.md"
FINDINGS = (
    address_reading,
    cells,
    contacts,
    attached,
    read_row,
    check_rows,
    elder_pages,
    enrol,
    repeats,
)
"""Where codes of a row's problems live, in the order in which people read of them."""

LAUNCH = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`VK ` и строка параметров запуска мини-приложения, как её подписал ВКонтакте.",
}
PROBLEM = {
    "type": "object",
    "title": "ApiProblem",
    "description": "RFC 9457; коды и их смысл — в docs/api.md.",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(PROBLEMS)},
        "request_id": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
JOIN = {
    "get": {
        "operationId": "join",
        "summary": "Короткая ссылка с объявления: ведёт в чат дома",
        "tags": ["join"],
        "security": [],
        "parameters": [
            {
                "name": "code",
                "in": "path",
                "required": True,
                "description": "Код дома; после дефиса — подъезд, L (лифт) или S (СМС).",
                "schema": {"type": "string"},
            }
        ],
        "responses": {
            "200": {"description": "Страница: чат закрыт, или как вступить без ВКонтакте."},
            "302": {"description": "В чат, по его нынешней ссылке."},
            "404": {"description": "Страница: такого кода нет."},
        },
    }
}


def openapi() -> dict[str, Any]:
    """Merge what the APIs say of themselves into one document."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Домовые чаты",
            "version": "0.1.0",
            "description": "Официальные чаты домов ВКонтакте: дома, списки, объявления.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": [{"launch": []}],
        "paths": {},
        "components": {"securitySchemes": {"launch": LAUNCH}, "schemas": {"ApiProblem": PROBLEM}},
    }
    for api in (people.api, create_chats.api, poster.api):
        part = json.loads(api.app.get_openapi_json_schema(title="Домовые чаты", version="0.1.0"))
        for path, operations in part["paths"].items():
            for operation in operations.values():
                _answer_problems(operation)
            document["paths"].setdefault(path, {}).update(operations)
        schemas = part.get("components", {}).get("schemas", {})
        for name, schema in schemas.items():
            if document["components"]["schemas"].setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")
    document["paths"]["/j/{code}"] = JOIN
    _drop_unused(document)
    return document


def _drop_unused(document: dict[str, Any]) -> None:
    """Leave out the framework's own schemas of errors, which no operation answers with."""
    schemas = document["components"]["schemas"]
    while unused := [
        name for name in schemas if f'"#/components/schemas/{name}"' not in json.dumps(document)
    ]:
        for name in unused:
            del schemas[name]


def _answer_problems(operation: dict[str, Any]) -> None:
    """Name the one shape of every error instead of the framework's own."""
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ApiProblem"}}}
    for status in [status for status in responses if status >= "400"]:
        responses[status]["content"] = body
    responses["default"] = {"description": "Ошибка", "content": body}


def problems() -> str:
    """Write the table of the API's error codes."""
    rows = ((f"`{code}`", str(status), title) for code, (status, title) in PROBLEMS.items())
    return _table(("код", "HTTP", "что сказано человеку"), rows)


def columns() -> str:
    """Write the table of a list's columns with their synonyms."""
    rows = ((headers[0], ", ".join(headers)) for headers in FIELDS.values())
    return _table(("Что", "Как можно назвать столбец"), rows)


def findings() -> str:
    """Write the table of what may be said of a row."""
    rows = (
        (f"`{code}`", "да" if fatal else "нет", _shown(message))
        for module in FINDINGS
        for code, (fatal, message) in module.FINDINGS.items()
    )
    return _table(("Код", "Мешает", "Что видит сотрудник"), rows)


def refusals() -> str:
    """Write the table of what may be said of a whole list."""
    rows = ((f"`{code}`", _shown(message)) for code, message in REFUSALS.items())
    return _table(("Код", "Что видит сотрудник"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(message: str) -> str:
    return message.replace("{}", "…").replace("|", "\\|")


def documents() -> dict[Path, str]:
    """Return each document with its text as it should be."""
    return {
        OPENAPI: json.dumps(openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        API: _with_tables(API, problems=problems()),
        LISTS: _with_tables(LISTS, columns=columns(), findings=findings(), refusals=refusals()),
    }


def _with_tables(page: Path, **tables: str) -> str:
    """Return a page with each table in its place, between two comments that name it."""
    text = page.read_text()
    for name, table in tables.items():
        begin, end = f"<!-- {name}: made by docs/make.py -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"{page.name} has no place for {name}")
        text = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    for path, made in documents().items():
        path.write_text(made)
