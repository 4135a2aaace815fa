"""Lists show every change of a house, in memory and over the table alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from housechats.adapters.catalogue import FOLDED_AGAIN_S, DynamoCatalogue
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House, HouseLine
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import Territory
from housechats.ports.houses import Catalogue, Houses
from support.clock import JANUARY, VirtualClock
from support.fakes import FakeCatalogue, FakeHouses

NOW = JANUARY
LATER = NOW + timedelta(minutes=2)
REGION = Territory("11")
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=Address(
        locality="г. Архангельск", street_type="ул", street="Ленина", house="12", block="3"
    ),
    community=7,
    created_at=NOW,
    entrances=4,
    batch_id="b-1",
)
LINE = HouseLine(
    id="ABCDEF01",
    oktmo="11701000",
    title="ул. Ленина, д. 12, корп. 3",
    state=ChatState.PLANNED,
    batch_id="b-1",
    entrances=4,
    community=7,
    position="11701000#г. архангельск ленина ул#00012 3",
)


@dataclass
class Town:
    houses: Houses
    catalogue: Catalogue
    clock: VirtualClock

    def build(self, *houses: House) -> None:
        for house in houses:
            self.houses.enrol(house)
        self.houses.announce(houses)

    def seen(self, territory: Territory = REGION) -> list[HouseLine]:
        self.catalogue.forget()
        return [replace(line, told=0) for line in self.catalogue.lines(territory)]


@pytest.fixture(params=["in memory", "in the table"])
def town(request: pytest.FixtureRequest) -> Town:
    clock = VirtualClock()
    if request.param == "in memory":
        houses = FakeHouses()
        return Town(houses, FakeCatalogue(houses), clock)
    table = request.getfixturevalue("table")
    files = S3Files(request.getfixturevalue("bucket"))
    return Town(
        DynamoHouses(table, clock=clock.now),
        DynamoCatalogue(table, files, clock=clock.now),
        clock,
    )


def numbered(number: str, oktmo: str = "11701000") -> House:
    address = replace(HOUSE.address, house=number, block="")
    return replace(HOUSE, id=f"H{number:0>7}", oktmo=oktmo, address=address)


def test_lists_show_a_territory_in_the_order_of_addresses(town: Town) -> None:
    town.build(*map(numbered, ("10", "2", "1а")), numbered("5", "11605000"))
    town.build(numbered("7", "11800000"))

    region = [line.title for line in town.seen()]
    city = [line.title for line in town.seen(Territory("11701000"))]

    assert city == ["ул. Ленина, д. 1а", "ул. Ленина, д. 2", "ул. Ленина, д. 10"]
    assert region == ["ул. Ленина, д. 5", *city]


def test_of_many_new_houses_every_one_is_shown(town: Town) -> None:
    town.seen()

    town.build(*(numbered(str(n)) for n in range(1, 31)))
    town.clock.sleep(FOLDED_AGAIN_S)

    assert len(town.seen()) == 30


def test_a_house_whose_chat_is_being_made_is_planned(town: Town) -> None:
    town.build(HOUSE)
    town.seen()

    town.houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)
    town.houses.made(HOUSE.id, chat_id=5, now=NOW)

    assert town.seen() == [LINE]


def test_a_house_whose_chat_is_open_is_shown_with_its_chat_and_community(town: Town) -> None:
    town.build(HOUSE)
    town.seen()
    town.houses.claim_opening(HOUSE.id, now=NOW, lease_until=LATER)
    town.houses.made(HOUSE.id, chat_id=5, now=NOW)

    town.houses.opened(HOUSE.id, link="https://vk.me/join/x", cmid=1)

    (line,) = town.seen()
    assert (line.state, line.community, line.chat_id) == (ChatState.OPEN, 7, 5)


def _open(houses: Houses) -> None:
    houses.opened(HOUSE.id, link="https://vk.me/join/x", cmid=1)


def _wait(houses: Houses) -> None:
    houses.wait(HOUSE, until=LATER, reason="Ждём.")


def _begin_anew(houses: Houses) -> None:
    houses.refused(HOUSE.id, reason="Нельзя.")
    houses.replan(HOUSE, letter_id="one", now=NOW)


def _correct(houses: Houses) -> None:
    after = replace(
        HOUSE,
        entrances=5,
        tags=("лифт", "капремонт"),
        organisations={"2901000017": OrganisationKind.MANAGEMENT_COMPANY},
    )
    assert houses.amend(HOUSE, after) is None


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        pytest.param(_open, replace(LINE, state=ChatState.OPEN), id="open"),
        pytest.param(
            lambda houses: houses.refused(HOUSE.id, reason="Нельзя."),
            replace(LINE, state=ChatState.REFUSED, reason="Нельзя."),
            id="refused",
        ),
        pytest.param(
            lambda houses: houses.uncertain(HOUSE.id, reason="Решите."),
            replace(LINE, state=ChatState.UNCERTAIN, reason="Решите."),
            id="uncertain",
        ),
        pytest.param(_wait, replace(LINE, waits=True, reason="Ждём."), id="waiting"),
        pytest.param(_begin_anew, LINE, id="begun anew"),
        pytest.param(
            lambda houses: houses.poster_drawn(HOUSE.id, now=NOW),
            replace(LINE, has_poster=True),
            id="with a poster",
        ),
        pytest.param(
            _correct,
            replace(LINE, entrances=5, tags=("лифт", "капремонт"), organisations=("2901000017",)),
            id="corrected by a list",
        ),
    ],
)
def test_whoever_changes_a_house_finds_it_changed_in_the_list(
    town: Town, change: Callable[[Houses], None], shown: HouseLine
) -> None:
    town.build(HOUSE)
    town.seen()

    change(town.houses)

    assert town.seen() == [shown]


def test_a_closed_chat_and_a_name_are_shown(town: Town) -> None:
    town.build(HOUSE)
    _open(town.houses)
    opened = town.houses.get(HOUSE.id)
    town.seen()
    assert opened

    after = replace(opened, name="Наш дом", state=ChatState.CLOSED, closed_at=NOW)
    town.houses.amend(opened, after)

    assert town.seen() == [replace(LINE, title="Наш дом", state=ChatState.CLOSED)]
