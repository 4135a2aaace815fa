"""What may be wrong with an address, and the sentences that people read about it."""

from dataclasses import dataclass

QUOTED = 60
"""Characters of a cell that a message repeats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text, or worth a look."""

    code: str
    message: str
    fatal: bool


FINDINGS = {
    "address_missing": (True, "Адрес не указан. Напишите город, улицу и номер дома."),
    "address_too_long": (True, "Слишком длинный адрес: оставьте город, улицу и номер дома."),
    "address_unclear": (
        True,
        (
            "Непонятно, что значит «{}» в адресе. Напишите по порядку и через запятые: "
            "г. Город, ул. Улица, д. 1."
        ),
    ),
    "address_symbols": (
        True,
        "В адресе есть знаки, которых там не бывает: «{}». Уберите их или впишите адрес заново.",
    ),
    "address_columns_differ": (
        True,
        "В адресе дом «{}», а в столбце с номером — «{}». Исправьте то, что неверно.",
    ),
    "locality_missing": (True, "В адресе нет города или села. Напишите, например: г. Город, …"),
    "street_missing": (True, "В адресе нет улицы. Напишите, например: ул. Ленина, …"),
    "street_several": (True, "В адресе две улицы: «{}». Оставьте одну."),
    "street_kind_unclear": (
        True,
        "Непонятно, что значит «пр.»: напишите «пр-кт» (проспект) или «проезд».",
    ),
    "street_word_unclear": (
        True,
        "Непонятно, что значит «б.»: напишите «б-р» (бульвар) или «ул. Большая».",
    ),
    "initial_or_place": (
        True,
        (
            "Непонятно, «{}» — населённый пункт или улица. Напишите полностью: «посёлок …», "
            "«село …», «деревня …» или «ул. …»."
        ),
    ),
    "street_kind_missing": (False, "Не сказано, улица это или проспект: «{}» прочитано как улица."),
    "street_kind_several": (False, "Две пометки вида улицы, прочитано как «{}». Проверьте."),
    "house_missing": (True, "В адресе нет номера дома. Напишите, например: …, д. 12."),
    "house_unclear": (
        True,
        (
            "Непонятно «{}» после номера дома. Оставьте номер, корпус, строение и литеру, "
            "например: д. 12, корп. 3."
        ),
    ),
    "house_became_date": (
        True,
        (
            "Номер дома превратился в дату: «{}». Напишите номер, например {}, и задайте ячейке "
            "формат «Текст»."
        ),
    ),
    "house_several": (True, "Похоже на несколько домов: «{}». Каждый дом нужен в своей строке."),
    "house_range": (
        True,
        (
            "«{}» похоже на несколько домов. Каждый дом нужен в своей строке; если это номер "
            "одного дома, напишите его через дробь."
        ),
    ),
    "house_fraction": (
        False,
        "Номер дома через дробь: «{}». Если вторая цифра — корпус, напишите «корп.».",
    ),
    "part_of_house": (
        True,
        "Указана часть дома («{}»). Нужен дом целиком: уберите подъезд, этаж или квартиру.",
    ),
    "building_described": (
        False,
        "На месте номера строения стоит слово «{}». Если оно лишнее, уберите его.",
    ),
    "note_dropped": (False, "Пометка «{}» после адреса не учтена."),
    "invisible_characters": (False, "Из адреса убраны невидимые знаки."),
}
"""Codes of findings: whether the address is unusable, and what people are told."""


def finding_of(code: str, *about: str) -> Finding:
    fatal, message = FINDINGS[code]
    return Finding(code, message.format(*map(_quoted, about)), fatal)


def _quoted(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:QUOTED])
