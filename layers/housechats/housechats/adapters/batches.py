"""Batches: the Batches port over the table."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms, to_seconds
from housechats.domain.batches import KEPT, Batch, BatchState, Problem, RowVerdict, Verdict
from housechats.domain.territories import Territory, region_of
from housechats.ports import KeptChunk

MOST_CHUNKS = 99_999
"""As many as the number in a key can tell; a list has 1,000."""


class DynamoBatches:
    """Keeps a batch as one item, its verdicts as one item per 100 rows; all expire."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, batch: Batch) -> Batch:
        try:
            self._table.put(_item(batch), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return _batch(failed.item or {})
        return batch

    def reading(self, batch_id: str, *, etag: str, now: datetime) -> Batch:
        try:
            item = self._table.update(
                *_key(batch_id),
                "SET #state = :reading, #created_at = :now, #etag = :etag",
                condition="#state = :awaited",
                returns="ALL_NEW",
                reading=BatchState.READING,
                awaited=BatchState.AWAITED,
                etag=etag,
                now=now,
            )
        except ConditionFailedError as failed:  # a file has come before
            item = failed.item or {}
        return _batch(item)

    def get(self, batch_id: str) -> Batch | None:
        item = self._table.get(*_key(batch_id))
        return _batch(item) if item else None

    def of_territory(self, territory: Territory) -> list[Batch]:
        items = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :prefix)",
            index="GSI1",
            region=f"B#{territory.region}",
            prefix=territory.prefix,
        )
        whole = self._table.get_many((item["pk"], item["sk"]) for item in items)
        return sorted(map(_batch, whole), key=lambda batch: batch.created_at, reverse=True)

    def refuse(self, batch_id: str, *, code: str, reason: str) -> None:
        with suppress(ConditionFailedError):  # a late repeat found no file any more
            self._table.update(
                *_key(batch_id),
                "SET #state = :refused, #code = :code, #reason = :reason",
                condition="#state IN (:awaited, :reading, :refused)",
                refused=BatchState.REFUSED,
                awaited=BatchState.AWAITED,
                reading=BatchState.READING,
                code=code,
                reason=reason,
            )

    def start(
        self,
        batch_id: str,
        *,
        chunks: int,
        rows: Mapping[str, int],
        locality: str = "",
        columns: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
    ) -> None:
        with suppress(ConditionFailedError):  # a repeat must not begin a finished one anew
            self._table.update(
                *_key(batch_id),
                "SET #state = :state, #chunks = :chunks, #rows = :rows, "
                "#locality = :locality, #columns = :columns, #remarks = :remarks",
                condition="#state IN (:reading, :state)",
                state=BatchState.ENROLLING,
                reading=BatchState.READING,
                chunks=chunks,
                rows=rows,
                locality=locality,
                columns=columns or {},
                remarks=remarks,
            )

    def put_chunk(
        self,
        batch_id: str,
        chunk: int,
        verdicts: Sequence[RowVerdict],
        *,
        span: tuple[int, int],
        until: datetime,
    ) -> None:
        pk, _ = _key(batch_id)
        item: Item = {
            "pk": pk,
            "sk": _chunk(chunk),
            "rows": [_packed(verdict) for verdict in verdicts],
            "span": span,
            "ttl": to_seconds(until),
        }
        with suppress(ConditionFailedError):  # a late repeat after a person has mended a row
            self._table.put(item, condition="attribute_not_exists(#mended)")

    def chunk(self, batch_id: str, chunk: int) -> list[RowVerdict]:
        pk, _ = _key(batch_id)
        item = self._table.get(pk, _chunk(chunk))
        return [_unpacked(row) for row in item["rows"]] if item else []

    def chunks(self, batch_id: str, *, first: int = 0) -> Iterator[KeptChunk]:
        pk, _ = _key(batch_id)
        items = self._table.query_all(
            "pk = :pk AND sk BETWEEN :first AND :last",
            consistent=True,
            pk=pk,
            first=_chunk(first),
            last=_chunk(MOST_CHUNKS),
        )
        for item in items:
            start, end = item["span"]
            rows = [_unpacked(row) for row in item["rows"]]
            yield KeptChunk(int(item["sk"].removeprefix("CHUNK#")), (start, end), rows)

    def span(self, batch_id: str, chunk: int) -> tuple[int, int]:
        pk, _ = _key(batch_id)
        first, last = (self._table.get(pk, _chunk(chunk)) or {})["span"]
        return first, last

    def keep_mended(
        self, batch_id: str, number: int, cells: Mapping[str, str], *, until: datetime
    ) -> None:
        pk, _ = _key(batch_id)
        ttl = to_seconds(until)
        self._table.put({"pk": pk, "sk": _mended(number), "cells": cells, "ttl": ttl})

    def mended_cells(self, batch_id: str, number: int) -> dict[str, str]:
        pk, _ = _key(batch_id)
        item = self._table.get(pk, _mended(number))
        return dict(item["cells"]) if item else {}

    def mended(self, batch_id: str) -> dict[int, dict[str, str]]:
        pk, _ = _key(batch_id)
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :mended)", consistent=True, pk=pk, mended="MENDED#"
        )
        return {int(item["sk"].removeprefix("MENDED#")): item["cells"] for item in items}

    def mend(self, batch_id: str, chunk: int, was: RowVerdict, row: RowVerdict) -> bool:
        pk, _ = _key(batch_id)
        place = next(i for i, r in enumerate(self.chunk(batch_id, chunk)) if r.number == row.number)
        try:
            self._table.update(
                pk,
                _chunk(chunk),
                f"SET #rows[{place}] = :row, #mended = :yes",
                condition=f"#rows[{place}] = :was",
                row=_packed(row),
                was=_packed(was),
                yes=True,
            )
        except ConditionFailedError:
            return False
        return True

    def begin_count(self, batch_id: str) -> int:
        item = self._table.update(*_key(batch_id), "ADD #counts :one", returns="ALL_NEW", one=1)
        return int(item["counts"])

    def finish_count(
        self, batch_id: str, number: int, *, rows: Mapping[str, int], existing: int
    ) -> None:
        with suppress(ConditionFailedError):  # who began later has seen more
            self._table.update(
                *_key(batch_id),
                "SET #rows = :rows, #existing = :existing",
                condition="#counts = :number",
                rows=rows,
                existing=existing,
                number=number,
            )

    def confirm(self, batch_id: str, *, by: str, now: datetime) -> None:
        self._table.update(
            *_key(batch_id), "SET #confirmed_at = :now, #confirmed_by = :by", now=now, by=by
        )

    def ask_result(self, batch_id: str, *, now: datetime) -> None:
        self._table.update(*_key(batch_id), "SET #result_asked_at = :now", now=now)

    def result_written(self, batch_id: str, *, now: datetime) -> None:
        self._table.update(*_key(batch_id), "SET #result_at = :now", now=now)

    def enrolled(self, batch_id: str, chunk: int) -> Batch:
        return _batch(
            self._table.update(
                *_key(batch_id), "ADD #enrolled :chunk", returns="ALL_NEW", chunk={chunk}
            )
        )

    def finish_enrolling(self, batch_id: str, *, rows: Mapping[str, int], existing: int) -> None:
        self._table.update(
            *_key(batch_id),
            "SET #state = :state, #rows = :rows, #existing = :existing",
            state=BatchState.ENROLLED,
            rows=rows,
            existing=existing,
        )

    def ask_sheet(self, batch_id: str, *, now: datetime) -> None:
        self._table.update(*_key(batch_id), "SET #sheet_asked_at = :now", now=now)

    def sheet_drawn(self, batch_id: str, *, houses: int, now: datetime) -> None:
        self._table.update(
            *_key(batch_id),
            "SET #sheet_at = :now, #sheet_houses = :houses",
            now=now,
            houses=houses,
        )


def _key(batch_id: str) -> tuple[str, str]:
    return f"BATCH#{batch_id}", "BATCH"


def _chunk(chunk: int) -> str:
    return f"CHUNK#{chunk:05d}"


def _mended(number: int) -> str:
    return f"MENDED#{number:07d}"


def _item(batch: Batch) -> Item:
    pk, sk = _key(batch.id)
    return {
        "pk": pk,
        "sk": sk,
        "gsi1pk": f"B#{region_of(batch.oktmo)}",
        "gsi1sk": f"{batch.oktmo}#{batch.created_at.isoformat()}",
        "oktmo": batch.oktmo,
        "author": batch.author,
        "created_at": batch.created_at,
        "state": batch.state,
        "name": batch.name,
        "etag": batch.etag,
        "locality": batch.locality,
        "key": batch.key,
        "ttl": to_seconds(batch.created_at + KEPT),
    }


def _batch(item: Item) -> Batch:
    created_at = from_ms(item["created_at"])
    if created_at is None:
        raise ValueError("a batch without its time of creation")
    return Batch(
        id=item["pk"].removeprefix("BATCH#"),
        oktmo=item["oktmo"],
        author=item["author"],
        created_at=created_at,
        state=BatchState(item["state"]),
        name=item.get("name", ""),
        etag=item.get("etag", ""),
        chunks=item.get("chunks", 0),
        enrolled=frozenset(item.get("enrolled", ())),
        rows=item.get("rows", {}),
        existing=item.get("existing", 0),
        code=item.get("code", ""),
        reason=item.get("reason", ""),
        sheet_at=from_ms(item.get("sheet_at")),
        sheet_houses=item.get("sheet_houses", 0),
        sheet_asked_at=from_ms(item.get("sheet_asked_at")),
        locality=item.get("locality", ""),
        remarks=tuple(item.get("remarks", ())),
        confirmed_at=from_ms(item.get("confirmed_at")),
        confirmed_by=item.get("confirmed_by", ""),
        result_at=from_ms(item.get("result_at")),
        result_asked_at=from_ms(item.get("result_asked_at")),
        key=item.get("key", ""),
        columns=item.get("columns", {}),
    )


def _packed(verdict: RowVerdict) -> Item:
    """Pack a verdict small: a chunk of 100 good rows stays near 4 KB, four write units."""
    item: Item = {"n": verdict.number, "v": verdict.verdict}
    if verdict.problems:
        item["p"] = [[p.column, p.code, p.message, p.fatal] for p in verdict.problems]
    if verdict.duplicate_of:
        item["d"] = verdict.duplicate_of
    if verdict.house_id:
        item["h"] = verdict.house_id
    if verdict.existing:
        item["e"] = True
    if verdict.changes:
        item["c"] = verdict.changes
    if verdict.mended_at:
        item["m"] = verdict.mended_at
    return item


def _unpacked(item: Item) -> RowVerdict:
    return RowVerdict(
        number=item["n"],
        verdict=Verdict(item["v"]),
        problems=tuple(Problem(*problem) for problem in item.get("p", ())),
        duplicate_of=item.get("d", 0),
        house_id=item.get("h", ""),
        existing=item.get("e", False),
        changes=tuple(item.get("c", ())),
        mended_at=from_ms(item.get("m")),
    )
