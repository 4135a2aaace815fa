"""What the API shows of one house."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field

from create_chats.routes.notes import InstructionNote, note_of
from create_chats.routes.router import Doors
from housechats.domain.access import Caller, Permission, may
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Channel, Instruction, InstructionState
from housechats.domain.invitations import masked
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder
from housechats.domain.receipts import failure_of

ScanPlace = Annotated[str, Field(pattern=r"^([1-9][0-9]?|lift|sms|other)$")]


@dataclass(frozen=True, slots=True)
class ElderNote:
    """The person who runs a house chat, as far as staff need to know."""

    name: str
    """As they were named last."""
    has_vk: bool
    """Whether a page in VK is known."""
    phone: str
    """The last two digits of the phone; empty when none is known."""


@dataclass(frozen=True, slots=True)
class Closing:
    """That a chat is closed."""

    at: datetime
    """Since when."""
    reason: str
    """What residents are told."""


@dataclass(frozen=True, slots=True)
class Loss:
    """That the community can write to a chat no more."""

    code: str
    """How it was lost, as receipts of broadcasts say it."""
    to_do: str
    """What to do about it: a sentence."""
    new_chat: bool
    """Whether a new chat may be opened for the house instead."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far a house has come on its way from a chat to a chat with residents."""

    created_at: datetime
    """When the house came."""
    elder_reached_at: datetime | None
    """When the instruction went to the elder; null to all but staff and the elder."""
    channel: Channel | None
    """By which way it went; null to all but staff and the elder."""
    elder_joined_at: datetime | None
    """When the elder was seen in the chat first; null to all but staff and the elder."""
    scans: int
    """How often a poster was scanned, at all places."""
    residents: int
    """How many people are in the chat."""
    residents_at: datetime | None
    """Since when there are so many: they are counted each hour."""


@dataclass(frozen=True, slots=True)
class HouseCard:
    """One house with its chat."""

    id: str
    """The code of 8 characters on its posters."""
    title: str
    """The chat's title: given by a person, or the short address."""
    address: str
    """The whole address."""
    oktmo: str
    """The municipality."""
    fias_id: str
    """The house's id in the state register of addresses; empty when unknown."""
    entrances: int
    """0 when unknown."""
    state: ChatState
    """How far the chat has come."""
    reason: str
    """Why the chat is refused, uncertain, lost or waits, or what of it could not be renewed; empty
    to all but staff."""
    due_at: datetime | None
    """When a waiting one is tried again."""
    link: str
    """The chat's present invite link; posters carry /j/<id>, which outlives it."""
    batch_id: str
    """The list that it came with; empty when it was created singly, and to all but staff."""
    created_at: datetime
    """When it came."""
    poster_at: datetime | None
    """When its poster was drawn."""
    elder: ElderNote | None
    """Who runs the chat; none when nobody is named, or nothing is known of them any more, and to
    all but staff and the elder."""
    instruction: InstructionNote | None
    """What became of the message to the elder; none to all but staff and the elder."""
    former: InstructionNote | None
    """What became of the message to the elder before, that the house is another's now; none to all
    but staff."""
    scans: dict[ScanPlace, int]
    """Scans of the posters by place: an entrance's number, `lift`, `sms`, `other`."""
    funnel: Funnel
    """How far the house has come."""
    revision: int
    """Grows with every change; the ETag has it."""
    up_to_date: bool
    """Whether the chat says by now what the house says."""
    closed: Closing | None = None
    """Since when and why the chat is closed."""
    lost: Loss | None = None
    """How the chat was lost and what to do; none while it is not, and to all but staff."""
    flats: int = 0
    """0 when unknown."""
    tags: list[str] = field(default_factory=list)
    """Words by which staff find houses again; none to all but staff."""
    organisations: dict[str, OrganisationKind] = field(default_factory=dict)
    """Those attached now: ИНН and what it is to the house."""
    remarks: list[str] = field(default_factory=list)
    """To who has just written it: what was not understood, or that nothing has changed."""


def card_of(house: House, caller: Caller, doors: Doors) -> HouseCard:
    """Show a house: its elder to themselves and to staff, what staff note of it to staff alone."""
    staff = may(caller, Permission.HOUSES_HAND_OVER, [house.place])
    known = bool(house.elder_id) and (staff or house.elder_id in caller.elder_ids)
    elder = doors.elders.get(house.elder_id) if known else None
    told = doors.instructions.get(house.letter_id, house.elder_id) if known else None
    partings = doors.instructions.of_batch(house.parting_id) if staff and house.parting_id else []
    scans = doors.scans.of(house.id)
    return HouseCard(
        id=house.id,
        title=house.title,
        address=house.address.full,
        oktmo=house.oktmo,
        fias_id=house.fias_id,
        entrances=house.entrances,
        state=house.state,
        reason=house.reason if staff else "",
        due_at=house.due_at,
        link=house.link,
        batch_id=house.batch_id if staff else "",
        created_at=house.created_at,
        poster_at=house.poster_at,
        elder=_elder(elder) if elder else None,
        instruction=note_of(told) if told else None,
        former=note_of(partings[0]) if partings else None,
        scans=scans,
        funnel=_funnel(house, told, scans, joined_at=house.elder_joined_at if known else None),
        revision=house.revision,
        up_to_date=not house.outdated,
        closed=Closing(house.closed_at, house.closed_reason) if house.closed_at else None,
        lost=_loss(house) if staff and house.state == ChatState.LOST else None,
        flats=house.flats,
        tags=list(house.tags) if staff else [],
        organisations=dict(house.organisations),
    )


def _loss(house: House) -> Loss:
    return Loss(house.loss, failure_of(house.loss).to_do, house.may_get_new_chat)


def _funnel(
    house: House, told: Instruction | None, scans: dict[str, int], *, joined_at: datetime | None
) -> Funnel:
    reached = told if told and told.state == InstructionState.SENT else None
    return Funnel(
        created_at=house.created_at,
        elder_reached_at=reached.sent_at if reached else None,
        channel=reached.channel if reached else None,
        elder_joined_at=joined_at,
        scans=sum(scans.values()),
        residents=house.residents,
        residents_at=house.residents_at,
    )


def _elder(elder: Elder) -> ElderNote:
    return ElderNote(elder.name, elder.has_page, masked(elder.phone))
