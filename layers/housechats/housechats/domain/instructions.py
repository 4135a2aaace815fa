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
    """The address that paper, SMS and messages carry; it outlives the chat's invite link."""
    return f"{public_url}/j/{house_id}"


def letter(houses: Sequence[House], *, public_url: str) -> str:
    """Write the elder's instruction: what happened, and three steps."""
    opened = [house for house in houses if house.state == ChatState.OPEN]
    others = [house for house in houses if house.state != ChatState.OPEN]
    one = len(opened) == 1
    lines = [
        "Здравствуйте! Вы — старший по дому, и для "
        + ("вашего дома открыт официальный чат" if one else "ваших домов открыты официальные чаты")
        + " ВКонтакте.",
        "",
    ]
    lines += [f"• {house.title}: {house.link}" for house in opened]
    lines += [
        "",
        "Шаг 1. Вступите в чат: нажмите кнопку под этим сообщением."
        if one
        else "Шаг 1. Вступите в каждый чат: нажмите кнопки под этим сообщением или ссылки выше.",
        "",
        "Шаг 2. Скопируйте этот текст в старые чаты дома:",
        "———",
    ]
    for house in opened:
        lines += [
            f"Соседи, у нашего дома ({house.title}) появился официальный чат ВКонтакте. "
            "Здесь отвечает управляющая компания и приходят важные сообщения. "
            f"Вступайте: {short_link(public_url, house.id)}",
            "———",
        ]
    lines += [
        "",
        "Шаг 3. Распечатайте объявление и повесьте в подъездах и в лифте: "
        "файл PDF приложен к этому сообщению.",
    ]
    if others:
        lines += ["", "Ещё не открыты (мы занимаемся этим, от вас ничего не требуется):"]
        lines += [f"• {house.title}" for house in others]
    return "\n".join(lines)


def text_message(houses: Sequence[House], *, public_url: str) -> str:
    """Write the SMS for an elder whom the bot may not write to."""
    address = public_url.removeprefix("https://").removeprefix("http://")
    opened = [house for house in houses if house.state == ChatState.OPEN]
    told = "; ".join(f"{house.title} {short_link(address, house.id)}" for house in opened)
    return f"Чат дома {told}" if len(opened) == 1 else f"Чаты домов: {told}"
