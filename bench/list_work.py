"""`python -m bench.list_work <work> <file>`: read or check one list, in a process of its own."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import openpyxl
from pydantic import BaseModel, Field

from create_chats.check_rows import check
from create_chats.columns import FIELDS
from create_chats.read_list import read

NAMES = (
    "address", "fias_id", "oktmo", "entrances", "flats",
    "elder_name", "elder_phone", "elder_vk", "management_company", "management_company_inn",
)  # fmt: skip
HEADERS = [FIELDS[name][0] for name in NAMES]
OKTMO = "11701000"

Text = Annotated[str, Field(max_length=300)]


class PlainHouse(BaseModel):
    """What a plain reader would make of a row."""

    address: Text
    fias_id: Text = ""
    oktmo: Text = ""
    entrances: Text = ""
    flats: Text = ""
    elder_name: Text = ""
    elder_phone: Text = ""
    elder_vk: Text = ""
    management_company: Text = ""
    management_company_inn: Text = ""


def nothing(_: Path) -> int:
    """Start and import only: what every work takes beside its own."""
    return 1


def ours_with_model(file: Path) -> int:
    return sum(1 for _ in [PlainHouse(**cells) for _, cells in read(file.read_bytes()).rows])


def openpyxl_with_model(file: Path) -> int:
    houses = [
        PlainHouse(**{name: str(cell) for name, cell in zip(NAMES, cells, strict=True) if cell})
        for cells in _cells(file)
    ]
    return len(houses)


def openpyxl_alone(file: Path) -> int:
    return sum(1 for _ in _cells(file))


def ours_checked(file: Path) -> int:
    return len(list(check(read(file.read_bytes()), oktmo=OKTMO)))


def _cells(file: Path) -> Iterator[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(file, read_only=True).active
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    next(rows)
    return rows


WORKS: dict[str, Callable[[Path], int]] = {
    work.__name__: work
    for work in (nothing, ours_with_model, openpyxl_with_model, openpyxl_alone, ours_checked)
}

if __name__ == "__main__":
    print(WORKS[sys.argv[1]](Path(sys.argv[2])))
