"""Instructions: what an elder is told when the chats of their houses are open."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from housechats.domain.houses import ChatState, House

SMS_LENGTH = 70
"""Characters of one SMS in UCS-2 (GSM 03.38: 140 octets)."""
LONG_SMS = 670
"""Characters of ten SMS that a phone shows as one (67 each): an elder of many houses."""
TEXT_LENGTH = 4096
"""VK's limit for a message."""


class InstructionState(StrEnum):
    """How far an instruction has come."""

    WAITING = "waiting"
    """Not every house is ready, or a later time was set."""
    SENDING = "sending"
    """A message by VK is under way; a repeat is recognised by its random_id."""
    TEXTING = "texting"
    """An SMS is under way; a repeat could not be recognised."""
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"
    """An SMS that may have gone: only a person sends it again."""

    @property
    def final(self) -> bool:
        return self in {
            InstructionState.SENT,
            InstructionState.UNDELIVERABLE,
            InstructionState.UNKNOWN,
        }


class Channel(StrEnum):
    """How an instruction reached its elder."""

    VK = "vk"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One message to one elder about all their houses in one batch."""

    batch_id: str
    elder_id: str
    house_ids: frozenset[str]
    state: InstructionState = InstructionState.WAITING
    channel: Channel | None = None
    community: int = 0
    """Which one writes it: chosen with the first try, for only its own repeats VK recognises."""
    reason: str = ""
    """Why it is undeliverable or unknown: a Russian sentence."""
    intent_at: datetime | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    told_of: frozenset[str] = frozenset()
    """The houses of which it told when it was sent."""
    former: str = ""
    """The letter that told this elder of the house, when this one says that another has it now."""

    def still_tells_of(self, house: House) -> bool:
        """Tell whether the house is this elder's, by this letter: a later list may change both."""
        return (house.letter_id, house.elder_id) == (self.batch_id, self.elder_id)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of all letters of a list."""

    fates: Mapping[str, int] = field(default_factory=dict)
    """Letters by the channel of those that are sent, by the state of the others."""
    last_at: datetime | None = None
    """When the last of them came to its end."""

    @classmethod
    def of(cls, instructions: Iterable[Instruction]) -> "Told":
        instructions = list(instructions)
        fates = Counter(
            str(one.channel if one.state == InstructionState.SENT and one.channel else one.state)
            for one in instructions
        )
        return cls(dict(fates), max((i.sent_at for i in instructions if i.sent_at), default=None))

    @property
    def total(self) -> int:
        return sum(self.fates.values())

    @property
    def sent(self) -> int:
        return sum(self.fates.get(fate, 0) for fate in (*Channel, InstructionState.SENT))

    @property
    def undeliverable(self) -> int:
        return self.fates.get(InstructionState.UNDELIVERABLE, 0)

    @property
    def unknown(self) -> int:
        return self.fates.get(InstructionState.UNKNOWN, 0)

    @property
    def lost(self) -> int:
        return self.undeliverable + self.unknown

    @property
    def settled(self) -> bool:
        return self.sent + self.lost == self.total


def parting(house: House) -> str:
    """Write to an elder that their house has another one now."""
    return "\n".join(
        [
            f"Здравствуйте! У дома {house.title} теперь другой старший: чат дома передан ему.",
            "Спасибо за вашу работу! Делать ничего не нужно, вы остаётесь участником чата.",
            "Если это ошибка, сообщите администрации, которая открыла чат.",
        ]
    )


def parting_text_message(house: House) -> str:
    """Write the same as an SMS."""
    return f"Чат дома {house.title} передан другому старшему. Спасибо за работу!"


def short_link(public_url: str, house_id: str) -> str:
    """Return the address that paper and messages carry; it outlives the chat's invite link."""
    return f"{public_url}/j/{house_id}"


def letter(houses: Sequence[House], *, public_url: str) -> str:
    """Write the elder's instruction: what happened, and three steps.

    For so many houses that VK would not take the text it gets shorter: the text for the old
    chats is given once, then the houses go without their links, then the last ones are only
    counted. The file with the posters has them all.
    """
    opened = [house for house in houses if house.state == ChatState.OPEN]
    others = [house.title for house in houses if house.state != ChatState.OPEN]
    links = [f"• {house.title}: {house.link}" for house in opened]
    titles = [f"• {house.title}" for house in opened]
    join = JOIN_ONE if len(opened) == 1 else JOIN_MANY
    copies = [text_for_old_chats(house, public_url) for house in opened]
    text = _letter(links, join, copies, others)
    if len(text) > TEXT_LENGTH:
        text = _letter(links, join, [FOR_OLD_CHATS], others)
    if len(text) > TEXT_LENGTH:
        text = _letter(titles, JOIN_BY_FILE, [FOR_OLD_CHATS], others)
    shown = len(titles)
    while len(text) > TEXT_LENGTH:
        shown, others = shown * 3 // 4, others[: len(others) * 3 // 4]
        more = f"…и ещё {_houses(len(houses) - shown - len(others))}: все они в приложенном файле."
        text = _letter([*titles[:shown], more], JOIN_BY_FILE, [FOR_OLD_CHATS], others)
    return text


JOIN_ONE = "Вступите в чат: нажмите кнопку под этим сообщением или на ссылку выше."
JOIN_MANY = "Вступите в каждый чат: нажмите кнопки под этим сообщением или на ссылки выше."
JOIN_BY_FILE = "Вступите в каждый чат: наведите камеру телефона на его код в приложенном файле."
COPY_ONE = "Шаг 2. Скопируйте этот текст в старые чаты дома:"
COPY_MANY = "Шаг 2. Скопируйте текст каждого дома в его старые чаты:"
FOR_OLD_CHATS = (
    "Соседи, у нашего дома появился официальный чат ВКонтакте. Здесь отвечает управляющая "
    "компания и приходят важные сообщения. Вступайте: код — на объявлении в подъезде."
)
PRINT_POSTERS = (
    "Шаг 3. Распечатайте объявления и повесьте в подъездах и в лифтах: "
    "файл PDF приложен к этому сообщению. Нет принтера — попросите управляющую компанию."
)
GUIDED = (
    "Всё сразу делать не обязательно: бот сам напишет вам о каждом шаге и подскажет, если что-то "
    "не получится. Если шаг уже сделан, нажмите под его сообщением «Готово»."
)


def text_for_old_chats(house: House, public_url: str) -> str:
    return (
        f"Соседи, у нашего дома ({house.title}) появился официальный чат ВКонтакте. Здесь "
        "отвечает управляющая компания и приходят важные сообщения. "
        f"Вступайте: {short_link(public_url, house.id)}"
    )


def _letter(opened: Sequence[str], join: str, copies: Sequence[str], others: Sequence[str]) -> str:
    one = len(opened) == 1
    happened = (
        "вашего дома администрация открыла официальный чат"
        if one
        else "ваших домов администрация открыла официальные чаты"
    )
    lines = [
        f"Здравствуйте! Вы указаны старшим по дому: для {happened} ВКонтакте.",
        "Вступление бесплатное, пароли и коды мы не спрашиваем.",
        "",
        *opened,
        "",
        f"Шаг 1. {join}",
        "",
        COPY_ONE if one else COPY_MANY,
        "———",
    ]
    for copy in copies:
        lines += [copy, "———"]
    lines += ["", PRINT_POSTERS, "", GUIDED]
    if others:
        lines += ["", "Эти чаты ещё не открыты, мы этим занимаемся:"]
        lines += [f"• {title}" for title in others]
    return "\n".join(lines)


def text_message(houses: Sequence[House], *, public_url: str) -> str:
    """Write the SMS for an elder whom the bot may not write to; long ones name what fits."""
    address = public_url.removeprefix("https://").removeprefix("http://")
    opened = [house for house in houses if house.state == ChatState.OPEN]
    # `-S`: the page behind it tells how to join without a page in VK.
    links = [f"{short_link(address, house.id)}-S" for house in opened]
    if len(opened) == 1:
        title, link = opened[0].title, links[0]
        text = f"Вы старший по дому {title}: {link}"
        return text if len(text) <= SMS_LENGTH else f"Чат дома {title} {link}"
    told = [f"{house.title} {link}" for house, link in zip(opened, links, strict=True)]
    text = f"Вы старший по домам, их чаты: {'; '.join(told)}"
    while len(text) > LONG_SMS:
        told.pop()
        more = _houses(len(opened) - len(told))
        text = f"Вы старший по домам, их чаты: {'; '.join(told)}; и ещё {more}"
    return text


def _houses(number: int) -> str:
    """Return the number with the word that Russian wants after it."""
    if number % 10 == 1 and number % 100 != 11:  # noqa: PLR2004 - grammar
        return f"{number} дом"
    few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
    return f"{number} {'дома' if few else 'домов'}"
