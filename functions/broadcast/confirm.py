"""Use case: confirm a preview, so that what was looked at is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadcast.set_going import Seed, set_going
from broadcast.wish import Wish
from housechats.domain.broadcast_rules import (
    TerritoryRules,
    needs_second_person,
    quiets_within,
)
from housechats.domain.broadcast_starts import begun
from housechats.domain.broadcasts import (
    BEGINNING,
    Broadcast,
    Deed,
    ahead,
    folder_of,
    preview_folder,
)
from housechats.domain.houses import HouseLine
from housechats.domain.messages import Message
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Messages, Starts
from housechats.ports.files import Files

SHOWN_FIRST = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What confirming works with."""

    broadcasts: Broadcasts
    audiences: Audiences
    messages: Messages
    files: Files
    starts: Starts
    seed: Seed


@dataclass(frozen=True, slots=True)
class Difference:
    """How the chats of now differ from those of a preview."""

    came: int
    went: int
    came_first: tuple[str, ...]
    """Titles of the first 20."""
    went_first: tuple[str, ...]


def difference(
    audience: Audience, lines: Iterable[HouseLine], *, audiences: Audiences
) -> Difference:
    """Compare a preview's chats with those that would get the message now."""
    before = {
        (chat.house_id, chat.chat_id): chat.title
        for chunk in audiences.all_chunks(audience)
        for chat in chunk
    }
    now = {(line.id, line.chat_id): line.title for line in lines}
    came = [title for chat, title in now.items() if chat not in before]
    went = [title for chat, title in before.items() if chat not in now]
    return Difference(len(came), len(went), tuple(came[:SHOWN_FIRST]), tuple(went[:SHOWN_FIRST]))


def confirm(
    wish: Wish,
    audience: Audience,
    *,
    by_oktmo: Mapping[str, int],
    rules: Sequence[TerritoryRules],
    reason: str,
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Have a preview's message go to the preview's audience, and return the broadcast.

    `by_oktmo`: how many chats there are by the code of their houses.
    Confirmed again, it is the one that is there; killed on the way, a repeat goes on.
    ReasonWantedError for an emergency of many chats without a reason.
    """
    new = begun(
        _broadcast_of(wish, audience, now),
        chosen=wish.start_at,
        quiets=quiets_within(wish.oktmo, rules),
        is_many=needs_second_person(wish.oktmo, by_oktmo, rules),
        reason=reason,
        has_file=wish.message.attachment is not None,
        now=now,
    )
    desk.audiences.copy(preview_folder(wish.id), folder_of(new.id))
    desk.messages.put(folder_of(new.id), _kept(wish.message, folder_of(new.id), desk.files))
    return go_on(desk.broadcasts.add(new), desk=desk, now=now)


def go_on(one: Broadcast, *, desk: Desk, now: datetime) -> Broadcast:
    """Have what was confirmed go its way, also when somebody was killed on it."""
    set_going(one, seed=desk.seed, starts=desk.starts, now=now)
    return one


def _broadcast_of(wish: Wish, audience: Audience, now: datetime) -> Broadcast:
    return Broadcast(
        id=wish.id,
        deed=Deed.MESSAGE,
        lane=wish.lane,
        oktmo=wish.oktmo,
        inn=wish.inn,
        created_by=wish.by,
        created_at=now,
        beginning=wish.message.text[:BEGINNING],
        chats=audience.chats,
        chunks=audience.size,
        people=audience.people,
        personal=wish.message.personal,
        pin=wish.pin,
        until=ahead(wish.message.until, now),
    )


def _kept(message: Message, folder: str, files: Files) -> Message:
    """Return a message whose file lies where it is kept as long as the broadcast."""
    attachment = message.attachment
    if attachment is None:
        return message
    kept = replace(attachment, key=f"{folder}/file")
    files.copy(attachment.key, kept.key)
    return replace(message, attachment=kept)
