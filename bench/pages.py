"""What a page of a large region costs: time against a bare query, and read units."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from bench.lists import INNS, STREETS
from bench.page_work import CALLER, REGION
from bench.rows import Row
from bench.surroundings import COMMUNITY, ROOT, Surroundings, surroundings
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory

HOUSES = 18_200
"""Of Архангельская область."""
MUNICIPALITIES = 26
REQUESTS = 100
AN_HOUR = 60
"""Pages of an hour in which staff look once a minute."""
BATCH_WRITE = 25
"""Items in one BatchWriteItem (AWS limit)."""
NOW = datetime.now(UTC)


def measure() -> list[Row]:
    with surroundings("pages") as around:
        _build(around)
        first, cold = _ask(around, 1), _ask(around, REQUESTS)
    bare, page, search = cold["bare"], cold["page"], cold["search"]
    following = statistics.fmean([*page["units"], *search["units"]])
    hour = (first["first"] + (AN_HOUR - 1) * following) / AN_HOUR
    return [
        *_ratios("/me", cold["me"], bare, (4, 5)),
        *_ratios(f"a page of {HOUSES} houses", page, bare, (15, 20)),
        *_ratios(f"a search among {HOUSES} houses", search, bare, (15, 20)),
        Row.at_most("a container's first page: reads", cold["first"], 40, "units"),
        Row.at_most("the following pages: reads, the dearest", max(page["units"]), 40, "units"),
        Row.at_most("  a search, the dearest", max(search["units"]), 40, "units"),
        Row.at_most("  /me", max(cold["me"]["units"]), 40, "units"),
        Row.at_most("one page an hour that reads the index", first["first"], 40, "units"),
        Row.at_most("  a page of that hour, one looked at a minute", hour, 40, "units"),
    ]


def _ratios(name: str, taken: Any, bare: Any, bars: tuple[float, float]) -> Iterator[Row]:
    for quantile, bar in zip((50, 95), bars, strict=True):
        ratio = _at(taken["seconds"], quantile) / _at(bare["seconds"], quantile)
        yield Row.at_most(f"{name}: p{quantile} ÷ a bare query's", ratio, bar, "× time")


def _at(seconds: list[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1]


def _ask(around: Surroundings, requests: int) -> Any:
    """Have a new container answer requests."""
    paths = [str(ROOT / part) for part in ("functions", "layers/housechats", "")]
    env = {**os.environ, **around.settings(), "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "bench.page_work", str(requests)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def _build(around: Surroundings) -> None:
    dynamodb = around.emulator.client("dynamodb")
    posts = DynamoPosts(Table(around.table, dynamodb))
    posts.give(Post(CALLER, Role.ADMINISTRATOR, Territory(REGION), NOW, "operator"))
    together = Together(dynamodb)
    houses = DynamoHouses(Table(around.table, cast("Any", together)))
    for number in range(HOUSES):
        houses.enrol(_house(number))
    together.flush()


def _house(number: int) -> House:
    oktmo = f"117{number % MUNICIPALITIES:02d}000"
    street = STREETS[number // MUNICIPALITIES % len(STREETS)]
    address = Address(
        region="Архангельская обл.",
        locality="г. Архангельск",
        street_type="ул",
        street=street,
        house=str(number // MUNICIPALITIES // len(STREETS) + 1),
        block=str(number % 3 or ""),
    )
    digest = digest_of(oktmo, address)
    return House(
        id=code_of(digest),
        digest=digest,
        oktmo=oktmo,
        address=address,
        community=COMMUNITY,
        created_at=NOW,
        entrances=number % 12 + 1,
        flats=number % 200 + 1,
        tags=("новостройка",) if number % 5 == 0 else (),
        organisations={INNS[number // 50 % len(INNS)]: OrganisationKind.MANAGEMENT_COMPANY},
        elder_id=f"{number:016x}",
        batch_id="0123456789abcdef",
        poster_at=NOW,
    )


class Together:
    """Stands for the client while houses are enrolled: what is put goes 25 items together.

    `more`: what the items have that no new house has.
    """

    def __init__(self, dynamodb: Any, *, more: Mapping[str, Any] | None = None) -> None:
        self._dynamodb = dynamodb
        self._more = more or {}
        self._waiting: dict[str, list[Any]] = {}

    def put_item(self, **request: Any) -> dict[str, Any]:
        waiting = self._waiting.setdefault(request["TableName"], [])
        waiting.append({"PutRequest": {"Item": {**request["Item"], **self._more}}})
        if len(waiting) == BATCH_WRITE:
            self.flush()
        return {}

    def flush(self) -> None:
        asked = {table: items for table, items in self._waiting.items() if items}
        self._waiting = {}
        if asked and self._dynamodb.batch_write_item(RequestItems=asked)["UnprocessedItems"]:
            raise RuntimeError("the emulator has refused items")
