"""The workbook that comes back: the clerk's own rows, each with its verdict and what to mend."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from create_chats.columns import FIELDS
from create_chats.read_list import Listing
from create_chats.repeats import REPEATS
from create_chats.result_help import HELP, VERDICTS, write_help
from create_chats.result_plan import OWN, Mended, Plan, plan_of
from create_chats.workbooks import (
    HEADER,
    ROW_BY_ROW,
    TEXT,
    TITLE,
    comment,
    height_of,
    lines_of,
    put,
    set_choices,
    sheet_name,
    show_texts_only,
)
from housechats.domain.batches import Problem, RowVerdict, Verdict

Judged = tuple[RowVerdict, str]
"""What became of a row, and the link to its chat or the words on why there is none."""
Cells = Sequence[str]

CHOICES, LIST = "Варианты", "Дома"

UNCHECKED = "Ещё проверяется"
CHANGES = {
    "address": "адрес",
    "oktmo": "код ОКТМО",
    "fias_id": "код ФИАС",
    "entrances": "число подъездов",
    "flats": "число квартир",
    "elder": "старший",
    "organisations": "организации",
    "tags": "метки",
}
"""Fields of ListedHouse as people call them."""

MOST_COMMENTS = 2000
"""LibreOffice opens 20,000 rows in 5 s, with 2,000 comments in 7 s, with 5,000 in 20 s. The
column «Что исправить» says the same."""
MOST_CHOICES = 1000
"""Cells with a choice of their own: with 20,000 of them the same takes 33 s."""

_MOST_FROZEN = 8
"""Rows: a longer heading that stays in place would fill a small screen."""

_LOOKS = {
    "text": TEXT,
    "title": TITLE,
    "header": HEADER,
    "own_header": HEADER | {"bg_color": "#CFE3D4"},
    # Printed in grey, one is dark with bold letters and the other is light.
    "fatal": TEXT | {"bg_color": "#F2B5AE", "bold": True, "border": 1, "border_color": "#B3261E"},
    "warning": TEXT | {"bg_color": "#FFF3C4", "border": 1, "border_color": "#C9A227"},
    "aside": TEXT | {"font_color": "#5F6673"},
}
_LOOK_OF = {
    Verdict.REJECTED: "fatal",
    Verdict.ACCEPTED_WITH_WARNINGS: "warning",
    Verdict.DUPLICATE: "aside",
    Verdict.SKIPPED: "aside",
}
_UNCLEAR = re.compile(r"(?<![\w.-])пр\b(?!-)\.?\s*", re.IGNORECASE)
_STANDS_FOR = ("пр-кт ", "проезд ")


def write(
    listing: Listing, rows: Iterable[Judged], *, mended: Mended, remarks: Sequence[str] = ()
) -> bytes:
    """Write the list as its author had it, with our columns at its right.

    Rows come in their order. Uploaded as it is, the workbook is the same list again.
    """
    file = BytesIO()
    with Workbook(file, ROW_BY_ROW) as book:
        writer = _Writer(book, listing, plan_of(listing, mended))
        for number, cells, judged in _paired(listing, rows):
            writer.write_row(number, cells, judged, mended.get(number, {}))
        writer.finish(remarks)
    return file.getvalue()


def what_to_mend(verdict: RowVerdict, rewritten: Sequence[str] = ()) -> str:
    """Return what a row's author is told, a sentence a line, the worst first."""
    told = [problem.message for problem in sorted(verdict.problems, key=lambda p: not p.fatal)]
    if verdict.duplicate_of and not any(p.code in REPEATS for p in verdict.problems):
        told.insert(0, f"Этот дом уже есть в строке {verdict.duplicate_of}.")
    if verdict.changes:
        names = ", ".join(CHANGES.get(name, name) for name in verdict.changes)
        told.append(f"Изменено: {names}.")
    elif verdict.existing:
        told.append("Дом уже был, в нём ничего не изменилось.")
    if rewritten:
        told.append(f"Исправлено после загрузки: {', '.join(rewritten)}.")
    return "\n".join(dict.fromkeys(told))


def _paired(listing: Listing, rows: Iterable[Judged]) -> Iterator[tuple[int, Cells, Judged | None]]:
    """Yield every row of the table with what became of it, if that is known."""
    judged = iter(rows)
    waiting = next(judged, None)
    for number, cells in enumerate(listing.table.cells(), start=1):
        while waiting and waiting[0].number < number:
            waiting = next(judged, None)
        yield number, cells, waiting if waiting and waiting[0].number == number else None


class _Writer:
    """Writes one workbook: the list, the help beside it, and what cells may be chosen from."""

    def __init__(self, book: Workbook, listing: Listing, plan: Plan) -> None:
        self._book = book
        self._listing = listing
        self._plan = plan
        self._name = sheet_name(listing.table.name, otherwise=LIST, taken=(HELP, CHOICES))
        self._sheet: Worksheet = book.add_worksheet(self._name)
        self._help: Worksheet = book.add_worksheet(HELP)
        self._choices: Worksheet | None = None
        self._looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        self._counts: Counter[Verdict] = Counter()
        self._last = listing.header
        self._commented = 0
        self._offered = 0

    # ------------------------------------------------------------ the list

    def write_row(
        self, number: int, cells: Cells, judged: Judged | None, mended: Mapping[str, str]
    ) -> None:
        texts = [cells[i].strip() if i < len(cells) else "" for i in self._plan.kept]
        texts += [""] * len(self._plan.added)
        hidden = number in self._listing.table.hidden_rows
        if number < self._plan.headed_from:
            # Titles run on over the cells beside them.
            for column, text in enumerate(texts):
                put(self._sheet, number - 1, column, text, self._looks["title"])
            return
        if number <= self._listing.header:
            self._write_header(number, texts, hidden=hidden)
            return
        if judged:
            self._counts[judged[0].verdict] += 1
        if any(texts) or mended:
            self._last = number
            self._write_house(number - 1, texts, judged, mended, hidden=hidden)

    def _write_header(self, number: int, texts: list[str], *, hidden: bool) -> None:
        added = [FIELDS[name][0] for name in self._plan.added]
        looks = ["header"] * len(texts) + ["own_header"] * len(OWN)
        # Under the upper line our names would belong to the last of the clerk's groups.
        own = [*added, *OWN] if number == self._plan.headed_from else [""] * len([*added, *OWN])
        self._write_cells(number - 1, [*texts[: len(self._plan.kept)], *own], looks, hidden=hidden)

    def _write_house(
        self,
        row: int,
        texts: list[str],
        judged: Judged | None,
        mended: Mapping[str, str],
        *,
        hidden: bool,
    ) -> None:
        looks = ["text"] * len(texts)
        rewritten = self._mend(texts, mended)
        if judged is None:
            self._write_cells(row, [*texts, UNCHECKED], [*looks, "aside"], hidden=hidden)
            return
        verdict, chat = judged
        for column, problems in self._marks(verdict).items():
            looks[column] = "fatal" if any(problem.fatal for problem in problems) else "warning"
            self._explain(row, column, texts[column], problems)
        own = [VERDICTS[verdict.verdict], what_to_mend(verdict, rewritten), chat]
        own_looks = [_LOOK_OF.get(verdict.verdict, "text"), "text", "text"]
        self._write_cells(row, [*texts, *own], [*looks, *own_looks], hidden=hidden)

    def _write_cells(
        self, row: int, texts: Sequence[str], looks: Sequence[str], *, hidden: bool
    ) -> None:
        lines = 1
        for column, (text, look) in enumerate(zip(texts, looks, strict=True)):
            if text:
                put(self._sheet, row, column, text, self._looks[look])
                lines = max(lines, lines_of(text, self._plan.widths[column]))
            elif look != "text":
                self._sheet.write_blank(row, column, None, self._looks[look])
        if lines > 1 or hidden:
            self._sheet.set_row(row, height_of(lines), None, {"hidden": hidden})

    def _mend(self, texts: list[str], mended: Mapping[str, str]) -> list[str]:
        """Put in what people wrote instead of the clerk; return the headers where it differs."""
        headers = {place: header for header, place in self._plan.by_header.items()}
        rewritten = []
        for name, said in mended.items():
            place = self._plan.places.get(name)
            if place is not None and texts[place] != said:
                texts[place] = said
                rewritten.append(headers.get(place, name))
        return rewritten

    def _marks(self, verdict: RowVerdict) -> dict[int, list[Problem]]:
        """Return the problems by the columns that they are of."""
        marks: dict[int, list[Problem]] = {}
        for problem in verdict.problems:
            place = self._plan.by_header.get(problem.column)
            if place is not None and problem.code not in REPEATS:
                marks.setdefault(place, []).append(problem)
        return marks

    def _explain(self, row: int, column: int, text: str, problems: list[Problem]) -> None:
        """Say beside a cell what is wrong in it, and offer what can be chosen instead."""
        # Warnings leave room for what keeps houses from getting their chats.
        most = MOST_COMMENTS if any(p.fatal for p in problems) else MOST_COMMENTS // 2
        if self._commented < most:
            self._commented += 1
            said = "\n".join(dict.fromkeys(problem.message for problem in problems))
            comment(self._sheet, row, column, said)
        if any(problem.code == "street_kind_unclear" for problem in problems):
            self._offer_streets(row, column, text)

    def _offer_streets(self, row: int, column: int, text: str) -> None:
        """Let a person choose what «пр.» stands for, instead of typing the cell anew."""
        if self._offered == MOST_CHOICES or len(_UNCLEAR.findall(text)) != 1:
            return
        if self._choices is None:
            self._choices = self._book.add_worksheet(CHOICES)
            self._choices.hide()
        for i, kind in enumerate(_STANDS_FOR):
            variant = _UNCLEAR.sub(kind, text).strip()
            put(self._choices, self._offered, i, variant, self._looks["text"])
        self._offered += 1
        source = f"='{CHOICES}'!$A${self._offered}:$B${self._offered}"
        set_choices(self._sheet, (row, row), column, source)

    # ------------------------------------------------------------ what is around it

    def finish(self, remarks: Sequence[str]) -> None:
        sheet, header = self._sheet, self._listing.header
        for column, width in enumerate(self._plan.widths):
            sheet.set_column(column, column, width, self._looks["text"])
        sheet.autofilter(header - 1, 0, self._last - 1, self._plan.own + len(OWN) - 1)
        if header <= _MOST_FROZEN:
            sheet.freeze_panes(header, 0)
        sheet.repeat_rows(header - 1)
        show_texts_only(sheet)
        help_lines = [*self._more_help(), *remarks]
        write_help(self._help, self._looks, help_lines, self._counts)

    def _more_help(self) -> Iterator[str]:
        if self._offered:
            yield "Где «пр.» может быть и проспектом, и проездом, выберите нужное в самой ячейке."
        if self._commented == MOST_COMMENTS:
            yield "Примечаний слишком много: дальше причины только в столбце «Что исправить»."
