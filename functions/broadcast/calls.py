"""A chunk's calls of the messenger: chats go by their positions, and a call is tried patiently."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from broadcast.chunk_work import ChunkWork
from broadcast.patience import VK_TAKES, Hours, patiently
from housechats.domain.broadcasts import APART, TOGETHER
from housechats.domain.errors import OutcomeUnknownError, UnforeseenError
from housechats.ports.chats import Lane
from housechats.ports.mailings import Mail, Mailer, Outcome

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Calls:
    work: ChunkWork
    mailer: Mailer
    mail: Mail
    lane: Lane
    go: Callable[[], None]
    """StoppedError when the broadcast does not go on."""
    hours: Hours

    @property
    def together(self) -> int:
        """How many chats one call can send to."""
        message = self.work.mailing.message
        return APART if (message and message.personal) or self.mail.has_copies else TOGETHER

    def send(self, positions: Sequence[int]) -> dict[int, Outcome]:
        texts = self.work.texts(positions)
        return self._in_doubt(
            positions,
            lambda: self.mailer.send(texts, self.mail, lane=self.lane, go=self.go),
        )

    def reply(self, positions: Sequence[int], to: dict[int, int]) -> dict[int, Outcome]:
        texts, cmids = self.work.texts(positions), self._by_chat(positions, to)
        return self._in_doubt(
            positions,
            lambda: self.mailer.reply(texts, cmids, self.mail, lane=self.lane, go=self.go),
        )

    def edit(self, positions: Sequence[int], of: dict[int, int]) -> dict[int, Outcome]:
        texts, cmids = self.work.texts(positions), self._by_chat(positions, of)
        return self._ask(
            positions,
            lambda: self.mailer.edit(texts, cmids, self.mail, lane=self.lane, go=self.go),
        )

    def delete(self, positions: Sequence[int], of: Mapping[int, int]) -> dict[int, Outcome]:
        cmids = self._by_chat(positions, of)
        return self._in_doubt(
            positions, lambda: self.mailer.delete(cmids, lane=self.lane, go=self.go)
        )

    def pin(self, positions: Sequence[int], of: dict[int, int]) -> dict[int, Outcome]:
        cmids = self._by_chat(positions, of)
        return self._ask(positions, lambda: self.mailer.pin(cmids, lane=self.lane, go=self.go))

    def find(self, positions: Sequence[int]) -> dict[int, int | None]:
        """Return numbers of the broadcast's messages: 0 where there is none, None if hidden.

        It changes nothing, so it is asked of a stopped broadcast as well: then it is known what
        went out.
        """
        since = self.work.mailing.broadcast.started_at or self.work.begun_at
        texts = self.work.texts(positions)
        return self._ask(
            positions,
            lambda: self.mailer.find(
                texts,
                random_id=self.mail.random_id,
                since=since,
                lane=self.lane,
                go=_always,
            ),
        )

    def _in_doubt(
        self, positions: Sequence[int], call: Callable[[], dict[int, Outcome]]
    ) -> dict[int, Outcome]:
        """Ask for what must not be done twice, or answers a repeat with a refusal."""

        def asked() -> dict[int, Outcome]:
            try:
                return call()
            except (OutcomeUnknownError, UnforeseenError):
                self.work.doubt.update(positions)
                raise

        return self._ask(positions, asked)

    def _ask(
        self, positions: Sequence[int], call: Callable[[], dict[int, Told]]
    ) -> dict[int, Told]:
        told = patiently(call, hours=self.hours, takes=VK_TAKES)
        chats = self.work.chats
        return {position: told[chats[position].chat_id] for position in positions}

    def _by_chat(self, positions: Sequence[int], numbers: Mapping[int, int]) -> dict[int, int]:
        return {self.work.chats[position].chat_id: numbers[position] for position in positions}


def _always() -> None: ...
