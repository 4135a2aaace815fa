"""Use case: do what is due with a complaint: hand it over, tell of it, give it up, erase it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from housechats.domain import complaint_texts as texts
from housechats.domain.addressees import nearest_staff, representatives_of
from housechats.domain.chat_events import Press, Room
from housechats.domain.complaints import (
    GIVEN_UP_AFTER,
    MOST_ADDRESSEES,
    Complaint,
    ComplaintState,
    ErrandKind,
    Happening,
    NotNowError,
    Way,
    moved,
    turned,
)
from housechats.domain.errands import Errand, added
from housechats.domain.territories import Territory, region_of
from housechats.domain.webhooks import (
    MESSAGE_ID,
    SIGNATURE,
    Webhook,
    WebhookEvent,
    body_of,
    signature,
    wants,
)
from housechats.ports.complaints import Complaints
from housechats.ports.houses import Houses
from housechats.ports.people import Posts
from housechats.ports.talks import PressButton, Row, Saying, Talk, Tone
from housechats.ports.webhooks import Carrier, Webhooks
from housechats.runtime.errands import change, run_errands

Then = Callable[[Complaint], Complaint]
GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Desk:
    """What complaints are delivered with."""

    complaints: Complaints
    houses: Houses
    posts: Posts
    webhooks: Webhooks
    carrier: Carrier
    talk_of: Callable[[int], Talk]
    key: str
    """Makes the secrets that messages are signed with."""


def go_on(complaint_id: str, *, desk: Desk, clock: Callable[[], datetime]) -> str:
    """Do all that is due, and return the state in which the complaint is then.

    One that nobody took for a day is told apart from one that was so before: `given up`.
    """
    before = desk.complaints.get(complaint_id)
    change(complaint_id, lambda one: turned(one, now=clock()), desk.complaints)
    after = run_errands(
        complaint_id,
        store=desk.complaints,
        do=lambda complaint, errand: _do(complaint, errand, desk, clock()),
        refused=lambda complaint, errand, _: _refused(complaint, errand),
        clock=clock,
    )
    if before is None or after is None:
        return "no such complaint"
    if ComplaintState.UNDELIVERABLE == after.state != before.state:
        return GIVEN_UP
    return after.state


def _do(complaint: Complaint, errand: Errand, desk: Desk, now: datetime) -> Then:
    match errand.kind:
        case ErrandKind.ADDRESS:
            return _addressed(complaint, desk)
        case ErrandKind.ADDRESS_STAFF:
            return _to_staff(complaint, desk)
        case ErrandKind.SEND:
            return _sent(complaint, errand, desk, now)
        case ErrandKind.SEND_CHANGE:
            return _change_sent(complaint, errand, desk, now)
        case ErrandKind.TELL_OFFICIAL:
            return _official_told(complaint, errand, desk, now)
        case ErrandKind.TELL_AUTHOR:
            text = texts.changed(complaint, ComplaintState(errand.value))
            _tell(complaint, errand, desk, now, text)
            return _as_it_is
    raise ValueError(errand.kind)


def _refused(complaint: Complaint, errand: Errand) -> Complaint:
    """Have staff see to what none of the organisation's people can be written to about."""
    others = [
        one
        for one in complaint.errands
        if one.kind == ErrandKind.TELL_OFFICIAL and one.id != errand.id
    ]
    is_last = errand.kind == ErrandKind.TELL_OFFICIAL and not others
    if is_last and complaint.state == ComplaintState.SENT and complaint.way == Way.REPRESENTATIVES:
        staff = Errand(f"staff/{complaint.round}", ErrandKind.ADDRESS_STAFF)
        return complaint.with_errands(added(complaint.errands, staff))
    return complaint


def _as_it_is(complaint: Complaint) -> Complaint:
    return complaint


# ---------------------------------------------------------------- whom it is for


def _addressed(complaint: Complaint, desk: Desk) -> Then:
    region, inn = region_of(complaint.oktmo), complaint.inn
    if inn and wants(desk.webhooks.get(region, inn), WebhookEvent.SENT):
        return _going(Way.WEBHOOK, [Errand(f"send/{complaint.round}", ErrandKind.SEND)])
    posts = desk.posts.of_territory(Territory(region))
    speakers = representatives_of(posts, inn, complaint.oktmo) if inn else []
    if speakers:
        return _going(Way.REPRESENTATIVES, _letters(complaint, speakers))
    return _going(Way.STAFF, _letters(complaint, nearest_staff(posts, complaint.oktmo)))


def _to_staff(complaint: Complaint, desk: Desk) -> Then:
    posts = desk.posts.of_territory(Territory(region_of(complaint.oktmo)))
    return _going(Way.STAFF, _letters(complaint, nearest_staff(posts, complaint.oktmo)))


def _letters(complaint: Complaint, vk_ids: Sequence[int]) -> list[Errand]:
    return [
        Errand(f"official/{complaint.round}/{vk_id}", ErrandKind.TELL_OFFICIAL, to=vk_id)
        for vk_id in vk_ids[:MOST_ADDRESSEES]
    ]


def _going(way: Way, errands: Sequence[Errand]) -> Then:
    def then(complaint: Complaint) -> Complaint:
        if complaint.state != ComplaintState.SENT:
            return complaint  # somebody has answered meanwhile
        return replace(complaint, way=way, errands=added(complaint.errands, *errands))

    return then


# ---------------------------------------------------------------- to systems


def _sent(complaint: Complaint, errand: Errand, desk: Desk, now: datetime) -> Then:
    webhook = desk.webhooks.get(region_of(complaint.oktmo), complaint.inn)
    if webhook is None:  # it was taken away: people are written to
        return _addressed(complaint, desk)
    message = _told(complaint, desk) | {
        "event": str(WebhookEvent.SENT),
        "id": f"{complaint.id}-{errand.id.replace('/', '-')}",
    }
    _post(webhook, message, desk, now)
    return _delivered(now)


def _change_sent(complaint: Complaint, errand: Errand, desk: Desk, now: datetime) -> Then:
    webhook = desk.webhooks.get(region_of(complaint.oktmo), complaint.inn)
    late = errand.begun_at and now - errand.begun_at > GIVEN_UP_AFTER
    if webhook and wants(webhook, WebhookEvent.CHANGED) and not late:
        message: dict[str, object] = {
            "event": str(WebhookEvent.CHANGED),
            "id": f"{complaint.id}-{errand.id.replace('/', '-')}",
            "complaint": complaint.id,
            "number": complaint.number,
            "status": errand.value,
        }
        _post(webhook, message, desk, now)
    return _as_it_is


def _post(webhook: Webhook, message: dict[str, object], desk: Desk, now: datetime) -> None:
    body = body_of(message)
    signed = signature(webhook.secret(desk.key), body, at=int(now.timestamp()))
    desk.carrier.post(webhook.url, body, {SIGNATURE: signed, MESSAGE_ID: str(message["id"])})


def _told(complaint: Complaint, desk: Desk) -> dict[str, object]:
    return {
        "complaint": complaint.id,
        "number": complaint.number,
        "sent_at": complaint.sent_at.isoformat(timespec="seconds"),
        "inn": complaint.inn,
        "house": {
            "id": complaint.house_id,
            "address": _title(complaint, desk),
            "oktmo": complaint.oktmo,
        },
        "topic": str(complaint.topic),
        "where": str(complaint.where),
        "detail": complaint.detail,
        "text": complaint.text,
        # VK shows them to who is in it: a link would open to nobody else, or to everybody.
        "photos": len(complaint.photos),
        "contact": complaint.contact,
    }


def _delivered(now: datetime) -> Then:
    def then(complaint: Complaint) -> Complaint:
        try:
            return moved(complaint, Happening.DELIVERED, now=now)
        except NotNowError:  # it is answered already, or somebody else got it before
            return complaint

    return then


# ---------------------------------------------------------------- to people


def _official_told(complaint: Complaint, errand: Errand, desk: Desk, now: datetime) -> Then:
    text = texts.for_official(complaint, _title(complaint, desk))
    _tell(
        complaint,
        errand,
        desk,
        now,
        text,
        rows=buttons(complaint),
        attachment=",".join(complaint.photos),
    )
    return _delivered(now)


def buttons(complaint: Complaint) -> list[Row]:
    """Return what an official may say of a complaint."""
    said = (
        ("Принято", "accepted", Tone.PRIMARY),
        ("Выполнено", "done", Tone.GOOD),
        ("Не наше", "rejected", Tone.PLAIN),
    )
    # One in a row: on a narrow phone three of them are cut in the middle of their words.
    return [
        [PressButton(label, Press(Room.COMPLAINTS, command, complaint.id), tone)]
        for label, command, tone in said
    ]


def _tell(
    complaint: Complaint,
    errand: Errand,
    desk: Desk,
    now: datetime,
    text: str,
    *,
    rows: Sequence[Row] = (),
    attachment: str = "",
) -> None:
    saying = Saying(
        text,
        errand.random_id(complaint.id),
        errand.begun_at or now,
        rows=rows,
        attachment=attachment,
    )
    desk.talk_of(complaint.community).tell(errand.to, saying)


def _title(complaint: Complaint, desk: Desk) -> str:
    house = desk.houses.get(complaint.house_id)
    return house.title if house else complaint.house_id
