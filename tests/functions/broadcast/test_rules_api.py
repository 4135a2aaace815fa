"""A territory sets what counts for broadcasts in it; what it leaves open is as around it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.rules_door import (
    ELSEWHERE,
    NOBODY,
    OF_REGION,
    OKTMO,
    REGION,
    REPRESENTATIVE,
    STAFF,
    RulesDoor,
    rules_door,
)

PATH, OF_WHOLE_REGION = f"/territories/{OKTMO}/broadcast-rules", "/territories/11/broadcast-rules"
HOURS: dict[str, Any] = {
    "weekday": {"begins": "22:00", "ends": "08:00"},
    "weekend": {"begins": "22:00", "ends": "09:30"},
    "midday": {"begins": "13:00", "ends": "15:00"},
    "basis": "Областной закон, ст. 1",
    "valid_from": "2020-01-01",
    "checked": True,
}


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[RulesDoor]:
    with rules_door(monkeypatch) as door:
        yield door


def test_where_nothing_was_set_careful_hours_count_and_are_said_to_be_unchecked(
    door: RulesDoor,
) -> None:
    status, told, _ = door.ask("GET", PATH)

    assert status == 200
    assert told["set_here"] == {"quiet_hours": None, "second_person_above": 0, "speaks_as": ""}
    counts = told["counts"]
    assert counts["quiet_hours"]["weekday"] == {"begins": "21:00", "ends": "09:00"}
    assert (counts["quiet_hours_of"], counts["remark"]) == ("", "Не сверено с актом.")
    assert counts["second_person_above"] == 1000
    assert counts["speaks_as"] == "Администрация, Архангельская область"


def test_a_territory_has_what_it_has_set(door: RulesDoor) -> None:
    rules = {"quiet_hours": HOURS, "second_person_above": 1, "speaks_as": "Администрация  города"}

    status, told, _ = door.ask("PUT", PATH, rules)

    assert status == 200
    assert told["set_here"] == rules | {"speaks_as": "Администрация города"}
    assert told["counts"] == {
        "quiet_hours": HOURS,
        "quiet_hours_of": OKTMO,
        "remark": "",
        "second_person_above": 1,
        "speaks_as": "Администрация города",
    }
    assert door.ask("GET", PATH)[1] == told


def test_what_a_town_leaves_open_is_as_its_region_says(door: RulesDoor) -> None:
    door.ask("PUT", OF_WHOLE_REGION, {"quiet_hours": HOURS, "speaks_as": "Правительство"}, vk_id=2)
    door.ask("PUT", PATH, {"second_person_above": 50})

    _, told, _ = door.ask("GET", PATH)

    assert told["set_here"]["quiet_hours"] is None
    counts = told["counts"]
    assert (counts["quiet_hours"], counts["quiet_hours_of"]) == (HOURS, REGION)
    assert (counts["second_person_above"], counts["speaks_as"]) == (50, "Правительство")


def test_what_was_set_is_taken_back_by_leaving_it_out(door: RulesDoor) -> None:
    door.ask("PUT", PATH, {"quiet_hours": HOURS, "second_person_above": 5})

    _, told, _ = door.ask("PUT", PATH, {})

    assert told["counts"]["quiet_hours_of"] == ""
    assert told["counts"]["second_person_above"] == 1000


def test_of_two_who_change_the_rules_the_second_is_told(door: RulesDoor) -> None:
    _, _, seen = door.ask("GET", PATH)

    first = door.ask("PUT", PATH, {"second_person_above": 5}, if_match=seen)
    second = door.ask("PUT", PATH, {"second_person_above": 7}, if_match=seen)
    after_looking = door.ask("PUT", PATH, {"second_person_above": 7}, if_match=first[2])

    assert (first[0], second[0], second[1]["code"]) == (200, 412, "changed_meanwhile")
    assert (after_looking[0], door.ask("GET", PATH)[2]) == (200, after_looking[2])


def test_one_spelling_of_a_code_is_as_good_as_another(door: RulesDoor) -> None:
    door.ask("PUT", "/territories/11701000000/broadcast-rules", {"second_person_above": 5})

    assert door.ask("GET", PATH)[1]["set_here"]["second_person_above"] == 5


@pytest.mark.parametrize(
    ("changes", "pointer", "part"),
    [
        pytest.param(
            {"weekday": {"begins": "18:00", "ends": "08:00"}},
            "/quiet_hours/weekday", "с 16 до 19", id="from six in the evening",
        ),
        pytest.param(
            {"midday": {"begins": "13:00", "ends": "13:00"}},
            "/quiet_hours/midday", "разные", id="no length",
        ),
        pytest.param(
            {"weekend": {"begins": "25:00", "ends": "08:00"}},
            "/quiet_hours/weekend/begins", "неверно", id="no such hour",
        ),
        pytest.param(
            {"valid_from": f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"},
            "/quiet_hours/valid_from", "ещё не действуют", id="of the future",
        ),
        pytest.param(
            {"basis": "Закон\nобласти"}, "/quiet_hours/basis", "одной строкой", id="two lines"
        ),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_kept_are_refused(
    door: RulesDoor, changes: dict[str, Any], pointer: str, part: str
) -> None:
    status, problem, _ = door.ask("PUT", PATH, {"quiet_hours": HOURS | changes})

    assert status == 422
    assert [(one["pointer"], part in one["detail"]) for one in problem["errors"]] == [
        (pointer, True)
    ]
    assert door.ask("GET", PATH)[1]["set_here"]["quiet_hours"] is None


@pytest.mark.parametrize("limit", [-1, 1_000_001, "много"])
def test_a_number_of_chats_is_a_number(door: RulesDoor, limit: object) -> None:
    assert door.ask("PUT", PATH, {"second_person_above": limit})[0] == 422


@pytest.mark.parametrize(
    ("vk_id", "path", "reads", "writes"),
    [
        pytest.param(OF_REGION, PATH, 200, 200, id="an administrator of the region"),
        pytest.param(STAFF, PATH, 200, 403, id="staff"),
        pytest.param(STAFF, OF_WHOLE_REGION, 404, 403, id="staff, of the region"),
        pytest.param(REPRESENTATIVE, PATH, 200, 403, id="a representative"),
        pytest.param(REPRESENTATIVE, OF_WHOLE_REGION, 404, 403, id="one, of the region"),
        pytest.param(ELSEWHERE, PATH, 404, 404, id="an administrator elsewhere"),
        pytest.param(NOBODY, PATH, 403, 403, id="somebody without a role"),
    ],
)
def test_administrators_set_rules_and_who_writes_reads_them(
    door: RulesDoor, vk_id: int, path: str, reads: int, writes: int
) -> None:
    assert door.ask("GET", path, vk_id=vk_id)[0] == reads
    assert door.ask("PUT", path, {"second_person_above": 5}, vk_id=vk_id)[0] == writes
