"""The one logger: JSON lines with ids, never names, phones, texts or tokens.

The standard library's logging with a formatter of ours: Powertools' Logger writes the same lines
and costs an eighth of a worker's cold start.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Protocol, TypeVar

OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it has was given as `extra`."""


class Context(Protocol):
    """What is read of the context that Lambda hands to a handler."""

    @property
    def aws_request_id(self) -> str: ...


Event = dict[str, Any]
Answer = TypeVar("Answer")


class JsonLines(logging.Formatter):
    """One JSON object a line, with the request that it belongs to."""

    request_id = ""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "request_id": self.request_id,
        }
        line |= {name: value for name, value in vars(record).items() if name not in OWN}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Stdout(logging.Handler):
    """Writes to the standard output as it is at the moment, which Lambda keeps as the log."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")
        sys.stdout.flush()


_lines = JsonLines()


def _logger() -> logging.Logger:
    stdout = Stdout()
    stdout.setFormatter(_lines)
    made = logging.Logger("housechats", os.environ.get("LOG_LEVEL", "INFO"))
    made.addHandler(stdout)  # and no parent: Lambda's own handler would say everything twice
    return made


logger = _logger()


def with_request_id(handle: Callable[[Event, Any], Answer]) -> Callable[[Event, Any], Answer]:
    """Have the lines that a handler logs carry its request's id; one request at a time runs.

    A request that came through the API has the id that its caller is told with a problem.
    """

    @wraps(handle)
    def handled(event: Event, context: Context) -> Answer:
        asked = event.get("requestContext", {})
        _lines.request_id = asked.get("requestId") or context.aws_request_id
        return handle(event, context)

    return handled
