"""Whatever happened to a workbook, it is read or refused, and nobody waits.

`DAMAGED_WORKBOOKS=5000 pytest tests/functions/create_chats/test_damaged_workbooks.py` takes longer.
"""

import os
from random import Random

import pytest

from create_chats.refusals import RefusedListError
from create_chats.spreadsheets import sheets
from support.workbook_bytes import (
    cell,
    ods,
    xls,
    xls_error,
    xls_row,
    xls_text,
    xlsx_parts,
    zipped,
)
from support.workbook_damage import damaged

NUMBER = int(os.environ.get("DAMAGED_WORKBOOKS", "20"))
"""Of each kind; a second is enough for twenty."""


def book_with_strings() -> bytes:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 3}</v></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, 30)
    )
    parts = xlsx_parts(rows + '<row r="31" hidden="1"><c r="A31" t="e"><v>#N/A</v></c></row>', "")
    parts["xl/sharedStrings.xml"] = "<sst><si><t>Адрес</t></si><si><t>а</t></si><si><t/></si></sst>"
    parts["xl/styles.xml"] = '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    return zipped(parts)


def book_with_texts() -> bytes:
    rows = (f'<row r="{n}">{cell(f"C{n}", "ул. Мира")}</row>' for n in range(3, 30))
    return zipped(xlsx_parts("".join(rows)))


def open_document() -> bytes:
    cells = (
        '<table:table-cell office:value-type="string"><text:p>ул. Мира</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="1"/>'
        '<table:table-cell office:value-type="date" office:date-value="2024-05-11"/>'
    )
    hidden = 'table:visibility="collapse" table:number-rows-repeated="2"'
    rows = f"<table:table-row>{cells}</table:table-row><table:table-row {hidden}/>" * 9
    return ods(f'<table:table table:name="Дома">{rows}</table:table>')


def old_workbook() -> bytes:
    rows = range(30)
    return xls(
        *(xls_row(n, hidden=n % 5 == 0) for n in rows),
        *(xls_text(n, 1, f"ул. Мира, {n}") for n in rows),
        *(xls_error(n, 2, 0x2A) for n in rows),
    )


KINDS = {
    "xlsx with strings": book_with_strings(),
    "xlsx with texts": book_with_texts(),
    "ods": open_document(),
    "xls": old_workbook(),
}
ZIPPED = [KINDS["xlsx with strings"], KINDS["xlsx with texts"], KINDS["ods"]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_workbook_is_read_before_it_is_damaged(kind: str) -> None:
    first = sheets(KINDS[kind])[0]

    assert any("ул. Мира" in str(row) or "Адрес" in row for row in first.cells())


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_workbook_is_a_table_or_is_refused(kind: str) -> None:
    read = refused = 0

    for seed in range(NUMBER):
        data = damaged(KINDS[kind], ZIPPED, Random(f"{kind} {seed}"))
        try:
            read += sum(1 for table in sheets(data) for _ in table.cells()) >= 0
        except RefusedListError as refusal:
            refused += refusal.message.endswith(".")

    assert read + refused == NUMBER
    assert min(read, refused) > 0
