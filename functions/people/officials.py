"""Use cases: name somebody to a post in a territory, change it, take it away at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from housechats.domain.contacts import read_vk
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.people import Pages, Posts

NO_PAGE = "Укажите страницу ВКонтакте: ссылку, короткое имя или номер."
NOT_FOUND = "Такой страницы ВКонтакте нет. Проверьте ссылку."
GONE = "Эта страница удалена или заблокирована."


class UnknownPageError(Exception):
    """No person's page; the message is a Russian sentence."""


class ChangedPostError(Exception):
    """The post is not as it was read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is named, and as what."""

    role: Role
    oktmo: str
    inn: str = ""
    title: str = ""


def vk_id_of(text: str, *, pages: Pages, oktmo: str) -> int:
    """Return the number of the page that a person named; UnknownPageError when there is none."""
    number, name, _ = read_vk(text)
    if not (number or name):
        raise UnknownPageError(NO_PAGE)
    asked = str(number) if number else name
    page = pages.look_up({asked}, oktmo=oktmo).get(asked)
    if page is None:
        raise UnknownPageError(NOT_FOUND)
    if page.gone:
        raise UnknownPageError(GONE)
    return page.vk_id


def name(vk_id: int, place: Place, *, by: str, posts: Posts, now: datetime) -> tuple[Post, bool]:
    """Give a post; return it and whether it is new. The same post again changes nothing.

    ChangedPostError when the person has another role there already.
    """
    post = Post(
        vk_id=vk_id,
        role=place.role,
        territory=Territory(place.oktmo),
        since=now,
        given_by=by,
        inn=place.inn,
        title=place.title,
    )
    there = posts.give(post)
    if there is None:
        return posts.get(post.id) or post, True
    if there.role != place.role:
        raise ChangedPostError
    return there, False


def change(post: Post, after: Post, *, by: str, posts: Posts, now: datetime) -> Post:
    """Change role and title; another role begins a term, given by who gives it.

    ChangedPostError, LastAdministratorError.
    """
    if after == post:
        return post
    if after.role != post.role:
        after = replace(after, since=now, given_by=by)
    if not posts.change(post, after):
        raise ChangedPostError
    return posts.get(post.id) or after


def end(post: Post, *, by: str, posts: Posts, now: datetime) -> None:
    """End a post at once; one that has ended stays so. ChangedPostError, LastAdministratorError."""
    if post.until is None and not posts.end(post, by=by, now=now):
        raise ChangedPostError
