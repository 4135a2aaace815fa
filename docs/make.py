"""Documents made from the code: docs/openapi.json and the table of problems in docs/api.md."""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "layers/housechats")]

import create_chats.api  # noqa: E402
import people.api  # noqa: E402
import poster.api  # noqa: E402
from housechats.runtime.http import PROBLEMS  # noqa: E402

OPENAPI = ROOT / "docs/openapi.json"
API = ROOT / "docs/api.md"
BEGIN, END = "<!-- problems: made by docs/make.py -->", "<!-- end of problems -->"

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
    responses.pop("422", None)
    body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ApiProblem"}}}
    responses["default"] = {"description": "Ошибка", "content": body}


def problems() -> str:
    """Write the table of the API's error codes."""
    rows = [f"| `{code}` | {status} | {title} |" for code, (status, title) in PROBLEMS.items()]
    return "\n".join(["| код | HTTP | что сказано человеку |", "| --- | --- | --- |", *rows])


def documents() -> dict[Path, str]:
    """Return each document with its text as it should be."""
    text = API.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return {
        OPENAPI: json.dumps(openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        API: f"{before}{BEGIN}\n\n{problems()}\n\n{END}{after}",
    }


if __name__ == "__main__":
    for path, made in documents().items():
        path.write_text(made)
