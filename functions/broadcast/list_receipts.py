"""Use case: tell what became of a broadcast in each chat, page by page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from housechats.domain.audiences import LEFT_OUT
from housechats.domain.broadcasts import Broadcast
from housechats.domain.failed_chats import reason_of
from housechats.domain.receipts import ChunkReceipts, Fate, Recipient, failure_of
from housechats.ports.broadcasts import Audience, Audiences, LeftOut, Receipts

AT_A_TIME = 100
"""Chunks whose chats are read for one page: what is sought may be rare, and a request has 30 s."""
_CURSOR = re.compile(r"c(?P<chunk>\d{1,7})(-(?P<position>\d{1,3}))?|h(?P<house>\d{1,8})", re.ASCII)


class ReceiptStatus(StrEnum):
    """What became of a broadcast in a house's chat."""

    SENT = "sent"
    """It is done: the message is there, corrected or, by a recall, gone."""
    FAILED = "failed"
    NOT_SENT = "not_sent"
    """What this one follows never came to the chat: there is nothing to do."""
    WAITS = "waits"
    """VK asked us to wait with this chat."""
    UNDER_WAY = "under_way"
    """It is being sent."""
    LEFT = "left"
    """Nothing was sent yet."""
    LEFT_OUT = "left_out"
    """The house was left out when the audience was made."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a broadcast in the chat of one house."""

    house_id: str
    title: str
    status: ReceiptStatus
    message: int = 0
    """The message's number in its chat; 0 when there is none."""
    at: datetime | None = None
    """When it was settled; of one that waits, when it is tried again; null when that is unknown."""
    code: str = ""
    """Why it failed, or was left out: a stable word; empty when neither."""
    reason: str = ""
    """The same as a sentence for people."""
    to_do: str = ""
    """What can be done about it: a sentence for people."""
    pinned: bool = False
    """The message is pinned in its chat."""
    reply: bool = False
    """A correction that is a reply: the message could be edited no more."""


class Place(NamedTuple):
    """Where a receipt stands: chats come by chunks, then the houses that were left out."""

    left_out: bool = False
    number: int = 0
    """Of the chunk, or of the house among those that were left out."""
    position: int = -1
    """In the chunk; -1 before its first chat."""

    @property
    def cursor(self) -> str:
        if self.left_out:
            return f"h{self.number}"
        return f"c{self.number}" if self.position < 0 else f"c{self.number}-{self.position}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where receipts are looked up."""

    audiences: Audiences
    receipts: Receipts


def list_receipts(
    one: Broadcast,
    audience: Audience,
    *,
    status: ReceiptStatus | None,
    cursor: str,
    limit: int,
    desk: Desk,
) -> tuple[list[Receipt], str]:
    """Return a page of the receipts that are asked for, and the next cursor.

    A page may be short and have a next one. LookupError for a cursor that is none of ours.
    """
    found: list[Receipt] = []
    last = after = place_of(cursor)
    for place, receipt in _receipts(one, audience, after, status, desk):
        if receipt is None:
            return found, place.cursor
        if len(found) == limit:
            return found, last.cursor
        found.append(receipt)
        last = place
    return found, ""


def place_of(cursor: str) -> Place:
    """Return the place that a cursor says; LookupError for what is no cursor of ours."""
    said = _CURSOR.fullmatch(cursor)
    if said is None:
        if cursor:
            raise LookupError(cursor)
        return Place()
    if said["house"]:
        return Place(left_out=True, number=int(said["house"]))
    position = int(said["position"]) if said["position"] else -1
    return Place(number=int(said["chunk"]), position=position)


def chunks_of(begun: Iterable[ChunkReceipts], *, first: int, size: int) -> Iterator[ChunkReceipts]:
    """Yield the receipts of every chunk from a number on, also of those that nobody began."""
    known = iter(begun)
    coming = next(known, None)
    for number in range(first, size):
        if coming and coming.chunk == number:
            yield coming
            coming = next(known, None)
        else:
            yield ChunkReceipts(number)


def receipt_of(
    one: Broadcast, chunk: ChunkReceipts, position: int, recipient: Recipient
) -> Receipt:
    """Return what became of a broadcast in one chat."""
    fate = chunk.fate(position)
    status = ReceiptStatus(fate)
    if fate == Fate.SENT:
        return Receipt(
            house_id=recipient.house_id,
            title=recipient.title,
            status=status,
            message=chunk.cmids[position],
            at=chunk.finished_at,
            pinned=one.pin and position not in chunk.unpinned,
            reply=position in chunk.replied,
        )
    if fate in {Fate.FAILED, Fate.NOT_SENT}:
        code = chunk.failures[position]
        return Receipt(
            house_id=recipient.house_id,
            title=recipient.title,
            status=status,
            at=chunk.finished_at,
            code=code,
            reason=reason_of(code),
            to_do=failure_of(code).to_do,
        )
    at = chunk.again_at if fate == Fate.WAITS else None
    return Receipt(recipient.house_id, recipient.title, status, at=at)


def receipt_of_left_out(house: LeftOut) -> Receipt:
    why = LEFT_OUT.get(house.why, "")
    return Receipt(house.house_id, house.title, ReceiptStatus.LEFT_OUT, code=house.why, reason=why)


def _receipts(
    one: Broadcast,
    audience: Audience,
    after: Place,
    status: ReceiptStatus | None,
    desk: Desk,
) -> Iterator[tuple[Place, Receipt | None]]:
    """Yield what comes after a place; None where one request goes no further."""
    if not after.left_out and status != ReceiptStatus.LEFT_OUT:
        yield from _of_chats(one, audience, after, status, desk)
    if status in {None, ReceiptStatus.LEFT_OUT}:
        first = after.number + 1 if after.left_out else 0
        for number, house in enumerate(desk.audiences.left_out(audience)):
            if number >= first:
                yield Place(left_out=True, number=number), receipt_of_left_out(house)


def _of_chats(
    one: Broadcast,
    audience: Audience,
    after: Place,
    status: ReceiptStatus | None,
    desk: Desk,
) -> Iterator[tuple[Place, Receipt | None]]:
    begun = desk.receipts.of(one.id, first=after.number)
    read = 0
    for chunk in chunks_of(begun, first=after.number, size=audience.size):
        if not _may_have(chunk, status):
            continue
        if read == AT_A_TIME:
            yield Place(number=chunk.chunk), None
            return
        read += 1
        for position, recipient in enumerate(desk.audiences.chunk(audience, chunk.chunk)):
            place = Place(number=chunk.chunk, position=position)
            if place <= after:
                continue
            receipt = receipt_of(one, chunk, position, recipient)
            if status in {None, receipt.status}:
                yield place, receipt


def _may_have(chunk: ChunkReceipts, status: ReceiptStatus | None) -> bool:
    """Tell whether a chunk may have such chats: those that have none need not be read."""
    match status:
        case ReceiptStatus.SENT:
            return bool(chunk.cmids)
        case ReceiptStatus.FAILED:
            return chunk.failed > 0
        case ReceiptStatus.NOT_SENT:
            return chunk.not_sent > 0
        case ReceiptStatus.WAITS:
            return bool(chunk.waits)
        case ReceiptStatus.UNDER_WAY:
            return chunk.begun_at is not None
        case ReceiptStatus.LEFT:
            return chunk.begun_at is None and chunk.finished_at is None
    return True
