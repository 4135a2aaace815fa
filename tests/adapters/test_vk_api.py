"""VK's errors are sorted into refused, unavailable, paused and unforeseen."""

from datetime import timedelta
from functools import partial

import pytest
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from housechats.adapters.vk import TOO_MANY_TRIES, VkError
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.ports.chats import Lane
from housechats.ports.mailings import Mail
from local.vk.faults import Kind
from local.vk.switches import Cost, Failure, Repeat, Switches
from support.vk_side import WILLING, VkSide

HOUR = timedelta(hours=1)


def chat(vk: VkSide) -> int:
    return vk.chats.create_chat("ул. Ленина, д. 1 · ABCDEF01")


def write(vk: VkSide, text: str = "Здравствуйте!") -> None:
    attachment = vk.letters.attach(WILLING, file_name="Объявления.pdf", pdf=b"%PDF-")
    vk.letters.send(WILLING, text, random_id=5, attachment=attachment, buttons=[])


@pytest.mark.parametrize("code", [1, 10, 36])
def test_vks_own_trouble_leaves_the_outcome_unknown(code: int) -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=code)

    with pytest.raises(OutcomeUnknownError):
        chat(vk)


@pytest.mark.parametrize(
    ("code", "pause"),
    [
        (9, timedelta(minutes=5)),
        (29, HOUR),
        (103, HOUR),
        (14, HOUR),
        (984, HOUR),
        (601, 6 * HOUR),
    ],
)
def test_vk_asks_to_wait(code: int, pause: timedelta) -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=code)

    with pytest.raises(PausedError) as paused:
        chat(vk)
    with pytest.raises(PausedError):
        chat(vk)

    assert paused.value.until - vk.clock.moment() == pytest.approx(pause, abs=HOUR / 3600)
    assert len(vk.sandbox.journal.entries) == 1


def send(vk: VkSide, chat_id: int, number: int) -> None:
    mail = Mail(random_id=number)
    vk.mailer.send({chat_id: f"Сообщение {number}"}, mail, lane=Lane.EMERGENCY, go=lambda: None)


def test_emergencies_go_on_once_vk_has_taken_one_during_its_pause() -> None:
    vk = VkSide()
    one = chat(vk)
    vk.pace.pause("messages.send", seconds=3600)
    began = vk.clock.now()

    for number in range(1, 11):
        send(vk, one, number)

    assert vk.clock.now() - began < 10
    assert len(vk.texts(2_000_000_000 + one)) == 10


def test_emergencies_wait_a_minute_after_a_try_that_vk_did_not_take() -> None:
    vk = VkSide()
    one = chat(vk)
    vk.pace.pause("messages.send", seconds=3600)
    vk.fault(Kind.ERROR, "messages.send", code=29)

    untils = []
    for number in (1, 2):
        with pytest.raises(PausedError) as paused:
            send(vk, one, number)
        untils.append(paused.value.until - vk.clock.moment())

    assert max(untils) <= timedelta(minutes=1)
    assert vk.texts(2_000_000_000 + one) == []


def test_a_try_whose_chat_is_told_to_wait_lifts_no_pause() -> None:
    vk = VkSide()
    one = chat(vk)
    vk.pace.pause("messages.edit", seconds=3600)
    vk.fault(Kind.ERROR, "messages.edit", code=9)
    edit = partial(
        vk.mailer.edit,
        {one: "Иначе"},
        {one: 1},
        Mail(random_id=5),
        lane=Lane.EMERGENCY,
        go=lambda: None,
    )
    edit()

    with pytest.raises(PausedError):
        edit()


@pytest.mark.parametrize("code", [7, 15, 28, 100, 911, 99_999])
def test_a_code_we_do_not_know_is_never_a_refusal(code: int) -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=code)

    with pytest.raises(VkError) as unforeseen:
        chat(vk)

    assert unforeseen.value.code == code


@pytest.mark.parametrize("code", [5, 27, 1117, 912, 915, 916])
def test_what_only_a_person_can_mend_disconnects_the_community_and_refuses_nothing(
    code: int,
) -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=code)

    with pytest.raises(DisconnectedError) as disconnected:
        chat(vk)

    assert disconnected.value.message.endswith((".", "»."))


def test_too_many_calls_a_second_are_asked_again_a_second_later() -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=6)

    number = chat(vk)

    first, second = vk.sandbox.journal.calls("messages.createChat")
    assert number == 1
    assert second.at - first.at >= 1


def test_who_is_too_many_again_and_again_comes_back_later() -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.createChat", code=6, times=TOO_MANY_TRIES)

    with pytest.raises(UnavailableError) as later:
        chat(vk)

    assert not isinstance(later.value, OutcomeUnknownError)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NewConnectionError(None, "refused"), UnavailableError),  # type: ignore[arg-type]
        (ConnectTimeoutError("slow"), UnavailableError),
        (HTTPError("anything"), OutcomeUnknownError),
    ],
    ids=["no connection", "slow connection", "anything later"],
)
def test_what_surely_did_not_leave_is_told_from_what_may_have(
    monkeypatch: pytest.MonkeyPatch, error: HTTPError, outcome: type[Exception]
) -> None:
    vk = VkSide()

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(vk.http, "request", fail)

    with pytest.raises(UnavailableError) as raised:
        chat(vk)

    assert type(raised.value) is outcome


def test_an_execute_is_made_again_when_the_calls_inside_were_too_many() -> None:
    vk = VkSide(Switches(execute_cost=Cost.INNER), latency=0.0)
    for _ in range(5):
        chat(vk)

    for number in range(1, 6):
        done = vk.chats.settle(number, title=f"Дом {number}", text="Добрый день", random_id=5)
        assert done.pinned

    for number in range(1, 6):
        assert vk.texts(2_000_000_000 + number) == ["Добрый день"]


def test_a_chat_is_settled_though_its_title_may_not_be_changed() -> None:
    vk = VkSide()
    number = chat(vk)
    vk.fault(Kind.ERROR, "messages.editChat", code=925)

    done = vk.chats.settle(number, title="Дом", text="Добрый день", random_id=5)

    assert done.link
    assert vk.texts(2_000_000_000 + number) == ["Добрый день"]


def test_a_chat_is_settled_though_nothing_may_be_pinned() -> None:
    vk = VkSide()
    number = chat(vk)
    vk.fault(Kind.ERROR, "messages.pin", code=925)

    done = vk.chats.settle(number, title="Дом", text="Добрый день", random_id=5)

    assert (done.cmid > 0, done.pinned) == (True, False)


def test_a_chat_whose_link_is_not_shown_is_refused() -> None:
    vk = VkSide()
    number = chat(vk)
    vk.fault(Kind.ERROR, "messages.getInviteLink", code=919)

    with pytest.raises(RefusedError) as refused:
        vk.chats.settle(number, title="Дом", text="Добрый день", random_id=5)

    assert refused.value.code == "chat_rights"


@pytest.mark.parametrize("failure", Failure)
def test_flood_control_of_one_person_pauses_nobody_else(failure: Failure) -> None:
    vk = VkSide(Switches(failure=failure))
    vk.fault(Kind.ERROR, "messages.send", code=9, peer_id=WILLING)

    with pytest.raises(PausedError) as paused:
        write(vk)

    number = chat(vk)
    vk.chats.settle(number, title="Дом", text="Добрый день", random_id=5)
    assert paused.value.until - vk.clock.moment() > timedelta(minutes=4)
    assert vk.texts(2_000_000_000 + number) == ["Добрый день"]


@pytest.mark.parametrize("repeat", Repeat)
@pytest.mark.parametrize("failure", Failure)
def test_a_letter_handed_over_again_is_there_once(repeat: Repeat, failure: Failure) -> None:
    vk = VkSide(Switches(repeat=repeat, failure=failure))

    write(vk)
    write(vk)

    assert vk.texts(WILLING) == ["Здравствуйте!"]


def test_an_answer_that_is_no_json_leaves_the_outcome_unknown() -> None:
    vk = VkSide()
    vk.fault(Kind.BAD_GATEWAY, "messages.createChat")

    with pytest.raises(OutcomeUnknownError):
        chat(vk)


def test_an_upload_server_that_takes_no_file_is_asked_again_later() -> None:
    vk = VkSide()

    with pytest.raises(UnavailableError):
        vk.letters.attach(WILLING, file_name="Объявления.exe", pdf=b"MZ")
