"""Use case: check the file of a list as an upload is checked, and tell of it as one document."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from create_chats.check_rows import check, remarks
from create_chats.read_list import read
from create_chats.refusals import RefusedListError, refused
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Row, Verdict
from housechats.domain.limits import LARGEST_LIST
from housechats.domain.people import Elder

_PARTS = [part.name for part in fields(Address)]


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list that was read, with its rows, or refused as a whole."""

    sheet: str = ""
    rows: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()
    code: str = ""
    """Why the list was refused; empty when it was read."""
    reason: str = ""

    @property
    def refused(self) -> bool:
        return bool(self.code)


def check_list(file: Path, *, oktmo: str = "", locality: str = "") -> CheckedList:
    """Read and check a file; OSError when it cannot be opened."""
    try:
        if file.stat().st_size > LARGEST_LIST:
            raise refused("list_too_big")
        listing = read(file.read_bytes())
        rows = check(listing, oktmo=oktmo, locality=locality)
        if all(row.verdict is Verdict.SKIPPED for row in rows):
            raise refused("list_empty")
    except RefusedListError as error:
        return CheckedList(code=error.code, reason=error.message)
    return CheckedList(listing.table.name, tuple(rows), remarks(listing, rows))


def document(checked: CheckedList) -> Iterator[str]:
    """Yield one JSON document in pieces: a list has up to 100,000 rows."""
    file = {
        "verdict": "refused" if checked.refused else "read",
        "code": checked.code,
        "message": checked.reason or " ".join(checked.remarks),
    }
    yield f'{{"file": {_json(file)}, "rows": ['
    for n, row in enumerate(checked.rows):
        yield f"{',' * bool(n)}\n{_json(_row(row, checked.sheet))}"
    yield "\n]}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(row: Row, sheet: str) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "row": row.number,
        "verdict": str(row.verdict),
        "duplicate_of": row.duplicate_of or None,
        "house": row.house and _house(row.house),
        "problems": [
            {"column": problem.column, "code": problem.code, "message": problem.message}
            for problem in row.problems
        ],
    }


def _house(house: ListedHouse) -> dict[str, Any]:
    elder = house.elder or Elder("")
    return {
        "address": house.address.full,
        "address_parts": {part: getattr(house.address, part) for part in _PARTS},
        "fias_id": house.fias_id,
        "entrances": house.entrances or None,
        "flats": house.flats or None,
        "elder_name": elder.name,
        "elder_phone": elder.phone,
        "elder_vk": _page(elder),
        "organisations": [
            {"kind": one.kind, "name": one.name, "inn": one.inn} for one in house.organisations
        ],
        "tags": list(house.tags),
    }


def _page(elder: Elder) -> dict[str, Any] | None:
    if elder.vk_id:
        return {"type": "user_id", "id": elder.vk_id}
    return {"type": "screen_name", "screen_name": elder.vk_name} if elder.vk_name else None
