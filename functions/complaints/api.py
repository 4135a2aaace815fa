"""HTTP: complaints as officials see and answer them, and the webhooks of organisations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from secrets import token_hex
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from complaints.answer import Answering, answer_complaint, send_again
from housechats.adapters.aws import spending
from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.gate import open_gate
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.adapters.webhooks import DynamoWebhooks, HttpsCarrier
from housechats.domain.access import Permission
from housechats.domain.complaints import (
    LONGEST_NOTE,
    NUMBER_LENGTH,
    Complaint,
    ComplaintState,
    Happening,
    NotNowError,
    Topic,
    Way,
)
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import INN
from housechats.domain.questions import Where
from housechats.domain.territories import Territory, is_territory, region_of
from housechats.domain.webhooks import LONGEST_URL, Webhook, WebhookEvent, all_events
from housechats.ports.complaints import Complaints
from housechats.ports.gate import Gate
from housechats.ports.organisation_cards import Cards
from housechats.ports.queues import Queue
from housechats.ports.webhooks import Carrier, Webhooks
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import (
    Cursor,
    Limit,
    Router,
    answer,
    api,
    page_of,
)

router = Router()

LISTED_DAYS, MOST_DAYS = 90, 730
AGAIN_AT_ONCE = 500
"""Complaints that one request has delivered anew."""
NO_WEBHOOK = "У организации нет вебхука: жалобы получают её представители."
OTHER_OKTMO = "Укажите код ОКТМО: 2, 3, 8 или 11 цифр."
NAMED_ELSEWHERE = "Организацию впервые назвали в другой территории: вебхук настраивают там."


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    complaints_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    complaints: Complaints
    webhooks: Webhooks
    carrier: Carrier
    cards: Cards
    queue: Queue
    key: str = field(repr=False)

    @property
    def answering(self) -> Answering:
        return Answering(self.complaints, self.queue)


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    return Doors(
        gate=gate,
        complaints=DynamoComplaints(table),
        webhooks=DynamoWebhooks(table),
        carrier=HttpsCarrier(),
        cards=DynamoCards(table),
        queue=SqsQueue(env.complaints_queue_url),
        key=env.id_key,
    )


Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]
ComplaintId = Annotated[
    str,
    Path(
        min_length=NUMBER_LENGTH,
        max_length=NUMBER_LENGTH,
        description="Номер жалобы без чёрточки",
    ),
]


@dataclass(frozen=True, slots=True)
class ComplaintNote:
    """A complaint in a list: nothing of what its author wrote."""

    id: str
    number: str
    """As people say it."""
    house: str
    """Code of the house."""
    oktmo: str
    inn: str
    """The organisation that is to answer; empty when staff are."""
    topic: Topic
    state: ComplaintState
    way: Way
    """How it gets there; empty while that is being found out."""
    sent_at: datetime
    """When its author sent it."""
    changed_at: datetime | None
    """When its state changed last; null while it is as it was sent."""


@dataclass(frozen=True, slots=True)
class ComplaintDetails(ComplaintNote):
    """A complaint as its author wrote it; who that is, nobody is told."""

    where: Where
    detail: str
    """Number of the flat or the entrance, if it was said."""
    text: str
    """Empty when it is erased: 90 days after the end."""
    photos: int
    """How many there are: representatives see them in VK."""
    contact: str
    """How to reach the author; empty when they did not want to be reached."""
    note: str
    """What was answered last."""
    answered_by: str
    """`vk:` and a number, or `organisation:` and its ИНН when its system answered."""
    erased: bool
    """Whether what its author wrote is gone."""


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A page of complaints, the newest first."""

    items: list[ComplaintNote]
    next_cursor: str
    """Empty on the last page."""
    total: int
    counts: dict[ComplaintState, int]
    """Of all that fit but for `state`."""


class ComplaintStatus(StrEnum):
    """What an official may say of a complaint."""

    ACCEPTED = "accepted"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What becomes of a complaint."""

    status: ComplaintStatus
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    """What its author reads; a rejection needs it."""


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """Of whom complaints that could not be delivered are delivered anew."""

    inn: Annotated[str, Field(pattern=INN)]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many complaints are on their way again."""

    complaints: int
    """Those that are to be delivered anew."""


@dataclass(frozen=True, slots=True)
class WebhookSetting:
    """Where the system of an organisation is told of complaints."""

    url: Annotated[str, Field(max_length=LONGEST_URL)]
    """`https://`, a host that everybody can reach."""
    events: Annotated[list[WebhookEvent], Field(max_length=len(WebhookEvent))] = field(
        default_factory=list
    )
    """Of what besides `complaint.sent`."""


@dataclass(frozen=True, slots=True)
class WebhookCard:
    """The webhook of an organisation."""

    url: str
    """Where messages are posted."""
    events: list[WebhookEvent]
    """Of what its system is told."""
    set_by: str
    """`vk:` and a number."""
    set_at: datetime
    """When it was set last, and its secret made."""
    secret: str
    """What messages are signed with: shown to who has just set the webhook, and never again."""


@router.get(
    "/complaints",
    operation_id="listComplaints",
    summary="Жалобы жителей",
    tags=["complaints"],
    permission=Permission.COMPLAINTS_READ,
)
def list_complaints(
    oktmo: Annotated[str, Query(max_length=11, description="Только этой территории")] = "",
    inn: Annotated[str, Query(max_length=12, description="Только этой организации")] = "",
    state: Annotated[ComplaintState | None, Query(description="Только в этом состоянии")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="За сколько дней")] = LISTED_DAYS,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ComplaintPage:
    since = this_moment() - timedelta(days=days)
    if oktmo and not is_territory(oktmo):
        raise invalid("/query/oktmo", OTHER_OKTMO)
    found = [
        one
        for one in _within(since)
        if inn in {"", one.inn} and (not oktmo or Territory(oktmo).covers(one.oktmo))
    ]
    chosen = [one for one in found if state in {None, one.state}]
    items, next_cursor = page_of(chosen, lambda one: one.id, cursor, limit)
    counts = {each: sum(one.state == each for one in found) for each in ComplaintState}
    return ComplaintPage(
        items=[_note(one) for one in items],
        next_cursor=next_cursor,
        total=len(chosen),
        counts={each: many for each, many in counts.items() if many},
    )


@router.get(
    "/complaints/<complaint_id>",
    operation_id="getComplaint",
    summary="Одна жалоба",
    tags=["complaints"],
    permission=Permission.COMPLAINTS_READ,
)
def get_complaint(complaint_id: ComplaintId) -> ComplaintDetails:
    return _shown(_reached(complaint_id))


@router.post(
    "/complaints/<complaint_id>/status",
    operation_id="answerComplaint",
    summary="Сказать, что с жалобой",
    tags=["complaints"],
    permission=Permission.COMPLAINTS_ANSWER,
    responses={
        **answers("Жалоба, какой она стала", ComplaintDetails, 200),
        **problems(conflict="Из её состояния так нельзя, или отказ без причины."),
    },
)
def answer_it(complaint_id: ComplaintId, change: StatusChange) -> ComplaintDetails:
    """Note it, and tell the author privately; said again it changes nothing."""
    complaint = _reached(complaint_id)
    router.asked.deed(complaint.oktmo, f"complaint:{complaint.id}", f"status:{change.status}")
    router.asked.require_match(complaint.revision)
    try:
        after = answer_complaint(
            complaint.id,
            Happening(change.status),
            by=router.caller.name,
            note=change.note,
            desk=_doors().answering,
            now=this_moment(),
        )
    except NotNowError as refused:
        raise ProblemError("conflict", refused.message) from None
    return _shown(router.reach(after))


@router.post(
    "/complaints/<complaint_id>/replay",
    operation_id="replayComplaint",
    summary="Доставить жалобу ещё раз",
    tags=["complaints"],
    permission=Permission.COMPLAINTS_ANSWER,
    responses={
        **answers("Жалоба снова в пути", ComplaintDetails, 200),
        **problems(conflict="Ещё раз доставляют то, что доставить не удалось."),
    },
)
def replay_complaint(complaint_id: ComplaintId) -> ComplaintDetails:
    complaint = _reached(complaint_id)
    router.asked.deed(complaint.oktmo, f"complaint:{complaint.id}")
    try:
        after = send_again(complaint.id, desk=_doors().answering, now=this_moment())
    except NotNowError as refused:
        raise ProblemError("conflict", refused.message) from None
    return _shown(router.reach(after))


@router.post(
    "/complaints/replay",
    operation_id="replayComplaints",
    summary="Доставить ещё раз всё, что не доставлено организации",
    tags=["complaints"],
    permission=Permission.COMPLAINTS_ANSWER,
)
def replay_complaints(of: OfOrganisation) -> Replayed:
    """Set going up to 500 of them, the newest first; asked again, the others."""
    since = this_moment() - timedelta(days=MOST_DAYS)
    dead = [
        one
        for one in _within(since)
        if one.inn == of.inn and one.state == ComplaintState.UNDELIVERABLE
    ]
    if dead:
        router.asked.deed(dead[0].oktmo, f"organisation:{of.inn}")
    replayed = 0
    for one in dead[:AGAIN_AT_ONCE]:
        try:
            send_again(one.id, desk=_doors().answering, now=this_moment())
        except NotNowError:  # somebody has answered it, or set it going, meanwhile
            continue
        replayed += 1
    return Replayed(replayed)


@router.get(
    "/organisations/<inn>/webhook",
    operation_id="getWebhook",
    summary="Вебхук организации",
    tags=["complaints"],
    permission=Permission.WEBHOOKS_CHANGE,
)
def get_webhook(inn: Inn) -> WebhookCard:
    return _card(_webhook(_organisation(inn)))


@router.put(
    "/organisations/<inn>/webhook",
    operation_id="setWebhook",
    summary="Настроить вебхук: жалобы пойдут в систему организации",
    tags=["complaints"],
    permission=Permission.WEBHOOKS_CHANGE,
)
def set_webhook(inn: Inn, setting: WebhookSetting) -> WebhookCard:
    """Set where its system is told; each time with a new secret, which is shown this once."""
    organisation, doors = _organisation(inn), _doors()
    router.asked.deed(organisation.oktmo, f"organisation:{inn}")
    if fault := doors.carrier.fault_of(setting.url):
        raise invalid("/url", fault)
    webhook = Webhook(
        inn=inn,
        region=region_of(organisation.oktmo),
        url=setting.url,
        events=all_events(setting.events),
        nonce=token_hex(16),
        set_by=router.caller.name,
        set_at=this_moment(),
    )
    doors.webhooks.put(webhook)
    return _card(webhook, secret=webhook.secret(doors.key))


@router.delete(
    "/organisations/<inn>/webhook",
    operation_id="removeWebhook",
    summary="Убрать вебхук: жалобы получат представители",
    tags=["complaints"],
    permission=Permission.WEBHOOKS_CHANGE,
    responses=answers("Вебхук, который был", WebhookCard, 200),
)
def remove_webhook(inn: Inn) -> WebhookCard:
    organisation = _organisation(inn)
    router.asked.deed(organisation.oktmo, f"organisation:{inn}")
    webhook = _webhook(organisation)
    _doors().webhooks.delete(webhook.region, inn)
    return _card(webhook)


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _reached(complaint_id: str) -> Complaint:
    return router.reach(_doors().complaints.get(complaint_id.upper()))


def _within(since: datetime) -> Iterator[Complaint]:
    """Yield what was sent since a moment where the caller may do this."""
    for territory in router.territories:
        for one in _doors().complaints.of_territory(territory, since=since):
            if router.may_reach([one.place]):
                yield one


def _organisation(inn: str) -> OrganisationCard:
    """Return the card of an organisation, where the caller has it in hand.

    A region has one webhook of an organisation: it is set where the organisation was named first.
    """
    regions = sorted({territory.region for territory in router.territories})
    found = [card for region in regions if (card := _doors().cards.get(region, inn))]
    for card in found:
        if router.may_reach([card.place]):
            return card
    for card in found:
        router.reach(card, *card.places)
        raise ProblemError("forbidden", NAMED_ELSEWHERE)
    raise ProblemError("not_found")


def _webhook(organisation: OrganisationCard) -> Webhook:
    region = region_of(organisation.oktmo)
    webhook = _doors().webhooks.get(region, organisation.inn)
    if webhook is None:
        raise ProblemError("not_found", NO_WEBHOOK)
    return webhook


def _card(webhook: Webhook, *, secret: str = "") -> WebhookCard:
    return WebhookCard(
        url=webhook.url,
        events=list(webhook.events),
        set_by=webhook.set_by,
        set_at=webhook.set_at,
        secret=secret,
    )


def _note(complaint: Complaint) -> ComplaintNote:
    return ComplaintNote(
        id=complaint.id,
        number=complaint.number,
        house=complaint.house_id,
        oktmo=complaint.oktmo,
        inn=complaint.inn,
        topic=complaint.topic,
        state=complaint.state,
        way=complaint.way,
        sent_at=complaint.sent_at,
        changed_at=complaint.changed_at,
    )


def _shown(complaint: Complaint) -> ComplaintDetails:
    """Show it to somebody who may change it by what they see."""
    router.asked.revision = complaint.revision
    return ComplaintDetails(
        id=complaint.id,
        number=complaint.number,
        house=complaint.house_id,
        oktmo=complaint.oktmo,
        inn=complaint.inn,
        topic=complaint.topic,
        state=complaint.state,
        way=complaint.way,
        sent_at=complaint.sent_at,
        changed_at=complaint.changed_at,
        where=complaint.where,
        detail=complaint.detail,
        text=complaint.text,
        photos=len(complaint.photos),
        contact=complaint.contact,
        note=complaint.note,
        answered_by=complaint.answered_by,
        erased=complaint.erased,
    )


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
