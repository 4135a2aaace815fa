"""Whatever roles people have: nobody is shown a house outside their scope, nobody changes one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from housechats.adapters.houses import DynamoHouses
from housechats.adapters.people import DynamoElders
from housechats.domain.access import GRANTS, Caller, Permission, Place, may
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post, Role
from housechats.domain.territories import REGIONS_WITHIN, Territory
from support.small_region import inn_of
from support.whole_api import KEY, WholeApi, whole_api

NOW = datetime.now(UTC)
MUNICIPALITIES = (
    "11701000",
    "11701000001",
    "11730000",
    "11605101",
    "11811000",  # Ненецкий АО, in the code of Архангельская область
    "11851000",
    "71701000",
    "71811000",  # ХМАО — Югра, in the code of Тюменская область
    "71819000",
    "71901000",  # ЯНАО, likewise
)
REGIONS = ("11", "118", "71", "718", "719")
TERRITORIES = (*REGIONS, *MUNICIPALITIES, "11605000", "71800000", "11000000")
INNS = tuple(inn_of(290100000 + n) for n in range(3))
ELDERS = tuple(range(701, 705))
CALLER = 1


def elder_id_of(vk_id: int, oktmo: str) -> str:
    return Elder("", vk_id=vk_id).id(KEY, oktmo)


HOUSES = tuple(
    House(
        id=f"{number:08d}",
        digest=f"{number}",
        oktmo=oktmo,
        address=Address("г. Вымышленск", "ул", "Садовая", house=f"{number + 1}"),
        community=1,
        created_at=NOW,
        organisations=dict.fromkeys(INNS[number % 4 :][:1], OrganisationKind.MANAGEMENT_COMPANY),
        elder_id=elder_id_of(ELDERS[number % 4], oktmo) if number % 3 else "",
    )
    for number in range(40)
    for oktmo in [MUNICIPALITIES[number % len(MUNICIPALITIES)]]
)


@dataclass(frozen=True)
class Person:
    """Who asks: at most a few posts, and perhaps an elder."""

    posts: tuple[tuple[Role, str, str], ...]
    """Role, territory, ИНН."""
    page: int
    """Whose page it is: an elder's, or nobody's."""


POSTS = st.one_of(
    st.tuples(
        st.sampled_from([Role.ADMINISTRATOR, Role.STAFF]),
        st.sampled_from(TERRITORIES),
        st.just(""),
    ),
    st.tuples(st.just(Role.REPRESENTATIVE), st.sampled_from(TERRITORIES), st.sampled_from(INNS)),
)
PEOPLE = st.builds(
    Person,
    posts=st.lists(POSTS, max_size=3, unique_by=lambda post: post[1:]).map(tuple),
    page=st.sampled_from([CALLER, *ELDERS]),
)


def lies_in(house_oktmo: str, territory: str) -> bool:
    """Tell by hand whether a house lies in a territory: not as the code under test does."""
    digits = territory.rstrip("0") if len(territory) > 3 else territory
    # Codes of districts end in zeros, those of regions within a region begin with three digits.
    region = next((r for r in REGIONS_WITHIN if territory.startswith(r)), territory[:2])
    of_house = next((r for r in REGIONS_WITHIN if house_oktmo.startswith(r)), house_oktmo[:2])
    if region != of_house:
        return False
    if len(digits) <= len(region):
        return True
    kept = 5 if len(territory) == 8 and territory.endswith("000") else len(territory)
    return house_oktmo[:kept] == territory[:kept]


def reaches(person: Person, permission: Permission, house: House) -> bool:
    """Tell by hand whether somebody may do something to a house."""
    by_post = any(
        permission in GRANTS[role]
        and lies_in(house.oktmo, territory)
        and (role != Role.REPRESENTATIVE or inn in house.organisations)
        for role, territory, inn in person.posts
    )
    own = person.page in ELDERS and house.elder_id == elder_id_of(person.page, house.oktmo)
    return by_post or (own and permission in GRANTS[Role.ELDER])


@given(PEOPLE, st.sampled_from(HOUSES), st.sampled_from(Permission))
@settings(max_examples=400, deadline=None)
def test_scope_is_what_a_person_would_say(
    person: Person, house: House, permission: Permission
) -> None:
    caller = Caller(
        person.page,
        tuple(
            Post(person.page, role, Territory(oktmo), NOW, "operator", inn=inn)
            for role, oktmo, inn in person.posts
        ),
        frozenset(elder_id_of(person.page, oktmo) for oktmo in MUNICIPALITIES),
    )
    place = Place(house.oktmo, frozenset(house.organisations), house.elder_id)

    assert may(caller, permission, [place]) == reaches(person, permission, house)


@pytest.fixture(scope="module")
def api() -> Iterator[WholeApi]:
    with pytest.MonkeyPatch.context() as monkeypatch, whole_api(monkeypatch) as opened:
        houses, elders = DynamoHouses(opened.table), DynamoElders(opened.table)
        for house in HOUSES:
            houses.enrol(house)
        houses.announce(HOUSES)
        for vk_id, oktmo in product(ELDERS, MUNICIPALITIES):
            elder, elder_id = Elder("Вымыслова Марфа", vk_id=vk_id), elder_id_of(vk_id, oktmo)
            theirs = {house.id for house in HOUSES if house.elder_id == elder_id}
            elders.put(elder_id, elder, house_ids=theirs, until=NOW + timedelta(days=1))
        yield opened


CHANGES: tuple[tuple[str, str, Any, Permission], ...] = (
    ("PATCH", "/houses/{}", {"entrances": 7}, Permission.HOUSES_CHANGE),
    ("PUT", "/houses/{}/elder", {"name": "Вымыслов Пётр"}, Permission.HOUSES_HAND_OVER),
    ("POST", "/houses/{}/close", {"reason": "Расселён."}, Permission.HOUSES_CLOSE),
    ("POST", "/houses/{}/retry", None, Permission.HOUSES_CHANGE),
    ("POST", "/houses/{}/new-chat", None, Permission.HOUSES_CLOSE),
    (
        "POST",
        "/houses/{}/organisations",
        {"inn": INNS[0], "kind": "administration"},
        Permission.ATTACHMENTS_CHANGE,
    ),
)


@given(PEOPLE, st.sampled_from(HOUSES), st.sampled_from(CHANGES))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_request_shows_or_changes_a_house_outside_scope(
    api: WholeApi,
    person: Person,
    house: House,
    change: tuple[str, str, Any, Permission],
) -> None:
    before = api.snapshot()
    for role, oktmo, inn in person.posts:
        api.name(person.page, role, oktmo, inn)
    theirs = {one.id for one in HOUSES if reaches(person, Permission.HOUSES_READ, one)}
    method, path, body, permission = change
    houses_before = {key: item for key, item in api.kept().items() if key[0].startswith("HOUSE#")}

    status, listed = api.ask("GET", "/houses", vk_id=person.page, query={"limit": "100"})
    card, _ = api.ask("GET", f"/houses/{house.id}", vk_id=person.page)
    changed, told = api.ask(method, path.format(house.id), body, vk_id=person.page)
    houses_after = {key: item for key, item in api.kept().items() if key[0].startswith("HOUSE#")}
    api.restore(before)

    assert status == (200 if theirs or person.posts else 403)
    if status == 200:
        assert {item["id"] for item in listed["items"]} == theirs
        assert (listed["total"], sum(listed["counts"].values())) == (len(theirs), len(theirs))
    assert (card == 200) == (house.id in theirs)
    if not reaches(person, permission, house):
        assert changed in {403, 404}, told
        assert houses_after == houses_before
    else:
        assert changed not in {401, 403, 404}, told
    touched = {key[0] for key in houses_after if houses_after[key] != houses_before.get(key)}
    assert touched <= {f"HOUSE#{house.id}"}, json.dumps(told, ensure_ascii=False)
