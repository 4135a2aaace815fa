"""The people of the sandbox: those of a file, and one invented person for every other number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LARGEST_PERSON = 2_000_000_000  # peers above are chats
FIRST_NAMES = ("Аглая", "Борислав", "Василиса", "Гордей", "Ждана", "Лукерья", "Мирон", "Пелагея")
LAST_NAMES = ("Выдуман", "Небылиц", "Придумк", "Сказочн", "Былинн", "Мечтател", "Загадк")
FEMALE = ("Аглая", "Василиса", "Ждана", "Лукерья", "Пелагея")


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    last_name: str
    screen_name: str = ""
    allows_messages: bool = False
    deactivated: str = ""  # "deleted" or "banned": error 18
    blacklisted: bool = False  # on the community's blacklist: error 900

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def invented(user_id: int) -> Person:
    """Whoever a number belongs to when the file does not say; never allows messages."""
    first = FIRST_NAMES[user_id % len(FIRST_NAMES)]
    ending = "ова" if first in FEMALE else "ов"
    last = LAST_NAMES[user_id // len(FIRST_NAMES) % len(LAST_NAMES)]
    return Person(id=user_id, first_name=first, last_name=last + ending)


class People:
    """Everybody; `listed` are the people of the file and whoever has acted since."""

    def __init__(self, people: Iterable[Mapping[str, Any] | Person] = ()) -> None:
        known = (p if isinstance(p, Person) else Person(**p) for p in people)
        self.listed = {person.id: person for person in known}
        self._by_name = {p.screen_name.lower(): p.id for p in self.listed.values() if p.screen_name}

    def get(self, user_id: int) -> Person:
        return self.listed.get(user_id) or invented(user_id)

    def meet(self, user_id: int) -> Person:
        """Keep a person among the listed ones from now on."""
        if not 0 < user_id < LARGEST_PERSON:
            raise ValueError(f"{user_id} is no person's number")
        return self.listed.setdefault(user_id, invented(user_id))

    def resolve(self, name: str) -> int | None:
        """Find whose page `name` is: a number, `id<number>` or a screen name."""
        wanted = name.strip().lower()
        number = re.fullmatch(r"(?:id)?([1-9][0-9]{0,9})", wanted, re.ASCII)
        if number:
            user_id = int(number[1])
            return user_id if user_id < LARGEST_PERSON else None
        return self._by_name.get(wanted)

    def search(self, text: str) -> list[Person]:
        wanted = text.strip().lower()
        return [
            person
            for person in self.listed.values()
            if wanted in f"{person.name} {person.screen_name} {person.id}".lower()
        ]
