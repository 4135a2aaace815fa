"""Whatever VK answers about one chat, the other ninety-nine keep their results."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from housechats.adapters.vk import REFUSALS, TOO_MANY_TRIES, VkError
from housechats.adapters.vk_mailings import IN_A_CHAT, SOON_S
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
)
from housechats.domain.receipts import FAILURES
from housechats.ports.chats import Lane
from housechats.ports.mailings import (
    Mail,
    MailFile,
    Outcome,
    Refused,
    Sent,
    StoppedError,
    Unclear,
    Waits,
)
from local.vk.conversations import CHAT_PEERS, Message
from local.vk.faults import Kind
from local.vk.switches import Cost, Failure, Gone, Switches
from support.vk_side import COMMUNITY, VkSide

TEXT = "Воды не будет до 18:00."
MAIL = Mail(random_id=7)
GUILTY = 5
PEER = CHAT_PEERS + GUILTY


def side(switches: Switches | None = None) -> VkSide:
    vk = VkSide(switches or Switches())
    vk.sandbox.preload(100)
    return vk


@pytest.fixture
def vk() -> VkSide:
    return side()


def alike(chats: int) -> dict[int, str]:
    return dict.fromkeys(range(1, chats + 1), TEXT)


def personal(chats: int) -> dict[int, str]:
    return {number: f"{TEXT} Дом {number}." for number in range(1, chats + 1)}


def anyway() -> None:
    """Want every call."""


def send(vk: VkSide, texts: Mapping[int, str], mail: Mail = MAIL) -> dict[int, Outcome]:
    return vk.mailer.send(texts, mail, lane=Lane.BULK, go=anyway)


def find(vk: VkSide, texts: Mapping[int, str], since: datetime) -> dict[int, int | None]:
    return vk.mailer.find(texts, random_id=7, since=since, lane=Lane.BULK, go=anyway)


def messages(vk: VkSide, number: int) -> list[Message]:
    return vk.sandbox.journal.messages(CHAT_PEERS + number)


def cmids(vk: VkSide, texts: Mapping[int, str]) -> dict[int, int]:
    return {number: messages(vk, number)[0].cmid for number in texts}


def calls(vk: VkSide) -> int:
    return len(vk.sandbox.journal.arrivals())


def test_every_refusal_of_a_chat_is_one_that_people_can_be_told() -> None:
    codes = {IN_A_CHAT.get(code, code) for code, _ in REFUSALS.values()}

    # What is too old to be edited is answered to: nobody is told of it.
    assert codes - {"too_old"} <= FAILURES.keys()


# One chat among many


@pytest.mark.parametrize("texts", [alike(30), personal(25)], ids=["together", "apart"])
@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize(
    ("code", "told"),
    [
        (901, "consent"),
        (902, "blocked"),
        (917, "chat_lost"),
        (922, "chat_lost"),
        (925, "chat_rights"),
        (927, "chat_lost"),
        (932, "blocked"),
        (936, "not_found"),
        (945, "chat_lost"),
        (946, "chat_lost"),
        (1012, "chat_rights"),
        (18, "chat_lost"),
    ],
)
def test_a_chat_that_vk_refuses_is_told_with_its_reason(
    texts: dict[int, str], failure: Failure, code: int, told: str
) -> None:
    vk = side(Switches(failure=failure))
    vk.fault(Kind.ERROR, "messages.send", code=code, peer_id=PEER)

    outcomes = send(vk, texts)

    assert outcomes.pop(GUILTY) == Refused(told, FAILURES[told].said)
    assert all(isinstance(one, Sent) for one in outcomes.values())


@pytest.mark.parametrize("texts", [alike(30), personal(25)], ids=["together", "apart"])
@pytest.mark.parametrize("failure", Failure)
def test_flood_control_of_one_chat_makes_that_chat_wait_and_nobody_else(
    texts: dict[int, str], failure: Failure
) -> None:
    vk = side(Switches(failure=failure))
    vk.fault(Kind.ERROR, "messages.send", code=9, peer_id=PEER)

    outcomes = send(vk, texts)
    later = send(vk, {GUILTY: TEXT})

    waits = outcomes.pop(GUILTY)
    assert isinstance(waits, Waits)
    assert waits.until - vk.clock.moment() > timedelta(minutes=4)
    assert all(isinstance(one, Sent) for one in outcomes.values())
    assert isinstance(later[GUILTY], Sent)


@pytest.mark.parametrize("texts", [alike(30), personal(25)], ids=["together", "apart"])
@pytest.mark.parametrize("code", [10, 1, 36, 777, 100])
def test_an_error_of_one_chat_that_we_do_not_know_is_to_be_looked_at(
    vk: VkSide, texts: dict[int, str], code: int
) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=code, peer_id=PEER)

    outcomes = send(vk, texts)

    assert outcomes.pop(GUILTY) == Unclear(code)
    assert all(isinstance(one, Sent) for one in outcomes.values())


@pytest.mark.parametrize("code", [29, 14, 601])
def test_a_pause_told_inside_a_call_is_everybodys_and_what_was_sent_is_known(
    vk: VkSide, code: int
) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=code, peer_id=PEER)

    outcomes = send(vk, personal(25))

    assert isinstance(outcomes.pop(GUILTY), Waits)
    assert all(isinstance(one, Sent) for one in outcomes.values())
    with pytest.raises(PausedError):
        send(vk, {GUILTY: TEXT})


def test_a_disconnected_community_is_told_when_nothing_was_sent(vk: VkSide) -> None:
    vk.sandbox.switch_bots(COMMUNITY, on=False)

    with pytest.raises(DisconnectedError):
        send(vk, alike(30))
    with pytest.raises(DisconnectedError):
        send(vk, personal(25))


def test_who_was_disconnected_in_the_middle_keeps_what_was_sent(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=912, peer_id=PEER)

    outcomes = send(vk, personal(25))

    assert isinstance(outcomes.pop(GUILTY), Waits)
    assert all(isinstance(one, Sent) for one in outcomes.values())


# The whole call


@pytest.mark.parametrize("texts", [alike(30), personal(25)], ids=["together", "apart"])
@pytest.mark.parametrize(
    ("kind", "code", "error"),
    [
        (Kind.ERROR, 9, PausedError),
        (Kind.ERROR, 29, PausedError),
        (Kind.ERROR, 14, PausedError),
        (Kind.ERROR, 10, OutcomeUnknownError),
        (Kind.ERROR, 777, VkError),
        (Kind.ERROR, 5, DisconnectedError),
        (Kind.LOST_CALL, 0, OutcomeUnknownError),
        (Kind.LOST_ANSWER, 0, OutcomeUnknownError),
        (Kind.BAD_GATEWAY, 0, OutcomeUnknownError),
        (Kind.BAD_GATEWAY_AFTER, 0, OutcomeUnknownError),
        (Kind.DELAY, 0, OutcomeUnknownError),
    ],
)
def test_what_concerns_the_whole_call_rises(
    vk: VkSide, texts: dict[int, str], kind: Kind, code: int, error: type[Exception]
) -> None:
    method = "messages.send" if len(set(texts.values())) == 1 else "execute"
    vk.fault(kind, method, code=code)

    with pytest.raises(error):
        send(vk, texts)

    assert calls(vk) == 1


@pytest.mark.parametrize("texts", [alike(30), personal(25)], ids=["together", "apart"])
def test_a_call_that_was_too_many_is_made_again(vk: VkSide, texts: dict[int, str]) -> None:
    method = "messages.send" if len(set(texts.values())) == 1 else "execute"
    vk.fault(Kind.ERROR, method, code=6)

    outcomes = send(vk, texts)

    assert all(isinstance(one, Sent) for one in outcomes.values())
    assert all(len(messages(vk, number)) == 1 for number in texts)


def test_who_inside_a_call_was_too_many_is_asked_for_again_alone(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=6)

    outcomes = send(vk, personal(25))

    assert all(isinstance(one, Sent) for one in outcomes.values())
    assert len(vk.sandbox.journal.calls("messages.send")) == 26


def test_who_is_too_many_again_and_again_waits_a_little(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=6, times=3 * TOO_MANY_TRIES)

    outcomes = send(vk, personal(3))

    assert set(outcomes.values()) == {Waits(vk.clock.moment() + timedelta(seconds=SOON_S))}


def test_a_stop_between_two_tries_forgets_nothing_that_was_sent() -> None:
    vk = side(Switches(execute_cost=Cost.INNER))
    asked: list[None] = []

    def stopped_then() -> None:
        asked.append(None)
        if len(asked) > 1:
            raise StoppedError

    outcomes = vk.mailer.send(personal(25), MAIL, lane=Lane.BULK, go=stopped_then)

    sent = {number for number, one in outcomes.items() if isinstance(one, Sent)}
    assert sent == {number for number in range(1, 26) if messages(vk, number)}
    assert len(sent) == 20
    assert all(isinstance(outcomes[n], Waits) for n in range(1, 26) if n not in sent)


def test_a_refusal_of_the_whole_call_is_nobodys_until_each_was_asked(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=917)
    vk.fault(Kind.ERROR, "messages.send", code=917, peer_id=PEER)
    asked: list[None] = []

    outcomes = vk.mailer.send(alike(100), MAIL, lane=Lane.BULK, go=lambda: asked.append(None))

    assert outcomes.pop(GUILTY) == Refused("chat_lost", FAILURES["chat_lost"].said)
    assert len([one for one in outcomes.values() if isinstance(one, Sent)]) == 99
    assert len(asked) == calls(vk) == 5


@pytest.mark.parametrize(
    ("kind", "code", "rest"),
    [
        (Kind.ERROR, 9, Waits),
        (Kind.ERROR, 10, Unclear),
        (Kind.ERROR, 777, Unclear),
        (Kind.ERROR, 5, Waits),
        (Kind.LOST_ANSWER, 0, Unclear),
    ],
)
def test_what_goes_wrong_after_some_were_sent_is_told_of_the_rest(
    vk: VkSide, kind: Kind, code: int, rest: type[Outcome]
) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=917)
    made: list[None] = []

    def go() -> None:
        made.append(None)
        if len(made) == 3:  # the first 25 are sent, the next are on their way
            vk.fault(kind, "execute", code=code)

    outcomes = vk.mailer.send(alike(100), MAIL, lane=Lane.BULK, go=go)

    assert [type(outcomes[n]) for n in (1, 25, 26, 50, 100)] == [Sent, Sent, rest, rest, rest]


# Whether it is wanted


def test_what_is_not_wanted_is_not_sent(vk: VkSide) -> None:
    def stopped() -> None:
        raise StoppedError

    for texts in (alike(30), personal(25)):
        with pytest.raises(StoppedError):
            vk.mailer.send(texts, MAIL, lane=Lane.BULK, go=stopped)

    assert calls(vk) == 0


# What is there


def test_an_answer_of_vks_trouble_is_asked_for_again_and_then_given_up(vk: VkSide) -> None:
    send(vk, alike(2))
    since = vk.clock.moment()
    vk.fault(Kind.ERROR, "messages.getHistory", code=10, peer_id=CHAT_PEERS + 1)
    vk.fault(Kind.ERROR, "messages.getHistory", code=10, peer_id=CHAT_PEERS + 2, times=9)

    found = find(vk, alike(3), since)

    assert found == {1: 2, 2: None, 3: 0}


def test_histories_too_long_for_one_answer_are_asked_for_in_halves(vk: VkSide) -> None:
    texts = alike(25)
    send(vk, texts)
    vk.fault(Kind.ERROR, "execute", code=13)

    found = find(vk, texts, vk.clock.moment())

    assert found == cmids(vk, texts)
    assert calls(vk) == 4


def test_a_message_sent_before_is_another_one(vk: VkSide) -> None:
    send(vk, alike(1), Mail(random_id=6))
    vk.clock.sleep(3_600)

    found = find(vk, alike(1), vk.clock.moment())

    assert found == {1: 0}


def test_a_chat_too_busy_to_be_read_through_is_not_known(vk: VkSide) -> None:
    home = vk.sandbox.communities[COMMUNITY]
    for _ in range(1_100):
        home.put(home.chats[1], 101, vk.clock.now())

    found = find(vk, alike(1), vk.clock.moment())

    assert found == {1: None}


def test_a_pause_of_histories_rises(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.getHistory", code=29, peer_id=PEER)

    with pytest.raises(PausedError):
        find(vk, alike(25), vk.clock.moment())


# Edits, recalls, pins


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (909, Refused("too_old", "Это сообщение уже нельзя изменить.")),
        (920, Refused("too_old", "Такие сообщения нельзя изменять.")),
        (100, Refused("too_old", "Этого сообщения в чате уже нет.")),
        (917, Refused("chat_lost", FAILURES["chat_lost"].said)),
        (777, Unclear(777)),
        (10, Unclear(10)),
    ],
)
def test_what_cannot_be_edited_is_told_of_its_chat(vk: VkSide, code: int, told: Outcome) -> None:
    texts = alike(25)
    send(vk, texts)
    vk.fault(Kind.ERROR, "messages.edit", code=code, peer_id=PEER)

    outcomes = vk.mailer.edit(texts, cmids(vk, texts), MAIL, lane=Lane.BULK, go=anyway)

    assert outcomes.pop(GUILTY) == told
    assert all(isinstance(one, Sent) for one in outcomes.values())


def test_a_pinned_message_that_vk_lets_nobody_edit_yet_waits(vk: VkSide) -> None:
    texts = alike(25)
    send(vk, texts)
    vk.fault(Kind.ERROR, "messages.edit", code=949, peer_id=PEER)

    outcomes = vk.mailer.edit(texts, cmids(vk, texts), MAIL, lane=Lane.BULK, go=anyway)

    assert outcomes[GUILTY] == Waits(vk.clock.moment() + timedelta(seconds=SOON_S))


def test_a_recall_whose_answer_was_lost_is_known_by_what_is_there(vk: VkSide) -> None:
    texts = alike(25)
    send(vk, texts)
    vk.fault(Kind.ERROR, "messages.delete", code=10, peer_id=PEER)
    numbers = cmids(vk, texts)

    first = vk.mailer.delete(numbers, lane=Lane.BULK, go=anyway)
    again = vk.mailer.delete(numbers, lane=Lane.BULK, go=anyway)

    assert first.pop(GUILTY) == Unclear(10)
    assert all(isinstance(one, Sent) for one in first.values())
    assert again == {number: Sent(cmid) for number, cmid in numbers.items()}


def test_a_message_that_is_not_there_counts_as_recalled(vk: VkSide) -> None:
    outcomes = vk.mailer.delete({1: 99}, lane=Lane.BULK, go=anyway)

    assert outcomes == {1: Sent(99)}


def test_a_recall_that_vk_neither_confirms_nor_lets_us_see_is_not_done() -> None:
    vk = side(Switches(gone=Gone.ZERO))
    send(vk, alike(1))
    vk.mailer.delete({1: 2}, lane=Lane.BULK, go=anyway)
    vk.fault(Kind.ERROR, "messages.getByConversationMessageId", code=917)

    outcomes = vk.mailer.delete({1: 2}, lane=Lane.BULK, go=anyway)

    assert outcomes == {1: Refused("not_done", FAILURES["not_done"].said)}


def test_a_pin_without_rights_is_told_of_its_chat(vk: VkSide) -> None:
    texts = alike(25)
    send(vk, texts)
    vk.fault(Kind.ERROR, "messages.pin", code=925, peer_id=PEER)

    outcomes = vk.mailer.pin(cmids(vk, texts), lane=Lane.BULK, go=anyway)

    assert outcomes.pop(GUILTY) == Refused("chat_rights", FAILURES["chat_rights"].said)
    assert all(isinstance(one, Sent) for one in outcomes.values())


# Files


def with_file(vk: VkSide) -> Mail:
    file = MailFile("Схема.pdf", image=False, body=lambda: b"%PDF-1.7")
    reference = vk.mailer.attach(
        1, file_name=file.name, body=file.body(), image=False, lane=Lane.INTERACTIVE
    )
    return Mail(7, reference, file=file)


def test_copies_for_a_hundred_chats_take_three_calls_for_each_25() -> None:
    vk = side(Switches(document_for_any_peer=False))
    mail = with_file(vk)
    before = calls(vk)

    outcomes = send(vk, alike(100), mail)

    assert all(isinstance(one, Sent) for one in outcomes.values())
    assert calls(vk) - before == 1 + 4 * 3


def test_a_chat_whose_copy_cannot_be_uploaded_does_not_keep_the_others_waiting() -> None:
    vk = side(Switches(document_for_any_peer=False))
    mail = with_file(vk)
    vk.fault(Kind.ERROR, "docs.save", code=105, times=1)

    outcomes = send(vk, alike(30), mail)

    assert [n for n, one in outcomes.items() if not isinstance(one, Sent)] == [2]
    assert outcomes[2] == Unclear(105)


def test_a_denial_without_a_file_at_hand_is_to_be_looked_at(vk: VkSide) -> None:
    vk.fault(Kind.ERROR, "messages.send", code=15, peer_id=PEER)

    outcomes = send(vk, alike(30))

    assert outcomes.pop(GUILTY) == Unclear(15)
    assert all(isinstance(one, Sent) for one in outcomes.values())


def test_a_file_that_vk_does_not_take_is_no_attachment(vk: VkSide) -> None:
    with pytest.raises(RefusedError) as refused:
        vk.mailer.attach(1, file_name="Схема.exe", body=b"MZ", image=False, lane=Lane.BULK)

    assert refused.value.code == "not_done"


def test_chats_that_share_no_file_get_a_copy_each_and_the_guilty_one_tells_why(vk: VkSide) -> None:
    file = MailFile("Схема.pdf", image=False, body=lambda: b"%PDF-1.7")
    vk.fault(Kind.ERROR, "docs.getMessagesUploadServer", code=917, peer_id=PEER)

    outcomes = send(vk, alike(30), Mail(7, file=file))

    assert outcomes.pop(GUILTY) == Refused("chat_lost", FAILURES["chat_lost"].said)
    assert all(isinstance(one, Sent) for one in outcomes.values())
    messages = vk.sandbox.journal.all_messages()
    assert [len(one.attachments) for one in messages] == [1] * 29


def test_a_chat_whose_copy_vk_does_not_take_now_waits(vk: VkSide) -> None:
    file = MailFile("Схема.exe", image=False, body=lambda: b"MZ")

    outcomes = send(vk, alike(2), Mail(7, file=file))

    assert all(isinstance(one, Waits) for one in outcomes.values())
    assert vk.sandbox.journal.all_messages() == []
