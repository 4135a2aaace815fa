"""Messages reach many chats once each, whatever nobody knows about VK."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from housechats.domain.errors import OutcomeUnknownError
from housechats.ports.chats import Lane
from housechats.ports.letters import Button
from housechats.ports.mailings import Mail, MailFile, Outcome, Refused, Sent, Unclear
from local.vk.conversations import CHAT_PEERS, Message
from local.vk.faults import Kind
from local.vk.switches import Switches, every_position
from support.vk_side import COMMUNITY, VkSide

TEXT = "Официально · УК «Уют»\n\nВоды не будет до 18:00."
OTHER = "Официально · УК «Уют»\n\nВоды не будет до 20:00."
MAIL = Mail(random_id=7, buttons=(Button("Подробнее", "https://example.org/water"),))
LOST = 5


@dataclass
class House:
    """A community with a hundred chats, and its mailer."""

    vk: VkSide
    asked: int = 0
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.vk.sandbox.preload(100)
        self.began = self.vk.clock.moment()

    def go(self) -> None:
        self.asked += 1

    def texts(self, chats: int, text: str = TEXT) -> dict[int, str]:
        return dict.fromkeys(range(1, chats + 1), text)

    def send(self, texts: Mapping[int, str], mail: Mail = MAIL) -> dict[int, Outcome]:
        return self.vk.mailer.send(texts, mail, lane=Lane.BULK, go=self.go)

    def find(self, texts: Mapping[int, str], random_id: int = 7) -> dict[int, int | None]:
        return self.vk.mailer.find(
            texts, random_id=random_id, since=self.began, lane=Lane.BULK, go=self.go
        )

    def edit(self, texts: Mapping[int, str], mail: Mail = MAIL) -> dict[int, Outcome]:
        return self.vk.mailer.edit(texts, self.cmids(texts), mail, lane=Lane.BULK, go=self.go)

    def delete(self, texts: Mapping[int, str]) -> dict[int, Outcome]:
        return self.vk.mailer.delete(self.cmids(texts), lane=Lane.BULK, go=self.go)

    def cmids(self, texts: Mapping[int, str]) -> dict[int, int]:
        return {number: self.messages(number)[0].cmid for number in texts}

    def messages(self, number: int) -> list[Message]:
        return self.vk.sandbox.journal.messages(CHAT_PEERS + number)

    def lose(self, number: int) -> None:
        home = self.vk.sandbox.communities[COMMUNITY]
        del home.chats[number].members[home.owner_id]

    def with_file(self, *, image: bool) -> Mail:
        name = "Схема.png" if image else "Схема подвоза.pdf"
        body = b"\x89PNG" if image else b"%PDF-1.7"
        reference = self.vk.mailer.attach(
            1, file_name=name, body=body, image=image, lane=Lane.INTERACTIVE
        )
        return Mail(7, reference, MAIL.buttons, MailFile(name, image, lambda: body))


@pytest.fixture(
    params=[pytest.param(switches, id=name) for name, switches in every_position()],
)
def house(request: pytest.FixtureRequest) -> House:
    switches: Switches = request.param
    return House(VkSide(switches))


def test_one_text_reaches_a_hundred_chats_in_one_call(house: House) -> None:
    outcomes = house.send(house.texts(100))

    assert outcomes == {n: Sent(house.messages(n)[0].cmid) for n in range(1, 101)}
    assert len(house.vk.sandbox.journal.arrivals()) == house.asked == 1
    keyboard = house.messages(100)[0].keyboard
    assert keyboard
    assert keyboard["buttons"][0][0]["action"]["label"] == "Подробнее"


def test_each_chat_gets_a_text_of_its_own(house: House) -> None:
    texts = {number: f"{TEXT} Дом {number}." for number in range(1, 26)}

    outcomes = house.send(texts)

    assert {n: [m.text for m in house.messages(n)] for n in texts} == {
        n: [text] for n, text in texts.items()
    }
    assert outcomes == {n: Sent(house.messages(n)[0].cmid) for n in texts}


@pytest.mark.parametrize("chats", [1, 20])
def test_what_is_sent_again_is_there_once_and_known(house: House, chats: int) -> None:
    texts = house.texts(chats)
    house.send(texts)

    outcomes = house.send(texts)
    found = house.find(texts)

    assert [len(house.messages(n)) for n in texts] == [1] * chats
    assert all(isinstance(one, Sent | Unclear) for one in outcomes.values())
    assert found == house.cmids(texts)


def test_a_lost_chat_is_told_and_the_others_get_the_message(house: House) -> None:
    house.lose(LOST)

    together = house.send(house.texts(20))
    apart = house.send({n: f"{TEXT} {n}" for n in range(1, 21)}, Mail(random_id=8))

    for outcomes in (together, apart):
        refused = outcomes.pop(LOST)
        assert isinstance(refused, Refused)
        assert (refused.code, refused.message) == ("chat_lost", "Чат недоступен сообществу.")
        assert len(outcomes) == sum(isinstance(one, Sent) for one in outcomes.values()) == 19


@pytest.mark.parametrize("image", [False, True], ids=["document", "picture"])
def test_a_file_reaches_every_chat(house: House, image: bool) -> None:
    mail = house.with_file(image=image)

    outcomes = house.send(house.texts(40), mail)

    assert all(isinstance(one, Sent) for one in outcomes.values())
    files = [house.messages(n)[0].attachments[0] for n in range(1, 41)]
    assert {(file.kind, file.name) for file in files} == {
        ("photo", "Схема.png") if image else ("doc", "Схема подвоза.pdf")
    }


def test_a_history_tells_what_is_there_what_is_not_and_what_is_hidden(house: House) -> None:
    house.send(house.texts(2))
    house.lose(LOST)

    found = house.find({1: TEXT, 3: TEXT, LOST: TEXT})

    assert found == {1: house.messages(1)[0].cmid, 3: 0, LOST: None}


def test_a_lost_answer_is_known_from_the_history(house: House) -> None:
    house.vk.fault(Kind.LOST_ANSWER, "messages.send")
    texts = house.texts(25)

    with pytest.raises(OutcomeUnknownError):
        house.send(texts)

    assert house.find(texts) == house.cmids(texts)


def test_a_correction_edits_or_says_that_it_is_too_late_and_replies(house: House) -> None:
    mail = house.with_file(image=False)
    texts = house.texts(25)
    house.send(texts, mail)

    edited = house.edit(house.texts(25, OTHER), mail)
    replied = house.vk.mailer.reply(
        house.texts(25, OTHER),
        house.cmids(texts),
        Mail(9, mail.attachment, mail.buttons, mail.file),
        lane=Lane.BULK,
        go=house.go,
    )

    kinds = {type(one) for one in edited.values()}
    assert kinds == {Refused if house.vk.switches.edit_window == 0 else Sent}
    for number in texts:
        first, second = house.messages(number)
        assert first.text == (TEXT if kinds == {Refused} else OTHER)
        assert first.attachments
        assert first.keyboard
        assert (second.reply, second.text) == (first, OTHER)
        assert replied[number] == Sent(second.cmid)


def test_a_refused_edit_says_too_old(house: House) -> None:
    texts = house.texts(2)
    house.send(texts)
    house.vk.clock.sleep(86_400)

    outcomes = house.edit(house.texts(2, OTHER))

    assert {n: one.code for n, one in outcomes.items() if isinstance(one, Refused)} == {
        1: "too_old",
        2: "too_old",
    }


def test_a_recall_deletes_once_and_again(house: House) -> None:
    texts = house.texts(25)
    house.send(texts)

    once, again = house.delete(texts), house.delete(texts)

    assert once == again == {n: Sent(cmid) for n, cmid in house.cmids(texts).items()}
    assert all(house.messages(n)[0].deleted_at for n in texts)


def test_after_a_day_a_recall_is_too_late(house: House) -> None:
    texts = house.texts(2)
    house.send(texts)
    house.vk.clock.sleep(86_400)

    outcomes = house.delete(texts)

    assert [one.code for one in outcomes.values() if isinstance(one, Refused)] == ["too_late"] * 2
    assert not any(house.messages(n)[0].deleted_at for n in texts)


def test_messages_are_pinned_and_a_lost_chat_is_told(house: House) -> None:
    texts = house.texts(6)
    house.send(texts)
    house.lose(LOST)

    outcomes = house.vk.mailer.pin(house.cmids(texts), lane=Lane.BULK, go=house.go)

    pinned = house.vk.sandbox.communities[COMMUNITY].chats[1].pinned
    assert pinned is house.messages(1)[0]
    assert [n for n, one in outcomes.items() if not isinstance(one, Sent)] == [LOST]


def say(message: Message) -> None:
    message.text = "Когда дадут воду?"


def test_a_message_among_many_is_found(house: House) -> None:
    house.send({1: TEXT})
    home = house.vk.sandbox.communities[COMMUNITY]
    for _ in range(450):
        home.put(home.chats[1], 101, house.vk.clock.now(), say)

    found = house.find({1: TEXT, 2: TEXT})

    assert found == {1: house.messages(1)[0].cmid, 2: 0}
