"""Complaints: what a resident tells the organisation of a house privately, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Self

from housechats.domain.access import Place
from housechats.domain.errands import Errand, added, next_at
from housechats.domain.errors import HouseChatsError
from housechats.domain.houses import ALPHABET
from housechats.domain.organisations import OrganisationKind
from housechats.domain.questions import Where

LONGEST_TEXT = 1000
LONGEST_CONTACT = 100
LONGEST_DETAIL = 20
LONGEST_NOTE = 300
MOST_PHOTOS = 3
NUMBER_LENGTH = 6
"""Characters of a number: 30 bits, a thousand million of them; two that meet try the next one."""
A_DAY_AT_MOST = 10
"""Complaints of one person: each is written to up to ten officials."""
MOST_ADDRESSEES = 10
"""People who are written to privately about one complaint."""

GIVEN_UP_AFTER = timedelta(days=1)
"""How long its delivery is tried; then people see to it."""
ERASED_AFTER = timedelta(days=90)
"""When text, photos and contact of a complaint go that is over, or could not be delivered."""
ERASED_AT_LAST = timedelta(days=365)
"""When they go of one of which nobody said how it ended."""
KEPT = timedelta(days=730)
"""How long it is kept that there was one, and what came of it."""


class ComplaintState(StrEnum):
    SENT = "sent"
    """It is on its way to the organisation."""
    DELIVERED = "delivered"
    """The organisation's system has taken it, or a person of it was written to."""
    ACCEPTED = "accepted"
    """The organisation works on it."""
    DONE = "done"
    REJECTED = "rejected"
    """The organisation says why it does nothing: a note says it."""
    UNDELIVERABLE = "undeliverable"
    """Nobody took it for a day: staff see to it, or have it delivered anew."""

    @property
    def over(self) -> bool:
        return self in {ComplaintState.DONE, ComplaintState.REJECTED}


class Happening(StrEnum):
    """What moves a complaint on."""

    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    DONE = "done"
    REJECTED = "rejected"
    GIVEN_UP = "given_up"
    """A day has passed."""
    SENT_AGAIN = "sent_again"
    """A person has it delivered anew."""


_S, _H = ComplaintState, Happening
MOVES: Mapping[tuple[ComplaintState, Happening], ComplaintState] = {
    (_S.SENT, _H.DELIVERED): _S.DELIVERED,
    # A system may say what it does before its «taken» reaches us.
    (_S.SENT, _H.ACCEPTED): _S.ACCEPTED,
    (_S.SENT, _H.DONE): _S.DONE,
    (_S.SENT, _H.REJECTED): _S.REJECTED,
    (_S.SENT, _H.GIVEN_UP): _S.UNDELIVERABLE,
    (_S.DELIVERED, _H.ACCEPTED): _S.ACCEPTED,
    (_S.DELIVERED, _H.DONE): _S.DONE,
    (_S.DELIVERED, _H.REJECTED): _S.REJECTED,
    (_S.ACCEPTED, _H.DONE): _S.DONE,
    (_S.ACCEPTED, _H.REJECTED): _S.REJECTED,
    (_S.UNDELIVERABLE, _H.SENT_AGAIN): _S.SENT,
    (_S.UNDELIVERABLE, _H.ACCEPTED): _S.ACCEPTED,
    (_S.UNDELIVERABLE, _H.DONE): _S.DONE,
    (_S.UNDELIVERABLE, _H.REJECTED): _S.REJECTED,
}
"""What may happen to a complaint, and what it is then. Whatever is not here does not happen."""


class NotNowError(HouseChatsError):
    """A complaint is not in a state for what is asked; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


NOT_NOW: Mapping[ComplaintState, str] = {
    _S.SENT: "Жалоба сейчас доставляется.",
    _S.DELIVERED: "Жалоба доставлена.",
    _S.ACCEPTED: "Жалоба уже принята в работу.",
    _S.DONE: "По жалобе уже всё сделано.",
    _S.REJECTED: "Жалоба уже отклонена.",
    _S.UNDELIVERABLE: "Жалобу не удалось доставить.",
}
NOTE_MISSING = "Напишите, почему: человеку нужна причина."


class Topic(StrEnum):
    """What a complaint is about."""

    CLEANING = "cleaning"
    REPAIRS = "repairs"
    WATER_HEAT = "water_heat"
    POWER_GAS = "power_gas"
    LIFT = "lift"
    YARD = "yard"
    OTHER = "other"


_K = OrganisationKind
ANSWERABLE: Mapping[Topic, tuple[OrganisationKind, ...]] = {
    Topic.CLEANING: (_K.MANAGEMENT_COMPANY, _K.ADMINISTRATION),
    Topic.REPAIRS: (_K.MANAGEMENT_COMPANY, _K.ADMINISTRATION),
    # Within the house its networks are the company's: правила № 491 от 13.08.2006, п. 5, 6, 7.
    Topic.WATER_HEAT: (_K.MANAGEMENT_COMPANY, _K.UTILITY, _K.ADMINISTRATION),
    Topic.POWER_GAS: (_K.MANAGEMENT_COMPANY, _K.UTILITY, _K.ADMINISTRATION),
    Topic.LIFT: (_K.MANAGEMENT_COMPANY, _K.ADMINISTRATION),
    Topic.YARD: (_K.MANAGEMENT_COMPANY, _K.ADMINISTRATION),
    Topic.OTHER: (_K.MANAGEMENT_COMPANY, _K.ADMINISTRATION, _K.UTILITY),
}
"""Whose business a topic is, the first of them that the house has."""


class Way(StrEnum):
    """How a complaint gets to whom it is for."""

    NONE = ""
    """Not decided yet."""
    WEBHOOK = "webhook"
    REPRESENTATIVES = "representatives"
    STAFF = "staff"


class ErrandKind(StrEnum):
    """What is to be done for a complaint."""

    ADDRESS = "address"
    """Find out who is to get it."""
    ADDRESS_STAFF = "address_staff"
    """None of the organisation's people can be written to: staff get it."""
    SEND = "send"
    """Hand it to the organisation's system."""
    SEND_CHANGE = "send_change"
    """Tell the organisation's system what somebody else has said of it."""
    TELL_OFFICIAL = "tell_official"
    TELL_AUTHOR = "tell_author"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint of one resident."""

    id: str
    """Its number, by which people call it, without the dash."""
    house_id: str
    oktmo: str
    community: int
    inn: str
    """The organisation that is to answer; empty when the house has none: staff see to it."""
    by: int
    """VK id of the author, to tell them what comes of it; 0 when they are forgotten."""
    topic: Topic
    where: Where
    sent_at: datetime
    event: str
    """The event that made it: a repeat makes no other."""
    text: str = field(default="", repr=False)
    """Empty when it is erased."""
    detail: str = field(default="", repr=False)
    """Number of the flat or the entrance."""
    photos: tuple[str, ...] = ()
    contact: str = field(default="", repr=False)
    """How to reach the author, if they wanted to be reached."""
    state: ComplaintState = ComplaintState.SENT
    way: Way = Way.NONE
    round: int = 1
    """How often it was set going."""
    note: str = field(default="", repr=False)
    """What the organisation said last."""
    answered_by: str = ""
    """Who said last what becomes of it: `vk:<id>` or `organisation:<ИНН>`."""
    changed_at: datetime | None = None
    """When its state changed last."""
    delivery_until: datetime | None = None
    erased: bool = False
    erase_at: datetime | None = None
    errands: tuple[Errand, ...] = ()
    revision: int = 1

    @property
    def number(self) -> str:
        return shown_number(self.id)

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn} - {""}))

    def due_at(self, now: datetime) -> datetime | None:
        """Return when the sweep looks at it."""
        waits = self.delivery_until if self.state == ComplaintState.SENT else None
        moments = [waits, self.erase_at, next_at(self.errands, now=now)]
        return min((moment for moment in moments if moment), default=None)

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)


def number_of(event_id: str, attempt: int = 0) -> str:
    """Return the number of what an event makes; the next attempt when another one has it."""
    digest = int.from_bytes(sha256(f"complaint/{event_id}/{attempt}".encode()).digest()[:4], "big")
    return "".join(ALPHABET[digest >> shift & 31] for shift in range(25, -1, -5))


def shown_number(complaint_id: str) -> str:
    return f"{complaint_id[:3]}-{complaint_id[3:]}"


def answerable(topic: Topic, organisations: Mapping[str, OrganisationKind]) -> str:
    """Return ИНН of the organisation of a house whose business a topic is; empty: none."""
    for kind in ANSWERABLE[topic]:
        if inns := sorted(inn for inn, its_kind in organisations.items() if its_kind == kind):
            return inns[0]
    return ""


def begun(complaint: Complaint) -> Complaint:
    """Return a new complaint, on its way."""
    return _set_going(replace(complaint, erase_at=complaint.sent_at + ERASED_AT_LAST))


def moved(
    complaint: Complaint, happening: Happening, *, now: datetime, by: str = "", note: str = ""
) -> Complaint:
    """Return a complaint after something has happened; NotNowError when it cannot happen now.

    What it says already happens again without an effect.
    """
    state = MOVES.get((complaint.state, happening))
    if state is None and by and str(complaint.state) == str(happening):
        return complaint
    if state is None:
        raise NotNowError(NOT_NOW[complaint.state])
    if happening == Happening.REJECTED and not note.strip():
        raise NotNowError(NOTE_MISSING)
    after = replace(complaint, state=state, changed_at=now)
    if by:
        after = replace(after, answered_by=by, note=note.strip()[:LONGEST_NOTE])
    if state.over or state == ComplaintState.UNDELIVERABLE:
        after = replace(after, erase_at=now + ERASED_AFTER)
    if state == ComplaintState.SENT:
        again = replace(after, round=after.round + 1, erase_at=now + ERASED_AT_LAST)
        return _set_going(again)
    # Whoever was yet to get it need not: it is answered, or given up.
    kept = after.errands if state == ComplaintState.DELIVERED else _without_delivery(after.errands)
    return _telling(replace(after, errands=kept))


def _set_going(complaint: Complaint) -> Complaint:
    began = complaint.changed_at or complaint.sent_at
    errand = Errand(f"address/{complaint.round}", ErrandKind.ADDRESS)
    return replace(
        complaint,
        way=Way.NONE,
        delivery_until=began + GIVEN_UP_AFTER,
        errands=added(complaint.errands, errand),
    )


def _without_delivery(errands: tuple[Errand, ...]) -> tuple[Errand, ...]:
    said = {ErrandKind.TELL_AUTHOR, ErrandKind.SEND_CHANGE}
    return tuple(errand for errand in errands if errand.kind in said)


def _telling(complaint: Complaint) -> Complaint:
    """Have the author told of the state, and the organisation's system if it was not its word."""
    state, more = complaint.state, []
    if complaint.by:
        name = f"author/{complaint.round}/{state}"
        more.append(Errand(name, ErrandKind.TELL_AUTHOR, to=complaint.by, value=state))
    by_itself = complaint.answered_by == f"organisation:{complaint.inn}"
    if complaint.way == Way.WEBHOOK and complaint.answered_by and not by_itself:
        name = f"change/{complaint.round}/{state}"
        more.append(Errand(name, ErrandKind.SEND_CHANGE, value=state))
    return replace(complaint, errands=added(complaint.errands, *more))


def turned(complaint: Complaint, *, now: datetime) -> Complaint:
    """Return a complaint as the time makes it: given up, erased."""
    if complaint.state == ComplaintState.SENT and now >= (complaint.delivery_until or now):
        complaint = moved(complaint, Happening.GIVEN_UP, now=now)
    if not complaint.erased and complaint.erase_at and now >= complaint.erase_at:
        complaint = erased(complaint)
    return complaint


def erased(complaint: Complaint) -> Complaint:
    """Return a complaint without what its author wrote."""
    return replace(
        complaint,
        text="",
        detail="",
        contact="",
        photos=(),
        note="",
        erased=True,
        erase_at=None,
        errands=_without_delivery(complaint.errands),
    )


def forgotten(complaint: Complaint) -> Complaint:
    """Return a complaint that leads to its author no more."""
    without = erased(complaint)
    errands = tuple(errand for errand in without.errands if errand.to != complaint.by)
    return replace(without, by=0, errands=errands)
