"""Writes the sample list: invented streets, houses and elders, and the dirt of real lists.

`python -m local.sample` makes houses.xlsx, houses.csv and people.json again, byte for byte.
Nobody in it exists. Phones are of the range +7 900 000-00-xx; VK numbers and names are those of
people.json, the people of the VK sandbox.
"""

import csv
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from uuid import UUID

import xlsxwriter

HERE = Path(__file__).parent
PEOPLE = HERE.parent / "people.json"
TITLE = "Список многоквартирных домов для открытия домовых чатов (пример)"
HEADER = ("Адрес", "Код ФИАС", "Подъездов", "Старший по дому", "Телефон", "Страница ВК")
Cells = tuple[str | int, ...]

STREETS: dict[str, tuple[str, ...]] = {
    "пр-кт Морошковый": ("1", "3", "5, корп. 1", "5, корп. 2", "7", "9", "11, стр. 1", "12А"),
    "ул. Тёплых Ключей": ("2", "4", "6", "8", "8, корп. 1", "10", "24А", "100"),
    "наб. Белых Ночей": ("14", "16", "18/2", "20", "22"),
    "ул. Капитана Сказочникова": ("1", "2", "3", "4", "5", "6"),
    "б-р Северных Фонарей": ("7", "9, лит. А", "9, лит. Б", "15", "17"),
    "ш. Журавлиное": ("31", "33", "35, корп. 4"),
    "пер. Янтарный": ("2", "4", "6"),
    "ул. Поморочная 3-я": ("1", "1А", "3", "5"),
    "ул. Героев Небывалой Северной Экспедиции Капитана Воображалова": ("2", "4"),
    "пл. Полуденная": ("1", "2", "3"),
    "мкр. Ягельный": ("5", "6", "7"),
}
# First name, last name, screen name, whether the bot may write, contacts as a clerk typed them.
ELDERS: tuple[tuple[int, str, str, str, bool, str, str], ...] = (
    (1, "Аглая", "Небылицына", "aglaya_nebylitsyna", True, "", "vk.com/aglaya_nebylitsyna"),
    (2, "Борислав", "Сказочный", "borislav.skazka", True, "8 (900) 000-00-02", "@borislav.skazka"),
    (3, "Василиса", "Придумкина", "", True, "", "https://vk.com/id1900000003"),
    (4, "Гордей", "Выдумкин", "gordey_vydumkin", False, "+7 900 000-00-04", "id1900000004"),
    (5, "Ждана", "Мечтателева", "", False, "89000000005", ""),
    (6, "Лукерья", "Былинина", "lukerya_bylina", False, "", "https://m.vk.com/lukerya_bylina"),
    (7, "Мирон", "Загадкин", "", True, "+7(900)000-00-07", "vk.ru/id1900000007"),
    (8, "Пелагея", "Присказкина", "", False, "900 000 00 08", ""),
    (9, "Ратибор", "Небывалов", "ratibor_nebyvalov", True, "", "1900000009"),
    (10, "Светозара", "Лукоморская", "", True, "8-900-000-00-10", "vk.com/id1900000010"),
)
OTHERS: tuple[tuple[int, str, str, str, bool], ...] = (
    (11, "Тихон", "Вымыслов", "tihon_vymyslov", True),
    (12, "Устинья", "Фантазёрова", "ustinya_fantaziya", True),
    (13, "Фрол", "Ниоткудов", "", True),
)
"""Those who are tried as staff, as a representative, and as nobody."""
VK_NUMBERS = 1_900_000_000
WITHOUT_ELDER = {6, 17, 23, 31, 38, 44}
"""Numbers of houses in the list whose elder nobody has named yet."""
WITHOUT_FIAS = 3
"""Each third house has no id."""


def listed() -> Iterator[Cells]:
    """Yield the rows below the header, good ones and dirt."""
    chance = random.Random(2025)  # noqa: S311 - the same file each time, no secret
    # An elder has several houses beside one another, as in life.
    elders = cycle([elder for elder in ELDERS for _ in range(3)])
    number = 0
    for street, houses in STREETS.items():
        for house in houses:
            number += 1
            fias = "" if number % WITHOUT_FIAS == 0 else _guid(chance)
            who: Cells = ("", "", "")
            if number not in WITHOUT_ELDER:
                _, first, last, _, _, phone, page = next(elders)
                who = (f"{last} {first}", phone, page)
            yield (f"г. Архангельск, {street}, д. {house}", fias, chance.randint(1, 8), *who)
        if street == "наб. Белых Ночей":
            yield ("",) * len(HEADER)
    yield from _dirt()
    yield ("",) * len(HEADER)
    yield ("Итого домов:", number, "", "", "", "")


def _dirt() -> Iterator[Cells]:
    nobody = ("", "", "")
    again = ("Небылицына Аглая", "", "vk.com/aglaya_nebylitsyna")
    yield ("Архангельск г, Морошковый проспект, дом 5 корпус 2", "", 4, *again)
    yield ("г.Архангельск,ул.Теплых ключей,24-а", "", "", *nobody)
    yield (
        "г. Архангельск, ул. Поморочная 3-я, д. 7",
        "",
        2,
        "Забывалова Ульяна",
        "8 900 00-00",
        "",
    )
    yield ("г. Архангельск, ул. Поморочная 3-я, д. 9", "", "много", *nobody)
    yield ("жёлтый дом у магазина", "", "", *nobody)
    yield ("г. Архангельск, пр. Морошковый, д. 15", "", 3, *nobody)
    yield ("г. Архангельск, ул. Капитана Сказочникова, д. 7–11", "", "", *nobody)
    yield ("г. Архангельск, пер. Янтарный, д. 4, кв. 12", "", "", *nobody)


def _guid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def people() -> list[dict[str, str | int | bool]]:
    """Return the people of the VK sandbox: the elders of the list, and those of the rest."""
    return [
        {
            "id": VK_NUMBERS + number,
            "first_name": first,
            "last_name": last,
            "screen_name": screen_name,
            "allows_messages": allows,
        }
        for number, first, last, screen_name, allows in [*(one[:5] for one in ELDERS), *OTHERS]
    ]


def sheet() -> list[Cells]:
    return [(TITLE,), (), HEADER, *listed()]


def write(folder: Path) -> None:
    """Write both files."""
    rows = sheet()
    with (folder / "houses.csv").open("w", encoding="cp1251", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    with xlsxwriter.Workbook(folder / "houses.xlsx") as book:
        book.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC), "title": TITLE})
        page = book.add_worksheet("Дома")
        bold = book.add_format({"bold": True})
        page.set_column(0, 0, 60)
        page.set_column(1, len(HEADER), 26)
        for i, cells in enumerate(rows):
            page.write_row(i, 0, cells, bold if cells in {(TITLE,), HEADER} else None)


if __name__ == "__main__":
    write(HERE)
    told = json.dumps(people(), ensure_ascii=False, indent=2)
    PEOPLE.write_text(f"{told}\n", encoding="utf-8")
    print(f"{len(sheet())} rows in {HERE}")
