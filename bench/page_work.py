"""`python -m bench.page_work <requests>`: ask the APIs for pages, in a container of their own."""

import importlib
import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from housechats.adapters.aws import client
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.table import Table
from housechats.domain.territories import Territory

CALLER, REGION = 1, "11"
BETWEEN = 5
"""Requests between two changes of houses."""
SEARCHES = ("ленина 12", "просп космонавтов 7", "гагар", "садовая 1 корп 2", "северной двины")


@dataclass(frozen=True)
class Taken:
    """What one kind of request took: seconds and read units, a request each."""

    seconds: list[float]
    units: list[float]


@dataclass(frozen=True)
class Context:
    function_name: str = "bench"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id: str = "bench"


class Meter:
    """Counts read units as AWS bills them: the emulator does not look at the size of a page."""

    def __init__(self) -> None:
        self.units = 0.0
        events = client("dynamodb").meta.events
        events.register("before-parameter-build.dynamodb", self._asked)
        events.register("after-call.dynamodb", self._answered)

    def take(self) -> float:
        units, self.units = self.units, 0.0
        return units

    @staticmethod
    def _asked(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["bench"] = params

    def _answered(self, parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        asked = context["bench"]
        for each in asked.get("RequestItems", {"": asked}).values():
            if "KeyConditionExpression" in each:
                blocks = _blocks(sum(map(size_of_item, parsed["Items"])))
            elif "Keys" in each:
                found = [item for items in parsed["Responses"].values() for item in items]
                blocks = sum(_blocks(size_of_item(item)) for item in found)
                blocks += len(each["Keys"]) - len(found)
            elif "Key" in each and "UpdateExpression" not in each:
                blocks = _blocks(size_of_item(parsed.get("Item", {})))
            else:
                continue  # a write
            self.units += blocks * (1 if each.get("ConsistentRead") else 0.5)


class Api:
    """The handler of one capability, warm, and what its last request spent."""

    def __init__(self, capability: str, meter: Meter) -> None:
        self._meter = meter
        self._door = importlib.import_module(f"{capability}.api")
        for field in fields(self._door.Settings):
            # What reading pages never uses: queues, VK.
            os.environ.setdefault(field.name.upper(), "1")
        self.doors = self._door.wired()

    def get(self, path: str, **query: str) -> tuple[float, float]:
        """Ask, and return the seconds and the read units that it took."""
        event = {
            "version": "2.0",
            "routeKey": f"GET {path}",
            "rawPath": path,
            "rawQueryString": urlencode(query),
            "queryStringParameters": query,
            "headers": {},
            "isBase64Encoded": False,
            "requestContext": {
                "requestId": "bench",
                "stage": "$default",
                "http": {"method": "GET", "path": path},
                "authorizer": {
                    "lambda": {"vk_user_id": str(CALLER), "vk_ts": str(int(time.time()))}
                },
            },
        }
        self._meter.take()
        began = time.perf_counter()
        answer = self._door.handle(event, Context())
        took = time.perf_counter() - began
        if answer["statusCode"] != 200:
            raise RuntimeError(f"{path}: {answer['statusCode']} {answer['body']}")
        return took, self._meter.take()


def _blocks(size: int) -> int:
    """Return how often 4 KB are read, at least once (Developer Guide, Read consumption)."""
    return max(1, math.ceil(size / 4096))


def size_of_item(item: Mapping[str, Any]) -> int:
    """Return the bytes that DynamoDB counts for an item (Developer Guide, Item sizes)."""
    return sum(len(name.encode()) + _size_of(value) for name, value in item.items())


def _size_of(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
        case "M":
            return 3 + len(value) + size_of_item(value)
        case "L":
            return 3 + sum(1 + _size_of(one) for one in value)
        case "SS" | "NS":
            return sum(len(one.encode()) for one in value)
        case "B":
            return len(value)
    return 1


def measure(requests: int) -> Mapping[str, Any]:
    """Ask for each kind of page in turn; a page of houses reads the log of changes each time."""
    meter = Meter()
    people, lists = Api("people", meter), Api("create_chats", meter)
    _, first = lists.get("/houses", limit="50")
    bare, searches = _bare_query(), cycle(SEARCHES)
    houses = DynamoHouses(Table(os.environ["TABLE"]))
    changed = cycle(line.id for line in lists.doors.catalogue.lines(Territory(REGION))[::97])
    kinds: dict[str, Callable[[], tuple[float, float]]] = {
        "bare": bare,
        "me": lambda: people.get("/me"),
        "page": lambda: lists.get("/houses", limit="50"),
        "search": lambda: lists.get("/houses", limit="50", q=next(searches)),
    }
    taken = {name: Taken([], []) for name in kinds}
    for number in range(requests):
        if number % BETWEEN == 0:
            houses.poster_drawn(next(changed), now=datetime.now(UTC))
        for name, ask in kinds.items():
            lists.doors.catalogue.forget()
            seconds, units = ask()
            taken[name].seconds.append(seconds)
            taken[name].units.append(units)
    return {"first": first, **{name: asdict(one) for name, one in taken.items()}}


def _bare_query() -> Callable[[], tuple[float, float]]:
    """Return the yardstick: the plainest query of the same table, of one item."""
    dynamodb, table = client("dynamodb"), os.environ["TABLE"]

    def ask() -> tuple[float, float]:
        began = time.perf_counter()
        dynamodb.query(
            TableName=table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "HOUSE#00000001"}},
            Limit=1,
        )
        return time.perf_counter() - began, 0.5

    return ask


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
