"""Columns of a list of houses: what clerks and registries call them."""

import re
from collections.abc import Collection, Mapping, Sequence

FIELDS: Mapping[str, tuple[str, ...]] = {
    "address": (
        "Адрес", "Адрес дома", "Адрес МКД", "Адрес многоквартирного дома", "Полный адрес",
        "Адрес жилого дома", "Адрес (полный)", "Почтовый адрес", "Фактический адрес",
        "Адрес объекта", "Адрес ОЖФ", "Адрес помещения", "Местонахождение", "Местоположение",
        "Улица, дом", "Улица и дом", "Улица, № дома", "Улица, номер дома", "address", "adress",
        "raw_address",
    ),
    "region": (
        "Регион", "Субъект РФ", "Субъект Российской Федерации", "Субъект", "Область",
        "Область (край)", "region", "formalname_region",
    ),
    "district": (
        "Район", "Муниципальный район", "Муниципальный округ", "Городской округ",
        "Муниципальное образование", "Поселение", "Сельское поселение", "Городское поселение",
        "district", "formalname_area",
    ),
    "locality_type": (
        "Тип населённого пункта", "Вид населённого пункта", "locality_type", "city_type",
        "shortname_city",
    ),
    "locality": (
        "Населённый пункт", "Город", "Город (село)", "Город, село", "Город/посёлок", "Нас. пункт",
        "НП", "Село", "Посёлок", "Деревня", "Наименование населённого пункта",
        "Название населённого пункта", "locality", "city", "formalname_city",
    ),
    "street_type": (
        "Тип улицы", "Вид улицы", "street_type", "shortname_street",
    ),
    "street": (
        "Улица", "Наименование улицы", "Название улицы", "street", "formalname_street",
    ),
    "house": (
        "Дом", "№ дома", "Номер дома", "Дом №", "N дома", "№ д.", "Дом/корпус", "Дом и корпус",
        "Дом, корп.", "№ дома, корпус", "№ дома/корпуса", "Дом/строение", "Дом/литера", "house",
        "house_number",
    ),
    "fraction": ("Дробь", "Дробь дома"),
    "house_letter": ("Буква", "Буква дома"),
    "block": ("Корпус", "Корп.", "№ корпуса", "Номер корпуса", "block"),
    "building": ("Строение", "Стр.", "№ строения", "Номер строения", "building"),
    "letter": ("Литера", "Литер", "Лит.", "letter"),
    "part": (
        "Корпус/строение", "Корп./стр.", "Строение/корпус", "Корпус и строение",
        "Корпус или строение", "Корпус/литера", "Строение/литера", "Корпус, строение, литера",
    ),
    "oktmo": ("ОКТМО", "Код ОКТМО", "Код по ОКТМО", "oktmo"),
    "fias_id": (
        "ФИАС", "Код ФИАС", "ФИАС ID", "ID ФИАС", "GUID ФИАС", "ФИАС GUID", "ГАР", "Код ГАР",
        "GUID ГАР", "ФИАС (ГАР)", "Код ФИАС (ГАР)", "Код ФИАС дома", "Код дома ФИАС",
        "Код дома по ФИАС", "Код дома по ФИАС (ГАР)", "GUID дома по ФИАС", "Идентификатор ФИАС",
        "Идентификатор дома по ФИАС", "Уникальный идентификатор дома по ФИАС",
        "Глобальный уникальный идентификатор дома по ФИАС",
        "HOUSEGUID (Глобальный уникальный идентификатор дома по ФИАС)",
        "Глобальный уникальный идентификатор дома по ФИАС/Идентификационный код дома в ГИС ЖКХ",
        "ФИАС код", "Идентификатор ГАР", "GUID", "GUID дома", "UUID", "fias", "fias_id",
        "house_fias_id", "houseguid",
    ),
    "entrances": (
        "Подъездов", "Подъезды", "Количество подъездов", "Число подъездов", "Кол-во подъездов",
        "Кол. подъездов", "Всего подъездов", "entrances", "entrance_count", "DOORS",
    ),
    "flats": (
        "Квартир", "Квартиры", "Количество квартир", "Кол-во квартир", "Кол. квартир",
        "Число квартир", "Всего квартир", "Жилых помещений", "Количество жилых помещений",
        "Кол-во жилых помещений", "Число жилых помещений", "flats", "living_quarters_count",
        "ROOM_COUNT_LIVE",
    ),
    "flat": (
        "№ квартиры", "Номер квартиры", "Квартира", "№ кв.", "Номер помещения", "№ помещения",
        "Номер помещения (блока)", "Номер жилого помещения", "flat",
    ),
    "elder_name": (
        "Старший по дому", "Старший", "Старший дома", "Старшая по дому", "ФИО старшего",
        "Имя старшего", "ФИО старшего по дому", "Старший по дому (ФИО)", "Председатель",
        "Председатель совета", "Председатель совета дома", "Председатель совета МКД",
        "ФИО председателя", "ФИО председателя совета дома", "ФИО председателя совета МКД",
        "Ответственный", "Контактное лицо", "Администратор чата", "ФИО администратора чата", "ФИО",
        "Фамилия, имя, отчество", "elder",
    ),
    "elder_phone": (
        "Телефон", "Телефон старшего", "Телефон старшего по дому", "Номер телефона старшего",
        "Тел. старшего", "Телефон председателя", "Телефон председателя совета дома",
        "Телефон председателя совета МКД", "Телефон ответственного",
        "Телефон администратора чата", "Номер телефона", "№ телефона", "Мобильный телефон",
        "Мобильный", "Моб. телефон", "Моб. тел.", "Контактный телефон", "Контактный номер",
        "Контакт", "Контакты", "Сотовый телефон", "Сотовый", "Тел.", "phone",
    ),
    "elder_vk": (
        "Страница ВК", "Страница в ВК", "Страница ВКонтакте", "Страница во ВКонтакте", "ВКонтакте",
        "ВК", "VK", "VK ID", "ID ВК", "Профиль ВК", "Профиль ВКонтакте", "Ссылка на страницу ВК",
        "Страница старшего ВК", "Страница старшего ВКонтакте", "ВК старшего", "Ссылка ВК",
        "Ссылка на ВК", "Аккаунт ВК", "vk.com",
    ),
    "management_company": (
        "Управляющая организация", "Управляющая компания", "УК", "УО", "ТСЖ", "УК/ТСЖ", "УК (ТСЖ)",
        "УК, ТСЖ, ЖСК", "Управляющая организация (УК, ТСЖ, ЖСК)", "Наименование УК",
        "Наименование УО", "Наименование управляющей организации",
        "Наименование управляющей компании", "Название УК", "Название управляющей организации",
        "Название управляющей компании",
        "Наименование организации, осуществляющей управление домом", "management_company",
        "MGMT_COMPANY",
    ),
    "management_company_inn": (
        "ИНН УК", "УК ИНН", "ИНН УО", "ИНН ТСЖ", "ИНН управляющей организации",
        "ИНН управляющей компании", "ИНН организации, осуществляющей управление домом",
        "ИНН организации", "ИНН", "management_company_inn",
    ),
    "administration": (
        "Администрация", "Наименование администрации", "Орган местного самоуправления", "ОМСУ",
        "administration",
    ),
    "administration_inn": (
        "ИНН администрации", "ИНН органа местного самоуправления", "ИНН ОМСУ",
        "administration_inn",
    ),
    "utility": (
        "РСО", "Ресурсоснабжающая организация", "Ресурсоснабжающие организации",
        "Наименование РСО", "Наименование ресурсоснабжающей организации", "Название РСО",
        "utility",
    ),
    "utility_inn": ("ИНН РСО", "ИНН ресурсоснабжающей организации", "utility_inn"),
    "tags": ("Теги", "Тэги", "Метки", "Тег", "Тэг", "Метка", "tags"),
}  # fmt: skip
"""Our name of a column, and its headers: the first one is what we call it ourselves."""

OURS: Mapping[str, str] = {
    "verdict": "Решение",
    "reason": "Что исправить",
    "link": "Ссылка на чат",
}
"""Columns that we add to a list which we return: no clerk's data, whoever uploads it again."""

ADDRESS_FIELDS = (
    "address", "region", "district", "locality_type", "locality", "street_type", "street",
    "house", "fraction", "house_letter", "block", "building", "letter", "part",
)  # fmt: skip
ORGANISATIONS = ("management_company", "administration", "utility")

_NAMES = ("Наименование", "Название", "Полное наименование", "Краткое наименование",
          "Сокращённое наименование", "Наименование организации")  # fmt: skip
_UNDER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "address": {name: FIELDS[name] for name in ADDRESS_FIELDS},
    "elder_name": {
        "elder_name": (*FIELDS["elder_name"], "Имя"),
        "elder_phone": FIELDS["elder_phone"],
        "elder_vk": (*FIELDS["elder_vk"], "Страница"),
    },
    **{
        kind: {kind: (*FIELDS[kind], *_NAMES), f"{kind}_inn": ("ИНН", *FIELDS[f"{kind}_inn"])}
        for kind in ORGANISATIONS
    },
}
"""What the lower line of a header means under a group such as «Старший по дому»."""
_UNDER_ANYTHING = {"oktmo", "fias_id", "entrances", "flats", "tags"}

_ANYBODYS_PHONE = (
    "Телефон", "Номер телефона", "№ телефона", "Мобильный телефон", "Мобильный", "Моб. телефон",
    "Моб. тел.", "Контактный телефон", "Контактный номер", "Контакт", "Контакты",
    "Сотовый телефон", "Сотовый", "Тел.", "phone",
)  # fmt: skip
_ANYBODYS_NAME = (
    "ФИО", "Фамилия, имя, отчество", "Контактное лицо", "Ответственный", "Председатель",
    "ФИО председателя",
)  # fmt: skip
_VAGUE = (
    "Адрес", "address", "Почтовый адрес", "Фактический адрес", "Местонахождение", "Местоположение",
    "GUID", "GUID дома", "UUID",
)  # fmt: skip
"""Where another column has a more exact name, that one is meant: «GUID дома» beside «GUID ФИАС»
is an id of ГИС ЖКХ."""
_ROW_NUMBERS = ("№", "№ п/п", "N п/п", "N", "п/п", "Номер п/п", "№ строки")

_IN_PASSING = re.compile(
    r"(?:\s*\((?:шт|ед|штук|единиц|полностью|полный|наименование|название|фио|если есть"
    r"|при наличии|необязательно|обязательно|цифрами|мобильный|сотовый|для связи|мкд)\.?\)"
    r"|,\s*(?:шт|ед|штук|единиц)\.?)[\s:*]*$",
    re.IGNORECASE,
)
"""What may be left out at the end of a header: «Подъездов, шт.», but not «Телефон (УК)»."""
_PART_OF_ADDRESS = re.compile(
    r"(?:№|номер|наименование|название|тип|вид)?\s*"
    r"(?:корп(?:ус\w*)?\b|к\.$|строени|стр\b|владени|литер[аы]?\b|лит\b|букв[аы]\b|дроб|секци"
    r"|блок\b|дом\W+(?:корп|стр|лит|влад)"
    r"|сел[оа]\b|пос[её]лок|пос\b|деревн|насел[её]нн\w+\W+п|нас\W+п|город\b|города\b"
    r"|мкр\b|микрорайон|квартал)",
    re.IGNORECASE,
)
"""Begins with a word that tells houses apart; «Год постройки» and «Тип дома» do not."""

# Letters that look the same: «Aдрес» may begin with a Latin one.
_LOOKALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")


def same(header: str) -> str:
    """Return what is left of a header when case, spaces, signs and lookalikes do not count."""
    plain = header.replace("№", "номер").lower()
    return "".join(re.findall(r"[^\W_]+", plain)).translate(_LOOKALIKES).replace("vк", "вк")


def _by_header(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {same(header): name for name, headers in fields.items() for header in headers}


_PLAIN = _by_header(FIELDS)
_GROUPED = {group: _by_header(fields) for group, fields in _UNDER.items()}
_OF_NUMBER = frozenset(map(same, _ROW_NUMBERS))
_VAGUE_WORDS = frozenset(map(same, _VAGUE))
_BARE_PHONES = frozenset(map(same, _ANYBODYS_PHONE))
_BARE = _BARE_PHONES | frozenset(map(same, _ANYBODYS_NAME))
_BARE_INNS = frozenset(map(same, ("ИНН", "ИНН организации")))
_BARE_ADDRESS = same("Адрес")
_OURS = frozenset(map(same, OURS.values()))


def _word(header: str) -> str:
    """Return what a header is looked up by."""
    word = same(header)
    if word not in _PLAIN and (found := _IN_PASSING.search(header)):
        return same(header[: found.start()])
    return word


def is_ours(header: str) -> bool:
    return same(header) in _OURS


def is_address(header: str) -> bool:
    return same(header) == _BARE_ADDRESS


def is_organisation(header: str) -> bool:
    return _PLAIN.get(_word(header)) in ORGANISATIONS


def is_row_number(header: str) -> bool:
    return same(header) in _OF_NUMBER


def is_vague(header: str) -> bool:
    """Tell whether a more exact header means the same column of a house."""
    return same(header) in _VAGUE_WORDS


def may_tell_house(header: str) -> bool:
    """Tell whether a header that we do not know may be that of a part of an address."""
    return bool(_PART_OF_ADDRESS.match(header))


def fields_of(headers: Sequence[str]) -> list[str]:
    """Return the field of each column of a header of one line; empty for what we do not know.

    A bare «ИНН», «Телефон» or «Адрес» right after an organisation is that organisation's.
    Elsewhere the order says nothing: such an ИНН is that of the only kind of organisation in the
    list, the only phone is the elder's, where an elder is named, the only address is the house's.
    """
    words = [_word(header) if header else "" for header in headers]
    fields = [_PLAIN.get(word, "") for word in words]
    kinds = [kind for kind in ORGANISATIONS if kind in fields]
    offices = _offices(words, fields)
    fields = ["" if i in offices else field for i, field in enumerate(fields)]
    owners = _owners(words, fields, offices)
    for i, word in enumerate(words):
        if word in _BARE_INNS and (owners[i] or len(kinds) == 1):
            fields[i] = f"{owners[i] or kinds[0]}_inn"
    phones = [i for i, field in enumerate(fields) if field == "elder_phone"]
    free = [i for i in phones if not owners[i]]
    if not free and {"elder_name", "elder_vk"} & {*fields}:
        free = phones[:1]
    return ["" if i in phones and i not in free else field for i, field in enumerate(fields)]


def _offices(words: Sequence[str], fields: Sequence[str]) -> set[int]:
    """Return where addresses of organisations stand: the houses have another column."""
    bare = {i for i, word in enumerate(words) if word == _BARE_ADDRESS}
    owners = _owners(words, fields, bare) if bare else []
    offices = {i for i in bare if owners[i]}
    others = {field: i for i, field in enumerate(fields) if i not in offices}
    return offices if tell_addresses(others) else set()


def _owners(words: Sequence[str], fields: Sequence[str], offices: Collection[int]) -> list[str]:
    """Return the kind of organisation right after which a bare «ИНН» or «Телефон» stands."""
    owners: list[str] = []
    owner = ""
    for i, (word, field) in enumerate(zip(words, fields, strict=True)):
        bare = word in _BARE_INNS or word in _BARE_PHONES or i in offices
        owners.append(owner if bare else "")
        if field and not bare:
            kind = field.removesuffix("_inn")
            owner = kind if kind in ORGANISATIONS else ""
    return owners


def is_anybodys_phone(header: str) -> bool:
    return same(header) in _BARE_PHONES


def field_under(group: str, header: str) -> tuple[str, bool]:
    """Return the field of a column in a header of two lines, and whether the group decided.

    Under a group that we do not know, «ФИО» and «Телефон» may be anybody's.
    """
    word = _word(header)
    plain = _PLAIN.get(word, "")
    known = _GROUPED.get(_PLAIN.get(_word(group), ""))
    if known is not None:
        return known.get(word) or (plain if plain in _UNDER_ANYTHING else ""), True
    if together := _PLAIN.get(_word(group + header)):
        return together, True
    return "" if word in _BARE else plain, False


def tell_addresses(fields: Mapping[str, object]) -> bool:
    """Tell whether these columns are enough to know an address."""
    return "address" in fields or {"street", "house"} <= fields.keys()
