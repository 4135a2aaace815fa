"""Instructions: what an elder is told when the chats of their houses are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from housechats.domain.houses import ChatState, House

SMS_LENGTH = 70
"""Characters of one SMS in UCS-2 (GSM 03.38: 140 octets)."""
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
    reason: str = ""
    """Why it is undeliverable or unknown: a Russian sentence."""
    intent_at: datetime | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None


def short_link(public_url: str, house_id: str) -> str:
    """Return the address that paper and messages carry; it outlives the chat's invite link."""
    return f"{public_url}/j/{house_id}"


def letter(houses: Sequence[House], *, public_url: str) -> str:
    """Write the elder's instruction: what happened, and three steps.

    It names every house. For so many that VK would not take the text it gets shorter: first the
    text for the old chats is given once, then the houses go without their links.
    """
    links = [f"• {house.title}: {house.link}" for house in houses if house.state == ChatState.OPEN]
    titles = [f"• {house.title}" for house in houses if house.state == ChatState.OPEN]
    for lines, copies in (
        (links, [_for_old_chats(house, public_url) for house in houses if house.link]),
        (links, [FOR_OLD_CHATS]),
        (titles, [FOR_OLD_CHATS]),
    ):
        text = _letter(lines, copies, [h.title for h in houses if h.state != ChatState.OPEN])
        if len(text) <= TEXT_LENGTH:
            return text
    return text[: TEXT_LENGTH - 1] + "…"


FOR_OLD_CHATS = (
    "Соседи, у нашего дома появился официальный чат ВКонтакте. Здесь отвечает управляющая "
    "компания и приходят важные сообщения. Вступайте: код — на объявлении в подъезде."
)

PRINT_POSTERS = (
    "Шаг 3. Распечатайте объявления и повесьте в подъездах и в лифтах: "
    "файл PDF приложен к этому сообщению."
)


def _for_old_chats(house: House, public_url: str) -> str:
    return (
        f"Соседи, у нашего дома ({house.title}) появился официальный чат ВКонтакте. Здесь "
        "отвечает управляющая компания и приходят важные сообщения. "
        f"Вступайте: {short_link(public_url, house.id)}"
    )


def _letter(opened: Sequence[str], copies: Sequence[str], others: Sequence[str]) -> str:
    one = len(opened) == 1
    happened = (
        "для вашего дома открыт официальный чат"
        if one
        else "для ваших домов открыты официальные чаты"
    )
    join = "в чат: нажмите кнопку" if one else "в каждый чат: нажмите кнопки"
    lines = [
        f"Здравствуйте! Вы — старший по дому, и {happened} ВКонтакте.",
        "",
        *opened,
        "",
        f"Шаг 1. Вступите {join} под этим сообщением или ссылку выше.",
        "",
        "Шаг 2. Скопируйте этот текст в старые чаты дома:",
        "———",
    ]
    for copy in copies:
        lines += [copy, "———"]
    lines += [
        "",
        PRINT_POSTERS,
    ]
    if others:
        lines += ["", "Эти чаты ещё не открыты, мы этим занимаемся:"]
        lines += [f"• {title}" for title in others]
    return "\n".join(lines)


def text_message(houses: Sequence[House], *, public_url: str) -> str:
    """Write the SMS for an elder whom the bot may not write to."""
    address = public_url.removeprefix("https://").removeprefix("http://")
    opened = [house for house in houses if house.state == ChatState.OPEN]
    # `-S`: the page behind it tells how to join without a page in VK.
    told = "; ".join(f"{house.title} {short_link(address, house.id)}-S" for house in opened)
    return f"Чат дома {told}" if len(opened) == 1 else f"Чаты домов: {told}"
