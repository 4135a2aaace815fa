"""Staff mend a row of a list in place: by the rules of the check, once, and without a new file."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from create_chats import api
from housechats.ports.people import Page
from support.killing import Killed, Wire
from support.staff_door import StaffDoor, staff_door

LIST = (
    "Список домов\n"
    "Адрес дома;Подъездов;Старший по дому;Телефон;Страница ВК\n"
    "г. Архангельск, ул. Садовая, д. 1;2;Вымыслова Марфа;+79990000001;\n"
    "г. Архангельск, ул. Садовая;3;Былов Пётр;+79990000002;\n"
    "Итого;5;;;\n"
)
GOOD, BAD, TOTAL = 3, 4, 5
MENDED = {"address": "г. Архангельск, ул. Садовая, д. 2"}


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def mend(door: StaffDoor, batch_id: str, number: int, **cells: str) -> tuple[int, Any]:
    return door.ask("PATCH", f"/batches/{batch_id}/rows/{number}", {"cells": cells})


def rows_of(door: StaffDoor, batch_id: str) -> dict[int, Any]:
    _, page = door.ask("GET", f"/batches/{batch_id}/rows")
    return {row["number"]: row for row in page["items"]}


def mended_of(door: StaffDoor, batch_id: str) -> dict[int, Any]:
    return {
        n: cells for kept in door.doors.batches.chunks(batch_id) for n, cells in kept.mended.items()
    }


def elder_of(door: StaffDoor, house_id: str) -> tuple[str, str, int]:
    house = door.doors.houses.get(house_id)
    assert house
    elder = door.doors.elders.get(house.elder_id)
    assert elder
    return elder.name, elder.phone, elder.vk_id


def test_a_row_shows_its_cells_under_the_clerk_s_own_headers(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, card = door.ask("GET", f"/batches/{batch_id}/rows/{BAD}")

    assert (status, card["row"]["verdict"]) == (200, "rejected")
    shown = {cell["field"]: (cell["header"], cell["text"]) for cell in card["cells"]}
    assert shown["address"] == ("Адрес дома", "г. Архангельск, ул. Садовая")
    assert shown["elder_phone"] == ("Телефон", "+79990000002")
    assert not any(cell["mended"] for cell in card["cells"])


def test_a_mended_row_gets_its_house_its_elder_and_its_chat(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, card = mend(door, batch_id, BAD, **MENDED)

    row = card["row"]
    assert (status, row["verdict"], row["existing"]) == (200, "accepted", False)
    assert row["mended_at"]
    assert {
        "field": "address",
        "header": "Адрес дома",
        "text": MENDED["address"],
        "mended": True,
    } in (card["cells"])
    assert elder_of(door, row["house_id"]) == ("Былов Пётр", "+79990000002", 0)
    assert door.openings.bodies == [{"house_id": row["house_id"]}]
    letters = door.doors.instructions.of_batch(batch_id)
    assert {house for letter in letters for house in letter.house_ids} >= {row["house_id"]}


def test_the_list_counts_its_rows_anew(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    mend(door, batch_id, BAD, **MENDED)

    _, progress = door.ask("GET", f"/batches/{batch_id}")
    _, page = door.ask("GET", f"/batches/{batch_id}/rows")
    assert progress["rows"] == page["counts"] == {"accepted": 2, "skipped": 1}
    assert page["items"][1]["number"] == BAD
    assert page["items"][1]["verdict"] == "accepted"


def test_the_same_mending_again_gives_the_same_answer(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    answers = [mend(door, batch_id, BAD, **MENDED) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(door.ask("GET", "/houses")[1]["items"]) == 2


def test_a_row_that_is_still_bad_is_told_so_cell_by_cell_and_stays(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)
    before = rows_of(door, batch_id)

    status, problem = mend(door, batch_id, BAD, address="г. Архангельск, пр. Садовый, д. 5")

    assert (status, problem["code"]) == (422, "invalid")
    (error,) = problem["errors"]
    assert error["pointer"] == "/cells/address"
    assert "пр." in error["detail"]
    assert rows_of(door, batch_id) == before
    assert mended_of(door, batch_id) == {}


@pytest.mark.parametrize(
    ("cells", "pointer"),
    [
        pytest.param({"price": "5"}, "/cells/price", id="no such column"),
        pytest.param({"address": "x" * 2001}, "/cells/address", id="too long"),
        pytest.param({"address": ""}, "/cells/address", id="emptied"),
        pytest.param({"address": "Итого"}, "/cells/address", id="a total"),
        pytest.param({}, "/cells", id="nothing"),
    ],
)
def test_what_no_row_can_hold_is_a_problem_with_its_place(
    door: StaffDoor, cells: dict[str, str], pointer: str
) -> None:
    batch_id = door.enrolled(LIST)

    status, problem = mend(door, batch_id, GOOD, **cells)

    assert (status, problem["code"]) == (422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}


def test_a_house_of_another_row_makes_the_mended_one_its_duplicate(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, card = mend(door, batch_id, BAD, address="Архангельск, Садовая ул., дом 1")

    row = card["row"]
    assert (status, row["verdict"], row["duplicate_of"]) == (200, "duplicate", GOOD)
    assert row["problems"][0]["column"] == "Адрес дома"
    assert elder_of(door, rows_of(door, batch_id)[GOOD]["house_id"])[0] == "Вымыслова Марфа"


def test_another_elder_in_a_good_row_is_handed_the_house(door: StaffDoor) -> None:
    door.pages.pages = {"fekla_n": Page(105)}
    batch_id = door.enrolled(LIST)
    cells = {"elder_name": "Небылова Фёкла", "elder_phone": "", "elder_vk": "vk.ru/Fekla_N"}

    answers = [mend(door, batch_id, GOOD, **cells) for _ in range(2)]

    assert answers[0] == answers[1]
    status, card = answers[0]
    assert (status, card["row"]["changes"], card["remarks"]) == (200, ["elder"], [])
    assert elder_of(door, card["row"]["house_id"]) == ("Небылова Фёкла", "", 105)


def test_another_address_in_a_good_row_is_another_house_and_the_first_one_stays(
    door: StaffDoor,
) -> None:
    batch_id = door.enrolled(LIST)
    before = rows_of(door, batch_id)[GOOD]["house_id"]

    status, card = mend(door, batch_id, GOOD, address="г. Архангельск, ул. Садовая, д. 10")

    assert status == 200
    assert card["row"]["house_id"] not in {"", before}
    assert any("другой дом" in remark for remark in card["remarks"])
    assert door.ask("GET", f"/houses/{before}")[0] == 200


def test_a_row_that_told_no_house_can_become_one(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, card = mend(door, batch_id, TOTAL, address="г. Архангельск, ул. Садовая, д. 9")

    assert (status, card["row"]["verdict"]) == (200, "accepted_with_warnings")


def test_mendings_of_one_row_add_up_and_a_later_one_goes_before(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    mend(door, batch_id, BAD, **MENDED, entrances="4")
    _, card = mend(door, batch_id, BAD, entrances="5")

    house = door.doors.houses.get(card["row"]["house_id"])
    assert house
    assert (house.address.house, house.entrances) == ("2", 5)
    assert mended_of(door, batch_id) == {BAD: {**MENDED, "entrances": "5"}}


def test_warnings_of_a_row_mended_after_the_confirmation_are_not_confirmed(
    door: StaffDoor,
) -> None:
    batch_id = door.enrolled(LIST)
    door.ask("POST", f"/batches/{batch_id}/confirmation")

    _, card = mend(door, batch_id, BAD, **MENDED, entrances="много")

    assert card["row"]["verdict"] == "accepted_with_warnings"
    assert card["row"]["confirmed"] is False
    door.ask("POST", f"/batches/{batch_id}/confirmation")
    assert rows_of(door, batch_id)[BAD]["confirmed"] is True


def test_a_late_repeat_of_the_queue_does_not_undo_a_mending(door: StaffDoor) -> None:
    batch_id = door.upload(LIST)
    late = list(door.rows.bodies)
    door.enrol()
    mend(door, batch_id, GOOD, elder_name="Небылова Фёкла", elder_phone="+79990000009")
    mended = rows_of(door, batch_id)

    door.rows.bodies = late
    door.enrol()

    assert rows_of(door, batch_id) == mended
    assert elder_of(door, mended[GOOD]["house_id"])[0] == "Небылова Фёкла"


def test_a_list_that_is_still_checked_cannot_be_mended(door: StaffDoor) -> None:
    batch_id = door.upload(LIST)

    status, problem = mend(door, batch_id, BAD, **MENDED)

    assert (status, problem["code"]) == (409, "conflict")
    assert problem["detail"]


@pytest.mark.parametrize("number", [1, 2, 6, 100_000, 10**2000])
def test_a_row_that_is_not_in_the_list_is_not_found(door: StaffDoor, number: int) -> None:
    batch_id = door.enrolled(LIST)

    statuses = [
        door.ask("GET", f"/batches/{batch_id}/rows/{number}")[0],
        mend(door, batch_id, number, **MENDED)[0],
    ]

    assert statuses == [404, 404]


def test_any_row_of_a_long_list_is_found(door: StaffDoor) -> None:
    rows = "".join(f"г. Архангельск, ул. Садовая, д. {n}\n" for n in range(1, 302))
    batch_id = door.enrolled(f"Титул\n\n\nАдрес\n{rows}")

    for number in (5, 104, 105, 204, 205, 305):
        _, card = door.ask("GET", f"/batches/{batch_id}/rows/{number}")

        assert card["row"]["number"] == number
        assert card["cells"][0]["text"] == f"г. Архангельск, ул. Садовая, д. {number - 4}"


UNCLEAR = (
    "Адрес;Подъездов;Старший\n"
    "г. Архангельск, пр-кт Садовый, д. 1;2;Вымыслова Марфа\n"
    "г. Архангельск, пр. Садовый, д. 2;3;Былов Пётр\n"
)


def test_a_street_that_the_list_has_made_clear_stays_clear_when_another_cell_is_mended(
    door: StaffDoor,
) -> None:
    batch_id = door.enrolled(UNCLEAR)
    before = rows_of(door, batch_id)[3]

    status, card = mend(door, batch_id, 3, entrances="4")

    row = card["row"]
    assert (status, row["house_id"], row["changes"]) == (200, before["house_id"], ["entrances"])
    assert row["problems"] == before["problems"]
    assert "street_kind_settled" in {problem["code"] for problem in row["problems"]}


FLATS = (
    "Адрес\n"
    "г. Архангельск, ул. Садовая, д. 1\n"
    "г. Архангельск, ул. Садовая, дом 1\n"
    "г. Архангельск, ул. Садовая, д. 9\n"
    "Архангельск г, Садовая ул., д. 1\n"
)


def test_who_gives_a_row_another_address_learns_which_rows_repeat_the_former_one(
    door: StaffDoor,
) -> None:
    batch_id = door.enrolled(FLATS)

    _, card = mend(door, batch_id, 2, address="г. Архангельск, ул. Садовая, д. 7")

    rows = rows_of(door, batch_id)
    assert any("Строки 3, 5 повторяют прежний адрес" in remark for remark in card["remarks"])
    assert [rows[n]["problems"][0]["code"] for n in (3, 5)] == ["first_moved"] * 2
    assert "Строка 2" in rows[3]["problems"][0]["message"]
    assert door.ask("GET", f"/batches/{batch_id}/rows/5")[1]["row"] == rows[5]


def test_a_row_that_gets_its_first_address_back_is_repeated_again(door: StaffDoor) -> None:
    batch_id = door.enrolled(FLATS)
    before = rows_of(door, batch_id)
    mend(door, batch_id, 2, address="г. Архангельск, ул. Садовая, д. 7")

    _, card = mend(door, batch_id, 2, address="г. Архангельск, ул. Садовая, д. 1")

    rows = rows_of(door, batch_id)
    assert not any("повторяют" in remark for remark in card["remarks"])
    assert [rows[n] for n in (3, 5)] == [before[n] for n in (3, 5)]


def test_a_row_that_repeats_one_whose_fias_id_is_another_house_s_says_so(door: StaffDoor) -> None:
    taken = "0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f"
    house = {"address": "г. Архангельск, ул. Полевая, д. 3", "fias_id": taken}
    door.ask("POST", "/houses", house)
    batch_id = door.enrolled(
        f"Адрес;ФИАС\nг. Архангельск, ул. Садовая, д. 1;{taken}\n"
        "г. Архангельск, ул. Садовая, дом 1;\n"
    )

    rows = rows_of(door, batch_id)

    assert (rows[2]["verdict"], rows[3]["verdict"]) == ("rejected", "duplicate")
    (problem,) = [p for p in rows[3]["problems"] if p["code"] == "first_rejected"]
    assert "Строка 2" in problem["message"]


def test_a_good_row_that_becomes_a_duplicate_leaves_its_house_and_says_so(door: StaffDoor) -> None:
    batch_id = door.enrolled(FLATS)

    _, card = mend(door, batch_id, 4, address="г. Архангельск, ул. Садовая, д. 1")

    assert (card["row"]["verdict"], card["row"]["duplicate_of"]) == ("duplicate", 2)
    (remark,) = card["remarks"]
    assert "уже есть в строке 2" in remark
    assert "Прежний дом и его чат остались" in remark


def test_a_cleared_elder_stays_the_house_s_and_the_answer_says_so(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    _, card = mend(door, batch_id, GOOD, elder_name="", elder_phone="")

    assert elder_of(door, card["row"]["house_id"])[0] == "Вымыслова Марфа"
    (problem,) = card["row"]["problems"]
    assert problem["code"] == "elder_kept"
    assert "остаётся прежний" in problem["message"]
    (remark,) = card["remarks"]
    assert "Пустая ячейка ничего не меняет" in remark


def test_a_cell_may_be_as_long_as_a_list_s(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, card = mend(door, batch_id, BAD, **MENDED, tags="лифт, " * 300)

    assert status == 200
    assert {cell["field"]: len(cell["text"]) for cell in card["cells"]}["tags"] == 1800


def test_who_mends_nothing_is_told_what_is_wanted(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    status, problem = mend(door, batch_id, BAD)

    assert status == 422
    assert problem["errors"] == [
        {"pointer": "/cells", "detail": "Укажите, что исправить: столбец и новый текст ячейки."}
    ]


@pytest.mark.parametrize(
    ("cursor", "status"), [("100000", 200), ("100001", 422), (str(10**20), 422), ("-1", 422)]
)
def test_a_page_beyond_every_list_is_empty_or_a_problem(
    door: StaffDoor, cursor: str, status: int
) -> None:
    batch_id = door.enrolled(LIST)

    answer, body = door.ask("GET", f"/batches/{batch_id}/rows", query={"cursor": cursor})

    assert answer == status
    assert body.get("items", []) == []


def test_a_row_that_somebody_else_is_mending_is_a_conflict(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)
    door.cut_off(Wire(before={1}).watch("openings", door.openings))
    with pytest.raises(Killed):
        mend(door, batch_id, BAD, **MENDED)

    other = mend(door, batch_id, BAD, address="г. Архангельск, ул. Садовая, д. 3")
    same = mend(door, batch_id, BAD, **MENDED)

    assert (other[0], other[1]["code"]) == (409, "conflict")
    assert same[0] == 200


def test_a_mending_that_was_cut_off_gets_its_chat_by_the_sweep(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)
    door.cut_off(Wire(before={1}).watch("openings", door.openings))
    with pytest.raises(Killed):
        mend(door, batch_id, BAD, **MENDED)

    door.sweep()

    (opened,) = door.openings.bodies
    assert door.ask("GET", f"/houses/{opened['house_id']}")[1]["address"] == MENDED["address"]


def test_the_api_says_with_which_problems_mending_may_end() -> None:
    document = api.app.get_openapi_json_schema(title="t", version="1")

    told = json.loads(document)["paths"]["/batches/{batch_id}/rows/{number}"]["patch"]["responses"]

    assert {"200", "404", "409", "422"} <= told.keys()
    assert "ячейки" in told["422"]["description"]


def test_a_page_of_rows_tells_the_address_that_stands_in_each(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)
    mend(door, batch_id, BAD, **MENDED)

    rows = rows_of(door, batch_id)
    card = door.ask("GET", f"/batches/{batch_id}/rows/{BAD}")[1]

    assert rows[GOOD]["address"] == "г. Архангельск, ул. Садовая, д. 1"
    assert rows[BAD]["address"] == card["row"]["address"] == MENDED["address"]
    assert rows[TOTAL]["address"] == ""


def test_an_address_in_several_columns_is_told_as_one(door: StaffDoor) -> None:
    parts = "Город;Улица;Дом\nАрхангельск;ул. Садовая;\n"
    batch_id = door.enrolled(parts)

    (row,) = rows_of(door, batch_id).values()

    assert row["verdict"] == "rejected"
    assert row["address"] == "Архангельск, ул. Садовая"


def test_addresses_of_rows_that_lie_far_apart_come_on_one_page(door: StaffDoor) -> None:
    rows = [f"г. Архангельск, ул. Садовая, д. {n}" for n in range(1, 251)]
    for bad in (10, 130, 240):
        rows[bad] = f"г. Архангельск, ул. Без Номера {bad}-я"
    batch_id = door.enrolled("Адрес\n" + "\n".join(rows))

    _, page = door.ask("GET", f"/batches/{batch_id}/rows", query={"verdict": "rejected"})

    assert [row["address"] for row in page["items"]] == [rows[bad] for bad in (10, 130, 240)]


def test_a_problem_names_the_cell_that_mends_it(door: StaffDoor) -> None:
    batch_id = door.enrolled(LIST)

    (problem,) = rows_of(door, batch_id)[BAD]["problems"]

    assert (problem["column"], problem["field"]) == ("Адрес дома", "address")
    assert mend(door, batch_id, BAD, **{problem["field"]: MENDED["address"]})[0] == 200
