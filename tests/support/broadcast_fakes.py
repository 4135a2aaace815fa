"""Broadcasts in memory: what they are, what became of them, their audiences and starts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from threading import RLock

from housechats.domain.broadcasts import Broadcast
from housechats.domain.messages import Message
from housechats.domain.receipts import ChunkReceipts, Recipient
from housechats.domain.territories import Territory
from housechats.ports.broadcasts import Audience, ChunkClaim, LeftOut


class FakeBroadcasts:
    def __init__(self) -> None:
        self.kept: dict[str, Broadcast] = {}
        self._lock = RLock()

    def add(self, broadcast: Broadcast) -> Broadcast:
        with self._lock:
            return self.kept.setdefault(broadcast.id, broadcast)

    def get(self, broadcast_id: str) -> Broadcast | None:
        return self.kept.get(broadcast_id)

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Broadcast]:
        found = [
            one
            for one in [*self.kept.values()]
            if one.created_at >= since
            and (territory.covers(one.oktmo) or Territory(one.oktmo).covers(territory.code))
        ]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def save(self, broadcast: Broadcast) -> bool:
        with self._lock:
            there = self.kept.get(broadcast.id)
            return there is not None and self.recount(
                replace(
                    broadcast,
                    sent=there.sent,
                    failed=there.failed,
                    not_sent=there.not_sent,
                    finished=there.finished,
                )
            )

    def recount(self, broadcast: Broadcast) -> bool:
        with self._lock:
            there = self.kept.get(broadcast.id)
            if there is None or there.revision != broadcast.revision - 1:
                return False
            self.kept[broadcast.id] = broadcast
            return True

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
        with self._lock:
            there = self.kept.get(broadcast_id)
            if there is None:
                raise LookupError(broadcast_id)
            finished = Counter(there.finished)
            finished[community] += through
            counted = replace(
                there,
                sent=there.sent + sent,
                failed=there.failed + failed,
                not_sent=there.not_sent + not_sent,
                finished=dict(finished),
            )
            self.kept[broadcast_id] = counted
            return counted

    def due(self, now: datetime, *, limit: int) -> list[str]:
        due = [one.id for one in [*self.kept.values()] if one.due_at and one.due_at <= now]
        return due[:limit]

    def looked_at(
        self, broadcast: Broadcast, *, seen: int, hand_overs: int, due_at: datetime
    ) -> None:
        with self._lock:
            there = self.kept.get(broadcast.id)
            if there and there.revision == broadcast.revision:
                self.kept[broadcast.id] = replace(
                    there, seen=seen, hand_overs=hand_overs, due_at=due_at
                )


class FakeReceipts:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], ChunkReceipts] = {}
        self.leases: dict[tuple[str, int], datetime] = {}
        self._lock = RLock()

    def claim(
        self, broadcast_id: str, chunk: int, *, now: datetime, lease_until: datetime
    ) -> ChunkClaim:
        key = (broadcast_id, chunk)
        with self._lock:
            there = self.get(broadcast_id, chunk)
            leased = key in self.leases and self.leases[key] > now
            early = there.again_at is not None and there.again_at > now
            if leased or there.is_through or (there.finished_at and early):
                return ChunkClaim(False, there)
            self.leases[key] = lease_until
            claimed = replace(there, revision=there.revision + 1)
            self.kept[key] = replace(claimed, begun_at=there.begun_at or now)
            return ChunkClaim(True, claimed, again=there.begun_at is not None)

    def release(self, broadcast_id: str, chunk: int, *, receipts: ChunkReceipts) -> None:
        with self._lock:
            if self._is_claimed(broadcast_id, receipts):
                self._put(broadcast_id, receipts)

    def finish(self, broadcast_id: str, receipts: ChunkReceipts) -> bool:
        with self._lock:
            if not self._is_claimed(broadcast_id, receipts):
                return False
            self._put(broadcast_id, replace(receipts, begun_at=None))
            return True

    def reopen(
        self, broadcast_id: str, receipts: ChunkReceipts, *, instead_of: ChunkReceipts
    ) -> bool:
        with self._lock:
            there = self.get(broadcast_id, receipts.chunk)
            if there.begun_at or there.revision != instead_of.revision:
                return False
            self._put(broadcast_id, replace(receipts, revision=there.revision + 1))
            return True

    def get(self, broadcast_id: str, chunk: int) -> ChunkReceipts:
        return self.kept.get((broadcast_id, chunk), ChunkReceipts(chunk))

    def of(self, broadcast_id: str, *, first: int = 0) -> Iterator[ChunkReceipts]:
        for (of, chunk), receipts in sorted(self.kept.items(), key=lambda one: one[0]):
            if of == broadcast_id and chunk >= first and receipts != ChunkReceipts(chunk):
                yield receipts

    def _is_claimed(self, broadcast_id: str, receipts: ChunkReceipts) -> bool:
        there = self.get(broadcast_id, receipts.chunk)
        return there.begun_at is not None and there.revision == receipts.revision

    def _put(self, broadcast_id: str, receipts: ChunkReceipts) -> None:
        self.leases.pop((broadcast_id, receipts.chunk), None)
        self.kept[broadcast_id, receipts.chunk] = receipts


class FakeAudiences:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[Audience, list[tuple[Recipient, ...]], list[LeftOut]]] = {}

    def write(
        self,
        key: str,
        chats: Iterable[tuple[int, Recipient] | LeftOut],
        *,
        together: int,
        asked: Sequence[str] = (),
    ) -> Audience:
        chunks: list[tuple[Recipient, ...]] = []
        numbers: dict[int, list[int]] = defaultdict(list)
        waiting: dict[int, list[Recipient]] = defaultdict(list)
        left_out: list[LeftOut] = []
        digest = sha256()

        def flush(community: int) -> None:
            numbers[community].append(len(chunks))
            chunks.append(tuple(waiting.pop(community)))

        for chat in chats:
            if isinstance(chat, LeftOut):
                left_out.append(chat)
                continue
            community, recipient = chat
            digest.update(f"{recipient.house_id} {community} {recipient.chat_id}\n".encode())
            waiting[community].append(recipient)
            if len(waiting[community]) == together:
                flush(community)
        for community in sorted(waiting):
            flush(community)
        audience = Audience(
            key=key,
            digest=digest.hexdigest(),
            chats=sum(map(len, chunks)),
            people=sum(recipient.people for chunk in chunks for recipient in chunk),
            chunks={community: tuple(those) for community, those in numbers.items()},
            offsets=tuple(range(len(chunks) + 1)),
            left_out=dict(Counter(house.why for house in left_out)),
            asked=tuple(asked),
        )
        self.kept[key] = audience, chunks, left_out
        return audience

    def get(self, key: str) -> Audience | None:
        return self.kept[key][0] if key in self.kept else None

    def chunk(self, audience: Audience, number: int) -> tuple[Recipient, ...]:
        return self.kept[audience.key][1][number]

    def all_chunks(self, audience: Audience) -> Iterator[tuple[Recipient, ...]]:
        yield from self.kept[audience.key][1]

    def left_out(self, audience: Audience) -> Iterator[LeftOut]:
        yield from self.kept[audience.key][2]

    def copy(self, key: str, to: str) -> None:
        audience, chunks, left_out = self.kept[key]
        self.kept[to] = replace(audience, key=to), chunks, left_out


class FakeMessages:
    def __init__(self) -> None:
        self.kept: dict[str, Message] = {}

    def put(self, key: str, message: Message) -> None:
        self.kept[key] = message

    def get(self, key: str) -> Message | None:
        return self.kept.get(key)


class FakeStarts:
    def __init__(self) -> None:
        self.planned: dict[str, datetime] = {}

    def plan(self, broadcast_id: str, *, at: datetime, now: datetime) -> None:
        self.planned[broadcast_id] = at

    def cancel(self, broadcast_id: str) -> None:
        self.planned.pop(broadcast_id, None)

    def fire(self, now: datetime) -> list[str]:
        """Return the ids of those whose time has come; each fires once."""
        fired = [broadcast_id for broadcast_id, at in self.planned.items() if at <= now]
        for broadcast_id in fired:
            del self.planned[broadcast_id]
        return fired
