"""Receipts: what became of a broadcast in each chat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

NOT_SENT = "not_sent"
"""The code of a follower in a chat that the message never reached: that is no failure."""


class Fate(StrEnum):
    """What became of a broadcast in one chat."""

    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    """What this one follows never came to the chat: there is nothing to do."""
    WAITS = "waits"
    """VK asked us to wait with this chat."""
    UNDER_WAY = "under_way"
    """A worker is sending, or died while it was."""
    LEFT = "left"
    """Nothing was sent yet."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat of an audience."""

    house_id: str
    chat_id: int
    title: str
    """What the house is called: `{адрес}` in a text."""
    people: int = 0
    """Its residents by the last count; 0 when unknown."""


@dataclass(frozen=True, slots=True)
class ChunkReceipts:
    """The receipts of one chunk. A position is a chat's place in the chunk, from 0."""

    chunk: int
    begun_at: datetime | None = None
    """When a worker first set about what is not through yet; None when there is no such thing."""
    finished_at: datetime | None = None
    """When all chats but those that wait were through."""
    cmids: Mapping[int, int] = field(default_factory=dict)
    """Numbers of the messages in their chats, by position: these are sent."""
    failures: Mapping[int, str] = field(default_factory=dict)
    """Codes of FAILURES or `unknown_<VK's number>`, by position."""
    waits: frozenset[int] = frozenset()
    """Positions that VK asked us to leave alone for a while."""
    again_at: datetime | None = None
    """When those that wait are tried again."""
    waits_since: datetime | None = None
    """Since when some of its chats wait, one time after the other."""
    replied: frozenset[int] = frozenset()
    """Positions where a correction is a reply, for the message could be edited no more."""
    unpinned: frozenset[int] = frozenset()
    """Positions where the message could not be pinned."""
    revision: int = field(default=0, compare=False)
    """Grows with every claim and reopening: what is noted is made from what was read."""

    @property
    def is_through(self) -> bool:
        return self.finished_at is not None and not self.waits

    @property
    def failed(self) -> int:
        """How many chats it failed in."""
        return len(self.failures) - self.not_sent

    @property
    def not_sent(self) -> int:
        """How many chats there was nothing to do in."""
        return sum(code == NOT_SENT for code in self.failures.values())

    def left_of(self, chats: int) -> list[int]:
        """Return the positions of which nothing final is known."""
        return [n for n in range(chats) if n not in self.cmids and n not in self.failures]

    def fate(self, position: int) -> Fate:
        if position in self.cmids:
            return Fate.SENT
        if position in self.failures:
            return Fate.NOT_SENT if self.failures[position] == NOT_SENT else Fate.FAILED
        if position in self.waits:
            return Fate.WAITS
        return Fate.UNDER_WAY if self.begun_at else Fate.LEFT


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing was sent to a chat, and what people can do about it."""

    said: str
    to_do: str
    retriable: bool = True
    """Whether it may go another time, without anything being mended before."""
    loses_chat: bool = False
    """Whether the chat is out of reach for everything, not only for this message."""
    is_gone: bool = False
    """Whether the community is not in it, or there is no such chat: the house may get another."""


FLOOD = "flood"
"""The code of a chat with which VK asks us to wait for too long."""
UNCLEAR = "unclear"
"""The code of a chat of which nobody knows whether something was sent to it."""
_RIGHTS = (
    "Верните сообществу права администратора в этом чате и нажмите «Повторить» в карточке дома."
)
_GONE = (
    "Верните сообщество в чат и нажмите «Повторить» в карточке дома. "
    "Если вернуть нельзя, откройте дому новый чат."
)
FAILURES = {
    "chat_lost": Failure("Чат недоступен сообществу.", _GONE, loses_chat=True, is_gone=True),
    "chat_rights": Failure("Сообществу нельзя писать в этот чат.", _RIGHTS, loses_chat=True),
    "consent": Failure("Чат не разрешает сообществу писать.", _RIGHTS, loses_chat=True),
    "blocked": Failure("ВКонтакте не даёт писать в этот чат.", _RIGHTS, loses_chat=True),
    "not_found": Failure("ВКонтакте не находит этого чата.", _GONE, loses_chat=True, is_gone=True),
    "too_late": Failure(
        "Прошло больше суток: ВКонтакте уже не удаляет сообщение у всех.",
        "Отправьте исправление.",
        retriable=False,
    ),
    NOT_SENT: Failure(
        "Исходное сообщение в этот чат не отправлено.", "Делать ничего не нужно.", retriable=False
    ),
    FLOOD: Failure(
        "ВКонтакте слишком долго просит подождать с этим чатом.",
        "Нажмите «Повторить» позже: обычно это проходит само.",
    ),
    "not_done": Failure("ВКонтакте не выполнил просьбу.", "Нажмите «Повторить»."),
    UNCLEAR: Failure(
        "Неизвестно, дошло ли сообщение: ВКонтакте не ответил и не показывает историю чата.",
        "Посмотрите в чат. «Повторить» отправит, только если ВКонтакте уже показывает историю и "
        "сообщения в ней нет. Если оно не дошло, а история скрыта, составьте рассылку для этого "
        "дома.",
    ),
    "unknown": Failure(
        "ВКонтакте ответил ошибкой, которой мы не знаем.",
        "Нажмите «Повторить»; если не поможет, скажите нам номер рассылки.",
    ),
}


def failure_of(code: str) -> Failure:
    """Return what a code of a receipt means; a number that we do not know is `unknown_<number>`."""
    return (
        FAILURES.get(code.partition("_")[0] if code.startswith("unknown_") else code)
        or (FAILURES["unknown"])
    )
