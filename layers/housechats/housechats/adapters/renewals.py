"""Chats kept alike: the Renewals port over the table."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.houses import HAVE_CHAT, RENEWALS, house_key, house_of
from housechats.adapters.lines import change_house
from housechats.adapters.table import ConditionFailedError, Table
from housechats.domain.houses import ChatState, House
from housechats.ports.renewals import RenewalClaim

HAS_CHAT = "#state IN (:open, :closed, :lost)"
OUTDATED = (
    "attribute_exists(#revision) AND (attribute_not_exists(#applied) OR #applied < #revision)"
)
NOT_DUE = "#gsi2pk, #due_at, #hand_overs"
DONE = f"{NOT_DUE}, #lease_until, #renewing_at"


class DynamoRenewals:
    """Notes in the houses' own items how far their chats are behind."""

    def __init__(self, table: Table, *, clock: Callable[[], float] = time.time) -> None:
        self._table = table
        self._clock = clock

    def claim(self, house_id: str, *, now: datetime, lease_until: datetime) -> RenewalClaim | None:
        try:
            before = self._table.update(
                *house_key(house_id),
                "SET #lease_until = :lease, #renewing_at = if_not_exists(#renewing_at, :now)",
                condition=f"{HAS_CHAT} AND {OUTDATED} "
                "AND (attribute_not_exists(#lease_until) OR #lease_until < :now)",
                returns="ALL_OLD",
                lease=lease_until,
                now=now,
                **HAVE_CHAT,
            )
        except ConditionFailedError as failed:
            return RenewalClaim(house_of(failed.item), ours=False) if failed.item else None
        return RenewalClaim(house_of(before), ours=True, again="renewing_at" in before)

    def renewed(self, house: House, *, link: str, cmid: int) -> bool:
        return self._done(house, link, "SET #applied = :revision", "#reason", cmid=cmid)

    def refused(self, house: House, *, link: str, cmid: int, reason: str) -> bool:
        return self._done(house, link, "SET #reason = :reason", cmid=cmid, reason=reason)

    def lost(self, house: House, *, code: str, reason: str) -> None:
        # A closed chat that is lost is closed all the same.
        closed = house.state == ChatState.CLOSED
        loss = {} if closed else {"loss": code}
        with suppress(ConditionFailedError):
            self._change(
                house.id,
                f"SET #state = :state, #reason = :reason{', #loss = :loss' if loss else ''} "
                f"REMOVE {DONE}",
                condition="#state = :was",
                was=house.state,
                state=ChatState.CLOSED if closed else ChatState.LOST,
                reason=reason,
                **loss,
            )

    def wait(self, house: House, *, until: datetime) -> None:
        with suppress(ConditionFailedError):
            self._change(
                house.id,
                "SET #due_at = :until, #gsi2pk = :due REMOVE #lease_until, #hand_overs",
                condition=HAS_CHAT,
                until=until,
                due=due_key(RENEWALS, house.id),
                **HAVE_CHAT,
            )

    def again(self, house: House, *, now: datetime) -> bool:
        try:
            self._change(
                house.id,
                "SET #due_at = :now, #gsi2pk = :due REMOVE #reason, #hand_overs",
                condition=f"{HAS_CHAT} AND {OUTDATED}",
                now=now,
                due=due_key(RENEWALS, house.id),
                **HAVE_CHAT,
            )
        except ConditionFailedError:
            return False
        return True

    def due(self, now: datetime, *, limit: int) -> dict[str, int]:
        found = due_items(self._table, RENEWALS, now, limit=limit)
        # The index tells late of what somebody has begun meanwhile: then it is handed over twice.
        return {
            item["pk"].removeprefix("HOUSE#"): item.get("hand_overs", 0)
            for item in self._table.get_many(found)
        }

    def handed_over(self, house_id: str, *, until: datetime) -> None:
        with suppress(ConditionFailedError):  # it is due no more
            self._table.update(
                *house_key(house_id),
                "SET #due_at = :until ADD #hand_overs :one",
                condition="attribute_exists(#due_at)",
                until=until,
                one=1,
            )

    def give_up(self, house_id: str, *, reason: str, now: datetime) -> None:
        with suppress(ConditionFailedError):  # it was changed, or begun anew, meanwhile
            self._change(
                house_id,
                f"SET #reason = :reason REMOVE {NOT_DUE}",
                condition=f"{HAS_CHAT} AND {OUTDATED} AND #due_at <= :now AND #hand_overs > :none",
                reason=reason,
                now=now,
                none=0,
                **HAVE_CHAT,
            )

    def _done(
        self, house: House, link: str, sets: str, *removes: str, cmid: int, **values: Any
    ) -> bool:
        """Note what was done for a house that nobody has changed meanwhile; else end the lease."""
        sets, values = f"{sets}, #welcome_cmid = :cmid", values | {"cmid": cmid}
        if link:
            sets, values = f"{sets}, #link = :link", values | {"link": link}
        if cmid and house.state == ChatState.LOST:
            sets, values = f"{sets}, #state = :state", values | {"state": ChatState.OPEN}
            removes = (*removes, "#loss")
        try:
            self._change(
                house.id,
                f"{sets} REMOVE {', '.join((DONE, *removes))}",
                condition="#revision = :revision AND #state = :was",
                revision=house.revision,
                was=house.state,
                **values,
            )
        except ConditionFailedError:
            self._table.update(*house_key(house.id), "REMOVE #lease_until")
            return False
        return True

    def _change(self, house_id: str, expression: str, *, condition: str, **values: Any) -> None:
        change_house(
            self._table,
            house_key(house_id),
            expression,
            condition=condition,
            at=self._clock(),
            **values,
        )
