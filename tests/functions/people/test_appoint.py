"""An operator makes the first administrator of a territory."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from housechats.adapters.audit import DynamoLedger
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.errors import UnavailableError
from housechats.domain.people import Post
from people import on_appoint
from people.appoint import appoint
from support.lambda_context import CONTEXT
from support.people_door import NOBODY, OKTMO, STAFF, PeopleDoor, people_door


class ChangedMeanwhile(DynamoPosts):
    """Somebody is faster at each of the first changes."""

    def __init__(self, table: Table, times: int = 1) -> None:
        super().__init__(table)
        self._left = times

    def change(self, before: Post, after: Post) -> bool:
        if self._left:
            self._left -= 1
            super().change(before, replace(before, title="Занят"))
        return super().change(before, after)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        on_appoint.wired.cache_clear()
        yield opened
        on_appoint.wired.cache_clear()


@pytest.mark.parametrize("vk_id", [NOBODY, STAFF])
def test_the_administrator_may_work_at_once(door: PeopleDoor, vk_id: int) -> None:
    answer = on_appoint.handle({"vk_id": str(vk_id), "territory": OKTMO}, CONTEXT)

    assert answer == {"vk_id": vk_id, "role": "administrator", "territory": OKTMO}
    assert door.ask("GET", "/me", vk_id=vk_id)[1]["roles"] == ["administrator"]


def test_a_staff_member_who_becomes_administrator_is_called_as_before(door: PeopleDoor) -> None:
    door.ask("PATCH", f"/officials/{STAFF}-{OKTMO}", {"title": "Специалист"})

    on_appoint.handle({"vk_id": STAFF, "territory": OKTMO}, CONTEXT)

    post = door.doors.gate.posts.get(f"{STAFF}-{OKTMO}")
    assert post
    assert (post.role, post.title) == ("administrator", "Специалист")


def test_a_post_that_is_changed_at_the_same_moment_is_an_administrators_all_the_same(
    door: PeopleDoor,
) -> None:
    posts = ChangedMeanwhile(door.table)

    post = appoint(
        STAFF,
        OKTMO,
        posts=posts,
        ledger=DynamoLedger(door.table),
        request_id="r",
        now=datetime.now(UTC),
    )

    assert (post.role, post.title) == ("administrator", "Занят")
    assert posts.get(post.id) == post


def test_an_appointment_that_never_takes_place_is_no_success(door: PeopleDoor) -> None:
    posts = ChangedMeanwhile(door.table, times=100)

    with pytest.raises(UnavailableError):
        appoint(
            STAFF,
            OKTMO,
            posts=posts,
            ledger=DynamoLedger(door.table),
            request_id="r",
            now=datetime.now(UTC),
        )

    assert DynamoLedger(door.table).entries("11") == []


def test_appointing_twice_is_one_post_and_two_entries(door: PeopleDoor) -> None:
    for request_id in ("first", "second"):
        context = type("Context", (), {"aws_request_id": request_id})()
        on_appoint.handle({"vk_id": NOBODY, "territory": OKTMO}, context)

    entries = DynamoLedger(door.table).entries("11")
    assert [(e.act.who, e.act.on) for e in entries] == [("operator", (f"vk:{NOBODY}",))] * 2


def test_a_code_that_is_no_territory_is_refused() -> None:
    with pytest.raises(ValueError, match="ОКТМО"):
        appoint(
            1,
            "1",
            posts=None,  # type: ignore[arg-type]
            ledger=None,  # type: ignore[arg-type]
            request_id="",
            now=None,  # type: ignore[arg-type]
        )
