"""An operator makes the first administrator of a territory."""

from collections.abc import Iterator

import pytest

from housechats.adapters.audit import DynamoLedger
from people import on_appoint
from people.appoint import appoint
from support.lambda_context import CONTEXT
from support.people_door import NOBODY, OKTMO, STAFF, PeopleDoor, people_door


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
