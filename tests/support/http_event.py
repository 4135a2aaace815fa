"""What API Gateway hands to a handler (HTTP API, payload 2.0), and its answer read back."""

import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

REQUESTS = count(1)
"""No two requests have one id: what is created is named after it."""


def http_event(
    method: str,
    path: str,
    *,
    vk_id: int,
    vk_ts: float,
    query: dict[str, str] | None = None,
    body: object = None,
) -> dict[str, Any]:
    """Return the event of a caller whom the authorizer let pass."""
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "queryStringParameters": query or {},
        "headers": {"content-type": "application/json"},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": f"request-{next(REQUESTS)}",
            "stage": "$default",
            "http": {"method": method, "path": path},
            "authorizer": {"lambda": {"vk_user_id": str(vk_id), "vk_ts": str(int(vk_ts))}},
        },
    }


def body_of(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])
