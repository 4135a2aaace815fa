"""Addressees: which officials are written to about a house."""

from collections.abc import Iterable

from housechats.domain.people import Post, Role


def representatives_of(posts: Iterable[Post], inn: str, oktmo: str) -> list[int]:
    """Return VK ids of who speaks for an organisation where a house lies."""
    found = (
        post.vk_id
        for post in posts
        if post.role == Role.REPRESENTATIVE
        and post.inn == inn
        and post.until is None
        and post.territory.covers(oktmo)
    )
    return sorted(set(found))


def nearest_staff(posts: Iterable[Post], oktmo: str) -> list[int]:
    """Return VK ids of the staff of the smallest territory that a house lies in.

    Where a territory has no staff, its administrators are meant.
    """
    nearest = _nearest(posts, oktmo)
    staff = [post for post in nearest if post.role == Role.STAFF]
    return sorted({post.vk_id for post in staff or nearest})


def overseers(posts: Iterable[Post], oktmo: str) -> list[int]:
    """Return VK ids of the staff and the administrators of that territory."""
    return sorted({post.vk_id for post in _nearest(posts, oktmo)})


def _nearest(posts: Iterable[Post], oktmo: str) -> list[Post]:
    """Return who has a post in the smallest territory around a house that has anybody."""
    here = [
        post
        for post in posts
        if post.role in {Role.STAFF, Role.ADMINISTRATOR}
        and post.until is None
        and post.territory.covers(oktmo)
    ]
    smallest = max((len(post.territory.prefix) for post in here), default=0)
    return [post for post in here if len(post.territory.prefix) == smallest]
