"""Contacts of elders: phones and VK pages as people write them."""

import re

from housechats.domain.address_reading import Finding
from housechats.domain.address_words import NOTHING
from housechats.domain.people import Elder

FINDINGS = {
    "elder_unreachable": (
        "У старшего нет ни мобильного телефона, ни страницы ВКонтакте: инструкцию отправить некуда."
    ),
    "phone_unclear": "Телефон не прочитан: нужно 11 цифр, например +7 900 000-00-00.",
    "phone_several": "В ячейке несколько телефонов: оставьте один, на него придёт инструкция.",
    "phone_not_mobile": "Телефон не мобильный: SMS на него не придёт.",
    "vk_unclear": "Страница не прочитана: нужна ссылка вида vk.com/id1 или vk.com/ivanov.",
    "vk_not_person": "Это страница сообщества: нужна личная страница старшего.",
}
"""None of them stops a house from getting its chat. They repeat nothing of the cell: verdicts are
kept, and a phone is a person's."""

_DIGITS = re.compile(r"\D")
_PHONE = re.compile(r"[78](\d{10})|([3-69]\d{9})")
"""Ten digits that begin with 7 or 8 may be eleven that lost one."""

_TWO_PHONES = 20

_URL = re.compile(
    r"(?:https?://)?(?:www\.|m\.|new\.)?(?:vk\.com|vk\.ru|vk\.me|vkontakte\.ru)/+", re.IGNORECASE
)
_MENTION = re.compile(r"\[(id\d+)\|[^\]]*\]")
_VK_ID = re.compile(r"(?:id)?0*([1-9]\d{0,9})", re.IGNORECASE)
_VK_NAME = re.compile(r"(?=.*[a-z])[a-z0-9_][a-z0-9_.]{3,31}", re.IGNORECASE)
_COMMUNITY = re.compile(r"(?:club|public|event)\d+", re.IGNORECASE)
_PAGE_OF_VK = re.compile(
    r"(?:feed|friends|groups|settings|video|audios?|photos?|docs|login|albums?|wall|app|topic|im|"
    r"write|market|clips?|call)(?:-?\d+(?:_\d+)?)?",
    re.IGNORECASE,
)
_LARGEST_VK_ID = 2_000_000_000
"""From here on VK numbers chats."""


def read_elder(name: str, phone: str, vk: str) -> tuple[Elder | None, dict[str, Finding]]:
    """Return the elder and what was found, by column."""
    findings: dict[str, Finding] = {}
    name, phone, vk = (
        "" if text.strip().lower() in NOTHING else text for text in (name, phone, vk)
    )
    if not (name or phone or vk):
        return None, {}
    number, found = read_phone(phone)
    if found:
        findings["elder_phone"] = found
    vk_id, vk_name, found = read_vk(vk)
    if found:
        findings["elder_vk"] = found
    if not (number or vk_id or vk_name):
        if not name:  # nobody at all: two such rows are not one person
            return None, findings
        findings["elder_name"] = _finding("elder_unreachable")
    return Elder(" ".join(name.split()), number, vk_id, vk_name), findings


def read_phone(text: str) -> tuple[str, Finding | None]:
    """Return a mobile number in E.164, or an empty string and the reason."""
    text = text.strip()
    digits = _DIGITS.sub("", text)
    if not text:
        return "", None
    if len(digits) >= _TWO_PHONES:
        return "", _finding("phone_several")
    found = _PHONE.fullmatch(digits)
    if not found or (text.startswith("+") and not text.startswith("+7")):
        return "", _finding("phone_unclear")
    number = found[1] or found[2]
    if not number.startswith("9"):
        return "", _finding("phone_not_mobile")
    return f"+7{number}", None


def read_vk(text: str) -> tuple[int, str, Finding | None]:
    """Return a VK id, or a screen name in lower case, or neither and the reason."""
    text = text.strip()
    page = _MENTION.sub(r"\1", text)
    page, is_link = _URL.subn("", page, count=1)
    page = re.split(r"[/?#\s]", page.strip("/ "), maxsplit=1)[0] if is_link else page
    page = page.removeprefix("@")
    if not text:
        return 0, "", None
    if _COMMUNITY.fullmatch(page):
        return 0, "", _finding("vk_not_person")
    if (found := _VK_ID.fullmatch(page)) and int(found[1]) < _LARGEST_VK_ID:
        return int(found[1]), "", None
    if _VK_NAME.fullmatch(page) and not _PAGE_OF_VK.fullmatch(page):
        return 0, page.lower(), None
    return 0, "", _finding("vk_unclear")


def _finding(code: str) -> Finding:
    return Finding(code, FINDINGS[code], fatal=False)
