"""An elder is told once about all their houses, by VK or else by SMS."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from housechats.domain.addresses import Address
from housechats.domain.batches import Batch, BatchState
from housechats.domain.communities import LOOKS_AGAIN, Community, CommunityState
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Channel, Instruction, InstructionState
from housechats.domain.people import Elder
from housechats.domain.posters import poster_key, posters_key
from onboarding.hand_over_due import hand_over_due
from onboarding.instruct import ENROLLING_TAKES, SMS_AGAIN, Desk, Outcome, instruct
from support.clock import JANUARY, VirtualClock
from support.fakes import (
    FakeBatches,
    FakeCommunities,
    FakeElders,
    FakeFiles,
    FakeHouses,
    FakeInstructions,
    FakeLetters,
    FakeQueue,
    FakeTextMessages,
    new_community,
)
from support.guide_fakes import FakeGuides
from support.talk_door import TalkDoor

MARFA = 101
ELDER_ID = "e-1"
PHONE = "+79990000001"
WRITTEN_TO = Elder("Вымыслова Марфа", PHONE, vk_name="marfa_v")
TEXTED = Elder("Небылов Фома", PHONE)
LEASE = timedelta(seconds=120)
HOUR = timedelta(hours=1)


def house(number: int, **changes: object) -> House:
    """Return an open house with its poster, or as told."""
    usual = House(
        id=f"ABCDEF0{number}",
        digest=f"d{number}",
        oktmo="11701000",
        address=Address(street_type="ул", street="Садовая", house=str(number)),
        community=7,
        created_at=JANUARY,
        elder_id=ELDER_ID,
        batch_id="b-1",
        letter_id="b-1",
        state=ChatState.OPEN,
        chat_id=number,
        link=f"https://vk.me/join/{number}",
        poster_at=JANUARY,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


@dataclass
class Office:
    """An elder with houses, and all that telling them takes."""

    elder: Elder = WRITTEN_TO
    houses_told: tuple[House, ...] = (house(1),)
    letters: FakeLetters = field(default_factory=lambda: FakeLetters({"marfa_v": MARFA}))
    sms: FakeTextMessages = field(default_factory=FakeTextMessages)
    files: FakeFiles = field(default_factory=FakeFiles)
    communities: FakeCommunities = field(
        default_factory=lambda: FakeCommunities(new_community(7), new_community(8))
    )
    speakers: list[int] = field(default_factory=list)
    """Which communities were about to write, one after another."""
    posters: FakeQueue = field(default_factory=FakeQueue)
    clock: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        self.houses, self.instructions = FakeHouses(), FakeInstructions()
        self.guides = FakeGuides()
        self.elders, self.batches = FakeElders(self.clock.moment), FakeBatches()
        self.elders.put(ELDER_ID, self.elder, until=JANUARY + timedelta(days=365))
        self.batches.begin(
            Batch("b-1", "11701000", "s3:somebody", JANUARY, state=BatchState.ENROLLED)
        )
        for one in self.houses_told:
            self.houses.enrol(one)
            self.instructions.expect("b-1", ELDER_ID, {one.id}, until=JANUARY)
            if one.poster_at:
                self.files.put(poster_key(one.id), f"%PDF {one.id}".encode(), content_type="")
        self.desk = Desk(
            houses=self.houses,
            elders=self.elders,
            batches=self.batches,
            instructions=self.instructions,
            guides=self.guides,
            communities=self.communities,
            letters_of=self.letters_of,
            talk_of=lambda _: TalkDoor().talk,
            sms=self.sms,
            files=self.files,
            posters=self.posters,
            public_url="https://dom.example",
            lease=LEASE,
        )

    def tell(self, *, later: timedelta = timedelta()) -> Outcome:
        self.clock.sleep(later.total_seconds())
        return instruct("b-1", ELDER_ID, desk=self.desk, now=self.clock.moment())

    def fails_to_tell(self, error: type[Exception] = UnavailableError) -> None:
        with pytest.raises(error):
            self.tell()

    def letters_of(self, community: Community) -> FakeLetters:
        self.speakers.append(community.id)
        return self.letters

    def draw_elders_file(self) -> None:
        self.files.put(posters_key("b-1", ELDER_ID), b"%PDF both", content_type="")

    @property
    def told(self) -> Instruction:
        (instruction,) = self.instructions.by_key.values()
        return instruction


def test_an_elder_with_a_page_gets_a_letter_with_the_poster_and_a_button() -> None:
    office = Office()

    outcome = office.tell()

    (letter,) = office.letters.sent
    assert outcome == Outcome.SENT
    assert (letter.vk_id, letter.pdf) == (MARFA, b"%PDF ABCDEF01")
    assert "ул. Садовая, д. 1: https://vk.me/join/1" in letter.text
    assert [(b.label, b.link) for b in letter.buttons] == [
        ("Вступить в чат", "https://vk.me/join/1")
    ]
    assert (office.told.state, office.told.channel) == (InstructionState.SENT, Channel.VK)
    assert office.sms.sent == []


def test_a_number_of_a_page_needs_no_search() -> None:
    office = Office(elder=Elder("Вымыслова Марфа", vk_id=MARFA))
    office.letters.names.clear()

    assert office.tell() == Outcome.SENT


@pytest.mark.parametrize(
    "now",
    [{"elder_id": "e-2", "letter_id": "b-2"}, {"letter_id": "b-2"}],
    ids=["another elder's", "told of by a later letter"],
)
def test_a_letter_is_silent_about_a_house_that_is_no_longer_its_own(now: dict[str, str]) -> None:
    moved = house(2, state=ChatState.PLANNED, poster_at=None, **now)
    office = Office(houses_told=(house(1), moved))

    outcome = office.tell()

    (letter,) = office.letters.sent
    assert outcome == Outcome.SENT
    assert "ул. Садовая, д. 1" in letter.text
    assert "ул. Садовая, д. 2" not in letter.text
    assert len(letter.buttons) == 1


def test_who_is_elder_of_nothing_any_more_is_not_told() -> None:
    office = Office(houses_told=(house(1, elder_id="e-2", letter_id="b-2"),))

    outcome = office.tell()

    assert outcome == Outcome.UNDELIVERABLE
    assert "старшим назначен другой человек" in office.told.reason
    assert (office.letters.sent, office.sms.sent, office.posters.bodies) == ([], [], [])


def test_one_letter_names_all_houses_of_an_elder() -> None:
    office = Office(houses_told=(house(1), house(2)))
    office.draw_elders_file()

    office.tell()

    (letter,) = office.letters.sent
    assert "ул. Садовая, д. 1" in letter.text
    assert "ул. Садовая, д. 2" in letter.text
    assert letter.pdf == b"%PDF both"
    assert [button.label for button in letter.buttons] == [
        "ул. Садовая, д. 1",
        "ул. Садовая, д. 2",
    ]


def test_several_posters_are_put_into_one_file_first() -> None:
    office = Office(houses_told=(house(1), house(2)))

    first = office.tell()
    office.draw_elders_file()
    second = office.tell()

    assert [first, second] == [Outcome.NOT_YET, Outcome.SENT]
    assert office.posters.bodies == [{"batch_id": "b-1", "elder_id": ELDER_ID}]


@pytest.mark.parametrize(
    "unready",
    [
        pytest.param(house(2, state=ChatState.MADE, poster_at=None), id="its chat is not open"),
        pytest.param(house(2, poster_at=None), id="its poster is not drawn"),
    ],
)
def test_nothing_is_told_before_the_last_house_is_ready(unready: House) -> None:
    office = Office(houses_told=(house(1), unready))

    outcome = office.tell()

    assert outcome == Outcome.NOT_YET
    assert office.letters.sent == []
    assert office.told.state == InstructionState.WAITING


def test_a_house_that_could_not_be_opened_does_not_hold_the_others_up() -> None:
    refused = house(2, state=ChatState.REFUSED, poster_at=None, link="")
    office = Office(houses_told=(house(1), refused))

    outcome = office.tell()

    (letter,) = office.letters.sent
    assert outcome == Outcome.SENT
    assert len(letter.buttons) == 1
    assert "Эти чаты ещё не открыты" in letter.text
    assert "ул. Садовая, д. 2" in letter.text
    assert letter.pdf == b"%PDF ABCDEF01"


def test_an_elder_without_a_single_open_chat_is_shown_to_staff() -> None:
    office = Office(houses_told=(house(1, state=ChatState.UNCERTAIN, poster_at=None),))

    outcome = office.tell()

    assert outcome == Outcome.UNDELIVERABLE
    assert office.told.reason == "Ни один чат старшего не удалось открыть."


def test_while_a_list_enrols_more_houses_of_an_elder_may_come() -> None:
    office = Office()
    office.batches.by_id["b-1"] = replace(office.batches.by_id["b-1"], state=BatchState.ENROLLING)

    waits = office.tell()
    office.batches.by_id["b-1"] = replace(office.batches.by_id["b-1"], state=BatchState.ENROLLED)
    queue = FakeQueue()
    office.clock.sleep(ENROLLING_TAKES.total_seconds())
    hand_over_due(instructions=office.instructions, queue=queue, now=office.clock.moment())
    outcome = office.tell()

    assert [waits, outcome] == [Outcome.WAITS, Outcome.SENT]
    assert queue.bodies == [{"batch_id": "b-1", "elder_id": ELDER_ID}]


def test_a_message_that_comes_again_tells_nobody_again() -> None:
    office = Office()
    office.tell()

    outcome = office.tell()

    assert outcome == Outcome.REPEATED
    assert len(office.letters.sent) == 1


def test_nobody_is_told_who_is_not_expected() -> None:
    office = Office()

    outcome = instruct("b-2", "e-9", desk=office.desk, now=JANUARY)

    assert outcome == Outcome.REPEATED


def test_who_finds_another_worker_telling_comes_again() -> None:
    office = Office()
    now = office.clock.moment()
    office.instructions.claim(office.told, community=7, now=now, lease_until=now + LEASE)

    office.fails_to_tell()

    assert office.letters.sent == []


@pytest.mark.parametrize("later", [timedelta(minutes=3), 2 * HOUR], ids=["soon", "hours later"])
def test_a_letter_whose_answer_was_lost_is_not_written_twice(later: timedelta) -> None:
    office = Office()
    office.letters.answer_lost = OutcomeUnknownError("no answer")
    office.fails_to_tell()
    if later > HOUR:
        office.letters.forget_random_ids()

    outcome = office.tell(later=later)

    assert outcome == Outcome.SENT
    assert len(office.letters.sent) == 1


def test_a_letter_that_never_went_goes_hours_later() -> None:
    office = Office()
    office.letters.trouble["send"] = OutcomeUnknownError("no answer")
    office.fails_to_tell()

    outcome = office.tell(later=2 * HOUR)

    assert outcome == Outcome.SENT
    assert len(office.letters.sent) == 1


@pytest.mark.parametrize("method", ["person", "attach", "send"])
def test_an_elder_waits_as_long_as_vk_asks(method: str) -> None:
    office = Office()
    until = office.clock.moment() + HOUR
    office.letters.trouble[method] = PausedError(until, "ВКонтакте попросил подождать")

    waits = office.tell()

    assert waits == Outcome.WAITS
    assert (office.told.state, office.told.due_at) == (InstructionState.WAITING, until)
    assert office.tell(later=HOUR) == Outcome.SENT


def test_an_elder_without_a_page_gets_an_sms_with_the_short_link() -> None:
    office = Office(elder=TEXTED)

    outcome = office.tell()

    assert outcome == Outcome.SENT
    assert office.sms.sent == [
        (PHONE, "Вы старший по дому ул. Садовая, д. 1: dom.example/j/ABCDEF01-S")
    ]
    assert (office.told.channel, office.told.reason) == (
        Channel.SMS,
        "Страница ВКонтакте не указана или не найдена.",
    )


def test_an_elder_who_does_not_take_letters_gets_an_sms() -> None:
    office = Office()
    office.letters.unwilling.add(MARFA)

    office.tell()

    assert len(office.sms.sent) == 1
    assert office.told.reason == "Человек не разрешил сообществу писать ему."


def test_an_elder_whom_nothing_reaches_is_shown_with_every_reason() -> None:
    office = Office(elder=Elder("Вымыслова Марфа", vk_name="nobody_at_all"))

    outcome = office.tell()

    assert outcome == Outcome.UNDELIVERABLE
    assert (
        office.told.reason
        == "Такой страницы ВКонтакте нет. Мобильный телефон не указан или не прочитан."
    )


def test_no_sms_goes_to_a_phone_of_a_house() -> None:
    office = Office(elder=Elder("Вымыслова Марфа", phone="+78182000001"))

    outcome = office.tell()

    assert outcome == Outcome.UNDELIVERABLE
    assert office.sms.sent == []


def test_a_number_that_is_refused_is_shown_with_every_reason() -> None:
    office = Office(elder=TEXTED)
    office.sms.trouble = RefusedError("phone", "Оператор связи не принял этот номер.")

    office.tell()

    assert office.told.state == InstructionState.UNDELIVERABLE
    assert office.told.reason == (
        "Страница ВКонтакте не указана или не найдена. Оператор связи не принял этот номер."
    )


def test_an_sms_that_is_not_taken_now_waits_and_then_goes_once() -> None:
    office = Office(elder=TEXTED)
    office.sms.trouble = UnavailableError("throttled")

    office.fails_to_tell()  # so that an alarm rings if it never helps
    waits = office.told.state
    sent = office.tell(later=SMS_AGAIN)

    assert [waits, sent] == [InstructionState.WAITING, Outcome.SENT]
    assert len(office.sms.sent) == 1


@pytest.mark.parametrize("gone", [True, False], ids=["and went", "and did not go"])
def test_an_sms_that_may_have_gone_is_never_sent_again_by_itself(*, gone: bool) -> None:
    office = Office(elder=TEXTED)
    error = OutcomeUnknownError("no answer")
    if gone:
        office.sms.answer_lost = error
    else:
        office.sms.trouble = error
    office.fails_to_tell()

    office.fails_to_tell()  # its worker may still live
    outcome = office.tell(later=LEASE + timedelta(seconds=1))

    assert outcome == Outcome.UNKNOWN
    assert len(office.sms.sent) == int(gone)
    assert office.told.state == InstructionState.UNKNOWN
    assert "прежде чем отправлять снова" in office.told.reason
    assert office.tell() == Outcome.REPEATED


def test_an_elder_who_was_erased_is_told_nothing() -> None:
    office = Office()
    office.elders.put(ELDER_ID, WRITTEN_TO, until=JANUARY)

    outcome = office.tell()

    assert outcome == Outcome.UNDELIVERABLE
    assert office.told.reason == "Данные старшего удалены."
    assert office.letters.sent == []


def test_instructions_that_wait_are_handed_over_once_in_some_minutes() -> None:
    office = Office()
    office.instructions.wait(office.told, until=JANUARY)
    queue = FakeQueue()

    numbers = [
        hand_over_due(
            instructions=office.instructions,
            queue=queue,
            now=JANUARY + timedelta(minutes=minute),
        )
        for minute in range(7)
    ]

    assert numbers == [1, 0, 0, 0, 0, 1, 0]
    assert queue.bodies == [{"batch_id": "b-1", "elder_id": ELDER_ID}] * 2


def test_an_elder_of_several_communities_hears_from_the_one_of_most_houses() -> None:
    office = Office(houses_told=(house(1), house(2, community=8), house(3, community=8)))
    office.draw_elders_file()

    office.tell()

    assert office.speakers == [8]
    assert office.told.community == 8


def test_a_letter_is_tried_again_by_the_community_that_was_first() -> None:
    office = Office(houses_told=(house(1), house(2, community=8)))
    office.draw_elders_file()
    office.letters.answer_lost = OutcomeUnknownError("VK did not answer")
    office.fails_to_tell()
    office.houses.enrol(house(3, community=8))
    office.instructions.expect("b-1", ELDER_ID, {house(3).id}, until=JANUARY)

    office.tell(later=LEASE + timedelta(seconds=1))

    assert office.speakers == [7, 7]
    assert len(office.letters.sent) == 1


def test_an_elder_hears_from_a_community_that_works_rather_than_from_one_of_more_houses() -> None:
    office = Office(houses_told=(house(1), house(2, community=8), house(3, community=8)))
    office.draw_elders_file()
    office.communities.disconnect(office.communities.by_id[8], reason="...")

    office.tell()

    assert office.speakers == [7]


def test_a_letter_waits_for_its_community_to_be_connected_anew_and_then_goes_once() -> None:
    office = Office()
    office.letters.trouble["send"] = DisconnectedError(5, "Ключ отозван.")

    disconnected = office.tell()
    waits = office.tell(later=LOOKS_AGAIN)
    office.communities.by_id[7] = new_community(7, connected_at=office.clock.moment(), revision=9)
    sent = office.tell(later=LOOKS_AGAIN)

    assert [disconnected, waits, sent] == [Outcome.DISCONNECTED, Outcome.DISCONNECTED, Outcome.SENT]
    assert len(office.letters.sent) == 1


def test_staff_see_that_a_letter_waits_for_its_community_and_why_that_was_disconnected() -> None:
    office = Office()
    office.letters.trouble["person"] = DisconnectedError(5, "Ключ отозван.")

    office.tell()

    community = office.communities.by_id[7]
    assert (community.state, community.reason) == (CommunityState.DISCONNECTED, "Ключ отозван.")
    assert office.told.state == InstructionState.WAITING
    assert office.told.due_at == office.clock.moment() + LOOKS_AGAIN
    assert "Подключите его заново" in office.told.reason


def test_who_has_no_page_is_texted_whether_the_community_works_or_not() -> None:
    office = Office(elder=TEXTED)
    office.communities.disconnect(office.communities.by_id[7], reason="...")

    outcome = office.tell()

    assert outcome == Outcome.SENT
    assert len(office.sms.sent) == 1
