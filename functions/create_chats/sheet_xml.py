"""Sheets as XML: what the reader of cells does not tell, found while the bytes go by."""

import re
from abc import ABC, abstractmethod

from create_chats.cell_blocks import NOT_COUNTED
from create_chats.refusals import refused

MOST_GHOSTS = 1_000_000
"""Cells that are empty and only formatted; a column coloured to its end is one such million."""
MOST_ROWS = 101_000
"""More than a list may have: what follows is not read. The room is for what stands above it."""

MOST_AREA = 10_000_000
"""Cells from the first to the last, empty ones too: the reader keeps 32 bytes for each."""

_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")
_ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^>]*\bt=["'])e(?=["'])""")
_SAID = re.compile(rb"<(?:\w+:)?(?:v|is)>(?!</)")
_NOT_COUNTED = re.compile(
    rb"""(<((?:\w+:)?)c\b(?![^>]*\st=["'](?!n["']))[^>]*>"""
    rb"<\2f\b[^>]*(?:/>|>[^<]*</\2f>))(?:<\2v\b[^>]*(?:/>|></\2v>))?(?=</\2c>)"
)
"""A formula and no value; of one that gave an empty text the cell says that it is a text."""
_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
# Twice as fast as `in`, where the first letter is frequent.
_SOME_HIDDEN, _SOME_EMPTY = re.compile(rb"hidden="), re.compile(rb"/>")

_ODS_TAG = re.compile(rb"<table:table(-row)?(?=[\s/>])([^>]*)")
_ODS_FILLED = b"office:value-type="
_ODS_WIDE = re.compile(
    rb"""(<table:table-cell[^>]*\btable:number-columns-repeated=["'](\d{4,7})["'][^>]*)"""
)
_ODS_REPEATED = re.compile(rb"""\btable:number-rows-repeated=["'](\d{1,7})["']""")
_ODS_HIDDEN = re.compile(rb"""\btable:visibility=["'](?:collapse|filter)["']""")
_ODS_NOT_COUNTED = re.compile(
    rb"<table:table-cell(?=[^>]*\stable:formula=)(?![^>]*\soffice:value-type=)([^>]*)/>"
)
_ODS_TEXT = (
    rb'<table:table-cell office:value-type="string"\1><text:p>%b</text:p></table:table-cell>'
    % NOT_COUNTED.encode()
)
_ODS_ERROR = re.compile(rb"""\boffice:string-value="" (?=calcext:value-type="error")""")
_LONGEST_TAIL = 2**20
_LAST_ROW = 1_048_576


class Scan(ABC):
    """A part in blocks; each is handed on up to its last whole tag, so that no tag is cut."""

    def __init__(self) -> None:
        self._tail = b""
        self.cells = 0
        self.filled = 0

    def feed(self, block: bytes) -> bytes:
        block = self._tail + block
        cut = self._whole(block)
        if len(block) - cut > _LONGEST_TAIL:
            # No cell is that long: nothing is understood here, and nothing is kept waiting.
            cut = len(block)
        self._tail = block[cut:]
        return self._looked_at(block[:cut])

    def end(self) -> bytes:
        if self.cells - self.filled >= max(MOST_GHOSTS, self.filled):
            raise refused("list_ghost_cells")
        return self._tail

    def _whole(self, block: bytes) -> int:
        """Return where the last whole tag ends."""
        return block.rfind(b">") + 1

    @abstractmethod
    def _looked_at(self, block: bytes) -> bytes:
        """Return a block of whole tags as the reader is to see it."""


class WorkSheet(Scan):
    """A sheet of an xlsx workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden_rows: set[int] = set()
        self._prefix = b""
        self._rows = 0
        self._said_rows = 0
        """Rows that say something, counted from row MOST_ROWS on: it takes time."""
        self._begun = self._over = False

    def _whole(self, block: bytes) -> int:
        """Keep a cell with a formula whole: its value comes after it."""
        cut = super()._whole(block)
        cell = block.rfind(b"<%bc " % self._prefix, 0, cut)
        has_formula = cell >= 0 and block.find(b"<%bf" % self._prefix, cell, cut) >= 0
        is_open = has_formula and block.find(b"</%bc>" % self._prefix, cell, cut) < 0
        return cell if is_open else cut

    def _looked_at(self, block: bytes) -> bytes:
        if self._over:
            return b""
        if not self._rows and (root := _ROOT.search(block)):
            self._prefix = root[1] or b""
        if not self._begun:
            block = self._without_merges(block)
        row = b"<%brow" % self._prefix
        if _SOME_EMPTY.search(block):
            self._count(block)
        if _SOME_HIDDEN.search(block):
            self._note_hidden(block, row)
        last = block.rfind(row)
        told = _NUMBER.search(block, last, last + 100) if last >= 0 else None
        self._rows = int(told[1]) if told else self._rows + block.count(row)
        if self._rows > MOST_ROWS:
            block = self._without_excess(block, row)
        if block.rfind(b"<%bf" % self._prefix) >= 0:  # likewise faster than `in`
            block = _NOT_COUNTED.sub(_as_text, block)
        return _ERROR.sub(rb"\1str", block) if b"#" in block else block

    def _without_merges(self, block: bytes) -> bytes:
        """Show an empty list of merged cells above the cells.

        The reader looks for it in a pass of its own and ends at the first: a third of its time.
        """
        before, cells, rest = block.partition(b"<%bsheetData" % self._prefix)
        self._begun = bool(cells)
        merges = b"<%bmergeCells></%bmergeCells>" % (self._prefix, self._prefix)
        return before + merges + cells + rest if cells else block

    def _count(self, block: bytes) -> None:
        self.cells += block.count(b"<%bc " % self._prefix)
        self.filled += block.count(b"</%bv>" % self._prefix)
        self.filled += block.count(b"</%bis>" % self._prefix)

    def _note_hidden(self, block: bytes, row: bytes) -> None:
        tags = re.finditer(rb"%b\b([^>]*)>" % row, block)
        for number, tag in enumerate(tags, self._rows + 1):
            if _HIDDEN.search(tag[1]):
                told = _NUMBER.search(tag[1])
                self.hidden_rows.add(int(told[1]) if told else number)

    def _without_excess(self, block: bytes, row: bytes) -> bytes:
        before, *rows = block.split(row)
        kept = [before]
        for one in rows:
            self._said_rows += bool(_SAID.search(one))
            if self._said_rows > MOST_ROWS:
                self._over = True
                closing = b"</%bsheetData></%bworksheet>" % (self._prefix, self._prefix)
                return row.join(kept) + closing
            kept.append(one)
        return block

    def end(self) -> bytes:
        tail = super().end()
        return b"" if self._over else tail


def _as_text(formula: re.Match[bytes]) -> bytes:
    cell, prefix = formula.groups()
    return b"%b<%bis><%bt>%b</%bt></%bis>" % (
        cell, prefix, prefix, NOT_COUNTED.encode(), prefix, prefix,
    )  # fmt: skip


class OpenDocument(Scan):
    """The one part with all sheets of an ods workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden_rows: list[set[int]] = []
        self._row = 0
        self._wide = 1

    def _looked_at(self, block: bytes) -> bytes:
        self.cells += block.count(b"<table:table-cell")
        self.filled += block.count(_ODS_FILLED)
        for tag, repeated in _ODS_WIDE.findall(block):
            if _ODS_FILLED in tag:
                self._wide = max(self._wide, int(repeated))
        last_filled = block.rfind(_ODS_FILLED)
        for tag in _ODS_TAG.finditer(block):
            if not tag[1]:
                self.hidden_rows.append(set())
                self._row = 0
            elif self.hidden_rows:
                self._note(tag[2])
            if tag.start() < last_filled and self._row * self._wide > MOST_AREA:
                raise refused("list_too_vast")
        if b"table:formula=" in block:
            block = _ODS_NOT_COUNTED.sub(_ODS_TEXT, block)
        return _ODS_ERROR.sub(b"", block)

    def _note(self, told: bytes) -> None:
        repeated = _ODS_REPEATED.search(told)
        first = self._row + 1
        self._row += int(repeated[1]) if repeated else 1
        if _ODS_HIDDEN.search(told):
            self.hidden_rows[-1].update(range(first, min(self._row, _LAST_ROW) + 1))
