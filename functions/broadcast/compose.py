"""Use case: put a message together out of what a person has filled in, and say what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from broadcast.take_file import FileError, Uploads, take_file, upload_key
from housechats.domain.broadcast_rules import TerritoryRules, rules_at
from housechats.domain.broadcast_texts import (
    TextFault,
    as_sent,
    faults_of,
    header_of,
    occasion_of,
)
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.errors import HouseChatsError
from housechats.domain.local_times import LocalTimeError, read_moment
from housechats.domain.messages import Attachment, LinkButton, Message
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import LINE
from housechats.domain.templates import (
    LONGEST_WORDING,
    USES,
    USUAL,
    Filling,
    TemplateKind,
    faults_of_filling,
    fill,
)
from housechats.domain.territories import region_of
from housechats.domain.zones import zone_of
from housechats.ports.templates import Templates

ONE_OF_TWO = "Напишите текст или выберите шаблон: одно из двух."
NAMELESS = "У этой организации нет названия: впишите его в карточку организации."
TOLD_TWICE = "Время окончания уже сказано в шаблоне."
FILE_ID = r"^[0-9a-f]{16}$"

Moment = Annotated[str, Field(max_length=40)]
Gap = Annotated[str, Field(max_length=LONGEST_WORDING)]


class FaultyError(HouseChatsError):
    """What was filled in cannot go out: each fault points to its field."""

    def __init__(self, *faults: TextFault) -> None:
        super().__init__("faulty")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class BroadcastTemplate:
    """A template with what belongs into its gaps."""

    kind: TemplateKind
    """The organisation's own wording of this kind, if it has one; else ours."""
    what: Gap = ""
    """What happens."""
    where: Gap = ""
    """Where: houses, streets, a place."""
    since: Moment = ""
    """When it begins; without an offset it is by the clocks of the territory."""
    until: Moment = ""
    """When it ends; without an offset it is by the clocks of the territory."""
    call: Gap = ""
    """Whom to call."""


@dataclass(frozen=True, slots=True)
class NewBroadcastFile:
    """A picture or a document that was uploaded for the message."""

    id: Annotated[str, Field(pattern=FILE_ID)]
    """As `POST /broadcasts/files` has named it."""
    name: Annotated[str, Field(pattern=LINE, max_length=200)]
    """What people see it called; its ending tells what it is, such as `план.pdf`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has filled in."""

    lane: BroadcastLane
    text: str
    template: BroadcastTemplate | None
    until: str
    buttons: Sequence[LinkButton]
    file: NewBroadcastFile | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and where."""

    oktmo: str
    rules: Sequence[TerritoryRules]
    """What was set in its region."""
    card: OrganisationCard | None
    """The organisation's; None when the territory itself speaks."""


def compose(
    draft: Draft,
    speaker: Speaker,
    *,
    vk_id: int,
    folder: str,
    templates: Templates,
    files: Uploads,
) -> Message:
    """Return the message; its file is in the folder then. FaultyError when it cannot go out."""
    text, until = said(draft, speaker, templates)
    closes = draft.template is not None and USES[draft.template.kind].closes
    message = Message(
        header=header_of(name_of(speaker), occasion_of(draft.lane, closes=closes)),
        text=as_sent(text),
        until=until,
        buttons=tuple(draft.buttons),
    )
    if faults := faults_of(message):
        raise FaultyError(*faults)
    attachment = _taken(draft.file, vk_id, folder, files) if draft.file else None
    return Message(message.header, message.text, message.until, message.buttons, attachment)


def name_of(speaker: Speaker) -> str:
    """Return what the first line calls who speaks."""
    if speaker.card is None:
        return rules_at(speaker.oktmo, speaker.rules).speaks_as
    if not speaker.card.name:
        raise FaultyError(TextFault("/inn", NAMELESS))
    return speaker.card.name


def said(draft: Draft, speaker: Speaker, templates: Templates) -> tuple[str, datetime | None]:
    """Return the text, written out or of a template, and when what it tells of ends."""
    if bool(draft.text.strip()) == bool(draft.template):
        raise FaultyError(TextFault("/text", ONE_OF_TWO))
    until = _moment(draft.until, speaker.oktmo, "/until")
    if draft.template is None:
        return draft.text, until
    if until:
        raise FaultyError(TextFault("/until", TOLD_TWICE))
    return _filled(draft.template, speaker, templates)


def _filled(
    filled: BroadcastTemplate, speaker: Speaker, templates: Templates
) -> tuple[str, datetime | None]:
    region = region_of(speaker.oktmo)
    own = templates.get(region, speaker.card.inn, filled.kind) if speaker.card else None
    template = own or USUAL[filled.kind]
    filling = Filling(
        what=filled.what,
        where=filled.where,
        since=_moment(filled.since, speaker.oktmo, "/template/since"),
        until=_moment(filled.until, speaker.oktmo, "/template/until"),
        call=filled.call,
    )
    faults = faults_of_filling(template, filling)
    if faults:
        raise FaultyError(*(TextFault(f"/template{one.pointer}", one.message) for one in faults))
    done = fill(template, filling, zone_of(speaker.oktmo))
    return done.text, done.until


def _moment(text: str, oktmo: str, pointer: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return read_moment(text.strip(), oktmo)
    except LocalTimeError as error:
        raise FaultyError(TextFault(pointer, error.message)) from None


def _taken(file: NewBroadcastFile, vk_id: int, folder: str, files: Uploads) -> Attachment:
    key = upload_key(vk_id, file.id)
    try:
        return take_file(key, file_name=file.name, to=folder, files=files)
    except FileError as error:
        raise FaultyError(TextFault("/file", error.message)) from None
