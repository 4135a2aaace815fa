"""One ugly list of houses as every program writes it: what clerks send, made and not kept."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import xlsxwriter

Rows = Sequence[Sequence[object]]
Merged = tuple[str, ...]
"""Ranges such as `B4:D4`."""

SOFFICE = shutil.which("soffice")

TITLES: Rows = (
    ["Реестр многоквартирных домов", *[""] * 9],
    ["по состоянию на 01.03.2026", *[""] * 9],
    [""] * 10,
)
UPPER = ["Номер", "Адрес", "", "", "Старший по дому", "", "УК", "", "", "Подъ-\nездов"]
LOWER = ["", "Город", "Улица", "Дом", "Ф.И.О.", "Телефон", "Наименование", "ИНН", "Телефон", ""]
NUMBERS: Sequence[object] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
MERGED: Merged = ("A4:A5", "B4:D4", "E4:F4", "G4:I4", "J4:J5")

UGLY: Rows = (
    *TITLES,
    UPPER,
    LOWER,
    NUMBERS,
    ["Ленинский район", *[""] * 9],
    [1, "Омск", "ул. Мира", "1", "Вымыслова Марфа", "+79990000003", 'ООО "Уют"', "", "8-800", 4],
    [""] * 10,
    [2, "Омск", "ул. Мира", "2а", "", "", 'ТСЖ "Север"', "", "", 12.0],
    UPPER,
    LOWER,
    [3, "Омск", "ул. Итоговая", "3", "", "", "", "", "", ""],
    [4, "Омск", "ул.\xa0Мира", "4/2", "Небылов\nФома", "", "", "", "", ""],
    ["", "Итого", "", "", "", "", "", "", "", 16],
    ["Исполнитель: Небылов", *[""] * 9],
    ["", "", "", "", "", "____________", "", "", "", ""],
    [""] * 10,
)
"""Titles, a header of two lines, numbers of columns, a district, a total, a signature.

No letter in it is strange to any of the encodings.
"""

ROWS = [
    (6, {}),
    (7, {}),
    (
        8,
        {
            "locality": "Омск",
            "street": "ул. Мира",
            "house": "1",
            "elder_name": "Вымыслова Марфа",
            "elder_phone": "+79990000003",
            "management_company": 'ООО "Уют"',
            "entrances": "4",
        },
    ),
    (9, {}),
    (
        10,
        {
            "locality": "Омск",
            "street": "ул. Мира",
            "house": "2а",
            "management_company": 'ТСЖ "Север"',
            "entrances": "12",
        },
    ),
    (11, {}),
    (12, {}),
    (13, {"locality": "Омск", "street": "ул. Итоговая", "house": "3"}),
    (
        14,
        {"locality": "Омск", "street": "ул. Мира", "house": "4/2", "elder_name": "Небылов\nФома"},
    ),
    (15, {}),
    (16, {}),
    (17, {}),
]
"""What must be read of it."""
COLUMNS = {
    "locality": "Адрес: Город",
    "street": "Адрес: Улица",
    "house": "Адрес: Дом",
    "elder_name": "Старший по дому: Ф.И.О.",
    "elder_phone": "Старший по дому: Телефон",
    "management_company": "УК: Наименование",
    "management_company_inn": "УК: ИНН",
    "entrances": "Подъездов",
}


def with_openpyxl(
    *sheets: tuple[str, Rows],
    hidden: Iterable[str] = (),
    hidden_rows: Iterable[int] = (),
    merged: Merged = (),
) -> bytes:
    """Write a workbook; hidden rows and merged cells are those of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        if name in hidden:
            sheet.sheet_state = "hidden"
    first = book.worksheets[0]
    for number in hidden_rows:
        first.row_dimensions[number].hidden = True
    for cells in merged:
        first.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_xlsxwriter(rows: Rows, merged: Merged = ()) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Дома")
        bold = book.add_format({"bold": True, "text_wrap": True})
        for cells in merged:
            sheet.merge_range(cells, "", bold)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell != "":
                    sheet.write(number, place, cell, bold)
    return file.getvalue()


def as_csv(
    rows: Rows, encoding: str = "utf-8", separator: str = ";", end: str = "\r\n", first: str = ""
) -> bytes:
    """Write a text table; `first` is a line before it, such as `sep=;`."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows(rows)
    return (first + file.getvalue().replace("\r\n", "\n").replace("\n", end)).encode(encoding)


def with_libreoffice(book: bytes, kind: str, folder: Path) -> bytes:
    """Have LibreOffice save a workbook as `xls` or `ods`."""
    assert SOFFICE
    source = folder / "list.xlsx"
    source.write_bytes(book)
    subprocess.run(  # noqa: S603
        [
            SOFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / f"list.{kind}").read_bytes()


TEXTS: dict[str, Callable[[], bytes]] = {
    "UTF-8": lambda: as_csv(UGLY),
    "UTF-8 with its mark": lambda: as_csv(UGLY, "utf-8-sig"),
    "UTF-16 with its mark": lambda: as_csv(UGLY, "utf-16"),
    "UTF-16, little end first": lambda: as_csv(UGLY, "utf-16-le"),
    "UTF-16, big end first": lambda: as_csv(UGLY, "utf-16-be"),
    "cp1251": lambda: as_csv(UGLY, "cp1251"),
    "cp866": lambda: as_csv(UGLY, "cp866"),
    "KOI8-R": lambda: as_csv(UGLY, "koi8-r"),
    "commas": lambda: as_csv(UGLY, separator=","),
    "tabs": lambda: as_csv(UGLY, "cp1251", separator="\t"),
    "bars": lambda: as_csv(UGLY, separator="|"),
    "Unix lines": lambda: as_csv(UGLY, end="\n"),
    "lines of an old Mac": lambda: as_csv(UGLY, "cp1251", end="\r"),
    "a line that names the separator": lambda: as_csv(UGLY, separator="|", first="sep=|\r\n"),
}
"""The ugly list as text."""
