"""What a broadcast is, says and reaches: read once by a worker, for it changes no more."""

from dataclasses import dataclass

from housechats.domain.broadcasts import Broadcast, folder_of
from housechats.domain.messages import Message
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Messages


@dataclass(frozen=True, slots=True)
class Mailing:
    """A broadcast with its files. Its state and its counters are those of the first look."""

    broadcast: Broadcast
    audience: Audience
    message: Message | None
    """None for a recall: it says nothing."""
    parent: "Mailing | None"
    """What it corrects, recalls or closes."""


def audience_of(one: Broadcast, *, broadcasts: Broadcasts, audiences: Audiences) -> Audience:
    """Return whom a broadcast reaches: what follows another one has its audience."""
    root = one
    while root.of:
        above = broadcasts.get(root.of)
        if above is None:
            raise LookupError(f"no broadcast {root.of}")
        root = above
    audience = audiences.get(folder_of(root.id))
    if audience is None:
        raise LookupError(f"no audience of {root.id}")
    return audience


def read_mailing(
    broadcast_id: str, *, broadcasts: Broadcasts, audiences: Audiences, messages: Messages
) -> Mailing:
    """Return a broadcast with its files; the audience is that of the first message of all."""
    one = broadcasts.get(broadcast_id)
    if one is None:
        raise LookupError(f"no broadcast {broadcast_id}")
    message = messages.get(folder_of(one.id))
    if one.of:
        parent = read_mailing(one.of, broadcasts=broadcasts, audiences=audiences, messages=messages)
        return Mailing(one, parent.audience, message, parent)
    audience = audience_of(one, broadcasts=broadcasts, audiences=audiences)
    return Mailing(one, audience, message, None)
