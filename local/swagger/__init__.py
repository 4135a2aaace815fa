"""The API to try by hand: Swagger UI's own files, the API's document, and a person to be."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.cast import Person

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DOCUMENT = ROOT / "docs" / "openapi.json"
# The library that our API is made with brings them: nothing is fetched from elsewhere.
BUNDLED = "dependencies/python/aws_lambda_powertools/event_handler/openapi/swagger_ui"
# Swagger UI sets styles of its own on its elements and draws its signs as data.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Page:
    """What lies at one address."""

    kind: str
    body: bytes


Pages = Callable[[str], Page | None]
"""Returns what lies at a path, if it is one of ours."""


def pages(bundles: Path, people: Callable[[], Sequence[tuple[Person, str]]]) -> Pages:
    """Return the pages; who can be tried as is asked each time, for people come and go."""
    bundled = bundles / BUNDLED
    files = {
        "/docs/": (HERE / "index.html", "text/html; charset=utf-8"),
        "/docs/start.js": (HERE / "start.js", "text/javascript; charset=utf-8"),
        "/docs/page.css": (HERE / "page.css", "text/css; charset=utf-8"),
        "/docs/swagger-ui.js": (bundled / "swagger-ui-bundle.min.js", "text/javascript"),
        "/docs/swagger-ui.css": (bundled / "swagger-ui.min.css", "text/css"),
    }

    def at(path: str) -> Page | None:
        if path in files:
            file, kind = files[path]
            return Page(kind, file.read_bytes())
        if path == "/docs/openapi.json":
            return _json(of_this_machine())
        if path == "/docs/people.json":
            told = [
                {"name": person.told, "vk_id": person.vk_id, "authorization": header}
                for person, header in people()
            ]
            return _json(told)
        return None

    return at


def of_this_machine() -> dict[str, object]:
    """Return the API's document with the address that the page itself came from."""
    document: dict[str, object] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return document | {"servers": [{"url": "/", "description": "Эта машина"}]}


def _json(told: object) -> Page:
    return Page("application/json", json.dumps(told, ensure_ascii=False).encode())
