"""Requests: the Requests port over the table."""

from datetime import datetime, timedelta
from hashlib import sha256

from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms, to_seconds
from housechats.ports.requests import REMEMBERED, Remembered

COUNTED = timedelta(minutes=5)


class DynamoRequests:
    """Keeps an item a key and an item a minute of a busy caller; both expire."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(
        self, caller: str, key: str, digest: str, *, now: datetime, lease_until: datetime
    ) -> Remembered | None:
        pk, sk = _key(caller, key)
        try:
            self._table.put(
                {
                    "pk": pk,
                    "sk": sk,
                    "digest": digest,
                    "lease_until": lease_until,
                    "ttl": to_seconds(now + REMEMBERED),
                },
                # An expired one is gone; a dead one of the same request may be done again.
                condition="attribute_not_exists(#pk) OR #ttl <= :today "
                "OR (attribute_exists(#lease_until) AND #lease_until <= :now "
                "AND #digest = :digest)",
                today=to_seconds(now),
                now=now,
                digest=digest,
            )
        except ConditionFailedError as failed:
            return _remembered(failed.item or {})
        return None

    def answered(self, caller: str, key: str, answer: Remembered) -> None:
        self._table.update(
            *_key(caller, key),
            "SET #status = :status, #headers = :headers, #body = :body REMOVE #lease_until",
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )

    def release(self, caller: str, key: str) -> None:
        self._table.update(*_key(caller, key), "SET #ttl = :past", past=1)

    def count(self, caller: str, *, minute: int, of: str = "") -> int:
        until = datetime.fromtimestamp(minute * 60).astimezone() + COUNTED
        counted = self._table.update(
            f"CALLER#{caller}",
            f"MINUTE#{minute}#{of}" if of else f"MINUTE#{minute}",
            "ADD #times :one SET #ttl = :ttl",
            returns="UPDATED_NEW",
            one=1,
            ttl=to_seconds(until),
        )
        return int(counted["times"])


def _key(caller: str, key: str) -> tuple[str, str]:
    # A key is the caller's own text: its hash, so that whatever it says stays out of ours.
    return f"CALLER#{caller}", f"KEY#{sha256(key.encode()).hexdigest()[:32]}"


def _remembered(item: Item) -> Remembered:
    return Remembered(
        digest=item["digest"],
        lease_until=from_ms(item.get("lease_until")),
        status=item.get("status", 0),
        headers=item.get("headers", {}),
        body=item.get("body", ""),
    )
