"""Words that Russian addresses are written with: kinds of places and streets, and abbreviations.

Kinds and their abbreviations follow the ФИАС directory of address object types (SOCRBASE),
with the spellings that clerks use beside them.
"""

import re
from enum import IntEnum


class Level(IntEnum):
    """What a kind word names, from the biggest to the smallest."""

    REGION = 1
    DISTRICT = 2
    PLACE = 3
    AREA = 4
    """A quarter or a territory: stands for the street where there is none."""
    STREET = 5


CITY = "г"
STREET = "ул"
COMPLEX = "ЖК"
"""A name that builders give: no part of an address where there is a street."""
UNCLEAR_STREET = "пр"
"""Проспект or проезд: only the writer knows."""
UNCLEAR_FIRST = "б"
"""Бульвар or Большая: «б. Победы» is not said to be either."""

_KINDS = {
    Level.REGION: {
        "обл": "обл область области",
        "край": "край",
        "респ": "респ республика республики",
        "АО": "ао автономный",
    },
    Level.DISTRICT: {
        "р-н": "р-н р-он район района",
        "округ": "округ г/о го м/о",
        "поселение": "поселение с/п г/п",
        "с/с": "с/с сельсовет с/о",
    },
    Level.PLACE: {
        CITY: "г гор город",
        "пгт": "пгт рп р/п",
        "п": "п пос поселок посёлок",
        "с": "с село",
        "д": "д дер деревня",
        "х": "х хутор",
        "ст-ца": "ст-ца станица",
        "ст": "ст станция",
        "ж/д ст": "ж/д",
        "аул": "аул",
        "платф": "платф платформа",
        "разъезд": "рзд разъезд",
        "казарма": "казарма",
    },
    Level.AREA: {
        "мкр": "мкр мкрн мкр-н м-н микрорайон",
        "кв-л": "кв-л квартал",
        "тер": "тер территория",
        "сл": "сл слобода",
        "городок": "городок",
        "снт": "снт",
        "гск": "гск",
        "км": "км",
        "остров": "остров",
        COMPLEX: "жк",
    },
    Level.STREET: {
        STREET: "ул улица",
        "пр-кт": "пр-кт пр-т пр-ект п-кт прт прос просп проспект",
        "проезд": "проезд пр-д пр-зд",
        UNCLEAR_STREET: "пр",
        "пер": "пер переулок",
        "б-р": "б-р бул бульв бульвар",
        "ш": "ш шоссе",
        "наб": "наб набережная",
        "пл": "пл площ площадь",
        "туп": "туп тупик",
        "аллея": "аллея ал",
        "линия": "линия лн",
        "дор": "дор дорога",
        "проулок": "проулок",
        "проток": "проток",
        "спуск": "спуск",
        "тракт": "тракт",
        "взвоз": "взвоз",
        "въезд": "въезд",
        "заезд": "заезд",
        "сквер": "сквер с-р",
        "с-к": "с-к",
        "просека": "просека просек",
        "кольцо": "кольцо",
    },
}

KINDS = {
    word: (level, kind)
    for level, kinds in _KINDS.items()
    for kind, words in kinds.items()
    for word in words.split()
}
"""A word without its dot, in lower case: its level and its one spelling of ours."""

INNER = {"мкр": 1, "кв-л": 2}
"""Areas that lie in other areas, the innermost last: «мкр. Южный, кв-л 7» in any order."""

TOWNS = {CITY, "пгт"}
"""Kinds of places whose names do not repeat within a municipality."""

_NUMBERS = {
    "house": "дом д",
    "block": "корпус корп кор к",
    "building": "строение стр с",
    "letter": "литера литеры литер лит л",
}
NUMBER_WORDS = {word: part for part, words in _NUMBERS.items() for word in words.split()}
"""Words before the parts of a house's number, without their dots."""

WITHIN_MUNICIPALITY = {"с/с", "поселение"}
"""Districts that tell villages of one municipality apart."""

WITHOUT_DOT = {
    "край", "АО", "р-н", "округ", "поселение", "с/с", "ст-ца", "аул", "разъезд", "казарма", "кв-л",
    "городок", "км", "остров", "пр-кт", "проезд", "б-р", "аллея", "линия", "проулок", "проток",
    "спуск", "тракт", "взвоз", "въезд", "заезд", "сквер", "с-к", "просека", "кольцо",
    "снт", "гск", "пгт", "ЖК",
}  # fmt: skip
"""Kinds that are words or contractions; the others are cut words and take a dot."""

OVERRULES_STREET = {"пр-кт", "проезд", "пер", "б-р", "ш", UNCLEAR_STREET}
"""Kinds that speak the truth in «ул. Ленинский проспект»; in «ул. Большая набережная» the second
word may well be part of the name."""

FEDERAL_CITIES = {
    "москва": "Москва",
    "санкт-петербург": "Санкт-Петербург",
    "с-петербург": "Санкт-Петербург",
    "спб": "Санкт-Петербург",
    "севастополь": "Севастополь",
}
"""Cities that are regions themselves."""

CUT_TOWNS = {
    "н новгород": "Нижний Новгород",
    "в новгород": "Великий Новгород",
    "н тагил": "Нижний Тагил",
    "н челны": "Набережные Челны",
}
"""Towns that people write with an initial, by their words."""

STREETLESS_CITIES = {"зеленоград"}
"""Its buildings are numbered through, as «корп. 456»."""

COUNTRY = {"россия", "рф", "российская федерация"}
REGION_INITIALS = {
    "мо": "Московская обл.",
    "рт": "Респ. Татарстан",
    "хмао": "Ханты-Мансийский АО",
    "янао": "Ямало-Ненецкий АО",
    "нао": "Ненецкий АО",
}

NOTHING = {
    "", "-", "--", "—", "–", "нет", "не заполнено", "незаполнено", "не заполнен", "не заполнена",
    "отсутствует", "отсутствуют", "нет данных", "данные отсутствуют", "данных нет", "нет сведений",
    "сведения отсутствуют", "не указано", "не указан", "не указана", "не определено",
    "не определен", "не определена", "не известно", "неизвестно", "не присвоен", "не присвоено",
    "не имеется", "без номера", "пусто", "б/н", "б/д", "н/д", "n/a", "null", "none",
    "nan",
}  # fmt: skip
"""What people, registries and programs write into a cell that says nothing, in lower case."""

_ONLY_MARKS = re.compile(r"[\s.,;:/_*\-‐‑‒–—−]*")


def says_nothing(text: str) -> bool:
    """Tell whether a cell is empty for people: «—», «Нет данных.», «не заполнено»."""
    said = text.strip(" .\t\n\xa0").lower().replace("ё", "е")
    return said in NOTHING or _ONLY_MARKS.fullmatch(said) is not None


OF_ANY_HOUSE = {
    "дом",
    "жилой",
    "жилое",
    "жилой дом",
    "многоквартирный",
    "многоквартирный дом",
    "мкд",
}
"""What registries write for the number of a корпус or a строение, and what is true of any house."""

OF_NO_TOWN = {"дом", "дома", "мкд", "жилой", "новый дом", "зу", "уч", "участок", "объект", "адрес"}
"""Words before a street that are no name of a town."""

_FIRST_NAMES = (
    "александр александра алексей алла анастасия анатолий андрей анна антон антонина борис вадим "
    "валентин валентина валерий василий виктор виктория виталий владимир владислав вячеслав "
    "галина геннадий георгий григорий дарья денис дмитрий евгений евгения екатерина елена "
    "елизавета зинаида иван игорь илья инна ирина кирилл константин ксения лариса лидия людмила "
    "максим маргарита марина мария михаил надежда наталия наталья никита николай нина оксана олег "
    "ольга павел петр раиса роман светлана сергей станислав степан тамара татьяна федор эдуард "
    "юлия юрий яна"
)
PEOPLE = frozenset(_FIRST_NAMES.split())
"""First names that together with a surname are a person and not a town."""

_SAME_WORDS = {
    "б": "бол больш большая большой большое большие",
    "м": "мал малая малый малое малые",
    "верх": "верхн верхняя верхний верхнее верхние",
    "ниж": "нижн нижняя нижний нижнее нижние",
    "ср": "сред средн средняя средний среднее средние",
    "нов": "новая новый новое новые",
    "стар": "ст старая старый старое старые",
    "акад": "ак академика",
    "ген": "генерала",
    "марш": "маршала",
    "адм": "адмирала",
    "проф": "профессора",
    "кап": "капитана",
    "бр": "братьев",
    "инж": "инженера",
    "полк": "полковника",
    "лейт": "лейтенанта",
    "архит": "архитектора",
    "св": "святого святой",
    "р": "реки река",
    "кан": "канала канал",
    "лет": "летия летие",
    "": "им имени",
}
SAME_WORDS = {word: short for short, words in _SAME_WORDS.items() for word in words.split()}
"""Words of street names that are written in full or cut: «Б. Ордынка» is «Большая Ордынка»."""

_INITIALED = {
    "маркса": "карла карл к",
    "либкнехта": "карла карл к",
    "люксембург": "розы р",
    "энгельса": "фридриха ф",
    "разина": "степана степан стеньки ст стар с",
    "пугачева": "емельяна е",
    "цеткин": "клары к",
    "орджоникидзе": "серго с",
    "лазо": "сергея с",
    "кошевого": "олега о",
    "космодемьянской": "зои з",
    "чайкиной": "лизы л",
    "матросова": "александра а",
    "лумумбы": "патриса п",
    "хмельницкого": "богдана б",
    "коцюбинского": "михаила м",
}
"""Surnames after which no two streets of one place are named by different persons, and how the
first name is written. «П. Морозова», «А. Толстого» and the like may be two people: not here."""
FIRST_NAMES = {
    surname: dict.fromkeys(names.split(), names.split()[0]) for surname, names in _INITIALED.items()
}

LOOK_ALIKES = str.maketrans("aceopxykmtbhёABCEHKMOPTXYЁ", "асеорхукмтвнеАВСЕНКМОРТХУЕ")
"""Latin letters that are typed for Cyrillic ones and look the same; ё reads as е."""
