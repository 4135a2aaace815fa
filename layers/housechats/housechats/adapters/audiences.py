"""Audiences as files: a snapshot of who gets a broadcast, read chunk by chunk."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from itertools import accumulate
from typing import Any

from housechats.domain.receipts import Recipient
from housechats.ports.broadcasts import Audience, LeftOut
from housechats.ports.files import Files

CHATS, LEFT_OUT, HEAD = "chats.jsonl", "left_out.jsonl", "head.json"
LINES = "application/x-ndjson"
BLOCK = 1024 * 1024
"""Bytes that are read at a time where all is read: some ten thousand chats."""


class S3Audiences:
    """Keeps an audience in a folder: its chats, a chunk a line; those left out; last, its head."""

    def __init__(self, folders: Files) -> None:
        self._folders = folders

    def write(
        self,
        key: str,
        chats: Iterable[tuple[int, Recipient] | LeftOut],
        *,
        together: int,
        asked: Sequence[str] = (),
    ) -> Audience:
        with ExitStack() as files:
            keep_chunk = files.enter_context(
                self._folders.upload(f"{key}/{CHATS}", content_type=LINES)
            )
            leave_out = files.enter_context(
                self._folders.upload(f"{key}/{LEFT_OUT}", content_type=LINES)
            )
            chunks = _Chunks(keep_chunk, together)
            left_out: Counter[str] = Counter()
            for chat in chats:
                if isinstance(chat, LeftOut):
                    leave_out(_line([chat.house_id, chat.title, chat.why]))
                    left_out[chat.why] += 1
                else:
                    chunks.add(*chat)
            chunks.end()
        head = chunks.head() | {"left_out": left_out, "asked": [*asked]}
        body = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        self._folders.put(f"{key}/{HEAD}", body, content_type="application/json")
        return _audience(key, head)

    def get(self, key: str) -> Audience | None:
        body = self._folders.get(f"{key}/{HEAD}")
        return _audience(key, json.loads(body)) if body else None

    def chunk(self, audience: Audience, number: int) -> tuple[Recipient, ...]:
        first, end = audience.offsets[number : number + 2]
        line = self._folders.get_range(f"{audience.key}/{CHATS}", first, end - 1)
        return _recipients(json.loads(line))

    def all_chunks(self, audience: Audience) -> Iterator[tuple[Recipient, ...]]:
        for rows in self._lines(f"{audience.key}/{CHATS}", audience.size):
            yield _recipients(rows)

    def left_out(self, audience: Audience) -> Iterator[LeftOut]:
        for row in self._lines(f"{audience.key}/{LEFT_OUT}", sum(audience.left_out.values())):
            yield LeftOut(*row)

    def copy(self, key: str, to: str) -> None:
        # The head comes last: whoever finds it finds the rest.
        for name in (CHATS, LEFT_OUT, HEAD):
            self._folders.copy(f"{key}/{name}", f"{to}/{name}")

    def _lines(self, key: str, left: int) -> Iterator[list[Any]]:
        """Yield so many lines of a file, block by block."""
        at, rest = 0, b""
        while left:
            block = self._folders.get_range(key, at, at + BLOCK - 1)
            *lines, rest = (rest + block).split(b"\n")
            yield from map(json.loads, lines)
            left -= len(lines)
            at += len(block)


class _Chunks:
    """Collects chats of each community into chunks, and hands on those that are full."""

    def __init__(self, keep: Callable[[bytes], None], together: int) -> None:
        self._keep = keep
        self._together = together
        self._waiting: dict[int, list[Recipient]] = defaultdict(list)
        self._communities: list[int] = []
        self._sizes: list[int] = []
        self._digest = sha256()
        self._chats = 0
        self._people = 0

    def add(self, community: int, recipient: Recipient) -> None:
        self._digest.update(f"{recipient.house_id} {community} {recipient.chat_id}\n".encode())
        self._chats += 1
        self._people += recipient.people
        waiting = self._waiting[community]
        waiting.append(recipient)
        if len(waiting) == self._together:
            self._hand_on(community)

    def end(self) -> None:
        for community in sorted(self._waiting):
            self._hand_on(community)

    def head(self) -> dict[str, Any]:
        return {
            "digest": self._digest.hexdigest(),
            "chats": self._chats,
            "people": self._people,
            "communities": self._communities,
            "sizes": self._sizes,
        }

    def _hand_on(self, community: int) -> None:
        rows = [(r.house_id, r.chat_id, r.title, r.people) for r in self._waiting.pop(community)]
        line = _line(rows)
        self._keep(line)
        self._communities.append(community)
        self._sizes.append(len(line))


def _recipients(rows: Iterable[Sequence[Any]]) -> tuple[Recipient, ...]:
    return tuple(Recipient(*row) for row in rows)


def _line(value: Sequence[object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _audience(key: str, head: dict[str, Any]) -> Audience:
    chunks: dict[int, list[int]] = defaultdict(list)
    for number, community in enumerate(head["communities"]):
        chunks[community].append(number)
    return Audience(
        key=key,
        digest=head["digest"],
        chats=head["chats"],
        people=head["people"],
        chunks={community: tuple(those) for community, those in chunks.items()},
        offsets=(0, *accumulate(head["sizes"])),
        left_out=dict(head["left_out"]),
        asked=tuple(head["asked"]),
    )
