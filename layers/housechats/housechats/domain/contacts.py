"""Contacts of elders: phones and VK pages as people write them."""

import re
from functools import lru_cache

from housechats.domain.address_words import says_nothing
from housechats.domain.findings import Finding, found
from housechats.domain.people import Elder

FINDINGS = {
    "elder_unreachable": (
        False,
        (
            "У старшего нет ни мобильного телефона, ни страницы ВКонтакте: "
            "инструкцию отправить некуда."
        ),
    ),
    "elder_with_phone": (
        False,
        "В ячейке со старшим есть и номер, он не учтён: впишите телефон в свой столбец.",
    ),
    "elder_name_too_long": (
        False,
        "Слишком длинное имя старшего: учтены первые 200 знаков. Оставьте одного человека.",
    ),
    "phone_unclear": (False, "Телефон не прочитан: нужно 11 цифр, например +7 900 000-00-00."),
    "phone_lost_digits": (
        False,
        (
            "В телефоне не хватает цифр: таблица могла сократить его как число. Сделайте ячейку "
            "текстовой и впишите номер заново, например +7 900 000-00-00."
        ),
    ),
    "phone_several": (
        False,
        "В ячейке несколько телефонов: оставьте один, на него придёт инструкция.",
    ),
    "phone_extension": (False, "Телефон с добавочным номером: SMS на него не придёт."),
    "phone_not_mobile": (False, "Телефон не мобильный: SMS на него не придёт."),
    "vk_unclear": (
        False,
        "Страница не прочитана: нужна ссылка вида vk.com/id1 или vk.com/ivanov.",
    ),
    "vk_several": (False, "В ячейке несколько страниц ВКонтакте: оставьте одну."),
    "vk_not_person": (False, "Это страница сообщества: нужна личная страница старшего."),
}
"""None of them stops a house from getting its chat. They repeat nothing of the cell: verdicts are
kept, and a phone is a person's."""

LONGEST_NAME = 200
LONGEST = 200
"""Characters of a cell that are looked at: no phone and no link is longer."""

NOBODY = {
    "вакансия", "вакантно", "не выбран", "не выбрана", "не избран", "не избрана", "не назначен",
    "нет старшего", "старшего нет", "уточняется",
}  # fmt: skip


def read_elder(name: str, phone: str, vk: str) -> tuple[Elder | None, dict[str, Finding]]:
    """Return the elder and what was found, by column."""
    findings: dict[str, Finding] = {}
    name, phone, vk = (
        "" if not text[-1:].isdigit() and _is_nothing(text) else text for text in (name, phone, vk)
    )
    if not (name or phone or vk):
        return None, {}
    tidy = " ".join(name.split())
    # A name that is tidy stays the object that the cell is: lists have 100,000 rows.
    name, phone, finding = _name_and_phone(name if name == tidy else tidy, phone)
    if finding:
        findings["elder_name"] = finding
    number, finding = read_phone(phone)
    if finding:
        findings["elder_phone"] = finding
    vk_id, vk_name, finding = read_vk(vk)
    if finding:
        findings["elder_vk"] = finding
    if not (name or number or vk_id or vk_name):
        return None, findings  # nobody at all: two such rows are not one person
    elder = Elder(name, number, vk_id, vk_name)
    if not (elder.mobile or elder.has_page):
        findings.setdefault("elder_name", found(FINDINGS, "elder_unreachable"))
    return elder, findings


@lru_cache(maxsize=4096)
def _is_nothing(text: str) -> bool:
    return not text or text.strip(" .").lower() in NOBODY or says_nothing(text)


# Phones

_PLAIN = re.compile(
    r"(?:\+7|8)[\s(-]{0,2}(9\d\d)[\s)-]{0,2}(\d{3})[\s-]?(\d\d)[\s-]?(\d\d)", re.ASCII
)
"""As nearly all phones are written."""
_ROUND = "00000"
_DIGITS = re.compile(r"\D")
_MOST_DIGITS = 20
"""Two numbers have more, however they are set apart."""
_MOBILE = re.compile(r"(?:[78]|78(?=9))?(9\d{9})", re.ASCII)
_LANDLINE = re.compile(r"[78]?([3-8]\d{9})", re.ASCII)
"""With the code of a city."""
_WITHIN_TOWN = re.compile(r"[1-9]\d{4,6}")
_CUT = re.compile(r"[78]?9\d{0,8}")
_AS_NUMBER = re.compile(r"(\d)[.,]?(\d*)e\+?(\d{1,2})", re.IGNORECASE)
_ROUNDED = re.compile(r"[78]9\d{3}[1-9]0{5}")
"""What is left of a number that was shown as 7,91612E+10, with six digits, and kept so."""
_EXTENSION = re.compile(r"(?:\bдоб|\bвн(?:утр)?\b|\bext|#)[\w.]*\s*:?\s*\d", re.IGNORECASE)
_TOKEN = re.compile(r"[\dОоOo]*\d[\dОоOo]*")
_ZERO = str.maketrans("ОоOo", "0000")
_SET_APART = re.compile(r"[,;/|\n]|\b(?:и|или)\b")
_LEAST_OF_PHONE = 5
_PHONE_IN_NAME = re.compile(r"(?:\+?7|8)?[\s(–-]*9\d{2}[\s)–-]*\d{3}[\s–-]*\d{2}[\s–-]*\d{2}(?!\d)")
_DIGITS_IN_NAME = re.compile(r"\+?\d[\d\s()–-]{3,}\d")
_LABEL = re.compile(
    r"[\s,;:(–-]*(?:\b(?:моб|сот|тел|т|телефон|мобильный|сотовый)\b[\s.:]*)*[\s,;:()–-]*$",
    re.IGNORECASE,
)


def read_phone(text: str) -> tuple[str, Finding | None]:
    """Return a number in E.164, or none, and what keeps an SMS from reaching it."""
    if (plain := _PLAIN.fullmatch(text)) and not text.endswith(_ROUND):
        return f"+7{''.join(plain.groups())}", None
    text = text.strip()[:LONGEST]
    if not text:
        return "", None
    if as_number := _AS_NUMBER.fullmatch(text):
        text = _whole(*as_number.groups())
    elif _EXTENSION.search(text):
        return "", found(FINDINGS, "phone_extension")
    text = _TOKEN.sub(lambda token: token.group().translate(_ZERO), text)
    number, code = _number_or_code(text)
    return number, found(FINDINGS, code) if code else None


def _number_or_code(text: str) -> tuple[str, str]:
    digits = _DIGITS.sub("", text)
    pieces = [_DIGITS.sub("", piece) for piece in _SET_APART.split(text)]
    several = [piece for piece in pieces if len(piece) >= _LEAST_OF_PHONE]
    if len(several) > 1:
        if len({_MOBILE.sub(r"+7\1", piece) for piece in several}) > 1:
            return "", "phone_several"
        digits = several[0]
    if len(digits) >= _MOST_DIGITS:
        return "", "phone_several"
    if text.startswith("+") and not digits.startswith(("7", "89")):
        return "", "phone_unclear"  # of another country
    if _CUT.fullmatch(digits) or _ROUNDED.fullmatch(text):
        return "", "phone_lost_digits"
    if mobile := _MOBILE.fullmatch(digits):
        return f"+7{mobile[1]}", ""
    if landline := _LANDLINE.fullmatch(digits):
        return f"+7{landline[1]}", "phone_not_mobile"
    return "", "phone_not_mobile" if _WITHIN_TOWN.fullmatch(digits) else "phone_unclear"


def _whole(first: str, rest: str, power: str) -> str:
    """Return the number that «7,9161234567E+10» shows, or what is left of its digits."""
    return first + rest.rstrip("0") if len(rest.rstrip("0")) < int(power) else first + rest


def _name_and_phone(name: str, phone: str) -> tuple[str, str, Finding | None]:
    """Take a plain phone out of «Иванова М.П., 8-916-…»; say what else looks like one."""
    finding = None
    if len(name) > LONGEST_NAME:
        name, finding = name[:LONGEST_NAME], found(FINDINGS, "elder_name_too_long")
    numbers = _DIGITS_IN_NAME.findall(name)
    if len(numbers) == 1 and not phone and (plain := _PHONE_IN_NAME.search(name)):
        phone = plain.group()
        name = _LABEL.sub("", name[: plain.start()]) + name[plain.end() :]
    elif numbers:
        name = _LABEL.sub("", _DIGITS_IN_NAME.sub("", name))
        finding = found(FINDINGS, "elder_with_phone")
    return name.strip(" ,;)") if numbers else name, phone, finding


# Pages of VK

_PLAIN_ID = re.compile(r"(?:https://)?vk\.(?:com|ru)/id([1-9]\d{0,8})", re.ASCII)
_URL = re.compile(
    r"(?:(?<![^\s,;|\[(<{«\"])|(?<=\bвк:)|(?<=\bvk:)|(?<=\bвконтакте:))"
    r"(?:https?://)?(?:(?:www|m|new|web)\.)?"
    r"(?:(?:vk|вк)\.(?:com|ru|me|ком|ру)|vkontakte\.ru)/+",
    re.IGNORECASE,
)
"""A link by itself: inside «evilvk.com/durov» or «ok.ru/?u=vk.com/durov» it is a stranger's."""
_LABEL_OF_VK = re.compile(r"(?:вк|vk|вконтакте)[\s:.–-]+(?=\S)", re.IGNORECASE)
_MENTION = re.compile(r"\[(id\d+)\|[^\]]*\]")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_VK_ID = re.compile(r"(?:id\s?|write)?0*([1-9]\d{0,9})", re.IGNORECASE | re.ASCII)
_VK_NAME = re.compile(r"(?=.*[a-z])[a-z0-9_][a-z0-9_.]{3,31}", re.IGNORECASE)
_COMMUNITY = re.compile(r"(?:club|public|event)\d+", re.IGNORECASE)
_PAGE_OF_VK = re.compile(
    r"(?:about|ads|albums?|apps?|articles?|audios?|away|blog|board|bookmarks|bugs|call|clips?|"
    r"clubs?|dev|docs?|donut|edit|events?|fave|feed|friends|games|gifts|gim|groups?|im|invite|join|"
    r"jobs|login|mail|market|members|menu|miniapps|music|page|people|photos?|podcasts?|polls?|"
    r"privacy|product|publics?|restore|search|services|settings|share|stickers|stor(?:y|ies)|"
    r"support|terms|topic|videos?|vkpay|wall|write)(?:-?\d+(?:_\d+)?)?|.*\.php",
    re.IGNORECASE,
)
_OTHER_SITE = re.compile(r"\.[a-z]{2,3}$", re.IGNORECASE)
_LARGEST_VK_ID = 2_000_000_000
"""From here on VK numbers chats."""


def read_vk(text: str) -> tuple[int, str, Finding | None]:
    """Return a VK id, or a screen name in lower case, or neither and the reason."""
    text = text.strip()[:LONGEST]
    if not text:
        return 0, "", None
    if plain := _PLAIN_ID.fullmatch(text):
        return int(plain[1]), "", None
    page = _MENTION.sub(r"\1", text)
    links = list(_URL.finditer(page))
    if len({_page_after(page, link) for link in links}) > 1:
        return 0, "", found(FINDINGS, "vk_several")
    if links:
        page = _page_after(page, links[0])
    else:
        page = _LABEL_OF_VK.sub("", _REMARK.sub("", page), count=1)
        page = re.split(r"[?#]", page.rstrip("/ "), maxsplit=1)[0].strip()
    page = page.removeprefix("@")
    if _COMMUNITY.fullmatch(page):
        return 0, "", found(FINDINGS, "vk_not_person")
    if (number := _VK_ID.fullmatch(page)) and int(number[1]) < _LARGEST_VK_ID:
        return int(number[1]), "", None
    if _is_name(page) and (links or not _OTHER_SITE.search(page)):
        return 0, page.lower(), None
    return 0, "", found(FINDINGS, "vk_unclear")


def _page_after(text: str, link: re.Match[str]) -> str:
    return re.split(r"[/?#\s,;()]", text[link.end() :], maxsplit=1)[0].rstrip(".").lower()


def _is_name(page: str) -> bool:
    return bool(_VK_NAME.fullmatch(page)) and not _PAGE_OF_VK.fullmatch(page)
