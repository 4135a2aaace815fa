"""Access: what each role may do, and where. The one place where scope is decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory


class Permission(StrEnum):
    """What a route of the API needs."""

    HOUSES_READ = "houses.read"
    HOUSES_CREATE = "houses.create"
    HOUSES_CHANGE = "houses.change"
    HOUSES_HAND_OVER = "houses.hand_over"
    HOUSES_CLOSE = "houses.close"
    BATCHES_READ = "batches.read"
    BATCHES_CREATE = "batches.create"
    BATCHES_MEND = "batches.mend"
    TERRITORIES_READ = "territories.read"
    TERRITORIES_CHANGE = "territories.change"
    OFFICIALS_READ = "officials.read"
    OFFICIALS_CHANGE = "officials.change"
    ORGANISATIONS_READ = "organisations.read"
    ORGANISATIONS_CHANGE = "organisations.change"
    REPRESENTATIVES_READ = "representatives.read"
    REPRESENTATIVES_CHANGE = "representatives.change"
    ATTACHMENTS_CHANGE = "attachments.change"
    COMMUNITIES_READ = "communities.read"
    COMMUNITIES_CHANGE = "communities.change"
    JOBS_READ = "jobs.read"
    JOBS_CHANGE = "jobs.change"
    EXPORTS_CREATE = "exports.create"
    ACTIVITY_READ = "activity.read"
    COORDINATION_READ = "coordination.read"
    BROADCASTS_READ = "broadcasts.read"
    BROADCASTS_SEND = "broadcasts.send"
    TEMPLATES_CHANGE = "templates.change"
    QUESTIONS_READ = "questions.read"
    QUESTIONS_RAISE = "questions.raise"
    DISCUSSIONS_READ = "discussions.read"
    DISCUSSIONS_CHANGE = "discussions.change"
    QUESTIONS_ANSWER = "questions.answer"
    AUDIT_READ = "audit.read"
    PEOPLE_FORGET = "people.forget"
    GUIDES_READ = "guides.read"
    GUIDES_CHANGE = "guides.change"
    SERVICES_READ = "services.read"
    SERVICES_CHANGE = "services.change"
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_ANSWER = "complaints.answer"
    WEBHOOKS_CHANGE = "webhooks.change"
    MODERATION_READ = "moderation.read"
    MODERATION_DECIDE = "moderation.decide"


_OF_ADMINISTRATORS = {
    Permission.TERRITORIES_CHANGE,
    Permission.OFFICIALS_CHANGE,
    Permission.COMMUNITIES_CHANGE,
    Permission.AUDIT_READ,
    Permission.PEOPLE_FORGET,
}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.STAFF: frozenset(set(Permission) - _OF_ADMINISTRATORS),
    Role.REPRESENTATIVE: frozenset(
        {
            Permission.HOUSES_READ,
            Permission.ORGANISATIONS_READ,
            Permission.SERVICES_READ,
            Permission.REPRESENTATIVES_READ,
            Permission.JOBS_READ,
            Permission.EXPORTS_CREATE,
            Permission.ACTIVITY_READ,
            Permission.BROADCASTS_READ,
            Permission.BROADCASTS_SEND,
            Permission.TEMPLATES_CHANGE,
            Permission.QUESTIONS_ANSWER,
            Permission.QUESTIONS_READ,
            Permission.DISCUSSIONS_READ,
            Permission.DISCUSSIONS_CHANGE,
            Permission.COMPLAINTS_READ,
            Permission.COMPLAINTS_ANSWER,
        }
    ),
    Role.ELDER: frozenset(
        {
            Permission.HOUSES_READ,
            Permission.ACTIVITY_READ,
            Permission.QUESTIONS_READ,
            Permission.QUESTIONS_RAISE,
            Permission.DISCUSSIONS_READ,
            Permission.MODERATION_READ,
            Permission.MODERATION_DECIDE,
        }
    ),
}
"""What each role may do where it has its place."""


@dataclass(frozen=True, slots=True)
class Place:
    """What scope needs to know of a thing."""

    oktmo: str
    organisations: frozenset[str] = frozenset()
    """ИНН of those that answer for it now."""
    elder_id: str = ""


class Placed(Protocol):
    """What lies somewhere: a house, a list, an organisation."""

    @property
    def place(self) -> Place: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, with the roles that they have at this moment."""

    vk_id: int
    posts: tuple[Post, ...] = ()
    elder_ids: frozenset[str] = frozenset()
    """Under which ids houses may name this person as their elder."""

    @property
    def name(self) -> str:
        """How records name the person: an id, never a name."""
        return f"vk:{self.vk_id}"

    def granting(self, permission: Permission) -> list[Post]:
        """Return the posts that give a permission somewhere."""
        return [post for post in self.posts if permission in GRANTS[post.role]]

    def territories(self, permission: Permission) -> list[Territory]:
        """Return where the posts give a permission; none lies inside another."""
        found = {post.territory.prefix: post.territory for post in self.granting(permission)}
        return [
            one
            for one in found.values()
            if not any(
                other.prefix != one.prefix and other.covers(one.oktmo) for other in found.values()
            )
        ]


def may(caller: Caller, permission: Permission, places: Iterable[Place]) -> bool:
    """Tell whether a caller may do something to a thing that lies at any of the places."""
    return any(_reaches(caller, permission, place) for place in places)


def _reaches(caller: Caller, permission: Permission, place: Place) -> bool:
    if permission in GRANTS[Role.ELDER] and place.elder_id in caller.elder_ids - {""}:
        return True
    return any(_covers(post, place) for post in caller.granting(permission))


def _covers(post: Post, place: Place) -> bool:
    if not post.territory.covers(place.oktmo):
        return False
    return post.role != Role.REPRESENTATIVE or post.inn in place.organisations


READS = {
    permission: Permission(f"{permission.split('.')[0]}.read")
    for permission in Permission
    if f"{permission.split('.')[0]}.read" in set(Permission)
} | {
    Permission.ATTACHMENTS_CHANGE: Permission.HOUSES_READ,
    Permission.TEMPLATES_CHANGE: Permission.BROADCASTS_READ,
}
"""By what a caller sees the thing that a permission concerns."""
