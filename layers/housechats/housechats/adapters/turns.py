"""Turns over the table: one small item for each thing that is said only now and then."""

from datetime import datetime, timedelta

from housechats.adapters.table import ConditionFailedError, Table, from_ms, to_seconds
from housechats.domain.chat_events import KEPT_SEEN


class DynamoTurns:
    """Keeps who had the last turn, and since when."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, what: str, *, by: str, every: timedelta, now: datetime) -> datetime | None:
        kept = max(every, timedelta(seconds=KEPT_SEEN))
        try:
            self._table.put(
                {
                    "pk": f"TURN#{what}",
                    "sk": "TURN",
                    "by": by,
                    "at": now,
                    "ttl": to_seconds(now + kept),
                },
                condition="attribute_not_exists(#pk) OR (#at <= :earlier AND #by <> :by)",
                earlier=now - every,
                by=by,
            )
        except ConditionFailedError as failed:
            there = failed.item or {}
            return from_ms(there["at"]) if there.get("by") == by else None
        return now

    def allow(self, what: str, *, by: str, most: int, now: datetime) -> bool:
        try:
            self._table.update(
                f"TURN#{what}",
                f"HOUR#{now:%Y-%m-%dT%H}",
                "ADD #events :event SET #ttl = :ttl",
                condition="attribute_not_exists(#events) OR size(#events) < :most"
                " OR contains(#events, :by)",
                event={by},
                by=by,
                most=most,
                ttl=to_seconds(now + timedelta(hours=1)),
            )
        except ConditionFailedError:
            return False
        return True
