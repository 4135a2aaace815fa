"""An elder whose name is written otherwise stays the elder: nobody hears of another one."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from create_chats.hand_over import Desk, hand_over
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.enrolling import Office as ListOffice
from support.enrolling import saying
from support.fakes import FakeElders, FakeHouses, FakeInstructions, FakeQueue
from support.renewal_fakes import FakeResidents

PHONE = "+79990000001"
MARIA = Elder("Петрова Мария", PHONE)
SPELLINGS = [replace(MARIA, name=name) for name in ("Петрова М.", "Петрова Мария Ивановна")]
COLLEAGUE = Elder("Былов Пётр", PHONE)
LATER = JANUARY + timedelta(days=7)
HOUSE = House(
    id="H1",
    digest="d1",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    state=ChatState.OPEN,
    chat_id=5,
    link="https://vk.me/join/1",
)


@dataclass
class Office:
    """Staff name elders of one house."""

    houses: FakeHouses = field(default_factory=FakeHouses)
    elders: FakeElders = field(default_factory=lambda: FakeElders(lambda: JANUARY))
    instructions: FakeInstructions = field(default_factory=FakeInstructions)
    renewals: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.houses.by_id[HOUSE.id] = HOUSE

    def names(self, elder: Elder) -> House:
        desk = Desk(
            houses=self.houses,
            elders=self.elders,
            instructions=self.instructions,
            residents=FakeResidents(self.houses),
            renewals=self.renewals,
            elder_key="a key",
        )
        return hand_over(self.houses.by_id[HOUSE.id], elder, desk=desk, now=JANUARY)


def test_a_corrected_name_leaves_the_elder_who_they_are_and_writes_to_nobody() -> None:
    office = Office()
    named = office.names(MARIA)
    letters = dict(office.instructions.by_key)

    for spelled in SPELLINGS:
        office.renewals.take()
        house = office.names(spelled)

        assert (house.elder_id, house.letter_id) == (named.elder_id, named.letter_id)
        assert office.elders.get(house.elder_id) == spelled
        assert house.outdated, "the pinned message is to say the name anew"
        assert office.renewals.take()
    assert office.instructions.by_key.keys() == letters.keys()


def test_a_colleague_at_the_same_phone_is_another_elder() -> None:
    office = Office()
    named = office.names(MARIA)

    house = office.names(COLLEAGUE)

    assert house.elder_id != named.elder_id
    assert (house.parting_id, named.elder_id) in office.instructions.by_key


def listed(office: ListOffice, elder: Elder, batch_id: str, now: datetime) -> House:
    office.list_of(saying(elder=elder), batch_id=batch_id, now=now)
    (house,) = office.houses.by_id.values()
    return house


def test_a_corrected_list_may_write_the_name_otherwise() -> None:
    office = ListOffice()
    named = listed(office, MARIA, "b-1", JANUARY)
    letters = dict(office.instructions.by_key)

    for number, spelled in enumerate(SPELLINGS, start=2):
        house = listed(office, spelled, f"b-{number}", LATER)

        assert (house.elder_id, house.letter_id) == (named.elder_id, named.letter_id)
        assert (house.changes, house.parting_id) == (("elder",), "")
        assert office.elders.get(house.elder_id) == spelled
    assert office.instructions.by_key.keys() == letters.keys()


def test_a_list_that_names_a_colleague_parts_with_the_former_elder() -> None:
    office = ListOffice()
    named = listed(office, MARIA, "b-1", JANUARY)

    house = listed(office, COLLEAGUE, "b-2", LATER)

    assert (house.parting_id, named.elder_id) in office.instructions.by_key
