"""`python -m bench.list_work <work> <file>`: read or check one list, in a process of its own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from create_chats.check_rows import check
from create_chats.columns import FIELDS
from create_chats.read_list import read

NAMES = (
    "address", "fias_id", "oktmo", "entrances", "flats",
    "elder_name", "elder_phone", "elder_vk", "management_company", "management_company_inn",
)  # fmt: skip
HEADERS = [FIELDS[name][0] for name in NAMES]
OKTMO = "11701000"


@dataclass(slots=True)
class PlainHouse:
    """What a plain reader would make of a row."""

    address: str
    fias_id: str = ""
    oktmo: str = ""
    entrances: str = ""
    flats: str = ""
    elder_name: str = ""
    elder_phone: str = ""
    elder_vk: str = ""
    management_company: str = ""
    management_company_inn: str = ""


def nothing(_: Path) -> int:
    """Start and import only: what every work takes beside its own."""
    return 1


def ours_with_model(file: Path) -> int:
    return sum(bool(PlainHouse(**cells)) for _, cells in read(file.read_bytes()).rows)


def openpyxl_with_model(file: Path) -> int:
    told = ({n: str(cell) for n, cell in zip(NAMES, cells) if cell} for cells in _cells(file))  # noqa: B905
    return sum(bool(PlainHouse(**cells)) for cells in told)


def openpyxl_alone(file: Path) -> int:
    return sum(1 for _ in _cells(file))


def ours_checked(file: Path) -> int:
    return len(list(check(read(file.read_bytes()), oktmo=OKTMO)))


def _cells(file: Path) -> Iterator[tuple[object, ...]]:
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 - not in others' memory

    sheet = openpyxl.load_workbook(file, read_only=True).active
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    next(rows)
    return rows


def peak_kb() -> int:
    """Return the most memory that this process had; what wait4 tells has its parent's in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


WORKS: dict[str, Callable[[Path], int]] = {
    work.__name__: work
    for work in (nothing, ours_with_model, openpyxl_with_model, openpyxl_alone, ours_checked)
}

if __name__ == "__main__":
    print(WORKS[sys.argv[1]](Path(sys.argv[2])), peak_kb())
