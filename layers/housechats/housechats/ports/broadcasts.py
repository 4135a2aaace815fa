"""Broadcasts, their audiences and receipts, and what starts them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.broadcasts import Broadcast
from housechats.domain.messages import Message
from housechats.domain.receipts import ChunkReceipts, Recipient
from housechats.domain.territories import Territory


class Broadcasts(Protocol):
    """Keeps broadcasts; one item each, small, for it is read before every call."""

    def add(self, broadcast: Broadcast) -> Broadcast:
        """Keep a new one, and return it; the one that is there already stays."""

    def get(self, broadcast_id: str) -> Broadcast | None:
        """Return it as it is now (consistent)."""

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Broadcast]:
        """Return those created since a moment in a territory or around it, the newest first.

        Those around it may reach into it: who may see which, is for the caller to decide.
        """

    def save(self, broadcast: Broadcast) -> bool:
        """Keep a changed one, all but its counters; False when it is another revision by now.

        `broadcast.revision` is one more than that of the one it was made from.
        """

    def recount(self, broadcast: Broadcast) -> bool:
        """Like `save`, with the counters as they are in it."""

    def count(
        self,
        broadcast_id: str,
        *,
        community: int,
        sent: int,
        failed: int,
        through: int,
        not_sent: int = 0,
    ) -> Broadcast:
        """Add to the counters, whatever the revision, and return it as it is then.

        `through`: chunks that came through. The numbers are advisory until the broadcast is over.
        LookupError when there is no such broadcast.
        """

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose `due_at` has come."""

    def looked_at(
        self, broadcast: Broadcast, *, seen: int, hand_overs: int, due_at: datetime
    ) -> None:
        """Note a look of the sweep's, unless a person has changed the broadcast meanwhile."""


@dataclass(frozen=True, slots=True)
class ChunkClaim:
    """What came of setting about a chunk."""

    ours: bool
    """False: it is through already, or another worker's lease lives."""
    receipts: ChunkReceipts
    """As they were before, with the revision of this claim: make from them what is noted."""
    again: bool = False
    """An earlier worker set about it and did not tell what came of it: it may have sent."""


class Receipts(Protocol):
    """Keeps the receipts of chunks: one item each, at most 1 KB, written twice."""

    def claim(
        self, broadcast_id: str, chunk: int, *, now: datetime, lease_until: datetime
    ) -> ChunkClaim:
        """Set about a chunk: nobody has, or their lease is dead, or its waiting chats are due."""

    def release(self, broadcast_id: str, chunk: int, *, receipts: ChunkReceipts) -> None:
        """Give a claimed chunk back as it was: surely nothing was sent to what is left of it.

        With a `begun_at` the next claim is `again`; without one it is not. Nothing is changed when
        another worker has claimed it meanwhile.
        """

    def finish(self, broadcast_id: str, receipts: ChunkReceipts) -> bool:
        """Note what became of a claimed chunk.

        False when it was noted before, or another worker has claimed it meanwhile.
        """

    def reopen(
        self, broadcast_id: str, receipts: ChunkReceipts, *, instead_of: ChunkReceipts
    ) -> bool:
        """Put receipts without the failures that are tried again.

        False if they changed meanwhile, or somebody has set about the chunk.
        Without a `finished_at` the chunk can be claimed at once.
        """

    def get(self, broadcast_id: str, chunk: int) -> ChunkReceipts:
        """Return the receipts of a chunk as they are now; empty ones when nobody began it."""

    def of(self, broadcast_id: str, *, first: int = 0) -> Iterator[ChunkReceipts]:
        """Yield the receipts of the chunks that were begun, from a number on, in their order."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A house of an audience that gets nothing."""

    house_id: str
    title: str
    why: str
    """A code of LEFT_OUT (domain/audiences.py)."""


@dataclass(frozen=True, slots=True)
class Audience:
    """What is known of a snapshot without reading it; chunks are numbered from 0."""

    key: str
    """The folder of its files."""
    digest: str
    """Of its houses and chats: tells whether another one is the same."""
    chats: int
    people: int
    chunks: Mapping[int, tuple[int, ...]]
    """The numbers of its chunks by community, growing."""
    offsets: tuple[int, ...]
    """Where each chunk begins in the file, and where the last one ends."""
    left_out: Mapping[str, int]
    """How many houses get nothing, by why."""
    asked: tuple[str, ...]
    """Whom it was asked to reach, part by part: lines for people."""

    @property
    def size(self) -> int:
        """How many chunks there are."""
        return len(self.offsets) - 1

    def community_of(self, chunk: int) -> int:
        """Return whose chats a chunk has."""
        for community, those in self.chunks.items():
            place = bisect_left(those, chunk)
            if place < len(those) and those[place] == chunk:
                return community
        raise LookupError(chunk)


class Audiences(Protocol):
    """Keeps snapshots of audiences as files; a chunk is a range of bytes."""

    def write(
        self,
        key: str,
        chats: Iterable[tuple[int, Recipient] | LeftOut],
        *,
        together: int,
        asked: Sequence[str] = (),
    ) -> Audience:
        """Keep a snapshot of chats with their communities, `together` chats of one to a chunk.

        It goes out while it comes in: however many they are, the memory it takes stays the same.
        Written again, it is the same.
        """

    def get(self, key: str) -> Audience | None: ...

    def chunk(self, audience: Audience, number: int) -> tuple[Recipient, ...]: ...

    def all_chunks(self, audience: Audience) -> Iterator[tuple[Recipient, ...]]:
        """Yield the chunks in the order of their numbers: read in one go, not one by one."""

    def left_out(self, audience: Audience) -> Iterator[LeftOut]: ...

    def copy(self, key: str, to: str) -> None:
        """Keep a copy of a snapshot in another folder."""


class Messages(Protocol):
    """Keeps what broadcasts say, each in the folder of its audience."""

    def put(self, key: str, message: Message) -> None: ...

    def get(self, key: str) -> Message | None: ...


class Starts(Protocol):
    """Has broadcasts started at their time: at least once; a lost start is the sweep's to find."""

    def plan(self, broadcast_id: str, *, at: datetime, now: datetime) -> None:
        """Have a broadcast started at a time; an earlier plan of it is replaced."""

    def cancel(self, broadcast_id: str) -> None:
        """Have no start left, if one is planned and has not fired."""
