"""Use case: upload the file of a broadcast, once for each community that sends it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from broadcast.change import change
from broadcast.patience import VK_TAKES, Hours, patiently
from housechats.domain.broadcasts import Broadcast, attached, folder_of
from housechats.domain.communities import LOOKS_AGAIN, Community
from housechats.domain.errors import (
    DisconnectedError,
    HouseChatsError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.messages import Attachment
from housechats.domain.receipts import failure_of
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Messages
from housechats.ports.chats import Lane
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.mailings import Mailer

AT_ONCE = 5
"""Uploads at a time: each has the file, of up to 10 MB, in the memory once more."""
CHATS_ASKED = 25
"""A chat for which VK takes no file may be lost; that so many are, is no accident."""
TRIES = 3
"""How often a file is uploaded that VK's server does not want: each chat has another server."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What attaching works with."""

    broadcasts: Broadcasts
    audiences: Audiences
    messages: Messages
    communities: Communities
    mailer_of: Callable[[Community], Mailer]
    files: Files


def lacks_file(one: Broadcast, audience: Audience, *, messages: Messages) -> bool:
    """Say whether some community does not have the file of a broadcast yet."""
    has_it = {int(number) for number in one.attachments}
    return not audience.chunks.keys() <= has_it and _file_of(one, messages) is not None


@dataclass(frozen=True, slots=True)
class Attached:
    """A broadcast whose file some community has."""

    broadcast: Broadcast
    failures: Sequence[Exception] = ()
    """What nobody foresaw in other communities: it rises once those that have it are begun."""


def attach(one: Broadcast, audience: Audience, *, desk: Desk, hours: Hours) -> Attached:
    """Upload the file for each community that takes it now, and note it.

    Those that do not take it now are asked again later. Where VK refuses it, each chat gets a copy
    of its own: that tells what is the matter with the chat. When no community has it, this rises:
    UnavailableError, PausedError until it may be tried again, RefusedError when VK does not want
    it.
    """
    file = _file_of(one, desk.messages)
    if file is None:
        return Attached(one)
    refused: dict[str, str] = {}
    failures: list[Exception] = []
    for community, told in _uploads(one, file, audience, desk, hours):
        if isinstance(told, str):
            noted = partial(attached, refs={str(community.id): told})
            one = change(one, noted, broadcasts=desk.broadcasts)
        elif isinstance(told, DisconnectedError):
            desk.communities.disconnect(community, reason=told.message)
        else:
            failures.append(told)
        if isinstance(told, RefusedError):
            refused[str(community.id)] = ""
    if not one.attachments:
        raise _weightiest(failures, hours.now())
    if refused:
        one = change(one, partial(attached, refs=refused), broadcasts=desk.broadcasts)
    return Attached(one, [each for each in failures if not isinstance(each, HouseChatsError)])


def _weightiest(failures: Sequence[Exception], now: datetime) -> Exception:
    """Return what to do about a file that no community has: what passes, before what does not."""
    pauses = [each.until for each in failures if isinstance(each, PausedError)]
    for each in failures:
        if isinstance(each, UnavailableError) or not isinstance(each, HouseChatsError):
            return each
    if not pauses and failures:
        return failures[0]
    return PausedError(min(pauses, default=now + LOOKS_AGAIN), "no community takes the file")


def _uploads(
    one: Broadcast, file: Attachment, audience: Audience, desk: Desk, hours: Hours
) -> Iterator[tuple[Community, str | Exception]]:
    """Upload for several communities at once; yield what came of each as soon as it is known."""
    body = desk.files.get(file.key)
    if body is None:
        raise LookupError(f"no file {file.key}")
    upload = partial(_uploaded, one, file, body, audience, desk=desk, hours=hours)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        uploads = {threads.submit(upload, each): each for each in _lacking(one, audience, desk)}
        for done in as_completed(uploads):
            told: str | Exception
            try:
                told = done.result()
            except Exception as error:  # noqa: BLE001 - judged beside those of other communities
                told = error
            yield uploads[done], told


def _lacking(one: Broadcast, audience: Audience, desk: Desk) -> Iterator[Community]:
    for number in audience.chunks:
        community = desk.communities.get(number)
        if str(number) not in one.attachments and community and community.works:
            yield community


def _uploaded(
    one: Broadcast,
    file: Attachment,
    body: bytes,
    audience: Audience,
    community: Community,
    *,
    desk: Desk,
    hours: Hours,
) -> str:
    mailer = desk.mailer_of(community)
    lane = Lane.EMERGENCY if one.is_urgent else Lane.BULK
    refusals: list[RefusedError] = []
    for chat in desk.audiences.chunk(audience, audience.chunks[community.id][0])[:CHATS_ASKED]:
        upload = partial(
            mailer.attach,
            chat.chat_id,
            file_name=file.file_name,
            body=body,
            image=file.image,
            lane=lane,
        )
        try:
            return patiently(upload, hours=hours, takes=VK_TAKES)
        except RefusedError as refused:
            refusals.append(refused)
        if sum(not failure_of(each.code).loses_chat for each in refusals) == TRIES:
            break
    raise refusals[-1]


def _file_of(one: Broadcast, messages: Messages) -> Attachment | None:
    message = messages.get(folder_of(one.id))
    return message.attachment if message else None
