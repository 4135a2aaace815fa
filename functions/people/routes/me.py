"""Route of the caller: who I am, and what I may do."""

from dataclasses import dataclass

from housechats.domain.access import GRANTS, Permission
from housechats.domain.limits import LARGEST_LIST
from housechats.domain.people import Role
from housechats.runtime.access import LONGEST_KEY
from people.routes.router import Router

router = Router()

MOST_ON_A_PAGE = 100
LONGEST_TEXT = 4096
"""Characters of one message of VK's."""


@dataclass(frozen=True, slots=True)
class Position:
    """One role at one place."""

    role: Role
    territory: str
    """ОКТМО code."""
    inn: str
    """ИНН of the organisation that a representative speaks for; empty otherwise."""
    title: str
    """What the person is called at work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the API takes."""

    message_characters: int
    """The longest message that VK takes."""
    list_bytes: int
    """The largest list of houses."""
    page_items: int
    """The most things on one page."""
    changes_a_minute: int
    """How many changes one caller may make in a minute; more are 429."""
    launch_hours: int
    """How long launch parameters serve; after that the app is to be opened anew."""
    idempotency_key_characters: int
    """The longest Idempotency-Key."""


@dataclass(frozen=True, slots=True)
class Me:
    """The person who calls, and what they may do."""

    vk_id: int
    """Number of the page that VK has signed."""
    roles: list[Role]
    """All roles; none for who has no part in the system."""
    posts: list[Position]
    """Roles at their places; an elder's are houses."""
    houses: list[str]
    """Codes of the houses whose elder the caller is."""
    permissions: list[Permission]
    """What can be done somewhere: build menus from these, never from roles."""
    limits: Limits


@router.get(
    "/me", operation_id="me", summary="Кто я и что мне можно", tags=["people"], permission=None
)
def me() -> Me:
    caller, gate = router.caller, router.doors.gate
    houses = sorted(router.asked.own_houses)
    roles = {post.role for post in caller.posts} | ({Role.ELDER} if houses else set())
    return Me(
        vk_id=caller.vk_id,
        roles=[role for role in Role if role in roles],
        posts=[
            Position(post.role, post.territory.oktmo, post.inn, post.title) for post in caller.posts
        ],
        houses=houses,
        permissions=[p for p in Permission if any(p in GRANTS[role] for role in roles)],
        limits=Limits(
            message_characters=LONGEST_TEXT,
            list_bytes=LARGEST_LIST,
            page_items=MOST_ON_A_PAGE,
            changes_a_minute=gate.changes_a_minute,
            launch_hours=gate.launch_hours,
            idempotency_key_characters=LONGEST_KEY,
        ),
    )
