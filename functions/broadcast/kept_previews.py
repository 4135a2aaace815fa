"""Previews of broadcasts: what one tells, and how it is kept until somebody confirms it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Protocol

from pydantic import TypeAdapter

from broadcast.wish import Wish
from housechats.domain.audiences import NotFound, PartFound, WhyLeftOut
from housechats.domain.broadcasts import BroadcastLane, HeldFor, preview_folder
from housechats.domain.cautions import Caution

PREVIEW_LIVES = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HouseLeftOut:
    """A house that was asked for and gets nothing."""

    id: str
    title: str
    why: str
    """A stable code."""
    said: str
    """The same as a sentence for people."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The message as one house gets it."""

    house_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that some of the same houses have got within a day."""

    id: str
    """Of the broadcast; empty when it is not for the caller to see."""
    beginning: str
    """The first words of its text."""
    lane: BroadcastLane
    at: datetime
    """When it began to go out."""
    houses: int
    """How many of these houses have got it."""
    recalled: bool = False
    """Its messages were taken back."""
    same_text: bool = False
    """It says the very same."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen if it were confirmed now."""

    id: str
    token: str
    """Confirms just this; good until `expires_at`."""
    expires_at: datetime
    """Until when the token confirms it."""
    lane: BroadcastLane
    oktmo: str
    inn: str
    chats: int
    """Chats that get the message."""
    people: int | None
    """Their residents by the last count; null when nobody has counted them yet."""
    people_counted_at: datetime | None
    """When the longest uncounted of them were counted; null when they never were."""
    left_out: Mapping[WhyLeftOut, int]
    """How many of the houses asked for get nothing, by why."""
    left_out_first: tuple[HouseLeftOut, ...]
    """The first 20 of them."""
    parts: tuple[PartFound, ...]
    """What each part of the request has found, in its order."""
    not_found: tuple[NotFound, ...]
    """The first 100 parts, and lines of pasted lists, that have found nothing."""
    not_found_count: int
    """How many have found nothing."""
    samples: tuple[Sample, ...]
    """The message as the first house gets it, one in the middle, and that of the longest name."""
    starts_at: datetime
    """If it is confirmed now, and by the second person too where one is needed."""
    held_for: HeldFor | None
    """Why it does not start before `starts_at`; null when it starts at once."""
    waits_because: str
    """What it waits for before it starts: a sentence for people; empty when it starts at once."""
    quiet_from: datetime | None
    """When quiet hours begin before it ends and hold what is left; null when they do not."""
    quiet_until: datetime | None
    """When what is left goes on; null when no quiet hours begin before it ends."""
    finish_at: datetime
    """When the last chat has it, as the queues stand."""
    second_person_needed: bool
    """It waits for the confirmation of somebody else."""
    reason_needed: bool
    """An emergency to so many chats goes at once, with a reason, and is looked at within a day."""
    warnings: tuple[Caution, ...]
    """What is worth another look: nothing is refused."""
    lately: tuple[Earlier, ...]
    """What the same houses have got within a day, the newest first."""
    calls: int
    """Calls to VK that it takes."""
    chunks: int
    """Parts in which it goes out."""


@dataclass(frozen=True, slots=True)
class KeptPreview:
    """A preview as it lies in its folder, beside its message and the snapshot of its audience."""

    wish: Wish
    """With codes of houses in place of what was pasted."""
    digest: str = ""
    """Of its houses and chats."""
    preview: Preview | None = None
    """None while a job makes it."""
    found: tuple[PartFound, ...] = ()
    """Meanwhile: what the parts had found."""
    not_found: tuple[NotFound, ...] = ()


class Folder(Protocol):
    """Where previews are kept."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...


def keep_preview(kept: KeptPreview, *, files: Folder) -> None:
    """Keep it without what was pasted and found nothing: that may be anybody's name or phone."""
    shown = kept.preview and replace(kept.preview, not_found=_numbers_of(kept.preview.not_found))
    kept = replace(kept, preview=shown, not_found=_numbers_of(kept.not_found))
    files.put(_key(kept.wish.id), _json().dump_json(kept), content_type="application/json")


def find_preview(preview_id: str, *, files: Folder) -> KeptPreview | None:
    body = files.get(_key(preview_id))
    return _json().validate_json(body) if body else None


def token_of(wish: Wish, digest: str) -> str:
    """Return what confirms a wish to just these chats."""
    said = digest.encode() + TypeAdapter(Wish).dump_json(wish)
    return f"{wish.id}.{sha256(said).hexdigest()[:16]}"


def _numbers_of(not_found: Iterable[NotFound]) -> tuple[NotFound, ...]:
    return tuple(replace(one, text="") for one in not_found)


def _key(preview_id: str) -> str:
    return f"{preview_folder(preview_id)}/preview.json"


@cache
def _json() -> TypeAdapter[KeptPreview]:
    return TypeAdapter(KeptPreview)
