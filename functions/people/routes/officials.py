"""Routes of officials: the administrators and the staff of territories."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.domain.people import Post, Role
from housechats.ports.people import LastAdministratorError
from housechats.runtime.http import ProblemError, answers, problems
from housechats.runtime.routes import Cursor, Limit, page_of
from people.officials import ChangedPostError, Place, change, end, name
from people.routes.router import Router, term_name

router = Router()

OTHER_ROLE = "У этого человека здесь уже есть другая роль: измените её."
OfficialRole = Literal[Role.ADMINISTRATOR, Role.STAFF]
PostId = Annotated[
    str,
    Path(pattern=r"^[1-9][0-9]{0,18}-[0-9]{2,11}$", description="Номер должности: `id` из списка"),
]
Title = Annotated[str, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class NewOfficial:
    """Somebody to be named."""

    vk: Annotated[str, Field(min_length=1, max_length=300)]
    """The person's page: a link, a screen name or a number."""
    role: OfficialRole
    """What they are to be there."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The territory; the caller's own when empty."""
    title: Title = ""
    """What the person is called at work: history shows it in place of a name."""


@dataclass(frozen=True, slots=True)
class OfficialChange:
    """What is to be different; what is not said stays."""

    role: OfficialRole | None = None
    """Another role at the same place."""
    title: Title | None = None
    """Another title."""


@dataclass(frozen=True, slots=True)
class Official:
    """An administrator or a staff member of a territory, or who was one."""

    id: str
    """The post: one person has one at one place, also if they had it more than once."""
    vk_id: int
    """Number of the person's page."""
    role: Role
    """What they may do there."""
    oktmo: str
    """The territory."""
    title: str
    """What they are called at work."""
    since: datetime
    """When the post, or the role in it, was given."""
    given_by: str
    """Who gave it: `vk:<id>`, or `operator`."""
    until: datetime | None
    """When it ended; null while it lasts."""
    ended_by: str
    """Who ended it; empty while it lasts."""
    revision: int
    """Grows with every change; the ETag begins with it."""


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """A page of officials."""

    items: list[Official]
    """In the order of territories; with `former`, of one post each term, the newest first."""
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """All that match."""
    counts: dict[Role, int]
    """Those that match, by role, whatever role was asked for."""


@router.get(
    "/officials",
    operation_id="listOfficials",
    summary="Администраторы и сотрудники территории",
    tags=["people"],
    permission=Permission.OFFICIALS_READ,
)
def list_officials(
    role: Annotated[OfficialRole | None, Query(description="Только с этой ролью")] = None,
    former: Annotated[bool, Query(description="И те, кто уже не работает")] = False,  # noqa: FBT002 - a parameter of the query
    cursor: Cursor = "",
    limit: Limit = 50,
) -> OfficialPage:
    posts = [
        term
        for territory in router.territories
        for post in router.doors.gate.posts.of_territory(territory)
        if not post.inn
        for term in post.terms
        if former or term.until is None
    ]
    chosen = [post for post in posts if role in {None, post.role}]
    shown, next_cursor = page_of(chosen, term_name, cursor, limit)
    counts = Counter(post.role for post in posts)
    return OfficialPage([_shown(post) for post in shown], next_cursor, len(chosen), dict(counts))


@router.get(
    "/officials/<post_id>",
    operation_id="getOfficial",
    summary="Один администратор или сотрудник",
    tags=["people"],
    permission=Permission.OFFICIALS_READ,
)
def get_official(post_id: PostId) -> Official:
    post = router.reached_post(post_id)
    router.asked.revision = post.revision
    return _shown(post)


@router.post(
    "/officials",
    operation_id="nameOfficial",
    summary="Назначить администратора или сотрудника",
    tags=["people"],
    permission=Permission.OFFICIALS_CHANGE,
    once=True,
    responses={
        **answers("Должность; 200, если она уже была", Official, 200, 201),
        **problems(conflict="У человека здесь другая роль; или не подключено сообщество."),
    },
)
def name_official(new: NewOfficial) -> Response[Official]:
    """Give a post to who has this page; they have it from the next request on."""
    oktmo = router.covered(new.oktmo)
    vk_id = router.vk_id_of(new.vk, oktmo)
    router.asked.deed(oktmo, f"vk:{vk_id}")
    place = Place(Role(new.role), oktmo, title=new.title)
    try:
        post, is_new = name(
            vk_id,
            place,
            by=router.caller.name,
            posts=router.doors.gate.posts,
            now=datetime.now(UTC),
        )
    except ChangedPostError as error:
        raise ProblemError("conflict", OTHER_ROLE) from error
    router.asked.revision = post.revision
    return Response(
        status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": f"/officials/{post.id}"},
        body=_shown(post),
    )


@router.patch(
    "/officials/<post_id>",
    operation_id="changeOfficial",
    summary="Изменить роль или должность",
    tags=["people"],
    permission=Permission.OFFICIALS_CHANGE,
    responses={
        **answers("Должность, какой она стала", Official, 200),
        **problems(changed_meanwhile="If-Match не совпал, или изменили в этот самый миг."),
    },
)
def change_official(post_id: PostId, wanted: OfficialChange) -> Official:
    post = router.reached_post(post_id)
    router.asked.require_match(post.revision)
    role = post.role if wanted.role is None else Role(wanted.role)
    title = post.title if wanted.title is None else wanted.title
    try:
        changed = change(
            post,
            replace(post, role=role, title=title),
            by=router.caller.name,
            posts=router.doors.gate.posts,
            now=datetime.now(UTC),
        )
    except LastAdministratorError as error:
        raise ProblemError("last_administrator") from error
    except ChangedPostError as error:
        raise ProblemError("changed_meanwhile") from error
    router.asked.revision = changed.revision
    return _shown(changed)


@router.delete(
    "/officials/<post_id>",
    operation_id="dismissOfficial",
    summary="Снять с должности: доступа нет со следующего запроса",
    tags=["people"],
    permission=Permission.OFFICIALS_CHANGE,
    responses={
        **answers("Должность, какой она стала: с датой конца", Official, 200),
        **problems(
            conflict="Последний администратор территории остаётся.",
            changed_meanwhile="If-Match не совпал, или изменили в этот самый миг.",
        ),
    },
)
def dismiss_official(post_id: PostId) -> Official:
    post, gate = router.reached_post(post_id), router.doors.gate
    router.asked.require_match(post.revision)
    try:
        end(post, by=router.caller.name, posts=gate.posts, now=datetime.now(UTC))
    except LastAdministratorError as error:
        raise ProblemError("last_administrator") from error
    except ChangedPostError as error:
        raise ProblemError("changed_meanwhile") from error
    ended = gate.posts.get(post_id) or post
    router.asked.revision = ended.revision
    return _shown(ended)


def _shown(post: Post) -> Official:
    return Official(
        id=post.id,
        vk_id=post.vk_id,
        role=post.role,
        oktmo=post.territory.oktmo,
        title=post.title,
        since=post.since,
        given_by=post.given_by,
        until=post.until,
        ended_by=post.ended_by,
        revision=post.revision,
    )
