"""Guides of elders and the services of organisations, in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from housechats.domain.guides import Guide
from housechats.domain.services import ServiceList
from housechats.domain.territories import Territory


class FakeGuides:
    def __init__(self) -> None:
        self.by_elder: dict[str, Guide] = {}
        self._postponed: dict[str, datetime] = {}

    def get(self, record_id: str) -> Guide | None:
        return self.by_elder.get(record_id)

    def save(self, record: Guide) -> Guide | None:
        there = self.by_elder.get(record.elder_id)
        if (there.revision if there else 0) != record.revision:
            return None
        saved = replace(record, revision=record.revision + 1)
        self.by_elder[record.elder_id] = saved
        self._postponed.pop(record.elder_id, None)
        return saved

    def of_territory(self, territory: Territory, *, since: str, limit: int) -> list[Guide]:
        found = [one for one in self.by_elder.values() if one.houses]
        there = [one for one in found if one.houses[0].oktmo.startswith(territory.prefix[:8])]
        later = [one for one in there if one.listed_at >= since]
        return sorted(later, key=lambda one: one.listed_at)[:limit]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return [name for name in self.by_elder if self._is_due(name, now)][:limit]

    def postpone(self, elder_id: str, *, now: datetime, until: datetime) -> None:
        if self._is_due(elder_id, now):
            self._postponed[elder_id] = until

    def _is_due(self, elder_id: str, now: datetime) -> bool:
        due_at = self.by_elder[elder_id].due_at(now=now)
        due_at = self._postponed.get(elder_id, due_at)
        return due_at is not None and due_at <= now


class FakeServices:
    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], ServiceList] = {}

    def get(self, region: str, inn: str) -> ServiceList:
        return self.by_key.get((region, inn), ServiceList(region, inn))

    def of_many(self, region: str, inns: Iterable[str]) -> list[ServiceList]:
        return [self.by_key[region, inn] for inn in inns if (region, inn) in self.by_key]

    def put(self, services: ServiceList) -> bool:
        if self.get(services.region, services.inn).revision != services.revision - 1:
            return False
        self.by_key[services.region, services.inn] = services
        return True
