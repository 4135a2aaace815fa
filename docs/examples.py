"""Examples of requests and answers: kept in examples.json, shown in the document."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KEPT = Path(__file__).parent / "examples.json"
SHOWN_HEADERS = ("etag", "idempotency-replayed", "location", "retry-after")
LONGEST = 300


@dataclass(frozen=True)
class Example:
    """A request and its answer."""

    operation: str
    said: str
    """What it shows, for people."""
    request: dict[str, Any]
    """`path`, `query`, `headers` and `body`."""
    status: int
    headers: dict[str, str]
    """Those of the answer, their names in small letters."""
    answer: Any


def read() -> list[Example]:
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    return [Example(**one) for one in kept]


def write(examples: Iterable[Example]) -> None:
    told = [asdict(_shown(one)) for one in examples]
    KEPT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _shown(example: Example) -> Example:
    """Leave out what only this machine and this moment have."""
    headers = {name: value for name, value in example.headers.items() if name in SHOWN_HEADERS}
    return Example(**{**asdict(example), "headers": headers, "answer": _plain(example.answer)})


def _plain(part: Any) -> Any:
    match part:
        case dict():
            return {name: _plain(value) for name, value in part.items()}
        case list():
            return [_plain(value) for value in part]
        case str() if part.startswith("https://") and urlsplit(part).query:
            return f"{part.partition('?')[0]}?…"
        case str() if len(part) > LONGEST:
            return f"{part[:20]}…"
    return part


def put_into(document: dict[str, Any]) -> None:
    """Show the examples at their operations."""
    operations = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }
    by_operation = sorted(read(), key=lambda one: one.operation)
    for name, examples in groupby(by_operation, key=lambda one: one.operation):
        if name in operations:
            _show(operations[name], list(examples))


def _show(operation: dict[str, Any], examples: list[Example]) -> None:
    """Show bodies by what they are examples of; parameters as in the first one."""
    for parameter in operation.get("parameters", ()):
        place = {"path": "path", "query": "query"}.get(parameter.get("in", ""))
        given = place and examples[0].request[place].get(parameter["name"])
        if given is not None:
            parameter["example"] = int(given) if _is_number(parameter) else given
    if body := operation.get("requestBody", {}).get("content", {}).get("application/json"):
        body["examples"] = {
            f"example{n}": {"summary": one.said, "value": one.request["body"]}
            for n, one in enumerate(examples, 1)
        }
    for n, one in enumerate(examples, 1):
        for content in _contents(operation, one):
            shown = content.setdefault("examples", {})
            shown[f"example{n}"] = {"summary": one.said, "value": one.answer}


def _contents(operation: dict[str, Any], example: Example) -> Iterator[dict[str, Any]]:
    """Yield where an answer is shown: refusals have one shape for all operations."""
    response = operation["responses"].get(str(example.status), {})
    if "content" in response and example.answer not in ("", None):
        yield from (c for kind, c in response["content"].items() if "json" in kind)


def _is_number(parameter: dict[str, Any]) -> bool:
    return bool(parameter["schema"].get("type") == "integer")
