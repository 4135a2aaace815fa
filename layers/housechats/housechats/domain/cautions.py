"""Cautions: what in a message is worth another look before it goes out. Nothing is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.broadcast_texts import is_closing
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.lookalike_links import lookalikes_in
from housechats.domain.messages import Message

CAUTIONS = {
    "no_until": "Не указано, когда это закончится: жители будут спрашивать об этом первым делом.",
    "until_past": "Время окончания уже прошло к началу рассылки: проверьте его.",
    "flat_and_debt": (
        "В тексте названы квартира и долг. Долги жильца — его личные данные: сообщать о них всему "
        "дому нельзя. Уберите номер квартиры."
    ),
    "private_phone": (
        "В тексте мобильный номер. Если это личный телефон человека, замените его номером "
        "диспетчерской или приёмной."
    ),
    "lookalike_link": (
        "Ссылка только похожа на известную, ведёт она на другой сайт: {}. Проверьте её по буквам."
    ),
    "repeated": (
        "Этот же текст дома из этого списка получили за последние сутки, домов: {}. Проверьте, не "
        "отправляете ли вы его второй раз."
    ),
}
"""Each by its code."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to look at."""

    code: str
    """A key of CAUTIONS."""
    message: str
    """A Russian sentence."""


def cautions_of(message: Message, lane: BroadcastLane, *, starts_at: datetime) -> list[Caution]:
    """Return what is worth a look; `starts_at`: when the message is to go out."""
    return [Caution(code, said) for code, said in _found(message, lane, starts_at)]


def repeated(houses: int) -> Caution:
    """Return what is worth a look where so many houses have had the same text within a day."""
    return Caution("repeated", CAUTIONS["repeated"].format(houses))


def _found(message: Message, lane: BroadcastLane, starts_at: datetime) -> Iterator[tuple[str, str]]:
    labels = [button.label for button in message.buttons]
    links = [button.link for button in message.buttons]
    ends = lane != BroadcastLane.NEWS and not is_closing(message.header)
    if ends and message.until is None:
        yield "no_until", CAUTIONS["no_until"]
    if message.until and message.until <= starts_at:
        yield "until_past", CAUTIONS["until_past"]
    if names_flat(message.text) and speaks_of_debt(message.text):
        yield "flat_and_debt", CAUTIONS["flat_and_debt"]
    if any(map(has_mobile_phone, [message.text, *labels, *links])):
        yield "private_phone", CAUTIONS["private_phone"]
    if sites := lookalikes_in([message.text, *labels, *links]):
        yield "lookalike_link", CAUTIONS["lookalike_link"].format(", ".join(sites))


# A flat and a debt

_FLAT = re.compile(
    r"(?<!\w)(?:кв(?:-р[а-яё]{1,3}|артир[а-яё]*)?(?![\w-])\.?|квартир[а-яё]*)"
    r"[ \xa0]*(?:№№?|N|номер[а-яё]*)?[ \xa0]*\d{1,4}(?!\d|[ \xa0]*[-–—][ \xa0]*\d)",
    re.IGNORECASE,
)
"""«кв. 15», «квартира № 15», «квартиры 3, 7»; a range of flats is no household's."""
_QUARTER = re.compile(
    r"(?:\b[1-4]|\b[1-4]-?[йго]{1,2}|\bI{1,3}|\bIV|перв\w+|втор\w+|трет\w+|четв[её]рт\w+)"
    r"[ \xa0]*кв(?:\.|артал\w*)?[ \xa0]*20\d\d",
    re.IGNORECASE,
)
"""«за 3 кв. 2026 года»."""
_DEBT = re.compile(
    r"\bдолг(?:а|у|ом|е|и|ов|ам|ами|ах)?\b(?![ \xa0]+служб)|\bзадолж\w+|\bдолжник\w*"
    r"|\bнеплательщи\w+|\bнеуплат\w+|\bнеоплач\w+"
    r"|\bне[ \xa0]+(?:о|у|за)?плач?(?:ен|ива|ти)(?!й?те\b)\w+"
    r"|\bпросроч\w+|\bпен(?:и|я|ю|ей|ями)\b",
    re.IGNORECASE,
)


def names_flat(text: str) -> bool:
    """Tell whether a text names a single flat."""
    return bool(_FLAT.search(_QUARTER.sub(" ", text)))


def speaks_of_debt(text: str) -> bool:
    return bool(_DEBT.search(text))


# Telephones

_GAP = r"[ \xa0().–—-]{0,3}"
_REST = rf"{_GAP}\d(?:{_GAP}\d){{6}}(?!\d)"
_NUMBERED = (
    r"(?<!инн )(?<!инн: )(?<!октмо )(?<!сч[её]т )(?<!сч[её]та )(?<!л/с )(?<!л/с: )(?<!№)(?<!№ )"
)
_MOBILE = re.compile(
    rf"(?<![\w-]){_NUMBERED}\(?(?:\+[ \xa0]?7|8|7){_GAP}9\d\d{_REST}"
    r"|(?<![\w+-])\(?9\d\d\)?[ \xa0–-]\d{3}[–-]\d\d[–-]\d\d(?![\d-])",
    re.IGNORECASE,
)
"""Mobile numbers begin with 9 after the country's code; those of cities, 8-800 and 112 do not."""
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_CALLING_LINK = re.compile(r"(?:wa\.me|t\.me|whatsapp\.com/send\D{1,9})/?\+?[78]9\d{9}(?!\d)", re.I)


def has_mobile_phone(text: str) -> bool:
    """Tell whether a text has a Russian mobile number; numbers within other links are none."""
    return bool(_CALLING_LINK.search(text) or _MOBILE.search(_LINK.sub(" ", text)))
