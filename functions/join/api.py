"""HTTP, public: the short link on posters leads to the chat."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from housechats.adapters.houses import DynamoHouses
from housechats.adapters.scans import DynamoScans
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import answered_with
from join.lead import Way, lead
from join.page import closed, leads_on, lost, not_open, unknown_code


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[Way]":
    """Open the doors, once per container."""
    table = Table(Settings.from_env().table)
    return partial(lead, houses=DynamoHouses(table), scans=DynamoScans(table))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Answer GET /j/{code}; one route needs no resolver."""
    answer = _shown(wired()(event["pathParameters"]["code"]))
    logger.info("answered", extra={**answered_with(answer["statusCode"]), "operation": "join"})
    return answer


def _shown(way: Way) -> dict[str, Any]:
    if not way.known:
        return _page(404, unknown_code())
    if way.lost:
        return _page(200, lost(way.title))
    if not way.invite:
        return _page(200, closed(way.title, way.closed) if way.closed else not_open(way.title))
    answer = _page(200 if way.explain else 302, leads_on(way.title, way.invite))
    if not way.explain:
        answer["headers"]["location"] = way.invite
    return answer


def _page(status: int, html: str) -> dict[str, Any]:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",  # the invite may be another one tomorrow
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return {"statusCode": status, "headers": headers, "body": html}
