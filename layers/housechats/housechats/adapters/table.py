"""The table: items in and out of DynamoDB, in Python's own types.

boto3's serializer comes with all of boto3 and turns numbers into Decimal; the table holds
whole numbers, texts, bytes, flags, lists, maps and sets only.
"""

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError

from housechats.adapters.aws import client, spending
from housechats.domain.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

BATCH_GET = 100
"""Keys in one BatchGetItem (AWS limit)."""
BUSY = {
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingError",
    "ThrottlingException",
}
"""What DynamoDB says to come back later; botocore has tried again some times by then."""
MEETINGS = 5
"""How often a write that met another one at the same item is repeated at once; by then the other
one, of some 10 ms, is over."""


class ConditionFailedError(Exception):
    """The item was not as the write demanded; `item` is how it is (None: there is none)."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("condition failed")
        self.item = item


class ItemTooLargeError(Exception):
    """The item would be larger than 400 KB (AWS limit)."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one item, as `update` takes it."""

    key: tuple[str, str]
    expression: str
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Table:
    """One table, keyed by `pk` and `sk`."""

    def __init__(self, name: str, dynamodb: "DynamoDBClient | None" = None) -> None:
        self._name = name
        self._dynamodb = dynamodb or client("dynamodb")

    def get(self, pk: str, sk: str) -> Item | None:
        """Return an item as it is now; one that has expired is gone, deleted or not."""
        answer = self._read(
            "get_item",
            {"TableName": self._name, "Key": _pack({"pk": pk, "sk": sk}), "ConsistentRead": True},
        )
        _spend("units_read", answer)
        return _alive(answer.get("Item"))

    def get_many(self, keys: Iterable[tuple[str, str]]) -> list[Item]:
        """Return those of the items that are there, in no order."""
        left = [_pack({"pk": pk, "sk": sk}) for pk, sk in dict.fromkeys(keys)]
        items: list[Item] = []
        while left:
            asked, left = left[:BATCH_GET], left[BATCH_GET:]
            answer = self._read(
                "batch_get_item",
                {"RequestItems": {self._name: {"Keys": asked, "ConsistentRead": True}}},
            )
            for part in answer.get("ConsumedCapacity", []):
                spending.add("units_read", part.get("CapacityUnits", 0))
            items += [i for i in map(_alive, answer["Responses"].get(self._name, [])) if i]
            left += answer["UnprocessedKeys"].get(self._name, {"Keys": []})["Keys"]
        return items

    def put(self, item: Item, *, condition: str = "", **values: object) -> None:
        """Write a whole item; ConditionFailedError when the condition does not hold."""
        request: dict[str, Any] = {"Item": _pack(item)}
        if condition:
            request["ConditionExpression"] = condition
            request |= _named(condition, values)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        self._write("put_item", request)

    def update(
        self,
        pk: str,
        sk: str,
        expression: str,
        *,
        condition: str = "",
        returns: str = "NONE",
        **values: object,
    ) -> Item:
        """Change an item; `:name` stands for a value, `#name` for an attribute."""
        request: dict[str, Any] = {
            "Key": _pack({"pk": pk, "sk": sk}),
            "UpdateExpression": expression,
            "ReturnValues": returns,
        }
        request |= _named(f"{expression} {condition}", values)
        if condition:
            request["ConditionExpression"] = condition
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return _unpack(self._write("update_item", request).get("Attributes", {}))

    def delete(self, pk: str, sk: str, *, condition: str = "", **values: object) -> None:
        """Delete an item, if it is there; ConditionFailedError when the condition does not hold."""
        request: dict[str, Any] = {"Key": _pack({"pk": pk, "sk": sk})}
        if condition:
            request["ConditionExpression"] = condition
            request |= _named(condition, values)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        self._write("delete_item", request)

    def sift(self, condition: str, **values: object) -> Iterator[list[Item]]:
        """Yield page by page the items of the table that fit, also expired ones.

        Every item is paid for; of a page, 1 MB, often none fits.
        """
        request: dict[str, Any] = {
            "TableName": self._name,
            "FilterExpression": condition,
            "ConsistentRead": True,
            **_named(condition, values),
        }
        while True:
            answer = self._read("scan", request)
            _spend("units_read", answer)
            yield [*map(_unpack, answer["Items"])]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def update_together(self, changes: Iterable[Change]) -> None:
        """Change all of the items or none; ConditionFailedError when a condition does not hold."""
        requests: list[dict[str, Any]] = []
        for change in changes:
            pk, sk = change.key
            request: dict[str, Any] = {
                "TableName": self._name,
                "Key": _pack({"pk": pk, "sk": sk}),
                "UpdateExpression": change.expression,
                **_named(f"{change.expression} {change.condition}", change.values),
            }
            if change.condition:
                request["ConditionExpression"] = change.condition
            requests.append({"Update": request})
        self._write("transact_write_items", {"TransactItems": requests})

    def query(
        self,
        condition: str,
        *,
        index: str = "",
        start: Item | None = None,
        limit: int = 0,
        newest_first: bool = False,
        consistent: bool = False,
        **values: object,
    ) -> tuple[list[Item], Item | None]:
        """Return one page of items, and the key with which the next page begins."""
        request: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": _pack({f":{k}": v for k, v in values.items()}),
            "ScanIndexForward": not newest_first,
        }
        if index:
            request["IndexName"] = index
        if consistent:
            request["ConsistentRead"] = True
        if start:
            request["ExclusiveStartKey"] = _pack(start)
        if limit:
            request["Limit"] = limit
        answer = self._read("query", request)
        _spend("units_read", answer)
        last = answer.get("LastEvaluatedKey")
        items = [item for item in map(_alive, answer["Items"]) if item]
        return items, _unpack(last) if last else None

    def query_all(self, condition: str, **how: Any) -> Iterator[Item]:
        """Yield the items of all pages."""
        start: Item | None = None
        while True:
            items, start = self.query(condition, start=start, **how)
            yield from items
            if start is None:
                return

    def _read(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._ask(method, request)
        except ClientError as error:
            raise _meant(error)  # noqa: B904 - from the very error that it may be

    def _ask(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._dynamodb, method)(
                ReturnConsumedCapacity="TOTAL", **request
            )
        except HTTPClientError as error:
            raise UnavailableError("the table cannot be reached") from error
        return answer

    def _write(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        if method != "transact_write_items":
            request["TableName"] = self._name
        for _ in range(MEETINGS):
            try:
                answer = self._ask(method, request)
            except ClientError as error:
                if not _met_another(error):
                    raise _meant(error)  # noqa: B904 - from the very error that it may be
            else:
                _spend("units_written", answer)
                return answer
        raise UnavailableError("others keep writing the same item")


def _met_another(error: ClientError) -> bool:
    reasons = _reasons(error)
    return "TransactionConflict" in reasons or "TransactionConflictException" in reasons


def _meant(error: ClientError) -> Exception:
    """Return what an error means to us; the error itself when it means a bug."""
    reasons = _reasons(error)
    if reasons & {"ConditionalCheckFailed", "ConditionalCheckFailedException"}:
        # AWS bills a refused write like a made one, but does not say so; our items are ≤ 1 KB.
        spending.add("units_written", 1)
        spending.add("writes_refused", 1)
        old: Any = error.response.get("Item")
        return ConditionFailedError(_unpack(old) if old else None)
    if reasons & BUSY:
        return UnavailableError("the table is busy")
    told = [str(error), *(part.get("Message", "") for part in _parts(error))]
    return ItemTooLargeError() if any("Item size" in one for one in told) else error


def _reasons(error: ClientError) -> set[str]:
    """Return the code of an error, and those of the parts of a transaction."""
    return {error.response["Error"]["Code"], *(part.get("Code", "") for part in _parts(error))}


def _parts(error: ClientError) -> Any:
    return error.response.get("CancellationReasons", [])


def _spend(what: str, answer: Mapping[str, Any]) -> None:
    told = answer.get("ConsumedCapacity", {})
    # A transaction tells of each table it wrote to.
    for part in told if isinstance(told, list) else [told]:
        spending.add(what, part.get("CapacityUnits", 0))


def _alive(item: Any) -> Item | None:
    """Return the item unless it has expired: TTL deletes late, readers must not see it."""
    if not item:
        return None
    unpacked = _unpack(item)
    return None if unpacked.get("ttl", time.time() + 1) <= time.time() else unpacked


def _named(expression: str, values: Mapping[str, object]) -> dict[str, Any]:
    """Name the expression's attributes and values: `#state` is the attribute `state`.

    Every attribute is written so, for DynamoDB keeps hundreds of words for itself.
    """
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", expression)}
    request: dict[str, Any] = {}
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = _pack({f":{k}": v for k, v in values.items()})
    return request


def _pack(item: Mapping[str, object]) -> Any:
    return {name: _typed(value) for name, value in item.items()}


def _typed(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case int():
            return {"N": str(value)}
        case datetime():
            return {"N": str(to_ms(value))}
        case None:
            return {"NULL": True}
        case set() | frozenset():
            return _typed_set(value)
        case Mapping():
            return {"M": _pack(value)}
        case list() | tuple():
            return {"L": [_typed(member) for member in value]}
    raise TypeError(f"the table holds no {type(value).__name__}")


def _typed_set(value: Collection[object]) -> dict[str, Any]:
    if all(isinstance(member, int) for member in value):
        return {"NS": [str(member) for member in value]}
    return {"SS": list(value)}


def _unpack(item: Any) -> Item:
    return {name: _plain(value) for name, value in item.items()}


def _plain(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    match kind:
        case "N":
            return int(value)
        case "NULL":
            return None
        case "NS":
            return {int(member) for member in value}
        case "SS":
            return set(value)
        case "M":
            return _unpack(value)
        case "L":
            return [_plain(member) for member in value]
        case _:
            return value


def setting(values: Mapping[str, object], *, among: Iterable[str]) -> str:
    """Return an expression that sets the values, and removes those `among` that have none."""
    sets = ", ".join(f"#{name} = :{name}" for name in values)
    removes = ", ".join(f"#{name}" for name in among if name not in values)
    return " ".join(f"{verb} {what}" for verb, what in (("SET", sets), ("REMOVE", removes)) if what)


def to_ms(moment: datetime) -> int:
    """Return a moment as the table keeps it: whole milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def from_ms(ms: int | None) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None


def at_ms(ms: int) -> datetime:
    """Return a moment that an item surely has."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def to_seconds(moment: datetime) -> int:
    """Return a moment as TTL wants it: whole seconds since 1970."""
    return int(moment.timestamp())
