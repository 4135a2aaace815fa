"""A confirmation that is cut off and asked again makes one broadcast, and it goes its way."""

from datetime import UTC, datetime

import pytest

from broadcast.confirm import Desk, confirm, go_on
from broadcast.wish import Wish
from housechats.domain.audiences import AllHouses
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    folder_of,
    preview_folder,
)
from housechats.domain.messages import Attachment, Message
from housechats.domain.receipts import Recipient
from support.broadcast_fakes import FakeAudiences, FakeBroadcasts, FakeMessages, FakeStarts
from support.fakes import FakeFiles
from support.killing import Killed, Wire

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ID, OKTMO = "a" * 16, "11701000"
KEY = f"{preview_folder(ID)}/file"
RULES = (TerritoryRules(OKTMO, second_person_above=10),)


def wish_of(lane: BroadcastLane, *, file: bool = False) -> Wish:
    attachment = Attachment(KEY, "схема.png", image=True) if file else None
    message = Message("Официально", "Воды не будет.", attachment=attachment)
    return Wish(ID, "vk:3", OKTMO, "", (AllHouses(),), lane, message)


class Kept:
    """What a preview has left, and what a confirmation makes of it."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.broadcasts, self.audiences = FakeBroadcasts(), FakeAudiences()
        self.messages, self.files = FakeMessages(), FakeFiles()
        self.starts = FakeStarts()
        self.seeded: set[str] = set()
        self.files.put(KEY, b"a picture", content_type="image/png")
        chats = [(7, Recipient(f"0000000{n}", n, f"ул. Садовая, д. {n}")) for n in range(1, 4)]
        self.audience = self.audiences.write(preview_folder(ID), chats, together=100)

    def confirm(self, wish: Wish) -> Broadcast:
        """Do as the route does: what is there already goes on."""
        watch = self.wire.watch
        desk = Desk(
            broadcasts=watch("broadcasts", self.broadcasts),
            audiences=watch("audiences", self.audiences),
            messages=watch("messages", self.messages),
            files=watch("files", self.files),
            starts=watch("starts", self.starts),
            seed=lambda one: self.wire.carry("seed", lambda: self.seeded.add(one.id)),
        )
        if there := desk.broadcasts.get(wish.id):
            return go_on(there, desk=desk, now=NOW)
        return confirm(
            wish, self.audience, by_oktmo={OKTMO: 3}, rules=RULES, reason="", desk=desk, now=NOW
        )


CALLS = range(1, 8)


@pytest.mark.parametrize("lane", list(BroadcastLane))
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_is_killed_and_asks_again_has_one_broadcast(
    lane: BroadcastLane, call: int, moment: str
) -> None:
    kept, wish = Kept(), wish_of(lane)
    kept.wire.kill(**{moment: [call]})

    try:
        kept.confirm(wish)
    except Killed:
        kept.confirm(wish)

    (one,) = kept.broadcasts.kept.values()
    assert kept.messages.get(folder_of(ID)) == wish.message
    assert kept.audiences.get(folder_of(ID))
    if lane == BroadcastLane.EMERGENCY:
        assert (one.state, kept.seeded) == (BroadcastState.RUNNING, {ID})
    else:
        assert kept.starts.planned == {ID: one.start_at}


def test_the_file_of_a_message_is_kept_as_long_as_the_broadcast() -> None:
    kept = Kept()

    kept.confirm(wish_of(BroadcastLane.NEWS, file=True))

    message = kept.messages.get(folder_of(ID))
    assert message
    assert message.attachment
    assert kept.files.get(message.attachment.key) == b"a picture"
    assert message.attachment.key.startswith(folder_of(ID))


def test_what_is_confirmed_twice_at_once_is_one_broadcast() -> None:
    kept, wish = Kept(), wish_of(BroadcastLane.PLANNED)

    def confirm_too() -> None:
        kept.wire.takes_time = lambda: None
        kept.confirm(wish)

    kept.wire.takes_time = confirm_too

    one = kept.confirm(wish)

    assert kept.broadcasts.kept == {ID: one}
    assert kept.starts.planned == {ID: one.start_at}
