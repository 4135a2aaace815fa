"""A broadcast of some chunks with receipts, on fakes: what follows it is tried on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    folder_of,
)
from housechats.domain.messages import Message
from housechats.domain.receipts import ChunkReceipts, Recipient
from housechats.ports.broadcasts import Audience, LeftOut
from support.broadcast_fakes import (
    FakeAudiences,
    FakeBroadcasts,
    FakeMessages,
    FakeReceipts,
    FakeStarts,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ID, OKTMO = "b" * 16, "11701000"
TOGETHER = 3
"""Chats of a chunk here."""
MESSAGE = Message("Официально · Администрация города · Плановые работы", "Воды не будет до обеда.")


@dataclass
class Kept:
    """Where everything is kept, and who is handed over."""

    broadcasts: FakeBroadcasts = field(default_factory=FakeBroadcasts)
    receipts: FakeReceipts = field(default_factory=FakeReceipts)
    audiences: FakeAudiences = field(default_factory=FakeAudiences)
    messages: FakeMessages = field(default_factory=FakeMessages)
    starts: FakeStarts = field(default_factory=FakeStarts)
    seeded: list[str] = field(default_factory=list)

    def seed(self, one: Broadcast) -> None:
        self.seeded.append(one.id)

    @property
    def one(self) -> Broadcast:
        return self.broadcasts.kept[ID]

    @property
    def audience(self) -> Audience:
        audience = self.audiences.get(self.one.audience_folder)
        assert audience
        return audience

    def change(self, **changes: object) -> Broadcast:
        """Have the broadcast be otherwise, as if it had come about."""
        self.broadcasts.kept[ID] = replace(self.one, **changes)  # type: ignore[arg-type]
        return self.one

    def note(
        self,
        chunk: int,
        *,
        sent: Mapping[int, int] | None = None,
        failed: Mapping[int, str] | None = None,
        at: datetime = NOW,
        **more: object,
    ) -> None:
        """Keep the receipts of a chunk that is finished."""
        receipts = ChunkReceipts(
            chunk,
            finished_at=at,
            cmids=sent or {},
            failures=failed or {},
            **more,  # type: ignore[arg-type]
        )
        self.receipts.kept[ID, chunk] = receipts


def kept(chunks: int = 3, *, left_out: int = 2) -> Kept:
    """Return a broadcast to that many chunks of three chats, over and all sent."""
    there = Kept()
    chats = [
        (7, Recipient(f"H{n:07d}", 100 + n, f"Садовая, {n + 1}", people=10))
        for n in range(chunks * TOGETHER)
    ]
    out = [LeftOut(f"X{n:07d}", f"Лесная, {n + 1}", "no_chat_yet") for n in range(left_out)]
    audience = there.audiences.write(folder_of(ID), [*chats, *out], together=TOGETHER)
    there.messages.put(folder_of(ID), MESSAGE)
    there.broadcasts.add(
        Broadcast(
            id=ID,
            deed=Deed.MESSAGE,
            lane=BroadcastLane.PLANNED,
            oktmo=OKTMO,
            inn="",
            created_by="vk:1",
            created_at=NOW - timedelta(minutes=5),
            beginning=MESSAGE.text,
            chats=audience.chats,
            chunks=audience.size,
            people=audience.people,
            state=BroadcastState.DONE,
            held_for=None,
            started_at=NOW - timedelta(minutes=2),
            finished_at=NOW,
            sent=audience.chats,
            finished={7: chunks},
        )
    )
    for chunk in range(chunks):
        there.note(chunk, sent={n: 1000 + chunk * TOGETHER + n for n in range(TOGETHER)})
    return there
