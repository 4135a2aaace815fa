"""Use case: tell of a broadcast that was just stopped what is still being sent, and what is not."""

from dataclasses import dataclass, replace

from housechats.domain.broadcasts import Broadcast, BroadcastState
from housechats.ports.broadcasts import Audiences, Receipts


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A broadcast with the numbers of the moment."""

    one: Broadcast
    sending: int
    """Chats in the hands of workers who had begun before it was stopped."""


def under_way(one: Broadcast, *, audiences: Audiences, receipts: Receipts) -> UnderWay:
    """Return what its receipts say until what was stopped is counted; else it is as it says."""
    if one.state != BroadcastState.STOPPED or one.due_at is None:
        return UnderWay(one, 0)
    sent = failed = not_sent = 0
    begun = []
    for each in receipts.of(one.id):
        sent, failed = sent + len(each.cmids), failed + each.failed
        not_sent += each.not_sent
        if each.begun_at:
            begun.append(each)
    audience = audiences.get(one.audience_folder) if begun else None
    sending = 0
    if audience:
        chats = {each.chunk: len(audiences.chunk(audience, each.chunk)) for each in begun}
        sending = sum(len(each.left_of(chats[each.chunk])) for each in begun)
    return UnderWay(replace(one, sent=sent, failed=failed, not_sent=not_sent), sending)
