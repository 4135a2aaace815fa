"""Routes of representatives: who speaks for an organisation, and who is invited to."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.contacts import read_phone
from housechats.domain.invitations import (
    LASTS,
    Invitation,
    InvitationState,
    masked,
    ready_text,
)
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import INN, OKTMO_OR_NOTHING
from housechats.domain.people import Post, Role
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.routes import Cursor, Limit, page_of
from people.invite import accept, invite, invite_again, pending_for
from people.officials import ChangedPostError, Place, end, name
from people.routes.router import PlacedPost, Router, term_name

router = Router()

VK_OR_PHONE = "Укажите что-то одно: страницу ВКонтакте или телефон."
NOT_MOBILE = "Нужен мобильный телефон: на него придёт СМС."
NO_CODE = "Приглашение не найдено или уже не действует. Попросите прислать новое."
INVITED_BEFORE = (
    "Приглашение на этот телефон уже есть, новой СМС не будет. "
    "Если она не дошла, отправьте приглашение ещё раз."
)
ON_ITS_WAY = "СМС сейчас отправляется, или приглашение уже приняли."

Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]
PostId = Annotated[
    str,
    Path(
        pattern=r"^[1-9][0-9]{0,18}-[0-9]{2,11}-[0-9]{10,12}$",
        description="Номер должности: `id` из списка",
    ),
]
InvitationId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{16}$", description="Номер приглашения: `id` из списка")
]


@dataclass(frozen=True, slots=True)
class NewRepresentative:
    """Somebody who is to speak for an organisation: by their page, or by phone."""

    vk: Annotated[str, Field(max_length=300)] = ""
    """The person's page: a link, a screen name or a number. The post is given at once."""
    phone: Annotated[str, Field(max_length=100)] = ""
    """A mobile number: an SMS with a link goes there; who opens it in VK has the post."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """Within which territory; the caller's own when empty."""
    title: Annotated[str, Field(max_length=100)] = ""
    """What the person is called at work: history shows it in place of a name."""


@dataclass(frozen=True, slots=True)
class Representative:
    """Who speaks for an organisation within a territory, or did."""

    id: str
    """The post: one for a person, organisation and place, also if they had it more than once."""
    vk_id: int
    """Number of the person's page."""
    inn: str
    """ИНН of the organisation."""
    oktmo: str
    """Within which territory."""
    title: str
    """What they are called at work."""
    since: datetime
    """When the post was given."""
    given_by: str
    """Who gave it: `vk:<id>`."""
    until: datetime | None
    """When it ended; null while it lasts."""
    ended_by: str
    """Who ended it; empty while it lasts."""
    revision: int
    """Grows with every change; the ETag begins with it."""


@dataclass(frozen=True, slots=True)
class RepresentativePage:
    """A page of representatives."""

    items: list[Representative]
    """In the order of territories; with `former`, of one post each term, the newest first."""
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """All that match."""


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    """An invitation that nobody has accepted yet."""

    id: str
    inn: str
    """ИНН of the organisation."""
    oktmo: str
    """Within which territory."""
    phone: str
    """Only its end: `+7 ••• •••-••-67`."""
    title: str
    """What the person is called at work."""
    state: InvitationState
    """What became of the SMS; `unknown`: it may have gone, ask before sending it again."""
    reason: str
    """Why it is undeliverable or unknown: a sentence for people; empty otherwise."""
    invited_by: str
    """Who invites: `vk:<id>`, whoever sent it last. The link serves while they may invite."""
    created_at: datetime
    expires_at: datetime
    """After that the link leads nowhere, and the phone is deleted."""


@dataclass(frozen=True, slots=True)
class InvitationList:
    """Invitations of an organisation that nobody has accepted yet."""

    items: list[PendingInvitation]
    """The newest first."""


@dataclass(frozen=True, slots=True)
class Named:
    """What came of naming a representative: a post, or an invitation."""

    representative: Representative | None
    """The post, when the person was named by their page."""
    invitation: PendingInvitation | None
    """The invitation, when they were named by phone."""
    text: str
    """A ready text to send to who was named by their page; empty when an SMS goes."""
    remark: str
    """To who invites: that this phone was invited before, and what they can do; else empty."""


@dataclass(frozen=True, slots=True)
class InvitationCode:
    """What the link of an SMS says after `#i-`."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    """The part of the link after `#i-`."""


@router.get(
    "/organisations/<inn>/representatives",
    operation_id="listRepresentatives",
    summary="Представители организации",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_READ,
)
def list_representatives(
    inn: Inn,
    former: Annotated[bool, Query(description="И те, кто уже не представляет")] = False,  # noqa: FBT002 - a parameter of the query
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RepresentativePage:
    _reached(inn)
    terms = (term for post in _posts_of(inn) for term in post.terms)
    posts = [term for term in terms if former or term.until is None]
    shown, next_cursor = page_of(posts, term_name, cursor, limit)
    return RepresentativePage([_shown(post) for post in shown], next_cursor, len(posts))


@router.post(
    "/organisations/<inn>/representatives",
    operation_id="nameRepresentative",
    summary="Назначить представителя: по странице сразу или по телефону приглашением",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_CHANGE,
    once=True,
    responses={
        **answers(
            "Представитель или приглашение; 200, если они уже есть; 202, если ушло приглашение",
            Named,
            200,
            201,
            202,
        ),
        **problems(conflict="На этой территории не подключено сообщество."),
    },
)
def name_representative(inn: Inn, new: NewRepresentative) -> Response[Named]:
    """Give the post to who has this page, or send an SMS to this phone."""
    card = _reached(inn)
    oktmo = router.covered(new.oktmo)
    if bool(new.vk.strip()) == bool(new.phone.strip()):
        raise invalid("/vk", VK_OR_PHONE)
    return _invited(inn, oktmo, new) if new.phone.strip() else _named(card, oktmo, new)


def _named(card: OrganisationCard, oktmo: str, new: NewRepresentative) -> Response[Named]:
    vk_id = router.vk_id_of(new.vk, oktmo)
    router.asked.deed(oktmo, f"organisation:{card.inn}", f"vk:{vk_id}")
    post, is_new = name(
        vk_id,
        Place(Role.REPRESENTATIVE, oktmo, card.inn, new.title),
        by=router.caller.name,
        posts=router.doors.gate.posts,
        now=datetime.now(UTC),
    )
    text = ready_text(card.name, app_id=router.doors.app_id)
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    named = Named(_shown(post), None, text, "")
    return _answered(status, named, f"/organisations/{card.inn}/representatives")


def _invited(inn: str, oktmo: str, new: NewRepresentative) -> Response[Named]:
    phone, finding = read_phone(new.phone)
    if finding or not phone:
        raise invalid("/phone", finding.message if finding else NOT_MOBILE)
    invitations, location = router.doors.invitations, f"/organisations/{inn}/invitations"
    pending = pending_for(phone, inn=inn, oktmo=oktmo, invitations=invitations)
    # One with the id of this request was begun by an earlier try of it.
    invitation_id = router.asked.new_id()
    if pending and pending.id != invitation_id:
        router.asked.deed(oktmo, f"organisation:{inn}", f"invitation:{pending.id}")
        named = Named(None, _pending(pending), "", INVITED_BEFORE)
        return _answered(HTTPStatus.OK, named, location)
    router.asked.deed(oktmo, f"organisation:{inn}", f"invitation:{invitation_id}")
    now = datetime.now(UTC)
    invitation = Invitation(
        id=invitation_id,
        inn=inn,
        oktmo=oktmo,
        phone=phone,
        invited_by=router.caller.name,
        created_at=now,
        expires_at=now + LASTS,
        title=new.title,
    )
    kept = invite(
        invitation,
        invitations=invitations,
        invitations_queue=router.doors.invitations_queue,
    )
    return _answered(HTTPStatus.ACCEPTED, Named(None, _pending(kept), "", ""), location)


def _answered(status: HTTPStatus, named: Named, location: str) -> Response[Named]:
    return Response(
        status_code=status,
        content_type="application/json",
        headers={"Location": location},
        body=named,
    )


@router.delete(
    "/representatives/<post_id>",
    operation_id="dismissRepresentative",
    summary="Снять представителя: доступа нет со следующего запроса",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_CHANGE,
    responses={
        **answers("Должность, какой она стала: с датой конца", Representative, 200),
        **problems(changed_meanwhile="If-Match не совпал, или изменили в этот самый миг."),
    },
)
def dismiss_representative(post_id: PostId) -> Representative:
    post, gate = router.reached_post(post_id), router.doors.gate
    router.asked.deed(post.territory.oktmo, f"organisation:{post.inn}", f"vk:{post.vk_id}")
    router.asked.require_match(post.revision)
    try:
        end(post, by=router.caller.name, posts=gate.posts, now=datetime.now(UTC))
    except ChangedPostError as error:
        raise ProblemError("changed_meanwhile") from error
    ended = gate.posts.get(post_id) or post
    router.asked.revision = ended.revision
    return _shown(ended)


@router.get(
    "/organisations/<inn>/invitations",
    operation_id="listInvitations",
    summary="Приглашения, которые ещё не приняли",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_CHANGE,
)
def list_invitations(inn: Inn) -> InvitationList:
    _reached(inn)
    return InvitationList(
        [
            _pending(one)
            for territory in router.territories
            for one in router.doors.invitations.of_territory(territory)
            if one.inn == inn and one.state != InvitationState.ACCEPTED and router.sees(one)
        ]
    )


@router.delete(
    "/invitations/<invitation_id>",
    operation_id="withdrawInvitation",
    summary="Отозвать приглашение: ссылка из СМС больше не действует",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_CHANGE,
    responses=answers("Приглашение, каким оно было: его больше нет", PendingInvitation, 200),
)
def withdraw_invitation(invitation_id: InvitationId) -> PendingInvitation:
    invitation = _reached_invitation(invitation_id)
    if not router.doors.invitations.remove(invitation_id):
        raise ProblemError("not_found")
    return _pending(invitation)


@router.post(
    "/invitations/<invitation_id>/resend",
    operation_id="resendInvitation",
    summary="Отправить СМС с приглашением ещё раз",
    tags=["people"],
    permission=Permission.REPRESENTATIVES_CHANGE,
    once=True,
    responses={
        **answers("Приглашение: СМС уйдёт снова, срок начался заново", PendingInvitation, 202),
        **problems(conflict=ON_ITS_WAY),
    },
)
def resend_invitation(invitation_id: InvitationId) -> Response[PendingInvitation]:
    invitation = _reached_invitation(invitation_id)
    invitations = router.doors.invitations
    again = invite_again(
        invitation,
        by=router.caller.name,
        invitations=invitations,
        invitations_queue=router.doors.invitations_queue,
        now=datetime.now(UTC),
    )
    if not again:
        raise ProblemError("conflict", ON_ITS_WAY)
    shown = invitations.get(invitation_id) or invitation
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/organisations/{invitation.inn}/invitations"},
        body=_pending(shown),
    )


@router.post(
    "/invitations/acceptance",
    operation_id="acceptInvitation",
    summary="Принять приглашение: код из ссылки в СМС",
    tags=["people"],
    permission=None,
    once=True,
    responses={
        **answers("Кем вы стали", Representative, 201),
        **problems(not_found="Такого приглашения нет, оно истекло или его уже приняли."),
    },
)
def accept_invitation(said: InvitationCode) -> Response[Representative]:
    """Make the caller the representative whom the link called; one link makes one."""
    gate = router.doors.gate
    post = accept(
        said.code,
        vk_id=router.caller.vk_id,
        key=gate.elder_key,
        invitations=router.doors.invitations,
        posts=gate.posts,
        now=datetime.now(UTC),
    )
    if post is None:
        raise ProblemError("not_found", NO_CODE)
    router.asked.deed(post.territory.oktmo, f"organisation:{post.inn}", f"vk:{post.vk_id}")
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": "/me"},
        body=_shown(post),
    )


def _reached(inn: str) -> OrganisationCard:
    """Return the organisation's card, if it is known in the caller's territory.

    Whoever attaches it to a house there makes it known: the card remembers the municipality.
    """
    regions = sorted({post.territory.region for post in router.caller.posts})
    cards = [card for region in regions if (card := router.doors.cards.get(region, inn))]
    places = [place for card in cards for place in card.places]
    return router.reach(next(iter(cards), None), *places)


def _posts_of(inn: str) -> list[Post]:
    posts = router.doors.gate.posts
    return [
        post
        for territory in router.territories
        for post in posts.of_territory(territory)
        if post.inn == inn and router.sees(PlacedPost(post))
    ]


def _reached_invitation(invitation_id: str) -> Invitation:
    invitation = router.reach(router.doors.invitations.get(invitation_id))
    if invitation.state == InvitationState.ACCEPTED:
        raise ProblemError("not_found")
    subject = f"organisation:{invitation.inn}"
    router.asked.deed(invitation.oktmo, subject, f"invitation:{invitation.id}")
    return invitation


def _shown(post: Post) -> Representative:
    return Representative(
        id=post.id,
        vk_id=post.vk_id,
        inn=post.inn,
        oktmo=post.territory.oktmo,
        title=post.title,
        since=post.since,
        given_by=post.given_by,
        until=post.until,
        ended_by=post.ended_by,
        revision=post.revision,
    )


def _pending(invitation: Invitation) -> PendingInvitation:
    return PendingInvitation(
        id=invitation.id,
        inn=invitation.inn,
        oktmo=invitation.oktmo,
        phone=masked(invitation.phone),
        title=invitation.title,
        state=invitation.state,
        reason=invitation.reason,
        invited_by=invitation.invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )
