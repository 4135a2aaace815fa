"""The first message of a chat says what it is, who runs it, and how to talk."""

from datetime import UTC, datetime

from housechats.domain.addresses import Address
from housechats.domain.chats import welcome
from housechats.domain.houses import House
from housechats.domain.instructions import TEXT_LENGTH
from housechats.domain.people import Elder

HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=datetime(2027, 1, 11, tzinfo=UTC),
)


def test_it_names_the_house_and_the_elder() -> None:
    text = welcome(HOUSE, Elder("Вымыслова Марфа", "+79990000001", vk_id=101))

    assert text.startswith("Это официальный чат дома: ул. Садовая, д. 1.")
    assert "Старший по дому: Вымыслова Марфа." in text
    assert "Правила разговора" in text
    assert "112" in text


def test_nobody_reads_the_elders_phone_in_it() -> None:
    text = welcome(HOUSE, Elder("Вымыслова Марфа", "+79990000001", vk_id=101))

    assert "79990000001" not in text


def test_without_an_elder_it_says_that_there_is_none_yet() -> None:
    for elder in (None, Elder("", "+79990000001")):
        assert "пока не назначен" in welcome(HOUSE, elder)


def test_it_is_no_longer_than_vk_takes() -> None:
    assert len(welcome(HOUSE, Elder("Я" * 200))) <= TEXT_LENGTH


def test_it_says_how_to_ask_when_the_greeting_is_long_gone() -> None:
    assert "напишите здесь «/помощь»" in welcome(HOUSE, None)
