"""Use case: upload the file of a broadcast, once for each community that sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from broadcast.change import change
from broadcast.patience import VK_TAKES, Hours, patiently
from housechats.domain.broadcasts import Broadcast, attached, folder_of
from housechats.domain.communities import LOOKS_AGAIN, Community
from housechats.domain.errors import DisconnectedError, PausedError, RefusedError
from housechats.domain.messages import Attachment
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Messages
from housechats.ports.chats import Lane
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.mailings import Mailer

CHATS_ASKED = 3
"""A chat for which VK takes no file may be lost; that three are, is the file's fault."""


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


def attach(one: Broadcast, audience: Audience, *, desk: Desk, hours: Hours) -> Broadcast:
    """Upload the file for each community that takes it now, and note it.

    PausedError when none does: nothing can be sent yet. RefusedError when VK does not want it.
    """
    file = _file_of(one, desk.messages)
    if file is None:
        return one
    until = hours.now() + LOOKS_AGAIN
    for number in audience.chunks:
        community = desk.communities.get(number)
        if str(number) in one.attachments or community is None or not community.works:
            continue
        try:
            reference = _uploaded(one, file, community, audience, desk, hours)
        except DisconnectedError as disconnected:
            desk.communities.disconnect(community, reason=disconnected.message)
        except PausedError as paused:
            until = min(until, paused.until)
        else:
            noted = partial(attached, refs={str(number): reference})
            one = change(one, noted, broadcasts=desk.broadcasts)
    if not one.attachments:
        raise PausedError(until, "no community takes the file")
    return one


def _uploaded(
    one: Broadcast,
    file: Attachment,
    community: Community,
    audience: Audience,
    desk: Desk,
    hours: Hours,
) -> str:
    body = desk.files.get(file.key)
    if body is None:
        raise LookupError(f"no file {file.key}")
    mailer = desk.mailer_of(community)
    lane = Lane.EMERGENCY if one.is_urgent else Lane.BULK
    refusal = RefusedError("no_chat", "")
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
            refusal = refused
    raise refusal


def _file_of(one: Broadcast, messages: Messages) -> Attachment | None:
    message = messages.get(folder_of(one.id))
    return message.attachment if message else None
