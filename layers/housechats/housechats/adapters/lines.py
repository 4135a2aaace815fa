"""What lists show of houses: an index of the table, and a log of what has changed since."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from housechats.adapters.table import Item, Table
from housechats.domain.houses import ChatState, HouseLine

LISTED = (
    "title",
    "shown",
    "batch_id",
    "poster_at",
    "reason",
    "entrances",
    "due_at",
    "organisations",
    "tags",
    "community",
    "chat_id",
    "residents",
    "told",
)
"""Attributes of a house that lists show: what GSI1 carries beside its keys."""
LOG_LIVES = 24 * 3600
"""Seconds: nobody brings an older copy of the index up to date."""
MANY = "*"
"""Stands in the log for a house where so many are new that the index is to be read anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the log: the line that a house has now; none when there are too many to tell."""

    at: float
    line: HouseLine | None


def change_house(
    table: Table,
    key: tuple[str, str],
    expression: str,
    *,
    condition: str,
    at: float,
    **values: Any,
) -> None:
    """Update a house; lists are told when they show what is changed.

    Whatever is written to a house goes through here, but for the steps of a chat that is being
    made and the number of residents: lists show these when the index is read anew, and so they do
    with a change whose writer was killed before it told of it and did not come back.
    """
    named = set(re.findall(r"#(\w+)", expression))
    if named.isdisjoint((*LISTED, "state")):
        table.update(*key, expression, condition=condition, **values)
        return
    if state := values.get("state"):
        expression = f"SET #shown = :shown, {expression.removeprefix('SET ')}"
        values["shown"] = state if state.settled else ChatState.PLANNED
    house = table.update(
        *key,
        f"{expression} ADD #told :one",
        condition=condition,
        returns="ALL_NEW",
        one=1,
        **values,
    )
    tell(table, house, at=at)


def tell(table: Table, house: Item, *, at: float) -> None:
    """Note what lists show of a house from now on, after it was written.

    Who notes first and writes then might tell of what never came to be.
    """
    region = str(house["gsi1pk"]).removeprefix("R#")
    listed = {name: house[name] for name in ("gsi1sk", *LISTED) if name in house}
    house_id = house["pk"].removeprefix("HOUSE#")
    # Two changes of one millisecond are two entries.
    table.put(_entry(region, f"{house_id}#{house.get('told', 0)}", at) | listed)


def tell_of_many(table: Table, region: str, *, at: float) -> None:
    """Note that the index is to be read anew."""
    table.put(_entry(region, MANY, at))


def changes(table: Table, region: str, *, since: float, consistent: bool) -> Iterator[Change]:
    """Yield what was noted after a moment."""
    found = table.query_all(
        "pk = :log AND sk > :since",
        log=f"CHANGES#{region}",
        since=_moment(since),
        consistent=consistent,
    )
    for item in found:
        moment, house_id, *_ = item["sk"].split("#")
        line = None if house_id == MANY else line_of(item, house_id)
        yield Change(int(moment) / 1000, line)


def all_lines(table: Table, region: str) -> Iterator[HouseLine]:
    """Yield the lines of a region's houses as the index has them."""
    items = table.query_all("gsi1pk = :region", index="GSI1", region=f"R#{region}")
    for item in items:
        yield line_of(item, item["pk"].removeprefix("HOUSE#"))


def line_of(item: Item, house_id: str) -> HouseLine:
    state = ChatState(item.get("shown", ChatState.PLANNED))
    return HouseLine(
        id=house_id,
        oktmo=item["gsi1sk"].partition("#")[0],
        title=item["title"],
        state=state,
        batch_id=item.get("batch_id", ""),
        entrances=item.get("entrances", 0),
        has_poster="poster_at" in item,
        waits="due_at" in item and "reason" in item,  # without one it is due at once
        reason=item.get("reason", ""),
        organisations=tuple(sorted(item.get("organisations", ()))),
        tags=tuple(item.get("tags", ())),
        community=item.get("community", 0),
        residents=item.get("residents", 0),
        position=item["gsi1sk"],
        told=item.get("told", 0),
        chat_id=item.get("chat_id", 0) if state.settled else 0,
    )


def _entry(region: str, what: str, at: float) -> Item:
    return {
        "pk": f"CHANGES#{region}",
        "sk": f"{_moment(at)}#{what}",
        "ttl": int(at) + LOG_LIVES,
    }


def _moment(seconds: float) -> str:
    return f"{round(seconds * 1000):013d}"
