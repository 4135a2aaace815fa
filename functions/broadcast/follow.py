"""Use case: follow a broadcast in the same chats: correct it, take it back, say it is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadcast.change import change
from broadcast.set_going import Seed, set_going
from housechats.domain.broadcast_starts import begun
from housechats.domain.broadcast_texts import CALLED, Occasion
from housechats.domain.broadcasts import (
    RECALLABLE,
    REVIEWED_WITHIN,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    NotNowError,
    Review,
    ahead,
    folder_of,
    followed,
    stopped,
    unclosed,
)
from housechats.domain.followers import (
    FOLLOWER_AT_WORK,
    STOPPED_BY_RECALL,
    closing_of,
    correction_of,
    recall_of,
    require_closable,
    require_correctable,
    require_recallable,
    require_young,
)
from housechats.domain.messages import Message
from housechats.domain.quiet_hours import LocalQuiet
from housechats.ports.broadcasts import Broadcasts, Messages, Receipts, Starts

BETWEEN = " · "
"""Stands between the parts of a message's first line."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What following works with."""

    broadcasts: Broadcasts
    receipts: Receipts
    messages: Messages
    starts: Starts
    seed: Seed


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a broadcast: a repeat of the request has the same id."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What is said when it is over, how urgently, and what counts at the place for that."""

    message: Message
    lane: BroadcastLane
    reason: str
    """Why an emergency of many chats goes out without a second person."""
    quiets: Sequence[LocalQuiet]
    is_many: bool
    """It is for more chats than one person may write to."""


def correct(
    root: Broadcast,
    message: Message,
    *,
    is_many: bool,
    who: Follower,
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Put another text into the messages of a broadcast, at once; NotNowError if it cannot be.

    In more chats than one person may write to, `is_many`, a second one is to look at it afterwards.
    """
    if there := desk.broadcasts.get(who.id):
        return _gone_on(there, desk, now)
    if root.followed_by != who.id:
        require_correctable(root, now=now)
    before = _over(
        *_earlier(root, Deed.CORRECTION, desk)[-1:], *_earlier(root, Deed.RECALL, desk)[-1:]
    )
    new = correction_of(
        root,
        follower_id=who.id,
        by=who.by,
        text=message.text,
        personal=message.personal,
        now=now,
    )
    if is_many:
        new = replace(new, review=Review(due_at=now + REVIEWED_WITHIN))
    desk.messages.put(folder_of(new.id), message)
    return _begun(new, [*before, root], desk, now)


def recall(
    root: Broadcast,
    *,
    reason: str,
    who: Follower,
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Delete the messages of a broadcast for all, at once; what still sends them is stopped."""
    if there := desk.broadcasts.get(who.id):
        return _gone_on(there, desk, now)
    if root.followed_by != who.id:
        _require_recallable(root, desk, now)
    before = _over(*_earlier(root, Deed.RECALL, desk)[-1:])
    root = _stopped(root, desk, now)
    before.extend(_stopped(one, desk, now) for one in _earlier(root, Deed.CORRECTION, desk))
    new = recall_of(root, follower_id=who.id, by=who.by, reason=reason, now=now)
    if closed := desk.broadcasts.get(root.of) if root.is_closing else None:
        change(closed, lambda there: unclosed(there, by=root.id), broadcasts=desk.broadcasts)
    return _begun(new, [*before, root], desk, now)


def close(
    root: Broadcast, closing: Closing, *, who: Follower, desk: Desk, now: datetime
) -> Broadcast:
    """Tell the chats that a broadcast reached that it is over, as any other message is sent.

    ReasonWantedError for an emergency of many chats without a reason.
    """
    if there := desk.broadcasts.get(who.id):
        return _gone_on(there, desk, now)
    if root.followed_by != who.id:
        _require_closable(root, desk.broadcasts)
    before = _over(*_earlier(root, Deed.RECALL, desk)[-1:])
    message = closing.message
    new = closing_of(
        root,
        follower_id=who.id,
        by=who.by,
        text=message.text,
        personal=message.personal,
        now=now,
    )
    new = begun(
        replace(new, lane=closing.lane, until=ahead(message.until, now)),
        chosen=None,
        quiets=closing.quiets,
        is_many=closing.is_many,
        reason=closing.reason,
        has_file=False,
        now=now,
    )
    desk.messages.put(folder_of(new.id), message)
    return _begun(new, [*before, root], desk, now)


def said_anew(root: Message, *, text: str, until: datetime | None, occasion: Occasion) -> Message:
    """Return a message of the same speaker with another text; a correction keeps all the rest."""
    header = BETWEEN.join([root.header.rpartition(BETWEEN)[0], CALLED[occasion]])
    if occasion == Occasion.CORRECTION:
        return replace(root, header=header, text=text, until=until or root.until)
    return Message(header, text, until)


def _require_closable(root: Broadcast, broadcasts: Broadcasts) -> None:
    if root.closed_by and broadcasts.get(root.closed_by) is None:
        root = replace(root, closed_by="")  # who closed it was killed before that began
    require_closable(root)


def _require_recallable(root: Broadcast, desk: Desk, now: datetime) -> None:
    if root.recalled and desk.broadcasts.get(root.followed_by) is None:
        root = replace(root, recalled=False)  # who recalled it was killed before the recall began
    require_recallable(root, now=now)
    if root.started_at and now - root.started_at >= RECALLABLE:
        require_young(desk.receipts.of(root.id), now=now)


def _begun(
    new: Broadcast,
    before: Sequence[Broadcast],
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Have a new broadcast go its way. Killed on the way, the same request goes on where it was.

    The root comes last of those before: it tells which correction was the one before.
    """
    # From here on nothing more is sent of those before, whatever becomes of the new one.
    for one in before:
        _mark(one, new, desk.broadcasts)
    return _gone_on(desk.broadcasts.add(new), desk, now)


def _mark(one: Broadcast, new: Broadcast, broadcasts: Broadcasts) -> None:
    """Note in a broadcast what follows it: its own rest goes out no more."""
    recalled, closed = new.deed == Deed.RECALL, new.is_closing and new.of == one.id

    def to(there: Broadcast) -> Broadcast:
        if there.followed_by == new.id:
            return there
        if closed:  # of two at a time the slower one is told
            _require_closable(there, broadcasts)
        return followed(there, by=new.id, recalled=recalled, closed=closed)

    change(one, to, broadcasts=broadcasts)


def _gone_on(one: Broadcast, desk: Desk, now: datetime) -> Broadcast:
    set_going(one, seed=desk.seed, starts=desk.starts, now=now)
    return one


def _earlier(root: Broadcast, deed: Deed, desk: Desk) -> list[Broadcast]:
    """Return the corrections, or recalls, before: the first one first, none is the last word."""
    before = (desk.broadcasts.get(follower_id) for follower_id in root.followers)
    return [one for one in before if one and one.deed == deed]


def _over(*before: Broadcast) -> list[Broadcast]:
    if not all(map(_is_over, before)):
        raise NotNowError(FOLLOWER_AT_WORK)
    return [*before]


def _is_over(one: Broadcast) -> bool:
    return one.state in {BroadcastState.DONE, BroadcastState.STOPPED}


def _stopped(one: Broadcast, desk: Desk, now: datetime) -> Broadcast:
    def to(there: Broadcast) -> Broadcast:
        return there if _is_over(there) else stopped(there, because=STOPPED_BY_RECALL, now=now)

    return change(one, to, broadcasts=desk.broadcasts)
