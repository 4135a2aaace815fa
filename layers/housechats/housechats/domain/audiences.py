"""Audiences: which houses a broadcast is for, and which of them get nothing and why."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from housechats.domain.access import Caller, Permission, may
from housechats.domain.houses import ChatState, HouseLine, read_code
from housechats.domain.patterns import EXPECTED, INN
from housechats.domain.people import Role
from housechats.domain.territories import Territory, is_territory

MOST_PARTS = 100
"""Parts of one request."""
MOST_LINES = 5000
"""Lines that all parts of a request list together: against 18,200 houses in 63 towns addresses take
7 s of a processor, and the oddest lines 12; the gateway gives 30."""
MOST_CODES = 20_000
"""Codes that all parts list together: a large region's houses."""
LONGEST_LISTED = 500
"""Characters of a line: no address is longer."""
LONGEST_NAME = 200
"""Characters of a street or a tag."""


class Side(StrEnum):
    """Which numbers of a street."""

    ALL = "all"
    EVEN = "even"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class AllHouses:
    """Every house within reach."""

    kind: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class TheseHouses:
    """Houses by their codes."""

    ids: tuple[str, ...]
    """Codes of 8 characters, as posters say them."""
    kind: Literal["houses"] = "houses"


@dataclass(frozen=True, slots=True)
class StreetHouses:
    """Houses of one street, or of one side of it, from one number to another."""

    street: str
    """As people write it, «ул. Мира»; with the town where the name alone does not tell which."""
    side: Side = Side.ALL
    first: int | None = None
    """The lowest number; null when there is none. «10А» and «10 корп. 2» have the number 10."""
    last: int | None = None
    """The highest number, itself included; null when there is none."""
    oktmo: str = ""
    """The territory in which the street is looked for; all within reach when empty."""
    kind: Literal["street"] = "street"


@dataclass(frozen=True, slots=True)
class MunicipalityHouses:
    """Houses of a municipality or a settlement."""

    oktmo: str
    kind: Literal["municipality"] = "municipality"


@dataclass(frozen=True, slots=True)
class OrganisationHouses:
    """Houses for which an organisation answers now."""

    inn: str
    kind: Literal["organisation"] = "organisation"


@dataclass(frozen=True, slots=True)
class TaggedHouses:
    """Houses with a tag; its case does not matter."""

    tag: str
    kind: Literal["tag"] = "tag"


@dataclass(frozen=True, slots=True)
class ListedHouses:
    """Houses that a person has pasted."""

    lines: tuple[str, ...]
    """Addresses, codes or ФИАС ids, in any mixture."""
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class CoordinationChatsOf:
    """Coordination chats in place of houses' chats: staff and elders are told, not residents."""

    oktmo: str = ""
    """The territory whose chats are meant; all within reach when empty."""
    kind: Literal["coordination"] = "coordination"


Part = (
    AllHouses
    | TheseHouses
    | StreetHouses
    | MunicipalityHouses
    | OrganisationHouses
    | TaggedHouses
    | ListedHouses
    | CoordinationChatsOf
)


class WhyLeftOut(StrEnum):
    """Why a house that was asked for gets nothing."""

    NO_CHAT_YET = "no_chat_yet"
    CHAT_REFUSED = "chat_refused"
    CHAT_UNCERTAIN = "chat_uncertain"
    CHAT_CLOSED = "chat_closed"
    CHAT_LOST = "chat_lost"
    COMMUNITY_DISCONNECTED = "community_disconnected"


LEFT_OUT: Mapping[str, str] = {
    WhyLeftOut.NO_CHAT_YET: "Чата ещё нет: он создаётся.",
    WhyLeftOut.CHAT_REFUSED: "Чат не создан: что делать, сказано в карточке дома.",
    WhyLeftOut.CHAT_UNCERTAIN: "Неизвестно, создан ли чат: решите это в карточке дома.",
    WhyLeftOut.CHAT_CLOSED: "Чат закрыт.",
    WhyLeftOut.CHAT_LOST: "Чат недоступен сообществу: что делать, сказано в карточке дома.",
    WhyLeftOut.COMMUNITY_DISCONNECTED: "Сообщество ВКонтакте отключено: подключите его заново.",
}
"""Why a house of an audience gets nothing."""
_WHY = {
    ChatState.REFUSED: WhyLeftOut.CHAT_REFUSED,
    ChatState.UNCERTAIN: WhyLeftOut.CHAT_UNCERTAIN,
    ChatState.CLOSED: WhyLeftOut.CHAT_CLOSED,
    ChatState.LOST: WhyLeftOut.CHAT_LOST,
}


def why_left_out(line: HouseLine, working: Collection[int]) -> str:
    """Return why a house gets nothing, a code of LEFT_OUT; empty when it gets the message.

    `working`: communities whose tokens work. One that VK has asked to wait is among them: its
    chats get the message later.
    """
    if line.state != ChatState.OPEN or not line.chat_id:
        return _WHY.get(line.state, "no_chat_yet")
    return "" if line.community in working else "community_disconnected"


def within_reach(
    lines: Iterable[HouseLine], caller: Caller, *, territory: Territory, inn: str
) -> list[HouseLine]:
    """Return those of a territory's houses to which a caller may write for an organisation.

    Who speaks for an organisation, reaches the houses for which it answers, and no other: what is
    sent in its name is its representatives' to correct. Empty `inn`: the territory itself speaks,
    and who only represents an organisation does not.
    """
    if inn:
        lines = [line for line in lines if inn in line.organisations]
    posts = caller.granting(Permission.BROADCASTS_SEND)
    own = [post for post in posts if post.role != Role.REPRESENTATIVE or post.inn == inn]
    # Nothing is closed to who works in all of it: 18,000 houses are many to ask about.
    if any(p.role != Role.REPRESENTATIVE and p.territory.covers(territory.oktmo) for p in own):
        return [*lines]
    speaking = Caller(caller.vk_id, tuple(own))
    return [line for line in lines if may(speaking, Permission.BROADCASTS_SEND, [line.place])]


@dataclass(frozen=True, slots=True)
class Named:
    """What one line of a part means."""

    text: str
    """As it was given."""
    house_id: str
    """Empty when it means no house."""
    why: str = ""
    """A Russian sentence that says so."""
    is_part: bool = False
    """A flat or an entrance was named: the house is meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a part looks for, once it was read."""

    has: Callable[[HouseLine], bool]
    said: str = ""
    """How it was understood, or why it cannot be: a Russian sentence."""
    named: Sequence[Named] = ()
    """What its lines mean, where it lists houses."""
    nothing: str = ""
    """Why it finds nothing although it was understood: a Russian sentence."""


@dataclass(frozen=True, slots=True)
class PartFound:
    """What one part of a request named."""

    houses: int
    """Houses within reach, with a chat or without."""
    said: str = ""
    """How the part was understood, or why it found nothing; empty when that is plain."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """What named no house."""

    part: int
    """The number of the part, from 1."""
    line: int
    """The number of the line in the part, from 1; 0 when it is the whole part."""
    text: str
    """The line as it was given; empty when it is the whole part, and when the preview is looked at
    again: what was pasted is not kept."""
    why: str
    """A Russian sentence."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The houses that a request named."""

    lines: Sequence[HouseLine]
    """Each once, in the order of lists."""
    parts: Sequence[PartFound]
    not_found: Sequence[NotFound]


NO_SUCH_HOUSE = "Такого дома здесь нет. Проверьте код, код ФИАС или адрес."
NOTHING = "Здесь таких домов нет."
NO_COORDINATION_CHAT = (
    "Координационного чата здесь нет: он откроется с первым старшим. Пишет в него администрация, "
    "а не организация."
)
WHOLE_HOUSES = "Названы квартиры или подъезды, взяты дома целиком. Строки: {}."
SHOWN_LINES = 20


def choose(lines: Iterable[HouseLine], parts: Sequence[Wanted]) -> Chosen:
    """Return the houses that at least one part has; each line is looked at once."""
    chosen: list[HouseLine] = []
    found = [0] * len(parts)
    numbered = [(place, part.has) for place, part in enumerate(parts)]
    for line in lines:
        places = [place for place, has in numbered if has(line)]
        for place in places:
            found[place] += 1
        if places:
            chosen.append(line)
    ids = {line.id for line in chosen}
    return Chosen(
        chosen,
        parts=[PartFound(found[place], part.said) for place, part in enumerate(parts)],
        not_found=[
            one
            for place, part in enumerate(parts)
            for one in _not_found(place + 1, part, found[place], ids)
        ],
    )


def _not_found(number: int, part: Wanted, houses: int, ids: Collection[str]) -> Iterator[NotFound]:
    if not houses and not part.named:
        yield NotFound(number, 0, "", part.nothing or part.said or NOTHING)
    for place, one in enumerate(part.named, start=1):
        if one.house_id not in ids:
            yield NotFound(number, place, one.text, one.why or NO_SUCH_HOUSE)


def wanted(
    part: AllHouses
    | TheseHouses
    | MunicipalityHouses
    | OrganisationHouses
    | TaggedHouses
    | CoordinationChatsOf,
) -> Wanted:
    """Return what a part looks for that says so by itself."""
    match part:
        case AllHouses():
            return Wanted(lambda _: True)
        case TheseHouses(ids):
            return listed([Named(text, read_code(text)) for text in ids])
        case MunicipalityHouses(oktmo):
            territory = Territory(oktmo)
            return Wanted(lambda line: territory.covers(line.oktmo))
        case OrganisationHouses(inn):
            return Wanted(lambda line: inn in line.organisations)
        case TaggedHouses(tag):
            folded = tag.strip().casefold()
            return Wanted(lambda line: folded in map(str.casefold, line.tags))
        case CoordinationChatsOf(oktmo):
            return Wanted(
                lambda line: not oktmo or Territory(oktmo).covers(line.oktmo),
                nothing=NO_COORDINATION_CHAT,
            )


def listed(named: Sequence[Named]) -> Wanted:
    """Return what a part looks for that lists houses one by one."""
    ids = {one.house_id for one in named} - {""}
    parts = [str(n) for n, one in enumerate(named, start=1) if one.house_id and one.is_part]
    more = "…" if len(parts) > SHOWN_LINES else ""
    said = WHOLE_HOUSES.format(", ".join(parts[:SHOWN_LINES]) + more) if parts else ""
    return Wanted(lambda line: line.id in ids, said, named)


def digest_of(chats: Iterable[tuple[int, int, str]]) -> str:
    """Tell whether two audiences are one: of communities, chats and houses, in any order."""
    said = "\n".join(f"{community}/{chat}/{house}" for community, chat, house in sorted(chats))
    return sha256(said.encode()).hexdigest()


OTHER_TERRITORY = "Нужен ОКТМО: 2 цифры региона, 8 цифр муниципалитета или 11 — населённого пункта."
WRONG_WAY = "Первый номер больше последнего."
NO_STREET = "Напишите улицу, как на табличке: «ул. Мира»."
NO_TAG = "Напишите слово, которым помечены дома."
NO_LINES = "Список пуст."
LONG_LINE = f"Строка длиннее {LONGEST_LISTED} знаков: в каждой нужен один дом."
LONG_NAME = f"Не больше {LONGEST_NAME} знаков."
OTHERWISE = "выберите улицу, муниципалитет, организацию или метку."
MANY_LINES = (
    f"За один раз можно вставить не больше {MOST_LINES} строк: разделите список или {OTHERWISE}"
)
MANY_CODES = f"За один раз можно назвать не больше {MOST_CODES} домов: {OTHERWISE}"


def faults_of(parts: Sequence[Part]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with parts: the part's place, its field, and a Russian sentence."""
    lines = codes = 0
    for place, part in enumerate(parts):
        if fault := fault_of(part):
            yield place, *fault
        match part:
            case ListedHouses(listed):
                lines += len(listed)
            case TheseHouses(ids):
                codes += len(ids)
        if lines > MOST_LINES:
            yield place, "lines", MANY_LINES
            return
        if codes > MOST_CODES:
            yield place, "ids", MANY_CODES
            return


def fault_of(part: Part) -> tuple[str, str] | None:
    """Return the field of a part that says nothing sensible, and a Russian sentence; or None."""
    match part:
        case TheseHouses(ids):
            return _fault_of_list("ids", ids)
        case ListedHouses(lines):
            return _fault_of_list("lines", lines)
        case MunicipalityHouses(oktmo) if not is_territory(oktmo):
            return "oktmo", OTHER_TERRITORY
        case CoordinationChatsOf(oktmo) if oktmo and not is_territory(oktmo):
            return "oktmo", OTHER_TERRITORY
        case OrganisationHouses(inn) if not re.search(INN, inn):
            return "inn", EXPECTED[INN]
        case TaggedHouses(tag) if not tag.strip():
            return "tag", NO_TAG
        case TaggedHouses(tag) if len(tag) > LONGEST_NAME:
            return "tag", LONG_NAME
        case StreetHouses():
            return _fault_of_street(part)
    return None


def _fault_of_list(field: str, things: Sequence[str]) -> tuple[str, str] | None:
    if not things:
        return field, NO_LINES
    too_long = (number for number, one in enumerate(things) if len(one) > LONGEST_LISTED)
    if (number := next(too_long, None)) is not None:
        return f"{field}/{number}", LONG_LINE
    return None


def _fault_of_street(part: StreetHouses) -> tuple[str, str] | None:
    if not part.street.strip():
        return "street", NO_STREET
    if len(part.street) > LONGEST_NAME:
        return "street", LONG_NAME
    if part.oktmo and not is_territory(part.oktmo):
        return "oktmo", OTHER_TERRITORY
    if part.first is not None and part.last is not None and part.first > part.last:
        return "last", WRONG_WAY
    return None
