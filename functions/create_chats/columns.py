"""Columns of a list of houses: what clerks call them."""

import re
from collections.abc import Mapping, Sequence

FIELDS: Mapping[str, tuple[str, ...]] = {
    "address": (
        "Адрес", "Адрес дома", "Адрес МКД", "Адрес многоквартирного дома", "Полный адрес",
        "Почтовый адрес", "Адрес объекта", "address", "adress", "raw_address",
    ),
    "locality": ("Населённый пункт", "Город", "Город (село)", "Нас. пункт", "locality", "city"),
    "street": ("Улица", "Наименование улицы", "Название улицы", "street"),
    "house": ("Дом", "№ дома", "Номер дома", "house", "house_number"),
    "block": ("Корпус", "Корп.", "block"),
    "building": ("Строение", "Стр.", "building"),
    "letter": ("Литера", "Литер", "letter"),
    "oktmo": ("ОКТМО", "Код ОКТМО", "oktmo"),
    "fias_id": (
        "ФИАС", "Код ФИАС", "ФИАС ID", "ID ФИАС", "GUID ФИАС", "Код ГАР", "GUID ГАР",
        "Код дома ФИАС", "Код дома по ФИАС", "Идентификатор ФИАС", "fias",
        "fias_id", "house_fias_id", "houseguid",
    ),
    "entrances": (
        "Подъездов", "Подъезды", "Количество подъездов", "Число подъездов", "Кол-во подъездов",
        "entrances", "entrance_count", "DOORS",
    ),
    "elder_name": (
        "Старший по дому", "Старший", "ФИО старшего", "ФИО старшего по дому",
        "Старший по дому (ФИО)",
        "Председатель совета дома", "Председатель совета МКД", "Администратор чата",
        "ФИО администратора чата", "ФИО", "elder",
    ),
    "elder_phone": (
        "Телефон", "Телефон старшего", "Телефон старшего по дому", "Телефон администратора чата",
        "Номер телефона", "Мобильный телефон", "Контактный телефон", "Сотовый телефон", "Тел.",
        "phone",
    ),
    "elder_vk": (
        "Страница ВК", "Страница в ВК", "Страница ВКонтакте", "Страница во ВКонтакте", "ВКонтакте",
        "ВК", "VK", "VK ID", "ID ВК", "Профиль ВК", "Профиль ВКонтакте", "Ссылка на страницу ВК",
    ),
}  # fmt: skip
"""Our name of a column, and its headers: the first one is what we call it ourselves."""


def _same(header: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", header.lower().replace("ё", "е")))


_BY_HEADER = {_same(header): name for name, headers in FIELDS.items() for header in headers}


def places_of(headers: Sequence[str]) -> dict[str, int]:
    """Return where each column that we know stands; of two with one meaning, the first."""
    places: dict[str, int] = {}
    for i, header in enumerate(headers):
        if name := _BY_HEADER.get(_same(header)):
            places.setdefault(name, i)
    return places


def tell_addresses(places: Mapping[str, int]) -> bool:
    """Tell whether these columns are enough to know an address."""
    return "address" in places or {"street", "house"} <= places.keys()
