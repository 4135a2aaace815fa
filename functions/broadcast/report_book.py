"""The report of a broadcast as a workbook: who sent what to whom, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from broadcast.list_receipts import Receipt, ReceiptStatus, receipt_of
from housechats.domain.broadcasts import Broadcast, BroadcastLane, BroadcastState, Deed, HeldFor
from housechats.domain.messages import HOUSE_FIELDS, Message
from housechats.domain.receipts import ChunkReceipts, Fate, Recipient

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUMMARY, CHATS, LEFT_OUT = "Итог", "По чатам", "Не отправлялось"

LANES = {
    BroadcastLane.EMERGENCY: "экстренная: уходит сразу, в любое время",
    BroadcastLane.PLANNED: "плановая: ждёт конца тихих часов",
    BroadcastLane.NEWS: "новости: ждут конца тихих часов",
}
HELD = {
    HeldFor.HOLD: "вот-вот начнётся",
    HeldFor.TIME: "ждёт выбранного времени",
    HeldFor.QUIET_HOURS: "ждёт конца тихих часов",
}
DONE = {Deed.MESSAGE: "отправлено", Deed.CORRECTION: "исправлено", Deed.RECALL: "удалено"}
FAILED = {
    Deed.MESSAGE: "не отправлено",
    Deed.CORRECTION: "не исправлено",
    Deed.RECALL: "не удалено",
}
ON_THE_WAY = {
    ReceiptStatus.WAITS: "ждёт ВКонтакте",
    ReceiptStatus.UNDER_WAY: "отправляется",
    ReceiptStatus.LEFT: "ещё не отправлялось",
    ReceiptStatus.NOT_SENT: "не требуется",
}
YES, NO = "да", "нет"
NOT_COUNTED = "ещё не считали"
FIELDS_FILLED = "В каждом чате на этом месте своё: "

_CHAT_COLUMNS = {
    "Адрес": 36,
    "Код дома": 11,
    "Что стало": 16,
    "Когда": 19,
    "№ сообщения": 13,
    "Закреплено": 12,
    "Почему": 32,
    "Что делать": 32,
    "Что было потом": 26,
}
_LEFT_OUT_COLUMNS = {"Адрес": 50, "Код дома": 11, "Почему": 60}
_STATUS_COLUMN = 2
_LABEL_WIDTH, _VALUE_WIDTH = 27, 74
_HEADER_ROW = 2
"""Counted from 0: the title and an empty row come first."""
_A4, _HIGHEST = 9, 409
_FITS = 1.2
"""Letters for a unit of a column's width: narrow ones are many."""
_LONGEST_CELL = 32_767
"""Characters (Excel specifications and limits)."""

_PLAIN = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_TEXT = _PLAIN | {"num_format": "@", "text_wrap": True}
_LINED = _TEXT | {"bottom": 4, "bottom_color": "#C9CED6"}
_LOOKS = {
    "title": _PLAIN | {"bold": True, "font_size": 13},
    "section": _PLAIN | {"bold": True, "font_size": 11, "bottom": 1, "bottom_color": "#9AA5B5"},
    "label": _TEXT | {"font_color": "#4A5160"},
    "value": _TEXT,
    "number": _PLAIN | {"num_format": "#,##0", "align": "left"},
    "header": _TEXT
    | {
        "bold": True,
        "valign": "vcenter",
        "bg_color": "#DDE3EC",
        "border": 1,
        "border_color": "#9AA5B5",
    },
    "text": _LINED,
    "count": _LINED | {"num_format": "0"},
    "bad": _LINED | {"bg_color": "#F2B5AE", "bold": True},
    "waits": _LINED | {"bg_color": "#FFF3C4"},
}
_LOOK_OF = {
    ReceiptStatus.SENT: "text",
    ReceiptStatus.FAILED: "bad",
    ReceiptStatus.NOT_SENT: "text",
    ReceiptStatus.LEFT_OUT: "text",
}


@dataclass(frozen=True, slots=True)
class Follower:
    """What corrects, recalls or closes a broadcast."""

    one: Broadcast
    chunks: Iterable[ChunkReceipts]
    """Its receipts, of every chunk in their order."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the workbook tells."""

    one: Broadcast
    message: Message | None
    """None for a recall: it says nothing."""
    territory: str
    asked: Sequence[str]
    """Whom it was asked to reach, part by part."""
    followers: Sequence[Follower]
    chunks: Iterable[tuple[Sequence[Recipient], ChunkReceipts]]
    """Every chunk in its order: the chats and what became of them."""
    left_out: Iterable[Receipt]
    at: datetime
    zone: tzinfo


@dataclass(slots=True)
class _Tally:
    """What is counted while chats go by."""

    by_status: Counter[ReceiptStatus] = field(default_factory=Counter)
    why: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Failures by their sentence and what to do."""
    left_out: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    pinned: int = 0

    def add(self, receipt: Receipt) -> None:
        self.by_status[receipt.status] += 1
        self.replies += receipt.reply
        self.pinned += receipt.pinned
        if receipt.status in {ReceiptStatus.FAILED, ReceiptStatus.NOT_SENT}:
            self.why[receipt.reason, receipt.to_do] += 1


def write(report: Report) -> bytes:
    """Write the workbook, chunk by chunk. Whatever a text begins with, it is a text."""
    file = BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        summary = _Summary(book.add_worksheet(SUMMARY), looks)
        title = f"{_named(report.one)}: {report.territory}"
        chats = _Table(book.add_worksheet(CHATS), looks, title, _CHAT_COLUMNS)
        tally = _Tally()
        followers = [(one.one, iter(one.chunks)) for one in report.followers]
        for recipients, chunk in report.chunks:
            later = [(one, next(theirs, ChunkReceipts(chunk.chunk))) for one, theirs in followers]
            for position, recipient in enumerate(recipients):
                receipt = receipt_of(report.one, chunk, position, recipient)
                tally.add(receipt)
                then = _then(later, position, report.zone)
                chats.add(*_cells(report, receipt, then))
        chats.finish()
        others = _Table(book.add_worksheet(LEFT_OUT), looks, title, _LEFT_OUT_COLUMNS)
        for receipt in report.left_out:
            tally.left_out[receipt.reason] += 1
            others.add([receipt.title, receipt.house_id, receipt.reason], "text")
        others.finish()
        _sum_up(report, tally, summary)
    return file.getvalue()


def _cells(report: Report, receipt: Receipt, then: str) -> tuple[list[str | int], str]:
    deed = report.one.deed
    pinned = ""
    if report.one.pin and receipt.status == ReceiptStatus.SENT:
        pinned = YES if receipt.pinned else NO
    cells: list[str | int] = [
        receipt.title,
        receipt.house_id,
        _became(receipt, deed),
        _instant(receipt.at, report.zone),
        receipt.message or "",
        pinned,
        receipt.reason,
        receipt.to_do,
        then,
    ]
    return cells, _LOOK_OF.get(receipt.status, "waits")


def _became(receipt: Receipt, deed: Deed) -> str:
    if receipt.status == ReceiptStatus.SENT:
        return f"{DONE[deed]} ответом" if receipt.reply else DONE[deed]
    if receipt.status == ReceiptStatus.FAILED:
        return FAILED[deed]
    return ON_THE_WAY[receipt.status]


def _then(followers: Sequence[tuple[Broadcast, ChunkReceipts]], position: int, zone: tzinfo) -> str:
    """Return what became of corrections, recalls and closing messages in one chat."""
    told = []
    for one, chunk in followers:
        fate = chunk.fate(position)
        if fate == Fate.SENT:
            reply = " ответом" if position in chunk.replied else ""
            told.append(f"{_done(one)}{reply} {_instant(chunk.finished_at, zone)}".strip())
        elif fate == Fate.FAILED:
            told.append(FAILED[one.deed])
    return "; ".join(told)


def _done(one: Broadcast) -> str:
    return "сообщено о завершении" if one.of and one.deed == Deed.MESSAGE else DONE[one.deed]


def _named(one: Broadcast) -> str:
    if one.deed == Deed.CORRECTION:
        return f"Исправление рассылки {one.of}"
    if one.deed == Deed.RECALL:
        return f"Отзыв рассылки {one.of}"
    return f"Завершение рассылки {one.of}" if one.of else f"Рассылка {one.id}"


def _state(one: Broadcast, zone: tzinfo) -> str:
    match one.state:
        case BroadcastState.AWAITS_APPROVAL:
            return "ждёт второго человека"
        case BroadcastState.SCHEDULED:
            why = HELD[one.held_for] if one.held_for else "начинается"
            return f"{why}, начало {_moment(one.start_at, zone)}"
        case BroadcastState.RUNNING:
            return "идёт"
        case BroadcastState.STOPPED:
            return _stopped(one.stopped_because)
        case BroadcastState.CANCELLED:
            return f"отменена до начала, {_instant(one.finished_at, zone)}"
    return f"закончена {_instant(one.finished_at, zone)}"


def _stopped(because: str) -> str:
    if because.startswith("Остановлена"):
        return because[:1].lower() + because[1:]
    return f"остановлена. {because}"


def _sum_up(report: Report, tally: _Tally, summary: "_Summary") -> None:
    one, zone = report.one, report.zone
    summary.title(f"{_named(one)} — на {_instant(report.at, zone)}")
    summary.section("Что и кому")
    summary.line("Состояние", _state(one, zone))
    summary.line("Срочность", LANES[one.lane])
    summary.line("ИНН организации", one.inn)
    summary.line("Территория", report.territory)
    summary.line("Кому", "\n".join(report.asked))
    if report.message:
        _sum_up_message(report.message, zone, summary)
    summary.line("Чатов", one.chats)
    summary.line("Жителей в этих чатах", one.people or NOT_COUNTED)
    summary.section("Кто и когда")
    summary.line("Составил", _who(one.created_by))
    summary.line("Составлена", _instant(one.created_at, zone))
    summary.line("Подтвердил второй человек", _who(one.approved_by))
    what = "Почему отозвана" if one.deed == Deed.RECALL else "Почему без второго человека"
    summary.line(what, one.sender_reason)
    summary.line("Проверка", _review(one, zone))
    summary.line("Началась", _instant(one.started_at, zone))
    summary.line("Закончилась", _instant(one.finished_at, zone))
    summary.section("Что получилось")
    _sum_up_numbers(one, tally, summary)
    _sum_up_reasons(tally, summary)
    if report.followers:
        summary.section("Исправления, отзывы и завершение")
    for follower in report.followers:
        summary.line(_instant(follower.one.created_at, zone), _told(follower.one, zone))
    summary.finish()


def _sum_up_message(message: Message, zone: tzinfo, summary: "_Summary") -> None:
    summary.line("Текст", f"{message.header}\n\n{message.text}")
    fields = [f"{name} — {what}" for name, what in HOUSE_FIELDS.items() if name in message.text]
    summary.line("Поля текста", FIELDS_FILLED + "; ".join(fields) if fields else "")
    summary.line("Действует до", _moment(message.until, zone))
    summary.line("Кнопки", "\n".join(f"{one.label}: {one.link}" for one in message.buttons))
    summary.line("Файл", message.attachment.file_name if message.attachment else "")


def _sum_up_numbers(one: Broadcast, tally: _Tally, summary: "_Summary") -> None:
    sent = tally.by_status[ReceiptStatus.SENT]
    failed = tally.by_status[ReceiptStatus.FAILED]
    not_sent = tally.by_status[ReceiptStatus.NOT_SENT]
    summary.line(DONE[one.deed].capitalize(), sent)
    if one.deed == Deed.CORRECTION:
        summary.line("Из них ответом", tally.replies)
    if one.pin:
        summary.line("Из них закреплено", tally.pinned)
    summary.line(FAILED[one.deed].capitalize(), failed)
    if one.of:
        summary.line("Не требуется", not_sent)
    summary.line("Осталось", tally.by_status.total() - sent - failed - not_sent)
    summary.line("Домов, которым не отправлялось", tally.left_out.total())


def _sum_up_reasons(tally: _Tally, summary: "_Summary") -> None:
    if tally.why or tally.left_out:
        summary.section("Почему не везде")
    for (reason, to_do), times in tally.why.most_common():
        summary.line(f"Чатов: {times}", f"{reason} {to_do}")
    for reason, times in tally.left_out.most_common():
        summary.line(f"Домов: {times}", reason)


def _told(one: Broadcast, zone: tzinfo) -> str:
    what = {Deed.CORRECTION: "Исправление", Deed.RECALL: "Отзыв"}.get(one.deed, "Завершение")
    said = one.sender_reason if one.deed == Deed.RECALL else one.beginning
    return (
        f"{what} {one.id}, {_state(one, zone)}; {_who(one.created_by)}. "
        f"Сделано: {one.sent}, не удалось: {one.failed}, осталось: {one.left}.\n«{said}»"
    )


def _review(one: Broadcast, zone: tzinfo) -> str:
    if one.review is None:
        return ""
    if one.review.at is None:
        return f"должна пройти до {_moment(one.review.due_at, zone)}: ещё никто не посмотрел"
    note = f": {one.review.note}" if one.review.note else ""
    return f"{_who(one.review.by)}, {_instant(one.review.at, zone)}{note}"


def _who(name: str) -> str:
    """Return where a person is found in VK: their names are not kept here."""
    kind, _, number = name.partition(":")
    return f"vk.com/id{number}" if kind == "vk" and number else name


def _instant(moment: datetime | None, zone: tzinfo) -> str:
    """Return when something happened: a broadcast is a matter of seconds."""
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M:%S}" if moment else ""


def _moment(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}" if moment else ""


class _Summary:
    """Labels with what they stand for."""

    def __init__(self, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        self._sheet, self._looks, self._row = sheet, looks, 0
        sheet.set_column(0, 0, _LABEL_WIDTH)
        sheet.set_column(1, 1, _VALUE_WIDTH)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)

    def title(self, text: str) -> None:
        self._sheet.set_row(0, 20)
        self._sheet.write_string(0, 0, _harmless(text), self._looks["title"])

    def section(self, text: str) -> None:
        self._row += 2
        for column, said in enumerate((text, "")):
            self._sheet.write(self._row, column, said, self._looks["section"])

    def line(self, label: str, value: str | int) -> None:
        """Add a line; what is empty is left out."""
        if value == "":
            return
        self._row += 1
        if isinstance(value, int):
            self._sheet.write_string(self._row, 0, _harmless(label), self._looks["label"])
            self._sheet.write_number(self._row, 1, value, self._looks["number"])
            return
        lines = max(_lines(label, _LABEL_WIDTH), _lines(value, _VALUE_WIDTH))
        self._sheet.set_row(self._row, min(13 * lines + 2, _HIGHEST))
        self._sheet.write_string(self._row, 0, _harmless(label), self._looks["label"])
        self._sheet.write_string(self._row, 1, _harmless(value), self._looks["value"])

    def finish(self) -> None:
        self._sheet.print_area(0, 0, self._row, 1)


class _Table:
    """A table with a title above and a header that stays in place."""

    def __init__(
        self, sheet: Worksheet, looks: Mapping[str, Format], title: str, columns: Mapping[str, int]
    ) -> None:
        self._sheet, self._looks, self._row = sheet, looks, _HEADER_ROW
        self._widths = list(columns.values())
        for column, width in enumerate(self._widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 20)
        sheet.write_string(0, 0, _harmless(title), looks["title"])
        sheet.set_row(_HEADER_ROW, 30)
        for column, name in enumerate(columns):
            sheet.write_string(_HEADER_ROW, column, name, looks["header"])
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)

    def add(self, cells: Sequence[str | int], look: str) -> None:
        """Add a row; what is wrong stands out in the third column, where it is said."""
        self._row += 1
        lines = max(map(_lines, map(str, cells), self._widths))
        # LibreOffice shows one line of a row that has no height of its own.
        self._sheet.set_row(self._row, min(13 * lines + 2, _HIGHEST))
        for column, cell in enumerate(cells):
            shown = self._looks[look if column == _STATUS_COLUMN else "text"]
            if isinstance(cell, int):
                self._sheet.write_number(self._row, column, cell, self._looks["count"])
            elif text := _harmless(cell):
                self._sheet.write_string(self._row, column, text, shown)
            else:
                self._sheet.write_blank(self._row, column, None, shown)

    def finish(self) -> None:
        if self._row > _HEADER_ROW:
            self._sheet.autofilter(_HEADER_ROW, 0, self._row, len(self._widths) - 1)


def _harmless(text: str) -> str:
    """Return a text without what XML forbids, no longer than a cell may be."""
    kept = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    return kept[: _LONGEST_CELL // 2]


def _lines(text: str, width: int) -> int:
    return sum(int(len(line) / (width * _FITS)) + 1 for line in text.split("\n"))
