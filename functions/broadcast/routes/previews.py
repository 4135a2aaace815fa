"""Routes of previews: who will get a message, when, and what it looks like. Nothing is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from broadcast.compose import (
    BroadcastTemplate,
    Draft,
    FaultyError,
    NewBroadcastFile,
    Speaker,
    compose,
)
from broadcast.kept_previews import KeptPreview, Preview
from broadcast.preview import preview
from broadcast.routes.router import PreviewId, Router
from broadcast.wish import Wish
from housechats.domain.access import Permission, Place
from housechats.domain.audiences import MOST_PARTS, Part
from housechats.domain.broadcast_texts import MOST_BUTTONS, TextFault
from housechats.domain.broadcasts import BroadcastLane, preview_folder
from housechats.domain.jobs import JobStatus
from housechats.domain.local_times import LocalTimeError, read_start
from housechats.domain.messages import LinkButton
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.domain.people import Role
from housechats.domain.territories import region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems

router = Router()

NOT_YOURS = "От имени этой организации вы писать не можете."
NO_CARD = "Такой организации здесь ещё нет: сначала добавьте её."
WHICH_ORGANISATION = "Вы представляете несколько организаций: укажите ИНН одной из них."
AT_ONCE = "Экстренная рассылка уходит сразу: уберите время начала."
NOT_MADE = "Проверку не подготовили: её остановили. Составьте рассылку заново."
LOOK_AGAIN_MS = 1000
INN_OR_NOTHING = r"^([0-9]{10}|[0-9]{12})?$"

Moment = Annotated[str, Field(max_length=40)]


@dataclass(frozen=True, slots=True)
class NewButton:
    """A button with a link, to stand under a message."""

    label: str
    """What it says, up to 40 characters."""
    link: str
    """What it opens: `https://…`."""


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """A message to many chats, to be looked at before it is sent."""

    parts: Annotated[
        list[Annotated[Part, Field(discriminator="kind")]],
        Field(min_length=1, max_length=MOST_PARTS),
    ]
    """Whom it is for: houses that at least one of the parts names, each once."""
    lane: BroadcastLane
    """How urgent it is."""
    text: Annotated[str, Field(max_length=10_000)] = ""
    """What it says; `{адрес}` and `{код}` stand for each house's own. Empty with a template."""
    template: BroadcastTemplate | None = None
    """What it says, instead of a text."""
    until: Moment = ""
    """When what it tells of ends, by the clocks of the territory; empty when it has no end."""
    buttons: Annotated[list[NewButton], Field(max_length=MOST_BUTTONS)] = field(
        default_factory=list
    )
    file: NewBroadcastFile | None = None
    pin: bool = False
    """Pin it in the chats."""
    start_at: Moment = ""
    """When it is to start, by the clocks of the territory; empty: as soon as it may."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The territory within which houses are looked for; the caller's only one when empty."""
    inn: Annotated[str, Field(pattern=INN_OR_NOTHING)] = ""
    """The organisation that speaks. Empty: the territory itself; of a representative, their own."""


class PreviewStatus(StrEnum):
    """Whether a preview can be looked at."""

    MAKING = "making"
    """It is of very many chats, and takes a moment."""
    READY = "ready"


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """A preview, or the work on it."""

    id: str
    status: PreviewStatus
    preview: Preview | None
    """Null while it is being made."""
    poll_after_ms: int
    """After how many milliseconds it is worth asking again; 0 when it is ready."""


@router.post(
    "/broadcasts/previews",
    operation_id="previewBroadcast",
    summary="Проверить рассылку: кто её получит, когда и в каком виде. Ничего не отправляется",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={
        **answers("Проверка с ключом для подтверждения", PreviewCard, 201),
        **answers("Чатов очень много: проверка готовится, смотрите по Location", PreviewCard, 202),
    },
)
def preview_broadcast(new: NewBroadcast) -> Response[PreviewCard]:
    """Look at a message before it is sent; the token that comes with it confirms just this."""
    wish, now = _wish_of(new), this_moment()
    try:
        kept = preview(
            wish,
            caller=router.caller,
            desk=router.doors.preview_desk,
            work=router.doors.work,
            now=now,
        )
    except FaultyError as error:
        raise _refused(error.faults) from None
    return Response(
        status_code=HTTPStatus.CREATED if kept.preview else HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/broadcasts/previews/{wish.id}"},
        body=_card_of(kept),
    )


@router.get(
    "/broadcasts/previews/<preview_id>",
    operation_id="getBroadcastPreview",
    summary="Проверка рассылки, которую вы составили",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    responses={
        **answers("Проверка", PreviewCard, 200),
        **problems(
            conflict="Подготовить проверку не удалось.",
            preview_expired="Со времени проверки прошло больше часа.",
        ),
    },
)
def get_preview(preview_id: PreviewId) -> PreviewCard:
    kept = router.preview(preview_id)
    if kept.preview and kept.preview.expires_at <= this_moment():
        raise ProblemError("preview_expired")
    job = None if kept.preview else router.doors.jobs.get(preview_id)
    if job and job.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
        raise ProblemError("conflict", job.reason or NOT_MADE)
    return _card_of(kept)


def _card_of(kept: KeptPreview) -> PreviewCard:
    status = PreviewStatus.READY if kept.preview else PreviewStatus.MAKING
    return PreviewCard(kept.wish.id, status, kept.preview, 0 if kept.preview else LOOK_AGAIN_MS)


def _refused(faults: Iterable[TextFault]) -> ProblemError:
    told = [{"pointer": one.pointer, "detail": one.message} for one in faults]
    return ProblemError("invalid", errors=told)


def _wish_of(new: NewBroadcast) -> Wish:
    """Return what a caller wants to send, once it is well said and theirs to say."""
    oktmo = router.covered(new.oktmo)
    inn = _speaking_inn(new.inn, oktmo)
    card = _card(inn, oktmo) if inn else None
    start_at = _start(new, oktmo)
    wish_id = router.new_id()
    if router.doors.broadcasts.get(wish_id):
        raise ProblemError("key_reused")  # confirmed, it would send nothing
    router.asked.deed(oktmo, f"broadcast:{wish_id}", *([f"organisation:{inn}"] if inn else []))
    doors = router.doors
    speaker = Speaker(oktmo, doors.rules.of_region(region_of(oktmo)), card)
    try:
        message = compose(
            _draft(new),
            speaker,
            vk_id=router.caller.vk_id,
            folder=preview_folder(wish_id),
            templates=doors.templates,
            files=doors.files,
        )
    except FaultyError as error:
        raise _refused(error.faults) from None
    return Wish(
        id=wish_id,
        by=router.caller.name,
        oktmo=oktmo,
        inn=inn,
        parts=tuple(new.parts),
        lane=new.lane,
        message=message,
        pin=new.pin,
        start_at=start_at,
    )


def _draft(new: NewBroadcast) -> Draft:
    return Draft(
        lane=new.lane,
        text=new.text,
        template=new.template,
        until=new.until,
        buttons=[LinkButton(button.label, button.link) for button in new.buttons],
        file=new.file,
    )


def _speaking_inn(inn: str, oktmo: str) -> str:
    """Return the organisation in whose name the caller may speak, or nothing for the territory."""
    posts = [
        post
        for post in router.caller.granting(Permission.BROADCASTS_SEND)
        if post.territory.covers(oktmo)
    ]
    if not inn and all(post.role == Role.REPRESENTATIVE for post in posts):
        own = {post.inn for post in posts}
        if len(own) != 1:
            raise invalid("/inn", WHICH_ORGANISATION)
        return own.pop()
    if inn and not router.may_reach([Place(oktmo, frozenset({inn}))]):
        raise invalid("/inn", NOT_YOURS)
    return inn


def _card(inn: str, oktmo: str) -> OrganisationCard:
    """Return the card of an organisation that is known where the caller may write to houses."""
    card = router.doors.cards.get(region_of(oktmo), inn)
    if card is None or not router.may_reach(router.places_of(card)):
        raise invalid("/inn", NO_CARD)
    return card


def _start(new: NewBroadcast, oktmo: str) -> datetime | None:
    if not new.start_at.strip():
        return None
    if new.lane == BroadcastLane.EMERGENCY:
        raise invalid("/start_at", AT_ONCE)
    try:
        return read_start(new.start_at.strip(), oktmo, now=this_moment())
    except LocalTimeError as error:
        raise invalid("/start_at", error.message) from None
