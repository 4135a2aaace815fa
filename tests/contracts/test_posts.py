"""Posts: who may act is written down once, and a territory keeps an administrator."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.people import LastAdministratorError

NOW = datetime.now(UTC).replace(microsecond=0)
TOWN = Territory("11701000")
FIRST = Post(1, Role.ADMINISTRATOR, TOWN, NOW, "operator")
SECOND = Post(2, Role.ADMINISTRATOR, TOWN, NOW, "vk:1", title="Начальник отдела")
CLERK = Post(3, Role.STAFF, TOWN, NOW, "vk:1")
SPEAKER = Post(4, Role.REPRESENTATIVE, TOWN, NOW, "vk:3", inn="2901000016")


@pytest.fixture
def posts(table: Table) -> DynamoPosts:
    return DynamoPosts(table)


def given(posts: DynamoPosts, *some: Post) -> None:
    for post in some:
        assert posts.give(post) is None


def test_a_post_comes_back_as_it_was_given(posts: DynamoPosts) -> None:
    given(posts, FIRST, SECOND, CLERK, SPEAKER)

    assert [posts.get(post.id) for post in (SECOND, SPEAKER)] == [SECOND, SPEAKER]
    assert posts.known(4).posts == (SPEAKER,)
    assert posts.get("9-11701000") is None


def test_a_post_that_is_there_already_stays_as_it_is(posts: DynamoPosts) -> None:
    given(posts, CLERK)

    there = posts.give(replace(CLERK, role=Role.ADMINISTRATOR, title="Другая"))

    assert (there, posts.get(CLERK.id)) == (CLERK, CLERK)


def test_a_region_lists_its_posts_and_not_those_of_a_region_inside_its_code(
    posts: DynamoPosts,
) -> None:
    region = Post(5, Role.ADMINISTRATOR, Territory("11"), NOW, "operator")
    nao = Post(6, Role.ADMINISTRATOR, Territory("118"), NOW, "operator")
    given(posts, region, nao, FIRST, SPEAKER)

    assert posts.of_territory(Territory("11")) == [region, FIRST, SPEAKER]
    assert posts.of_territory(Territory("118")) == [nao]
    assert posts.of_territory(TOWN) == [FIRST, SPEAKER]


def test_a_change_grows_the_revision_and_meets_nobody_elses(posts: DynamoPosts) -> None:
    given(posts, FIRST, CLERK)
    after = replace(CLERK, title="Главный специалист")

    assert posts.change(CLERK, after)
    assert posts.get(CLERK.id) == replace(after, revision=2)
    assert not posts.change(CLERK, replace(CLERK, title="Опоздал"))
    assert not posts.end(CLERK, by="vk:1", now=NOW)


def test_another_role_begins_a_term_and_another_title_does_not(posts: DynamoPosts) -> None:
    given(posts, FIRST, CLERK)
    later = NOW + timedelta(days=1)
    chief = replace(CLERK, title="Начальник")

    posts.change(CLERK, chief)
    named = replace(chief, role=Role.ADMINISTRATOR, since=later, given_by="vk:2")
    posts.change(replace(chief, revision=2), named)

    now = posts.get(CLERK.id)
    assert now
    assert replace(now, earlier=()) == replace(named, revision=3)
    assert now.earlier == (replace(chief, until=later, ended_by="vk:2", revision=3),)


def test_the_last_administrator_of_a_territory_remains(posts: DynamoPosts) -> None:
    given(posts, FIRST, CLERK)

    with pytest.raises(LastAdministratorError):
        posts.end(FIRST, by="vk:1", now=NOW)
    with pytest.raises(LastAdministratorError):
        posts.change(FIRST, replace(FIRST, role=Role.STAFF))

    assert posts.get(FIRST.id) == FIRST


def test_two_administrators_cannot_remove_each_other(posts: DynamoPosts) -> None:
    given(posts, FIRST, SECOND)

    ended = posts.end(SECOND, by="vk:1", now=NOW)

    assert ended
    with pytest.raises(LastAdministratorError):
        posts.end(FIRST, by="vk:2", now=NOW)


def test_who_has_left_may_come_back_and_history_stays(posts: DynamoPosts, table: Table) -> None:
    given(posts, FIRST, CLERK)
    later = NOW + timedelta(days=1)
    posts.end(CLERK, by="vk:1", now=later)
    (left,) = posts.known(3).posts

    given(posts, replace(CLERK, role=Role.ADMINISTRATOR, since=later))

    back = posts.get(CLERK.id)
    assert (left.until, left.ended_by) == (later, "vk:1")
    assert back
    assert (back.role, back.until, back.revision) == (Role.ADMINISTRATOR, None, 3)
    (former,) = (table.get("PERSON#VK#3", "POST#11701000#") or {})["former"]
    assert (former["role"], former["ended_by"]) == ("staff", "vk:1")
    (term,) = back.earlier
    assert (term.role, term.since, term.until, term.ended_by) == (Role.STAFF, NOW, later, "vk:1")
    # And is one of those who may not be the last to go.
    assert posts.end(FIRST, by="vk:3", now=later)
