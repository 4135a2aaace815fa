"""What counting costs: units of the table per 1,000 messages, per day closed, per question asked.

The table is in this process; units are counted by sizes as AWS bills them.
"""

import math
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from activity.close_days import Desk as ClosingDesk
from activity.close_days import close_days
from activity.count_talk import Desk, count_talk
from bench.page_work import size_of_item
from bench.rows import Row
from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.adapters.aws import client
from housechats.domain.activity import Heard, by_day_of
from housechats.domain.addresses import Address
from housechats.domain.houses import House, code_of
from housechats.domain.organisations import OrganisationKind
from support.aws_mock import aws, new_table
from support.fakes import FakeChats, FakeHouses

COMMUNITY = 7
NOON = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
DAY = date(2027, 1, 11)
HOUSES, CHATS, PEOPLE = 60, 10, 100
WRITE, READ = 1024, 4096
"""Bytes that a unit pays for (AWS)."""
CHANGING = {"UpdateItem", "DeleteItem"}
TRANSACTION = 2
"""Units of a write in a transaction, by those of one outside."""


class Meter:
    """Counts what AWS would bill for what the adapters ask, by the sizes of items."""

    def __init__(self) -> None:
        self.written = self.read = 0.0
        self._indexed: dict[str, tuple[Any, Any]] = {}
        events = client("dynamodb").meta.events
        events.register("before-parameter-build.dynamodb", self._asked)
        events.register("after-call.dynamodb", self._answered)

    def take(self) -> tuple[float, float]:
        """Return write and read units since the last time."""
        spent = self.written, self.read
        self.written = self.read = 0
        return spent

    @staticmethod
    def _asked(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["bench"] = params

    def _answered(
        self, parsed: dict[str, Any], context: dict[str, Any], model: Any, **_: object
    ) -> None:
        asked = context["bench"]
        if model.name in CHANGING:
            # A refused write is billed like a made one.
            self._wrote(asked["Key"] | self._there(asked))
            return
        if "Item" in asked:
            self._wrote(asked["Item"])
        for one in asked.get("TransactItems", ()):
            self._wrote(self._there(one["Update"]), times=TRANSACTION)
        if "KeyConditionExpression" in asked:
            size = sum(map(size_of_item, parsed["Items"]))
            share = 1 if asked.get("ConsistentRead") else 0.5
            self.read += max(1, math.ceil(size / READ)) * share
        for items in parsed.get("Responses", {}).values() if "RequestItems" in asked else ():
            (keys,) = (each["Keys"] for each in asked["RequestItems"].values())
            self.read += sum(_units(item, READ) for item in items) + len(keys) - len(items)
        if "Key" in asked and "Item" not in asked:
            self.read += _units(parsed.get("Item", {}), READ)

    def _there(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """Return the item that was changed."""
        name, key = change["TableName"], change["Key"]
        found = client("dynamodb").get_item(TableName=name, Key=key, ConsistentRead=True)
        item: dict[str, Any] = found.get("Item", {})
        self.read -= _units(item, READ)  # ours, not the product's
        return item

    def _wrote(self, item: Mapping[str, Any], times: int = 1) -> None:
        self.written += times * _units(item, WRITE)
        name = f"{item.get('pk')}{item.get('sk')}"
        indexed = item.get("gsi2pk"), item.get("due_at")
        before = self._indexed.get(name, (None, None))
        if indexed != before:
            # An entry that moves is one that goes and one that comes.
            self.written += (before[0] is not None) + (indexed[0] is not None)
            self._indexed[name] = indexed


def _units(item: Mapping[str, Any], of: int) -> int:
    return max(1, math.ceil(size_of_item(item) / of))


def measure() -> list[Row]:
    with aws():
        return [*_measured()]


def _measured() -> Iterator[Row]:
    table = new_table("activity-bench")
    meter, tallies = Meter(), DynamoTallies(table)
    houses, chats = FakeHouses(), FakeChats()
    for number in range(1, HOUSES + 1):
        houses.enrol(_house(number))
        chats.remember(COMMUNITY, number, house_id=_house(number).id)
    desk = Desk(chats, houses, tallies, "a key")

    said = [*_talk(range(1, 101))]
    yield from _batch("the first of the day", said, desk, meter)
    for first in range(101, 1001, 100):
        count_talk(_named(_talk(range(first, first + 100))), desk=desk, now=NOON)
        said += _talk(range(first, first + 100))
    meter.take()
    more = [*_talk(range(1001, 1101))]
    yield from _batch(f"after 10,000, {PEOPLE} people a chat", more, desk, meter)

    yield from _exactly_once(desk)
    yield from _closed(desk, houses, meter)
    yield from _asked(tallies, DynamoTotals(table), meter)


def _batch(when: str, said: list[Heard], desk: Desk, meter: Meter) -> Iterator[Row]:
    meter.take()
    started = time.perf_counter()
    count_talk(_named(said), desk=desk, now=NOON)
    seconds = time.perf_counter() - started
    written, read = meter.take()
    yield Row.at_most(f"activity, 1,000 messages in 10 chats, {when}", written, 20, "WCU")
    yield Row.at_most("  read for it (chats known)", read, 20, "RCU")
    yield Row.at_most("  the worker at it", seconds, 2, "s")


def _exactly_once(desk: Desk) -> Iterator[Row]:
    """Tell 10,000 messages of another day, 3,000 of them again, in no order."""
    dice, later = random.Random(1), timedelta(days=1)
    said = [replace(one, at=one.at + later) for one in _talk(range(1, 1001))]
    told = [*said, *dice.sample(said, 3000)]
    dice.shuffle(told)
    for first in range(0, len(told), 1000):
        count_talk(_named(told[first : first + 1000]), desk=desk, now=NOON + later)
    counted = 0
    lost = doubled = 0
    for number in range(1, CHATS + 1):
        days = by_day_of(desk.tallies.of_house(_house(number).id, DAY + later, DAY + later))
        counted = days[DAY + later].messages
        lost += max(0, 1000 - counted)
        doubled += max(0, counted - 1000)
    yield Row.at_most("10,000 messages, 3,000 told again, in no order: lost", lost, 0, "messages")
    yield Row.at_most("  counted twice", doubled, 0, "messages")


def _closed(desk: Desk, houses: FakeHouses, meter: Meter) -> Iterator[Row]:
    heard = _named(
        Heard(COMMUNITY, number, NOON, cmid=5000, user=number) for number in range(1, HOUSES + 1)
    )
    count_talk(heard, desk=desk, now=NOON)
    meter.take()
    closing = ClosingDesk(desk.tallies, houses)
    closed = close_days(desk=closing, has_time=lambda: True, now=NOON + timedelta(days=3))
    written, read = meter.take()
    yield Row.at_most(
        "a house's day closed, with its share in all totals", written / closed, 10, "WCU"
    )
    yield Row.at_most("  read for it", read / closed, 4, "RCU")


def _asked(tallies: DynamoTallies, totals: DynamoTotals, meter: Meter) -> Iterator[Row]:
    """Ask of 400 days: what two days took tells what 400 like them take."""
    last = DAY + timedelta(days=1)
    there = totals.of("11", DAY, last)
    items = client("dynamodb").scan(TableName="activity-bench")["Items"]
    sizes = {
        prefix: max(size_of_item(one) for one in items if one["pk"]["S"].startswith(prefix))
        for prefix in ("TOTALS#", "ACTIVITY#")
    }
    assert len(there) == 2
    for name, prefix, bar in (
        ("400 days of a territory or organisation", "TOTALS#", 30),
        ("400 days of a house, all of them lively", "ACTIVITY#", 100),
    ):
        units = math.ceil(400 * sizes[prefix] / READ) / 2
        yield Row.at_most(f"GET /activity, {name}", units, bar, "RCU")
    tallies.of_house(_house(1).id, DAY, last)
    meter.take()


def _talk(numbers: Iterable[int]) -> Iterator[Heard]:
    for chat_id in range(1, CHATS + 1):
        for cmid in numbers:
            yield Heard(COMMUNITY, chat_id, NOON, cmid=cmid, user=cmid % PEOPLE)


def _named(heard: Iterable[Heard]) -> dict[str, Heard]:
    return {f"{number}": one for number, one in enumerate(heard)}


def _house(number: int) -> House:
    inns = [f"290100{number % 4:04d}", "2902000000", "2903000000"]
    return House(
        id=code_of(f"bench/{number}"),
        digest=f"d{number}",
        oktmo="11701000",
        address=Address(street="Садовая", house=f"{number}"),
        community=COMMUNITY,
        created_at=NOON,
        organisations=dict.fromkeys(inns, OrganisationKind.MANAGEMENT_COMPANY),
    )
