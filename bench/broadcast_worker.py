"""`python -m bench.broadcast_worker <module>`: a container of a function, an event a line."""

import importlib
import json
import sys
from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

from housechats.adapters.aws import client
from housechats.runtime.log import logger
from support.lambda_context import CONTEXT

READING = {"GetItem", "BatchGetItem", "Query"}


class Meter:
    """Counts what a container asks of AWS: units by what the items are, and requests."""

    def __init__(self) -> None:
        self._spent: Counter[str] = Counter()
        self._lock = Lock()
        table = client("dynamodb").meta.events
        table.register("before-parameter-build.dynamodb", self._asked)
        table.register("after-call.dynamodb", self._answered)
        for service in ("sqs", "s3"):
            client(service).meta.events.register(f"after-call.{service}", self._requested)

    def take(self) -> dict[str, float]:
        with self._lock:
            spent, self._spent = self._spent, Counter()
        return dict(spent)

    @staticmethod
    def _asked(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["bench"] = params

    def _answered(
        self, parsed: dict[str, Any], context: dict[str, Any], model: Any, **_: object
    ) -> None:
        asked = context["bench"]
        told = parsed.get("ConsumedCapacity", {})
        units = sum(
            one.get("CapacityUnits", 0) for one in (told if isinstance(told, list) else [told])
        )
        if model.name in READING:
            self._add("read", units)
        elif "Error" in parsed:
            # AWS bills a refused write like a made one; our items are of 1 KB at most.
            self._add(f"{_noun_of(asked)} written", 1)
            self._add(f"{_noun_of(asked)} refused", 1)
        else:
            self._add(f"{_noun_of(asked)} written", units)
            self._add(f"{_noun_of(asked)} writes", 1)

    def _requested(self, model: Any, **_: object) -> None:
        self._add(f"{model.service_model.service_name} {model.name}", 1)

    def _add(self, what: str, amount: float) -> None:
        with self._lock:
            self._spent[what] += amount  # type: ignore[assignment]  # halves of units


def _noun_of(asked: Mapping[str, Any]) -> str:
    key = asked.get("Key") or asked.get("Item") or {}
    pk, sk = (key.get(name, {}).get("S", "") for name in ("pk", "sk"))
    if pk.startswith("BROADCAST#"):
        return "receipts" if sk.startswith("R#") else "broadcast"
    return "pace" if pk.startswith("PACE#") else "other"


def main(module: str) -> None:
    logger.setLevel("ERROR")
    door, meter = importlib.import_module(module), Meter()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        answer = door.handle(json.loads(line), CONTEXT)
        print(json.dumps({"answer": answer, "spent": meter.take()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
