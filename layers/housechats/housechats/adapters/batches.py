"""Batches: the Batches port over the table."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from housechats.adapters.table import (
    Change,
    ConditionFailedError,
    Item,
    ItemTooLargeError,
    Table,
    from_ms,
    to_ms,
    to_seconds,
)
from housechats.domain.batches import (
    KEPT,
    Batch,
    BatchState,
    Problem,
    RowVerdict,
    Tally,
    Verdict,
    tally,
)
from housechats.domain.errors import RefusedError
from housechats.domain.instructions import Told
from housechats.domain.territories import Territory, region_of
from housechats.ports.batches import KeptChunk

MOST_CHUNKS = 99_999
"""As many as the number in a key can tell; a list has 1,000."""
ROWS_TOO_LONG = (
    "В соседних строках исправлено слишком много длинных текстов. Исправьте остальное в файле и "
    "загрузите его."
)
"""A hundred rows are one item of at most 400 KB (AWS limit)."""


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
        first_row: int = 1,
        locality: str = "",
        columns: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
    ) -> None:
        with suppress(ConditionFailedError):  # a repeat must not undo what is counted by now
            self._table.update(
                *_key(batch_id),
                "SET #state = :state, #chunks = :chunks, #rows = :rows, #first_row = :first_row, "
                "#locality = :locality, #columns = :columns, #remarks = :remarks",
                condition="#state = :reading",
                state=BatchState.ENROLLING,
                reading=BatchState.READING,
                chunks=chunks,
                rows=rows,
                first_row=first_row,
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
    ) -> Sequence[RowVerdict]:
        pk, _ = _key(batch_id)
        item: Item = {
            "pk": pk,
            "sk": _chunk(chunk),
            "rows": [_packed(verdict) for verdict in verdicts],
            "span": span,
            "ttl": to_seconds(until),
        }
        try:
            self._table.put(item, condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:  # a repeat, perhaps of long ago
            return [_unpacked(row) for row in (failed.item or {})["rows"]]
        return verdicts

    def enrolled(self, batch_id: str, chunk: int, more: Tally, *, now: datetime) -> Batch:
        change = _counted(batch_id, more, now)
        try:
            item = self._table.update(
                *change.key,
                f"{change.expression}, #enrolled :chunk",
                condition="NOT contains(#enrolled, :number)",
                returns="ALL_NEW",
                chunk={chunk},
                number=chunk,
                **change.values,
            )
        except ConditionFailedError as failed:  # it was counted before
            item = failed.item or {}
        return _batch(item)

    def chunk(self, batch_id: str, chunk: int) -> list[RowVerdict]:
        kept = self.kept(batch_id, chunk)
        return [*kept.rows] if kept else []

    def kept(self, batch_id: str, chunk: int) -> KeptChunk | None:
        pk, _ = _key(batch_id)
        item = self._table.get(pk, _chunk(chunk))
        return _kept(item) if item else None

    def chunks(self, batch_id: str, *, first: int = 0) -> Iterator[KeptChunk]:
        pk, _ = _key(batch_id)
        items = self._table.query_all(
            "pk = :pk AND sk BETWEEN :first AND :last",
            consistent=True,
            pk=pk,
            first=_chunk(first),
            last=_chunk(MOST_CHUNKS),
        )
        yield from map(_kept, items)

    def claim_row(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
        until: datetime,
    ) -> bool:
        place, row = self._row(batch_id, chunk, was)
        claim = row.get("k")
        if not row or (claim and claim["cells"] != cells and claim["until"] > to_ms(now)):
            return False
        claimed = {**row, "k": {"cells": cells, "until": until}}
        return self._write(_replaced(batch_id, chunk, place, row, claimed))

    def release_row(
        self, batch_id: str, chunk: int, was: RowVerdict, cells: Mapping[str, str]
    ) -> bool:
        place, row = self._row(batch_id, chunk, was, claimed=cells)
        freed = {name: value for name, value in row.items() if name != "k"}
        return bool(row) and self._write(_replaced(batch_id, chunk, place, row, freed))

    def mend(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        row: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
    ) -> bool:
        place, before = self._row(batch_id, chunk, was, claimed=cells)
        after = {**_packed(row), "w": cells}
        return bool(before) and self._write(
            _replaced(batch_id, chunk, place, before, after),
            _counted(batch_id, tally([row]) - tally([was]), now),
        )

    def _row(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        *,
        claimed: Mapping[str, str] | None = None,
    ) -> tuple[int, Item]:
        """Return a row's place and its item; an empty one when it is not as the caller thinks."""
        pk, _ = _key(batch_id)
        for place, row in enumerate((self._table.get(pk, _chunk(chunk)) or {"rows": []})["rows"]):
            if _unpacked(row) == was and claimed in [None, row.get("k", {}).get("cells")]:
                return place, row
        return 0, {}

    def _write(self, *changes: Change) -> bool:
        """Make all of the changes; False when a row is not as it was a moment ago."""
        try:
            if len(changes) == 1:  # a transaction costs twice as much
                (only,) = changes
                self._table.update(
                    *only.key, only.expression, condition=only.condition, **only.values
                )
            else:
                self._table.update_together(changes)
        except ConditionFailedError:
            return False
        except ItemTooLargeError as error:
            raise RefusedError("rows_too_long", ROWS_TOO_LONG) from error
        return True

    def keep_told(self, batch: Batch, told: Told) -> None:
        as_read: dict[str, Any] = {
            "counted_at": batch.counted_at,
            "letters_anew": batch.letters_anew,
        }
        unchanged = " AND ".join(
            f"#{name} = :{name}" if value else f"attribute_not_exists(#{name})"
            for name, value in as_read.items()
        )
        kept = {"fates": told.fates, "last_at": told.last_at, **as_read}
        with suppress(ConditionFailedError):  # it is not all any more
            self._table.update(
                *_key(batch.id),
                "SET #told = :told",
                condition=unchanged,
                told=kept,
                **{name: value for name, value in as_read.items() if value},
            )

    def confirm(self, batch_id: str, *, by: str, now: datetime) -> None:
        self._table.update(
            *_key(batch_id), "SET #confirmed_at = :now, #confirmed_by = :by", now=now, by=by
        )

    def cancel(self, batch_id: str, *, now: datetime) -> None:
        self._table.update(*_key(batch_id), "SET #cancelled_at = :now", now=now)

    def resume(self, batch_id: str) -> None:
        self._table.update(*_key(batch_id), "REMOVE #cancelled_at")

    def ask_result(self, batch_id: str, *, now: datetime) -> None:
        self._table.update(*_key(batch_id), "SET #result_asked_at = :now", now=now)

    def result_written(self, batch_id: str, *, asked_at: datetime) -> None:
        with suppress(ConditionFailedError):  # a later one was written sooner
            self._table.update(
                *_key(batch_id),
                "SET #result_at = :asked_at",
                condition="attribute_not_exists(#result_at) OR #result_at < :asked_at",
                asked_at=asked_at,
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


def _counted(batch_id: str, more: Tally, now: datetime) -> Change:
    """Add to what is counted of a batch's rows."""
    verdicts = [
        f"#rows.#{name} = if_not_exists(#rows.#{name}, :none) + :{name}" for name in more.rows
    ]
    return Change(
        _key(batch_id),
        f"SET {', '.join([*verdicts, '#counted_at = :now'])} "
        "ADD #existing :existing, #changed :changed",
        values={
            **more.rows,
            **({"none": 0} if more.rows else {}),
            "existing": more.existing,
            "changed": more.changed,
            "now": now,
        },
    )


def _replaced(batch_id: str, chunk: int, place: int, before: Item, after: Item) -> Change:
    """Put a row in place of what it was, if it is still that to the last cell."""
    pk, _ = _key(batch_id)
    return Change(
        (pk, _chunk(chunk)),
        f"SET #rows[{place}] = :after",
        condition=f"#rows[{place}] = :before",
        values={"before": before, "after": after},
    )


def _kept(item: Item) -> KeptChunk:
    first, last = item["span"]
    return KeptChunk(
        int(item["sk"].removeprefix("CHUNK#")),
        (first, last),
        [_unpacked(row) for row in item["rows"]],
        {row["n"]: row["w"] for row in item["rows"] if "w" in row},
    )


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
        "rows": {},
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
        state=_state(item),
        name=item.get("name", ""),
        etag=item.get("etag", ""),
        chunks=item.get("chunks", 0),
        enrolled=frozenset(item.get("enrolled", ())),
        rows={verdict: number for verdict, number in item.get("rows", {}).items() if number},
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
        changed=item.get("changed", 0),
        first_row=item.get("first_row", 0),
        counted_at=from_ms(item.get("counted_at")),
        cancelled_at=from_ms(item.get("cancelled_at")),
        told=_told(item),
        letters_anew=item.get("letters_anew", 0),
    )


def _told(item: Item) -> Told | None:
    """Return what was kept of the letters, if it is still all."""
    kept = item.get("told")
    if (
        not kept
        or kept["counted_at"] != item.get("counted_at")
        or kept["letters_anew"] != item.get("letters_anew", 0)
    ):
        return None
    return Told(kept["fates"], from_ms(kept["last_at"]))


def _state(item: Item) -> BatchState:
    """Return how far a list is: it is enrolled with its last chunk, without a step of its own."""
    state = BatchState(item["state"])
    all_in = len(item.get("enrolled", ())) == item.get("chunks", 0)
    return BatchState.ENROLLED if state == BatchState.ENROLLING and all_in else state


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
    if verdict.moved:
        item["o"] = True
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
        moved=item.get("o", False),
    )
