"""Use case: follow a broadcast in the same chats, by a correction or a recall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadcast.change import change
from broadcast.set_going import Seed
from housechats.domain.broadcast_texts import CALLED, Occasion
from housechats.domain.broadcasts import (
    RECALLABLE,
    Broadcast,
    BroadcastState,
    Deed,
    NotNowError,
    folder_of,
    followed,
    stopped,
)
from housechats.domain.followers import (
    FOLLOWER_AT_WORK,
    STOPPED_BY_RECALL,
    correction_of,
    recall_of,
    require_correctable,
    require_recallable,
    require_young,
)
from housechats.domain.messages import Message
from housechats.ports.broadcasts import Broadcasts, Messages, Receipts

BETWEEN = " · "
"""Stands between the parts of a message's first line."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What following works with."""

    broadcasts: Broadcasts
    receipts: Receipts
    messages: Messages
    seed: Seed


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a broadcast: a repeat of the request has the same id."""

    id: str
    by: str


def correct(
    root: Broadcast,
    message: Message,
    *,
    who: Follower,
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Put another text into the messages of a broadcast, at once; NotNowError if it cannot be."""
    if there := desk.broadcasts.get(who.id):
        return _gone_on(there, desk)
    if root.followed_by != who.id:
        require_correctable(root)
    before = _earlier(root, desk)
    if before and not _is_over(before):
        raise NotNowError(FOLLOWER_AT_WORK)
    new = correction_of(
        root,
        follower_id=who.id,
        by=who.by,
        text=message.text,
        personal=message.personal,
        now=now,
    )
    desk.messages.put(folder_of(new.id), message)
    return _begun(new, [before, root], desk)


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
        return _gone_on(there, desk)
    if root.followed_by != who.id:
        _require_recallable(root, desk, now)
    root = _stopped(root, desk)
    before = _earlier(root, desk)
    if before:
        before = _stopped(before, desk)
    new = recall_of(root, follower_id=who.id, by=who.by, reason=reason, now=now)
    return _begun(new, [before, root], desk)


def said_anew(root: Message, *, text: str, until: datetime | None, occasion: Occasion) -> Message:
    """Return a message of the same speaker, with the same buttons and file, and another text."""
    speaker = root.header.rpartition(BETWEEN)[0]
    header = BETWEEN.join([speaker, CALLED[occasion]])
    return replace(root, header=header, text=text, until=until)


def _require_recallable(root: Broadcast, desk: Desk, now: datetime) -> None:
    if root.recalled and desk.broadcasts.get(root.followed_by) is None:
        root = replace(root, recalled=False)  # who recalled it was killed before the recall began
    require_recallable(root, now=now)
    if root.started_at and now - root.started_at >= RECALLABLE:
        require_young(desk.receipts.of(root.id), now=now)


def _begun(
    new: Broadcast,
    before: Sequence[Broadcast | None],
    desk: Desk,
) -> Broadcast:
    """Have a new broadcast run. Killed on the way, the same request goes on where it was.

    The root comes last of those before: it tells which correction was the one before.
    """
    # From here on nothing more is sent of those before, whatever becomes of the new one.
    for one in before:
        if one:
            mark_followed(one, new, desk.broadcasts)
    return _gone_on(desk.broadcasts.add(new), desk)


def mark_followed(one: Broadcast, new: Broadcast, broadcasts: Broadcasts) -> None:
    """Note in a broadcast what follows it: its own rest goes out no more."""
    recalled = new.deed == Deed.RECALL
    change(
        one,
        lambda now: (
            now if now.followed_by == new.id else followed(now, by=new.id, recalled=recalled)
        ),
        broadcasts=broadcasts,
    )


def _gone_on(one: Broadcast, desk: Desk) -> Broadcast:
    if one.state == BroadcastState.RUNNING:
        desk.seed(one)
    return one


def _earlier(root: Broadcast, desk: Desk) -> Broadcast | None:
    """Return the correction before, if there is one: its text is not the last word any more."""
    before = desk.broadcasts.get(root.followed_by) if root.followed_by else None
    return before if before and before.deed == Deed.CORRECTION else None


def _is_over(one: Broadcast) -> bool:
    return one.state in {BroadcastState.DONE, BroadcastState.STOPPED}


def _stopped(one: Broadcast, desk: Desk) -> Broadcast:
    return change(
        one,
        lambda now: now if _is_over(now) else stopped(now, because=STOPPED_BY_RECALL),
        broadcasts=desk.broadcasts,
    )
