"""Communities: which are connected, over the table."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Lock
from typing import Any

from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms
from housechats.domain.communities import Community, CommunityState
from housechats.domain.territories import region_of

ALL = "COMMUNITIES"
"""All communities lie under one key: a region has tens of them."""
BELIEVED_S = 15
"""How long a worker believes that a community works: it opens some thirty chats meanwhile."""


class DynamoCommunities:
    """Keeps one item a community; whose token it is stands in no item."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, community_id: int) -> Community | None:
        item = self._table.get(*_key(community_id))
        return _community(item) if item else None

    def of_region(self, region: str) -> list[Community]:
        return [one for one in self.everywhere() if region_of(one.oktmo) == region]

    def everywhere(self) -> list[Community]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=ALL)
        return [_community(item) for item in items]

    def connect(self, community: Community, *, instead_of: Community | None) -> bool:
        condition, was = "attribute_not_exists(#pk)", dict[str, Any]()
        if instead_of:
            condition, was = "#revision = :was", {"was": instead_of.revision}
        try:
            self._table.put(_item(community), condition=condition, **was)
        except ConditionFailedError:
            return False
        return True

    def disconnect(self, community: Community, *, reason: str) -> None:
        with suppress(ConditionFailedError):  # another token is there by now
            self._table.update(
                *_key(community.id),
                "SET #state = :disconnected, #reason = :reason, #revision = #revision + :one",
                condition="#connected_at = :connected_at AND #state <> :disconnected",
                one=1,
                disconnected=CommunityState.DISCONNECTED,
                reason=reason,
                connected_at=community.connected_at,
            )

    def turn(self, community: Community, state: CommunityState) -> bool:
        try:
            self._table.update(
                *_key(community.id),
                "SET #state = :state, #revision = :next",
                condition="#revision = :was",
                state=state,
                next=community.revision + 1,
                was=community.revision,
            )
        except ConditionFailedError:
            return False
        return True


class BelievedCommunities(DynamoCommunities):
    """Those of a worker that acts for house after house of one community.

    Only that one works is believed: if it does not any more, VK's answer says so at once. What does
    not work is looked at each time, so that nothing waits once it is connected anew.
    """

    def __init__(self, table: Table, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(table)
        self._clock = clock
        self._believed: dict[int, tuple[Community, float]] = {}
        self._one_looks = Lock()

    def get(self, community_id: int) -> Community | None:
        with self._one_looks:
            believed, until = self._believed.get(community_id, (None, 0.0))
            if believed and self._clock() < until:
                return believed
            found = super().get(community_id)
            if found and found.works:
                self._believed[community_id] = found, self._clock() + BELIEVED_S
            return found

    def disconnect(self, community: Community, *, reason: str) -> None:
        self._believed.pop(community.id, None)
        super().disconnect(community, reason=reason)


def _key(community_id: int) -> tuple[str, str]:
    return ALL, f"{community_id:012d}"


def _item(community: Community) -> Item:
    pk, sk = _key(community.id)
    item: dict[str, Any] = {
        "pk": pk,
        "sk": sk,
        "name": community.name,
        "oktmo": community.oktmo,
        "state": community.state,
        "connected_at": community.connected_at,
        "connected_by": community.connected_by,
        "token_version": community.token_version,
        "missing": list(community.missing),
        "reason": community.reason,
        "revision": community.revision,
    }
    return {name: value for name, value in item.items() if value}


def _community(item: Item) -> Community:
    return Community(
        id=int(item["sk"]),
        name=item["name"],
        oktmo=item["oktmo"],
        state=CommunityState(item["state"]),
        connected_at=_moment(item["connected_at"]),
        connected_by=item["connected_by"],
        token_version=item["token_version"],
        missing=tuple(item.get("missing", ())),
        reason=item.get("reason", ""),
        revision=item["revision"],
    )


def _moment(ms: int) -> datetime:
    moment = from_ms(ms)
    if moment is None:
        raise ValueError("a community without its time of connecting")
    return moment
