"""Texts of broadcasts: who speaks and of what, and what a text may hold."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import HOUSE_FIELDS, LONGEST, LinkButton, Message

MOST_BUTTONS = 6
LONGEST_LABEL = 40
"""Characters of a button (documentation of VK's keyboards)."""
LONGEST_LINK = 1000


class Occasion(StrEnum):
    """What a message is, as its first line says."""

    EMERGENCY = "emergency"
    PLANNED = "planned"
    NEWS = "news"
    CORRECTION = "correction"
    CLOSING = "closing"
    """What an earlier message told of is over."""


CALLED = {
    Occasion.EMERGENCY: "Экстренное сообщение",
    Occasion.PLANNED: "Плановые работы",
    Occasion.NEWS: "Новости",
    Occasion.CORRECTION: "Исправление",
    Occasion.CLOSING: "Завершено",
}


@dataclass(frozen=True, slots=True)
class TextFault:
    """Why a message cannot go out."""

    pointer: str
    """Into the request's body: `/text`, `/buttons/0/link`."""
    message: str
    """A Russian sentence."""


EMPTY = "Напишите текст."
TOO_LONG = (
    f"ВКонтакте пропускает {LONGEST} знаков вместе с первой строкой и адресом дома. "
    "Сократите текст, лишних знаков: {}."
)
NO_SUCH_FIELD = "Поля {} нет. Есть: {}."
HIDDEN_SIGN = "В строке {} есть невидимый знак ({}): наберите её заново."
WRONG_ENCODING = (
    "Текст пришёл в другой кодировке, часть букв в нём потеряна (строка {}): отправьте его в UTF-8 "
    "или наберите заново."
)
TAB = "табуляция"
HIDDEN = "управляющий"
MANY_BUTTONS = f"Кнопок не больше {MOST_BUTTONS}."
NO_LABEL = "Напишите, что стоит на кнопке."
LONG_LABEL = f"Надпись на кнопке не длиннее {LONGEST_LABEL} знаков."
NO_FIELDS = "Поля в фигурных скобках работают только в тексте: уберите их с кнопки."
NO_LINK = "Нужна ссылка целиком, начиная с https://."
ODD_HOST = (
    "В названии сайта могут быть только буквы, цифры, точка и дефис: с другими знаками ссылка "
    "ведёт не туда, куда кажется."
)
LONG_LINK = f"Ссылка не длиннее {LONGEST_LINK} знаков."

_FIELD = re.compile(r"\{[^{}\n]*\}")
_PLAIN_HOST = re.compile(r"[0-9a-zа-яё.-]+")
"""Browsers take a backslash for a slash and an ideographic full stop for a dot, and pass over what
has no width: https://vk.com。elsewhere.ru leads elsewhere."""
LOST = "\ufffd"
"""What decoders put in place of what they cannot read."""
_FLIPS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""They turn the direction of a text, so that a link reads otherwise than it leads."""


def header_of(speaker: str, occasion: Occasion) -> str:
    """Return the first line of a message; people cannot change it."""
    return official_line(speaker, CALLED[occasion])


def official_line(speaker: str, what: str) -> str:
    """Return the first line of whatever is said officially: who speaks, and what it is."""
    return f"Официально · {' '.join(speaker.split())} · {what}"


def occasion_of(lane: BroadcastLane, *, closes: bool = False) -> Occasion:
    """Return what a new message of a lane is called; `closes`: it says that something is over."""
    return Occasion.CLOSING if closes else Occasion(lane)


def is_closing(header: str) -> bool:
    """Tell whether a message with that first line says that something is over."""
    return header.endswith(CALLED[Occasion.CLOSING])


def as_sent(text: str) -> str:
    """Return a text as it goes out: as it was written, but for the line ends of Windows."""
    return text.replace("\r\n", "\n")


def faults_of(message: Message, *, longest_title: str = "") -> list[TextFault]:
    """Return what keeps a message from going out to houses of which one has that title."""
    faults = [TextFault("/text", said) for said in _faults_of_text(message, longest_title)]
    if len(message.buttons) > MOST_BUTTONS:
        faults.append(TextFault("/buttons", MANY_BUTTONS))
    for number, button in enumerate(message.buttons):
        faults += [
            TextFault(f"/buttons/{number}/{field}", said)
            for field, said in faults_of_button(button)
        ]
    return faults


def length_of(text: str) -> int:
    """Return how long VK finds a text: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unknown_fields(text: str, known: dict[str, str]) -> str:
    """Say which fields of a text are not known, and which are; empty when all are."""
    strangers = dict.fromkeys(field for field in _FIELD.findall(text) if field not in known)
    if not strangers:
        return ""
    told = "; ".join(f"{field} — {meaning}" for field, meaning in known.items())
    return NO_SUCH_FIELD.format(", ".join(strangers), told)


def hidden_signs(text: str) -> str:
    """Say where a text holds a sign that nobody sees, or a lost one; empty when it holds none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if LOST in line:
            return WRONG_ENCODING.format(number)
        if any(map(_is_hidden, line)):
            return HIDDEN_SIGN.format(number, TAB if "\t" in line else HIDDEN)
    return ""


def _faults_of_text(message: Message, longest_title: str) -> Iterator[str]:
    if not message.text.strip():
        yield EMPTY
    if said := hidden_signs(message.text):
        yield said
    if said := unknown_fields(message.text, HOUSE_FIELDS):
        yield said
    whole = message.said_to(house_id="0" * 8, title=longest_title)
    if (more := length_of(whole) - LONGEST) > 0:
        yield TOO_LONG.format(more)


def faults_of_button(button: LinkButton) -> Iterator[tuple[str, str]]:
    """Yield which field of a button is wrong, and why."""
    if not button.label.strip():
        yield "label", NO_LABEL
    elif LOST in button.label:
        yield "label", WRONG_ENCODING.format(1)
    elif length_of(button.label) > LONGEST_LABEL:
        yield "label", LONG_LABEL
    elif _FIELD.search(button.label):
        yield "label", NO_FIELDS
    elif any(_is_hidden(sign) or sign == "\n" for sign in button.label):
        yield "label", HIDDEN_SIGN.format(1, HIDDEN)
    if length_of(button.link) > LONGEST_LINK:
        yield "link", LONG_LINK
    elif not _is_link(button.link):
        yield "link", NO_LINK
    elif not _PLAIN_HOST.fullmatch(urlsplit(button.link).hostname or ""):
        yield "link", ODD_HOST


def _is_link(text: str) -> bool:
    if any(sign.isspace() or _is_hidden(sign) for sign in text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_name = "." in host.strip(".") and not host.startswith(".")
    # A name before an @ is there to be taken for the site's: https://vk.com@elsewhere.ru.
    return parts.scheme == "https" and is_name and "@" not in parts.netloc and port != 0


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in _FLIPS
