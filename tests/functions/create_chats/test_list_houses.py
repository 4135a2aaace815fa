"""Each caller sees the houses of their posts and their own, each once, and no others."""

from dataclasses import dataclass, field, replace

import pytest

from create_chats.list_houses import list_houses
from housechats.domain.access import Caller
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.listing import HousePage
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post, Role
from housechats.domain.territories import Territory
from support.clock import JANUARY
from support.fakes import FakeCatalogue, FakeElders, FakeHouses

ARKHANGELSK, ONEGA, NARYAN_MAR = "11701000", "11750000", "11851000"
COSY, WARM = "2901000017", "2901000024"
MARFA, PETR = "elder-1", "elder-2"


def house(number: int, oktmo: str = ARKHANGELSK, *inns: str, elder_id: str = "") -> House:
    return House(
        id=f"H{number}",
        digest=f"d{number}",
        oktmo=oktmo,
        address=Address(street_type="ул", street="Садовая", house=str(number)),
        community=7,
        created_at=JANUARY,
        elder_id=elder_id,
        organisations=dict.fromkeys(inns, OrganisationKind.MANAGEMENT_COMPANY),
    )


HOUSES = [
    house(1, ARKHANGELSK, COSY),
    house(2, ARKHANGELSK, WARM, elder_id=MARFA),
    house(3, ONEGA, COSY, elder_id=MARFA),
    house(4, NARYAN_MAR, COSY, elder_id=PETR),
]


@dataclass
class Town:
    houses: FakeHouses = field(default_factory=FakeHouses)
    elders: FakeElders = field(default_factory=lambda: FakeElders(lambda: JANUARY))

    def __post_init__(self) -> None:
        for one in HOUSES:
            self.houses.enrol(one)
            if one.elder_id:
                until = JANUARY.replace(year=2028)
                name = Elder("Вымыслова Марфа")
                self.elders.put(one.elder_id, name, until=until, house_ids={one.id})

    def page(self, caller: Caller, limit: int = 50, **asked: str) -> HousePage:
        return list_houses(
            caller,
            catalogue=FakeCatalogue(self.houses),
            elders=self.elders,
            houses=self.houses,
            limit=limit,
            **asked,
        )

    def seen(self, caller: Caller, **asked: str) -> list[str]:
        return [line.id for line in self.page(caller, 50, **asked).items]


def post(role: Role, oktmo: str, inn: str = "") -> Post:
    return Post(1, role, Territory(oktmo), inn=inn, since=JANUARY, given_by="vk:2")


def caller(*posts: Post, elder_ids: frozenset[str] = frozenset()) -> Caller:
    return Caller(1, posts, elder_ids)


@pytest.mark.parametrize(
    ("posts", "shown"),
    [
        pytest.param([post(Role.STAFF, "11")], ["H1", "H2", "H3"], id="of a region"),
        pytest.param([post(Role.STAFF, "118")], ["H4"], id="of a region inside it"),
        pytest.param([post(Role.ADMINISTRATOR, ONEGA)], ["H3"], id="of a municipality"),
        pytest.param(
            [post(Role.STAFF, ONEGA), post(Role.STAFF, ARKHANGELSK)],
            ["H1", "H2", "H3"],
            id="of two municipalities",
        ),
        pytest.param(
            [post(Role.STAFF, "11"), post(Role.STAFF, "118")],
            ["H1", "H2", "H3", "H4"],
            id="of two regions",
        ),
        pytest.param(
            [post(Role.REPRESENTATIVE, "11", COSY)], ["H1", "H3"], id="of an organisation"
        ),
        pytest.param(
            [post(Role.REPRESENTATIVE, "11", COSY), post(Role.STAFF, ARKHANGELSK)],
            ["H1", "H2", "H3"],
            id="of an organisation and a municipality inside its territory",
        ),
        pytest.param([], [], id="of nothing"),
    ],
)
def test_who_has_posts_sees_their_houses(posts: list[Post], shown: list[str]) -> None:
    page = Town().page(caller(*posts))

    assert [line.id for line in page.items] == shown
    assert (page.total, sum(page.counts.values())) == (len(shown), len(shown))


def test_an_elder_sees_their_own_houses() -> None:
    elder = caller(elder_ids=frozenset({MARFA}))

    assert Town().seen(elder) == ["H2", "H3"]


def test_a_representative_who_is_an_elder_sees_both_each_house_once() -> None:
    both = caller(post(Role.REPRESENTATIVE, "11", COSY), elder_ids=frozenset({MARFA}))

    assert Town().seen(both) == ["H1", "H2", "H3"]


def test_a_house_that_was_handed_over_is_no_longer_its_former_elder_s() -> None:
    town = Town()
    before = HOUSES[1]

    town.houses.amend(before, replace(before, elder_id=PETR))

    assert town.seen(caller(elder_ids=frozenset({MARFA}))) == ["H3"]


@pytest.mark.parametrize(
    ("who", "known"),
    [
        pytest.param(caller(post(Role.STAFF, "11")), {"H1", "H3"}, id="staff know all"),
        pytest.param(caller(post(Role.REPRESENTATIVE, "11", COSY)), set(), id="others nothing"),
        pytest.param(caller(elder_ids=frozenset({MARFA})), set(), id="elders neither"),
        pytest.param(
            caller(post(Role.REPRESENTATIVE, "11", COSY), post(Role.STAFF, ARKHANGELSK)),
            {"H1"},
            id="who is both, where they are staff",
        ),
    ],
)
def test_what_staff_note_of_a_house_is_shown_to_staff_alone(who: Caller, known: set[str]) -> None:
    town = Town()
    for one in (HOUSES[0], HOUSES[2]):
        noted = replace(one, tags=("льгота",), batch_id="b-1", reason="ВК отказал.")
        town.houses.by_id[one.id] = noted

    shown = town.page(who).items

    told = {one.id: (one.tags, one.batch_id, one.reason) for one in shown}
    notes = (("льгота",), "b-1", "ВК отказал.")
    assert {house_id: note for house_id, note in told.items() if any(note)} == dict.fromkeys(
        known, notes
    )
    assert {*town.seen(who, tag="льгота")} == known


def test_words_and_pages_are_of_what_is_seen_only() -> None:
    staff, town = caller(post(Role.STAFF, "11"), elder_ids=frozenset({PETR})), Town()

    first = town.page(staff, 2)
    second = town.page(staff, 2, cursor=first.next_cursor)

    assert [line.id for line in (*first.items, *second.items)] == ["H1", "H2", "H3", "H4"]
    assert town.seen(staff, text="садовая 3") == ["H3"]
    assert town.seen(staff, organisation=WARM) == ["H2"]
