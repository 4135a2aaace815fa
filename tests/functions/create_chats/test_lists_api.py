"""Staff announce lists, page through their rows and confirm what the check remarked."""

from collections.abc import Iterator

import pytest

from support.staff_door import OF_REGION, StaffDoor, staff_door

WITH_WARNING = "Адрес;Подъездов\nг. Архангельск, ул. Садовая, д. 1;много\n"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def test_a_list_is_awaited_with_a_form_for_its_own_place_only(door: StaffDoor) -> None:
    status, batch = door.ask("POST", "/batches", {"name": "дома.xlsx", "oktmo": ""})

    _, progress = door.ask("GET", f"/batches/{batch['id']}")
    assert status == 201
    assert batch["upload"]["fields"]["key"] == f"lists/11701000/{batch['id']}/list"
    assert (progress["status"], progress["name"]) == ("awaited", "дома.xlsx")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "дома\n.xlsx"},
        {"name": "x", "oktmo": "118"},
        {"name": "x", "oktmo": "117"},
        {"name": "x", "oktmo": "11701000", "locality": "ул. Ленина"},
        {"name": "x", "oktmo": "11", "locality": "г. Архангельск"},
    ],
)
def test_a_list_without_a_name_a_territory_or_a_real_town_is_not_awaited(
    door: StaffDoor, body: dict[str, str]
) -> None:
    status, _ = door.ask("POST", "/batches", body, vk_id=OF_REGION)

    assert status == 422


def test_the_town_of_a_list_is_that_of_rows_without_one(door: StaffDoor) -> None:
    batch_id = door.enrolled("Адрес\nул. Садовая, д. 1\n", locality="Архангельск г")

    _, rows = door.ask("GET", f"/batches/{batch_id}/rows")

    _, house = door.ask("GET", f"/houses/{rows['items'][0]['house_id']}")
    assert house["address"] == "г. Архангельск, ул. Садовая, д. 1"


def test_rows_come_in_pages_by_verdict_with_their_counts(door: StaffDoor) -> None:
    good = [f"г. Архангельск, ул. Садовая, д. {n}" for n in range(1, 151)]
    bad = ["ул. Садовая"] * 60
    mixed = [row for pair in zip(good[:60], bad, strict=True) for row in pair] + good[60:]
    batch_id = door.enrolled("Адрес\n" + "\n".join(mixed) + "\n")

    pages, query = [], {"verdict": "rejected", "limit": "50"}
    while True:
        _, page = door.ask("GET", f"/batches/{batch_id}/rows", query=query)
        pages.append(page)
        if not page["next_cursor"]:
            break
        query["cursor"] = page["next_cursor"]

    assert [len(page["items"]) for page in pages] == [50, 10]
    assert [row["number"] for page in pages for row in page["items"]] == list(range(3, 123, 2))
    assert pages[0]["counts"] == {"accepted": 150, "rejected": 60}
    assert pages[0]["total"] == 60


def test_all_rows_come_once_whatever_the_size_of_a_page(door: StaffDoor) -> None:
    rows = "".join(f"г. Архангельск, ул. Садовая, д. {n}\n" for n in range(1, 211))
    batch_id = door.enrolled(f"Список домов\n\nАдрес\n{rows}")

    seen, query = [], {"limit": "70"}
    for _ in range(3):
        _, page = door.ask("GET", f"/batches/{batch_id}/rows", query=query)
        seen += [row["number"] for row in page["items"]]
        query["cursor"] = page["next_cursor"]

    assert seen == list(range(4, 214))
    assert query["cursor"] == ""


def test_a_repeat_of_an_upload_gets_a_fresh_form_for_the_same_list(door: StaffDoor) -> None:
    new, key = {"name": "дома.csv"}, {"idempotency-key": "upload-1"}

    first, again = (door.ask("POST", "/batches", new, headers=key) for _ in range(2))

    assert (first[0], again[0]) == (201, 201)
    assert again[1]["id"] == first[1]["id"]
    assert again[1]["upload"]["fields"]["key"] == first[1]["upload"]["fields"]["key"]
    assert again[1]["upload"]["expires_at"] > first[1]["upload"]["expires_at"]
    other = door.ask("POST", "/batches", {"name": "иные.csv"}, headers=key)
    assert (other[0], other[1]["code"]) == (422, "key_reused")


def test_warnings_are_confirmed_in_one_go_and_again(door: StaffDoor) -> None:
    batch_id = door.enrolled(WITH_WARNING)
    _, before = door.ask("GET", f"/batches/{batch_id}/rows")

    answers = [door.ask("POST", f"/batches/{batch_id}/confirmation") for _ in range(2)]

    _, after = door.ask("GET", f"/batches/{batch_id}/rows")
    assert [row["confirmed"] for row in before["items"]] == [False]
    assert [(status, body["confirmed_by"]) for status, body in answers] == [(200, "vk:1")] * 2
    assert [row["confirmed"] for row in after["items"]] == [True]


def test_warnings_of_a_list_that_is_still_checked_cannot_be_confirmed(door: StaffDoor) -> None:
    batch_id = door.upload(WITH_WARNING)

    status, problem = door.ask("POST", f"/batches/{batch_id}/confirmation")

    assert (status, problem["code"]) == (409, "conflict")


def test_lists_are_counted_by_how_far_they_have_come(door: StaffDoor) -> None:
    text = "Адрес\nг. Архангельск, ул. Садовая, д. 1\n"
    enrolled, other = door.enrolled(text), door.upload(text)

    _, page = door.ask("GET", "/batches", query={"limit": "1"})

    assert page["counts"] == {"enrolled": 1, "enrolling": 1}
    assert page["total"] == 2
    assert {page["items"][0]["id"]} < {enrolled, other}
    assert page["items"][0]["status"] in page["counts"]
