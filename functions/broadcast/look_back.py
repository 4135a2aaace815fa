"""Use case: see what the same houses have been sent lately."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcast.kept_previews import Earlier
from housechats.domain.access import Caller, Permission, may
from housechats.domain.broadcasts import BEGINNING, Broadcast, BroadcastState, Deed, folder_of
from housechats.domain.receipts import Fate
from housechats.domain.territories import Territory
from housechats.ports.broadcasts import Audiences, Broadcasts, Messages, Receipts

LATELY = timedelta(hours=24)
PLANNED_BEFORE = timedelta(days=31)
"""How long before its day a broadcast may have been made that is still looked at."""
MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Past:
    """Where it is read what was sent."""

    broadcasts: Broadcasts
    audiences: Audiences
    receipts: Receipts
    messages: Messages


def look_back(
    house_ids: Collection[str],
    text: str,
    *,
    territory: Territory,
    caller: Caller,
    past: Past,
    now: datetime,
) -> tuple[Earlier, ...]:
    """Return the broadcasts of a day that some of the houses have got, the newest first.

    Whoever may write to a house may know what its chat says; of a broadcast out of their reach
    they do not learn more.
    """
    found = []
    for started_at, one in _lately(territory, past, now):
        houses = _reached(one, house_ids, past)
        if houses:
            seen = may(caller, Permission.BROADCASTS_READ, [one.place])
            shown_id = one.id if seen else ""
            found.append(
                Earlier(
                    shown_id,
                    one.beginning,
                    one.lane,
                    started_at,
                    houses,
                    recalled=one.recalled,
                    same_text=_says(one, text, past),
                )
            )
    return tuple(found)


def _lately(territory: Territory, past: Past, now: datetime) -> list[tuple[datetime, Broadcast]]:
    made = past.broadcasts.of_territory(territory, since=now - PLANNED_BEFORE)
    begun = [
        (one.started_at, one)
        for one in made
        if one.deed == Deed.MESSAGE and one.started_at and now - one.started_at <= LATELY
    ]
    return sorted(begun, key=lambda pair: (pair[0], pair[1].id), reverse=True)[:MOST_LOOKED_AT]


def _says(one: Broadcast, text: str, past: Past) -> bool:
    if one.beginning != text[:BEGINNING]:
        return False
    message = past.messages.get(folder_of(one.id))
    return message is not None and message.text == text


def _reached(one: Broadcast, house_ids: Collection[str], past: Past) -> int:
    audience = past.audiences.get(one.audience_folder)
    if audience is None:
        return 0
    chunks = past.audiences.all_chunks(audience)
    if one.state == BroadcastState.DONE and not (one.failed or one.not_sent):
        return sum(chat.house_id in house_ids for chunk in chunks for chat in chunk)
    receipts = {of.chunk: of for of in past.receipts.of(one.id)}
    return sum(
        chat.house_id in house_ids and receipts[number].fate(position) == Fate.SENT
        for number, chunk in enumerate(chunks)
        if number in receipts
        for position, chat in enumerate(chunk)
    )
