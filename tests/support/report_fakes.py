"""Complaints, webhooks and reports in memory, and a system that takes messages or does not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from housechats.domain.complaints import Complaint
from housechats.domain.errors import UnavailableError
from housechats.domain.reports import Report
from housechats.domain.territories import Territory
from housechats.domain.webhooks import Webhook, fault_of


class FakeComplaints:
    def __init__(self) -> None:
        self.by_id: dict[str, Complaint] = {}
        self.postponed: dict[str, datetime] = {}

    def add(self, complaint: Complaint) -> Complaint | None:
        there = self.by_id.setdefault(complaint.id, complaint)
        return there if there.event == complaint.event else None

    def get(self, record_id: str) -> Complaint | None:
        return self.by_id.get(record_id)

    def save(self, record: Complaint) -> Complaint | None:
        there = self.by_id.get(record.id)
        if there is None or there.revision != record.revision:
            return None
        saved = self.by_id[record.id] = replace(record, revision=record.revision + 1)
        self.postponed.pop(record.id, None)
        return saved

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Complaint]:
        return self._newest_first(
            one
            for one in self.by_id.values()
            if territory.covers(one.oktmo) and one.sent_at >= since
        )

    def of_author(self, vk_id: int, *, limit: int) -> list[Complaint]:
        return self._newest_first(o for o in self.by_id.values() if o.by == vk_id)[:limit]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = [one.id for one in self.by_id.values() if self._is_due(one, now)]
        return found[:limit]

    def postpone(self, record_id: str, *, until: datetime) -> None:
        if record_id in self.by_id:
            self.postponed[record_id] = until

    def _is_due(self, one: Complaint, now: datetime) -> bool:
        at = self.postponed.get(one.id) or one.due_at(now)
        return at is not None and at <= now

    @staticmethod
    def _newest_first(found: Any) -> list[Complaint]:
        return sorted(found, key=lambda one: (one.sent_at, one.id), reverse=True)


class FakeWebhooks:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Webhook] = {}

    def get(self, region: str, inn: str) -> Webhook | None:
        return self.kept.get((region, inn))

    def put(self, webhook: Webhook) -> None:
        self.kept[webhook.region, webhook.inn] = webhook

    def delete(self, region: str, inn: str) -> None:
        self.kept.pop((region, inn), None)


@dataclass
class FakeCarrier:
    """The system of an organisation: keeps what it takes."""

    takes: bool = True
    taken: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    asked: int = 0

    def fault_of(self, url: str) -> str:
        return fault_of(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.asked += 1
        if not self.takes:
            raise UnavailableError("the system answered 503")
        self.taken.append((url, body, headers))

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body, _ in self.taken]


class FakeReports:
    def __init__(self) -> None:
        self.by_id: dict[str, Report] = {}
        self.counted: dict[tuple[str, date], set[str]] = {}
        self.postponed: dict[str, datetime] = {}

    def count(self, reporter_key: str, day: date, report_id: str) -> int:
        reports = self.counted.setdefault((reporter_key, day), set())
        reports.add(report_id)
        return len(reports)

    def add(self, report: Report) -> Report:
        return self.by_id.setdefault(report.id, report)

    def get(self, record_id: str) -> Report | None:
        return self.by_id.get(record_id)

    def save(self, record: Report) -> Report | None:
        there = self.by_id.get(record.id)
        if there is None or there.revision != record.revision:
            return None
        saved = self.by_id[record.id] = replace(record, revision=record.revision + 1)
        self.postponed.pop(record.id, None)
        return saved

    def of_territory(self, territory: Territory) -> list[Report]:
        return self._newest_first(o for o in self.by_id.values() if territory.covers(o.oktmo))

    def of_house(self, house_id: str, oktmo: str) -> list[Report]:
        return self._newest_first(o for o in self.by_id.values() if o.house_id == house_id)

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = [one.id for one in self.by_id.values() if self._is_due(one, now)]
        return found[:limit]

    def postpone(self, record_id: str, *, until: datetime) -> None:
        if record_id in self.by_id:
            self.postponed[record_id] = until

    def _is_due(self, one: Report, now: datetime) -> bool:
        at = self.postponed.get(one.id) or one.due_at(now)
        return at is not None and at <= now

    @staticmethod
    def _newest_first(found: Any) -> list[Report]:
        return sorted(found, key=lambda one: (one.reported_at, one.id), reverse=True)
