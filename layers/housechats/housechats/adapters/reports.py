"""Reports: the Reports port over the table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    at_ms,
    from_ms,
    to_ms,
    to_seconds,
)
from housechats.domain.house_rules import HouseRule
from housechats.domain.reports import KEPT, Removal, Report, ReportState
from housechats.domain.territories import Territory, region_of

KIND = "REPORT"
COUNTED_FOR = timedelta(days=2)
"""How long it is kept how often somebody reported on a day."""


class DynamoReports:
    """Keeps one item a report; GSI1 lists a region's by house, GSI2 those that are due."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, reporter_key: str, day: date, report_id: str) -> int:
        until = datetime(day.year, day.month, day.day, tzinfo=UTC) + COUNTED_FOR
        item = self._table.update(
            f"REPORTER#{reporter_key}",
            f"DAY#{day:%Y-%m-%d}",
            "ADD #reports :reports SET #ttl = :ttl",
            returns="ALL_NEW",
            reports={report_id},
            ttl=to_seconds(until),
        )
        return len(item["reports"])

    def add(self, report: Report) -> Report:
        try:
            self._table.put(report_item(report), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return read_report(failed.item or {})
        return report

    def get(self, record_id: str) -> Report | None:
        item = self._table.get(*report_key(record_id))
        return read_report(item) if item else None

    def save(self, record: Report) -> Report | None:
        saved = replace(record, revision=record.revision + 1)
        try:
            self._table.put(report_item(saved), condition="#revision = :was", was=record.revision)
        except ConditionFailedError:
            return None
        return saved

    def of_territory(self, territory: Territory) -> list[Report]:
        return self._listed(territory.region, territory.prefix)

    def of_house(self, house_id: str, oktmo: str) -> list[Report]:
        return self._listed(region_of(oktmo), f"{oktmo}#{house_id}#")

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("REPORT#") for pk, _ in found]

    def postpone(self, record_id: str, *, until: datetime) -> None:
        postpone(self._table, *report_key(record_id), until=until)

    def _listed(self, region: str, beginning: str) -> list[Report]:
        keys = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :beginning)",
            index="GSI1",
            region=f"REPORTS#{region}",
            beginning=beginning,
        )
        found = map(read_report, self._table.get_many((key["pk"], key["sk"]) for key in keys))
        return sorted(found, key=lambda one: (one.reported_at, one.id), reverse=True)


def report_key(report_id: str) -> tuple[str, str]:
    return f"REPORT#{report_id}", "REPORT"


def report_item(report: Report) -> Item:
    pk, sk = report_key(report.id)
    due_at = report.due_at(report.decided_at or report.reported_at)
    at = f"{to_ms(report.reported_at):013d}"
    item: Item = {
        "pk": pk,
        "sk": sk,
        "house": report.house_id,
        "oktmo": report.oktmo,
        "community": report.community,
        "chat_id": report.chat_id,
        "cmid": report.cmid,
        "author": report.author,
        "reported_at": report.reported_at,
        "reporters": list(report.reporters),
        "reporter_keys": list(report.reporter_keys),
        "by_company": report.by_company,
        "of_official": report.of_official,
        "state": report.state,
        "escalate_at": report.escalate_at,
        "decided_by": report.decided_by,
        "decided_role": report.decided_role,
        "decided_at": report.decided_at,
        "rule": report.rule,
        "mutes": report.mutes,
        "deletion": report.deletion,
        "muting": report.muting,
        "accounts": report.accounts,
        "request_id": report.request_id,
        "errands": packed(report.errands),
        "revision": report.revision,
        "gsi1pk": f"REPORTS#{region_of(report.oktmo)}",
        "gsi1sk": f"{report.oktmo}#{report.house_id}#{at}#{report.id}",
        "due_at": due_at,
        "gsi2pk": due_key(KIND, report.id) if due_at else None,
        "ttl": to_seconds(report.reported_at + KEPT),
    }
    return {name: value for name, value in item.items() if value}


def read_report(item: Item) -> Report:
    return Report(
        id=item["pk"].removeprefix("REPORT#"),
        house_id=item["house"],
        oktmo=item["oktmo"],
        community=item["community"],
        chat_id=item["chat_id"],
        cmid=item["cmid"],
        author=item.get("author", 0),
        reported_at=at_ms(item["reported_at"]),
        reporters=tuple(item.get("reporters", ())),
        reporter_keys=tuple(item.get("reporter_keys", ())),
        by_company=item.get("by_company", False),
        of_official=item.get("of_official", False),
        state=ReportState(item["state"]),
        escalate_at=from_ms(item.get("escalate_at")),
        decided_by=item.get("decided_by", ""),
        decided_role=item.get("decided_role", ""),
        decided_at=from_ms(item.get("decided_at")),
        rule=HouseRule(item["rule"]) if "rule" in item else None,
        mutes=item.get("mutes", False),
        deletion=Removal(item.get("deletion", "")),
        muting=Removal(item.get("muting", "")),
        accounts=item.get("accounts", False),
        request_id=item.get("request_id", ""),
        errands=unpacked(item.get("errands", ())),
        revision=item["revision"],
    )
