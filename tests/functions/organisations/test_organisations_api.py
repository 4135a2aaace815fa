"""Staff keep the organisations of their territory, and say which answers for which house."""

from datetime import UTC, datetime, timedelta

import pytest

from housechats.domain.organisations import Organisation
from housechats.domain.zones import beginning_of, day_at
from support.organisations_door import (
    COMPANY,
    COSY,
    ELSEWHERE,
    HEAT,
    HOME,
    OF_REGION,
    OKTMO,
    OTHER_OKTMO,
    REPRESENTATIVE,
    STAFF,
    UTILITY,
    OrganisationsDoor,
)

TODAY = day_at(datetime.now(UTC), OKTMO)
NEXT_WEEK = TODAY + timedelta(days=7)
THEN = beginning_of(NEXT_WEEK, OKTMO)
LAST_YEAR = TODAY - timedelta(days=365)


# Cards


def test_an_organisation_is_added_once_and_learns_how_others_write_it(
    door: OrganisationsDoor,
) -> None:
    new = {"inn": COSY, "kind": COMPANY, "name": "ООО  «Уют»"}

    first = door.ask("POST", "/organisations", new)
    again = door.ask("POST", "/organisations", new | {"name": "Уют-Сервис"}, vk_id=STAFF)

    assert (first[0], again[0]) == (201, 200)
    assert (first[1]["name"], first[1]["remarks"]) == ("ООО «Уют»", [])
    assert again[1]["spellings"] == ["Уют-Сервис"]
    assert "уже есть" in again[1]["remarks"][0]


def test_who_adds_a_namesake_is_told_whose_name_it_is(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")

    card = door.add(HOME, "уют, общество с ограниченной ответственностью")

    assert [COSY in remark for remark in card["remarks"]] == [True]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("inn", "2901000018", id="a check digit that is wrong"),
        pytest.param("name", "«»", id="a name without a word"),
        pytest.param("oktmo", OTHER_OKTMO, id="a territory of others"),
    ],
)
def test_what_cannot_be_is_not_added(door: OrganisationsDoor, field: str, value: str) -> None:
    new = {"inn": COSY, "kind": COMPANY, "name": "ООО «Уют»", field: value}

    status, problem = door.ask("POST", "/organisations", new)

    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]


def test_organisations_are_found_by_number_and_by_words_of_any_spelling(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(COSY, "Уютный дом")
    door.add(HOME, "ТСЖ «Ёлка»")

    def found(q: str) -> list[str]:
        return [one["inn"] for one in door.ask("GET", "/organisations", query={"q": q})[1]["items"]]

    assert found("") == [COSY, HOME]
    assert found("уютный") == [COSY]
    assert found("ЕЛКА тсж") == [HOME]
    assert found(HOME) == [HOME]


def test_a_long_list_of_organisations_comes_in_pages_with_counts(door: OrganisationsDoor) -> None:
    for inn in (COSY, HOME, HEAT):
        door.add(inn, f"ООО «{inn}»")

    _, first = door.ask("GET", "/organisations", query={"limit": "2"})
    rest = {"limit": "2", "cursor": first["next_cursor"]}
    _, second = door.ask("GET", "/organisations", query=rest)

    assert [one["inn"] for one in first["items"] + second["items"]] == [COSY, HOME, HEAT]
    assert (first["total"], first["counts"], second["next_cursor"]) == (3, {COMPANY: 3}, "")


def test_an_organisation_of_another_municipality_is_not_there(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")

    seen = [door.ask("GET", f"/organisations/{COSY}", vk_id=who)[0] for who in (STAFF, ELSEWHERE)]
    listed = door.ask("GET", "/organisations", vk_id=ELSEWHERE)[1]["items"]

    assert (seen, listed) == ([200, 404], [])


def test_an_organisation_is_known_where_its_houses_are(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    house = door.house(1, OTHER_OKTMO)
    body = {"inn": COSY, "kind": COMPANY}
    door.ask("POST", f"/houses/{house.id}/organisations", body, vk_id=OF_REGION)

    status, card = door.ask("GET", f"/organisations/{COSY}", vk_id=ELSEWHERE)

    assert (status, card["houses"]) == (200, 1)


def test_a_list_that_names_an_organisation_makes_it_known(door: OrganisationsDoor) -> None:
    said = Organisation(COMPANY, "ООО «Уют»", COSY)
    door.doors.attachments.introduce(said, oktmo=OTHER_OKTMO, now=datetime.now(UTC))

    status, card = door.ask("GET", f"/organisations/{COSY}", vk_id=ELSEWHERE)

    assert (status, card["name"], card["oktmo"]) == (200, "ООО «Уют»", OTHER_OKTMO)


def test_a_name_that_was_put_right_stays_when_lists_spell_it_otherwise(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")

    status, card = door.ask("PATCH", f"/organisations/{COSY}", {"name": "ООО «Уют-Сервис»"})
    again = door.add(COSY, "ООО «Уют»")

    assert (status, card["name"], card["spellings"]) == (200, "ООО «Уют-Сервис»", ["ООО «Уют»"])
    assert (again["name"], again["spellings"]) == ("ООО «Уют-Сервис»", ["ООО «Уют»"])


def test_a_card_is_put_right_where_the_organisation_was_named_first(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(COSY, "ООО «Уют»", vk_id=ELSEWHERE)
    wanted = {"name": "ООО «Другое»", "kind": UTILITY}

    elsewhere = door.ask("PATCH", f"/organisations/{COSY}", wanted, vk_id=ELSEWHERE)
    card = door.ask("GET", f"/organisations/{COSY}")[1]
    of_region, _ = door.ask("PATCH", f"/organisations/{COSY}", wanted, vk_id=OF_REGION)

    assert (elsewhere[0], elsewhere[1]["code"]) == (403, "forbidden")
    assert (card["name"], card["kind"]) == ("ООО «Уют»", COMPANY)
    assert of_region == 200


def test_a_card_has_the_mobile_phone_of_whoever_is_on_duty(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")

    _, given = door.ask("PATCH", f"/organisations/{COSY}", {"duty_phone": "8 (900) 000-00-01"})
    not_mobile, problem = door.ask("PATCH", f"/organisations/{COSY}", {"duty_phone": "8182000001"})
    _, kept = door.ask("PATCH", f"/organisations/{COSY}", {"name": "ООО «Уют+»"})
    _, taken = door.ask("PATCH", f"/organisations/{COSY}", {"duty_phone": ""})

    assert given["duty_phone"] == kept["duty_phone"] == "+79000000001"
    assert (not_mobile, problem["errors"][0]["pointer"]) == (422, "/duty_phone")
    assert taken["duty_phone"] == ""


def test_who_changes_a_card_by_an_old_copy_is_told(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    door.ask("PATCH", f"/organisations/{COSY}", {"name": "ООО «Дом»"})

    status, problem = door.ask(
        "PATCH", f"/organisations/{COSY}", {"name": "ТСЖ «Дом»"}, headers={"if-match": '"r1-0"'}
    )

    assert (status, problem["code"]) == (412, "changed_meanwhile")


# Attachments, one by one


def test_a_house_has_its_company_at_once_and_the_former_one_ends(door: OrganisationsDoor) -> None:
    house = door.house(1)
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")
    door.attach(house, COSY, since=str(LAST_YEAR))

    status, answer = door.attach(house, HOME)

    assert status == 200
    assert answer["items"] == [
        {
            "inn": HOME,
            "name": "ООО «Дом»",
            "now": COMPANY,
            "spans": [{"kind": COMPANY, "since": str(TODAY), "until": None}],
        }
    ]
    assert door.carried(house) == {HOME: COMPANY}
    _, before = door.ask("GET", f"/organisations/{COSY}/houses", query={"when": "ended"})
    assert before["items"][0]["spans"] == [
        {"kind": COMPANY, "since": str(LAST_YEAR), "until": str(TODAY)}
    ]


def test_what_is_planned_begins_on_its_day_where_the_house_stands(door: OrganisationsDoor) -> None:
    house = door.house(1)
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")
    door.attach(house, COSY)

    door.attach(house, HOME, since=str(NEXT_WEEK))
    _, planned = door.ask("GET", f"/organisations/{HOME}/houses", query={"when": "planned"})
    early = door.sweep(THEN - timedelta(minutes=1))
    before = door.carried(house)
    done = door.sweep(THEN)

    assert [one["id"] for one in planned["items"]] == [house.id]
    assert (early, before) == (0, {COSY: COMPANY})
    assert (done, door.carried(house)) == (1, {HOME: COMPANY})
    assert door.sweep(THEN + timedelta(minutes=1)) == 0


def test_an_organisation_goes_after_the_last_day_that_was_said(door: OrganisationsDoor) -> None:
    house = door.house(1)
    door.add(COSY, "ООО «Уют»")
    door.attach(house, COSY)
    path, last = f"/houses/{house.id}/organisations/{COSY}", NEXT_WEEK - timedelta(days=1)

    status, answer = door.ask("DELETE", path, query={"until": str(last)})
    before = door.carried(house)
    door.sweep(THEN)

    assert (status, answer["items"][0]["spans"][0]["until"]) == (200, str(last))
    assert (before, door.carried(house)) == ({COSY: COMPANY}, {})


def test_a_plan_is_given_up_before_its_day(door: OrganisationsDoor) -> None:
    house = door.house(1)
    door.add(HEAT, "ПАО «Тепло»")
    door.attach(house, HEAT, UTILITY, since=str(NEXT_WEEK))

    door.ask("DELETE", f"/houses/{house.id}/organisations/{HEAT}")
    door.sweep(THEN)

    assert door.carried(house) == {}


def test_an_organisation_that_was_never_attached_cannot_be_detached(
    door: OrganisationsDoor,
) -> None:
    house = door.house(1)

    status, problem = door.ask("DELETE", f"/houses/{house.id}/organisations/{COSY}")

    assert (status, problem["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        pytest.param({"since": "1850-01-01"}, "/since", id="a day before there were such houses"),
        pytest.param({"since": "9999-12-31"}, "/since", id="the last day of all"),
        pytest.param(
            {"since": str(NEXT_WEEK), "until": str(TODAY)}, "/until", id="an end before the start"
        ),
        pytest.param({"inn": HOME}, "/inn", id="nobody knows it"),
    ],
)
def test_an_attachment_that_cannot_be_is_refused_with_its_field(
    door: OrganisationsDoor, said: dict[str, str], pointer: str
) -> None:
    house = door.house(1)
    door.add(COSY, "ООО «Уют»")
    body = {"inn": COSY, "kind": COMPANY} | said

    status, problem = door.ask("POST", f"/houses/{house.id}/organisations", body)

    assert (status, problem["errors"][0]["pointer"]) == (422, pointer)
    assert door.carried(house) == {}


def test_a_house_of_another_territory_is_not_there(door: OrganisationsDoor) -> None:
    house = door.house(1, OTHER_OKTMO)
    door.add(COSY, "ООО «Уют»")

    status, _ = door.attach(house, COSY)
    gone, _ = door.ask("DELETE", f"/houses/{house.id}/organisations/{COSY}")

    assert (status, gone) == (404, 404)
    assert door.carried(house) == {}


# Representatives


def test_a_representative_sees_their_own_organisation_and_its_houses_in_their_territory(
    door: OrganisationsDoor,
) -> None:
    ours, _ = door.house(1, organisations={COSY: COMPANY}), door.house(2)
    door.house(3, OTHER_OKTMO, organisations={COSY: COMPANY})
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")

    _, listed = door.ask("GET", "/organisations", vk_id=REPRESENTATIVE)
    _, houses = door.ask("GET", f"/organisations/{COSY}/houses", vk_id=REPRESENTATIVE)
    other, _ = door.ask("GET", f"/organisations/{HOME}", vk_id=REPRESENTATIVE)

    assert [(one["inn"], one["houses"]) for one in listed["items"]] == [(COSY, 1)]
    assert ([one["id"] for one in houses["items"]], houses["total"]) == ([ours.id], 1)
    assert other == 404


def test_a_representative_changes_nothing(door: OrganisationsDoor) -> None:
    house = door.house(1, organisations={COSY: COMPANY})
    door.add(COSY, "ООО «Уют»")

    answers = [
        door.ask(method, path, body, vk_id=REPRESENTATIVE)[0]
        for method, path, body in [
            ("POST", "/organisations", {"inn": HEAT, "kind": UTILITY, "name": "Тепло"}),
            ("PATCH", f"/organisations/{COSY}", {"name": "ООО «Мы»"}),
            ("POST", f"/houses/{house.id}/organisations", {"inn": COSY, "kind": UTILITY}),
            ("DELETE", f"/houses/{house.id}/organisations/{COSY}", None),
            ("POST", f"/organisations/{COSY}/houses", {"kind": COMPANY, "houses": ["x"]}),
            ("POST", f"/organisations/{COSY}/transfer", {"to": HOME}),
        ]
    ]

    assert answers == [403] * 6
    assert door.carried(house) == {COSY: COMPANY}


def test_houses_of_an_organisation_come_in_pages(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    houses = [door.house(n, organisations={COSY: COMPANY}) for n in range(1, 6)]

    _, first = door.ask("GET", f"/organisations/{COSY}/houses", query={"limit": "3"})
    rest = {"limit": "3", "cursor": first["next_cursor"]}
    _, second = door.ask("GET", f"/organisations/{COSY}/houses", query=rest)

    assert [one["id"] for one in first["items"] + second["items"]] == [one.id for one in houses]
    assert (first["total"], second["next_cursor"]) == (5, "")
