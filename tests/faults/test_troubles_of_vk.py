"""VK is slow, loses answers, asks to wait: chats and instructions still come, and come once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from housechats.domain.errors import RefusedError, UnavailableError
from housechats.domain.houses import ChatState
from housechats.domain.instructions import InstructionState
from housechats.domain.people import Elder
from local.vk.faults import Fault, Kind
from local.vk.switches import Failure, Switches
from support.killing import Wire
from support.small_list import HOUSES, LIST, PHONE, check_all, check_chat, check_letter
from support.vk_side import COMMUNITY, TOKEN, UNWELCOME, UNWILLING, WILLING
from support.world import World

MINUTE, HOUR = 60, 3600
ARRIVING = [
    "messages.createChat",
    "execute",
    "utils.resolveScreenName",
    "docs.getMessagesUploadServer",
    "docs.save",
    "messages.send",
]
INSIDE = ["messages.editChat", "messages.getInviteLink", "messages.pin"]
LOSSES = [
    Kind.LOST_CALL,
    Kind.LOST_ANSWER,
    Kind.DELAY,
    Kind.BAD_GATEWAY,
    Kind.BAD_GATEWAY_AFTER,
]


def add_fault(world: World, fault: Fault) -> None:
    """Have a method fail; names are resolved one by one only if the list came without an answer."""
    if fault.method == "utils.resolveScreenName":
        world.sandbox.add_fault(Fault(Kind.ERROR, "users.get", code=10))
    world.sandbox.add_fault(fault)


def run(monkeypatch: pytest.MonkeyPatch, *faults: Fault, list_: str = LIST) -> World:
    world = World(monkeypatch)
    for fault in faults:
        add_fault(world, fault)
    world.put_list(list_)
    world.run()
    return world


@pytest.mark.parametrize("method", ARRIVING)
@pytest.mark.parametrize("kind", LOSSES)
def test_an_answer_is_lost_or_comes_too_late(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, method: str
) -> None:
    world = run(monkeypatch, Fault(kind, method))

    assert not world.sandbox.faults.waiting
    check_all(world)


@pytest.mark.parametrize("method", ARRIVING + INSIDE)
@pytest.mark.parametrize("code", [1, 6, 10, 36])
def test_vk_stumbles_once(monkeypatch: pytest.MonkeyPatch, code: int, method: str) -> None:
    world = run(monkeypatch, Fault(Kind.ERROR, method, code=code))

    assert not world.sandbox.faults.waiting
    check_all(world)


@pytest.mark.parametrize("code", [9, 29, 103, 601, 14, 984])
@pytest.mark.parametrize("method", ARRIVING + INSIDE)
def test_vk_asks_to_wait_for_hours(monkeypatch: pytest.MonkeyPatch, code: int, method: str) -> None:
    world = World(monkeypatch)
    until = world.clock.now() + 2 * HOUR
    add_fault(world, Fault(Kind.ERROR, method, code=code, until=until))

    world.put_list(LIST)
    world.run()

    assert world.clock.now() > until
    check_all(world)


@pytest.mark.parametrize("code", [1, 6, 9, 10, 29, 103, 601, 5])
def test_a_list_does_not_wait_for_vk_to_say_whose_pages_the_elders_are(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    world = World(monkeypatch)
    until = world.clock.now() + 2 * HOUR
    world.sandbox.add_fault(Fault(Kind.ERROR, "users.get", code=code, until=until))

    world.put_list(LIST)
    world.run()

    assert world.clock.now() < until
    check_all(world)


@pytest.mark.parametrize("kind", LOSSES)
def test_an_answer_about_the_elders_pages_is_lost(
    monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    world = run(monkeypatch, Fault(kind, "users.get"))

    assert not world.sandbox.faults.waiting
    assert world.sandbox.journal.calls("utils.resolveScreenName")
    check_all(world)


@pytest.mark.parametrize("code", [14, 984])
def test_nothing_at_all_is_asked_while_the_community_is_to_wait(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    world = run(monkeypatch, Fault(Kind.ERROR, "messages.createChat", code=code))

    pages, first, second, *_ = world.sandbox.journal.arrivals()
    assert pages.method == "users.get"
    assert first.code == code
    assert second.at - first.at >= HOUR
    check_all(world)


def test_flood_control_stops_one_method_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = run(monkeypatch, Fault(Kind.ERROR, "messages.createChat", code=9))

    first, second, *_ = world.sandbox.journal.calls("messages.createChat")
    assert second.at - first.at >= 5 * MINUTE
    check_all(world)


def test_staff_see_a_chat_wait_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.sandbox.add_fault(Fault(Kind.ERROR, "messages.createChat", code=29))
    world.put_list(LIST)

    world.run_until(lambda: any(house.due_at for house in world.houses.by_id.values()))

    waiting = world.house_at(HOUSES[0])
    assert waiting.state == ChatState.PLANNED
    assert waiting.due_at is not None
    assert (waiting.due_at - world.clock.moment()).total_seconds() == pytest.approx(HOUR, abs=1)
    assert "подождать" in waiting.reason
    world.run()
    check_all(world)


def test_flood_control_of_one_person_delays_that_person_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(monkeypatch)
    world.sandbox.add_fault(Fault(Kind.ERROR, "messages.send", code=9, peer_id=WILLING))

    world.put_list(LIST)
    world.run()

    assert len(world.sandbox.journal.calls("messages.send")) == len(HOUSES) + 2
    executes = [call.at for call in world.sandbox.journal.calls("execute")]
    assert max(executes) - min(executes) < MINUTE
    check_all(world)


def test_a_bad_token_is_no_refusal_and_a_new_one_lets_the_work_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(monkeypatch)
    world.put_list(LIST)
    world.sandbox.replace_token(COMMUNITY, "another token")
    world.run_until(lambda: world.clock.now() > world.began + 5 * HOUR)
    waiting = world.houses_in(ChatState.PLANNED)
    refused = world.sandbox.journal.errors(5)

    world.connect("another token")
    world.run()

    assert len(waiting) == len(HOUSES)
    assert all("Подключите" in house.reason for house in waiting)
    # The list asked for the elders' pages, and a house or two at once found out.
    assert refused <= 3
    check_all(world)


def test_a_community_whose_messages_were_switched_off_goes_on_when_it_is_connected_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(monkeypatch)
    world.put_list(LIST)
    world.sandbox.switch_bots(COMMUNITY, on=False)
    world.run_until(lambda: not world.communities.by_id[COMMUNITY].works)

    world.sandbox.switch_bots(COMMUNITY, on=True)
    world.connect(TOKEN)
    world.run()

    check_all(world)


def listed(elder: str) -> str:
    return f"Адрес;Старший по дому;Телефон;ВКонтакте\nг. Архангельск, {HOUSES[0]};{elder}\n"


@pytest.mark.parametrize("vk_id", [UNWILLING, UNWELCOME], ids=["no consent", "blacklisted"])
def test_who_does_not_take_letters_gets_an_sms(monkeypatch: pytest.MonkeyPatch, vk_id: int) -> None:
    world = run(monkeypatch, list_=listed(f"Былов Пётр;{PHONE};vk.ru/id{vk_id}"))

    (told,) = world.instructions_in(InstructionState.SENT)
    assert [phone for phone, _ in world.sms.sent] == [PHONE]
    assert told.channel == "sms"
    assert "не разрешил" in told.reason
    assert world.sandbox.journal.messages(vk_id) == []


def test_who_can_be_reached_by_nothing_is_shown_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = run(monkeypatch, list_=listed(f"Былов Пётр;;vk.ru/id{UNWELCOME}"))

    (told,) = world.instructions_in(InstructionState.UNDELIVERABLE)
    assert "не разрешил" in told.reason
    assert "телефон не указан" in told.reason
    assert world.dead == []


@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize("code", [18, 900, 901, 902, 936])
def test_who_refuses_at_the_last_moment_gets_an_sms_however_vk_says_it(
    monkeypatch: pytest.MonkeyPatch, code: int, failure: Failure
) -> None:
    world = World(monkeypatch, switches=Switches(failure=failure))
    fault = Fault(Kind.ERROR, "messages.send", code=code, peer_id=WILLING)
    world.sandbox.add_fault(fault)

    world.put_list(listed(f"Вымыслова Марфа;{PHONE};vk.ru/marfa_v"))
    world.run()

    assert [phone for phone, _ in world.sms.sent] == [PHONE]
    assert world.sandbox.journal.messages(WILLING) == []
    assert world.dead == []
    check_chat(world, HOUSES[0])


def test_a_name_that_is_nobodys_page_leads_to_an_sms(monkeypatch: pytest.MonkeyPatch) -> None:
    world = run(monkeypatch, list_=listed(f"Былов Пётр;{PHONE};vk.ru/nobody_at_all"))

    (told,) = world.instructions_in(InstructionState.SENT)
    assert told.channel == "sms"
    assert "не найдена" in told.reason
    (batch,) = world.batches.by_id.values()
    assert batch.rows == {"accepted_with_warnings": 1}


def test_a_name_that_is_nobodys_by_the_time_of_the_letter_leads_to_an_sms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unanswered = Fault(Kind.ERROR, "users.get", code=10)

    world = run(monkeypatch, unanswered, list_=listed(f"Былов Пётр;{PHONE};vk.ru/nobody_at_all"))

    (told,) = world.instructions_in(InstructionState.SENT)
    assert told.channel == "sms"
    assert "нет" in told.reason


def sms_trouble(monkeypatch: pytest.MonkeyPatch, **trouble: Any) -> World:
    world = World(monkeypatch)
    for name, error in trouble.items():
        setattr(world.sms, name, error)
    world.put_list(LIST)
    world.run()
    return world


@pytest.mark.parametrize(
    "error", [ConnectionError("reset"), TimeoutError("no answer")], ids=["reset", "no answer"]
)
def test_an_sms_that_may_have_gone_is_left_to_people(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    world = sms_trouble(monkeypatch, answer_lost=error)

    (told,) = world.instructions_in(InstructionState.UNKNOWN)
    assert len(world.sms.sent) == 1
    assert "спросите старшего" in told.reason
    check_all(world)


def test_an_sms_that_is_not_taken_now_goes_later_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = sms_trouble(monkeypatch, trouble=UnavailableError("throttled"))

    assert len(world.sms.sent) == 1
    assert len(world.instructions_in(InstructionState.SENT)) == 2
    check_all(world)


def test_a_number_that_cannot_be_reached_is_shown_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = RefusedError("phone", "Оператор связи не принял этот номер.")

    world = sms_trouble(monkeypatch, trouble=refused)

    (told,) = world.instructions_in(InstructionState.UNDELIVERABLE)
    assert "не принял этот номер" in told.reason
    assert world.sms.sent == []
    assert world.dead == []


def dies_for_hours(monkeypatch: pytest.MonkeyPatch, method: str) -> World:
    """Return a world whose worker died after a call, and where VK then makes us wait for hours."""
    number = run(monkeypatch).wire.calls.index(method) + 1
    world = World(monkeypatch, wire=Wire(after={number}))
    world.put_list(LIST)
    world.run_until(lambda: world.wire.kills == 1)
    until = world.clock.now() + 2 * HOUR
    world.sandbox.add_fault(Fault(Kind.ERROR, "*", code=984, until=until))
    return world


@pytest.mark.parametrize("method", ["execute", "messages.send"])
def test_what_was_said_is_not_said_again_when_its_sender_died_hours_ago(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    world = dies_for_hours(monkeypatch, method)

    world.run()

    assert world.took > timedelta(hours=2)
    check_all(world)


def test_a_first_message_is_not_said_again_though_the_elder_is_called_otherwise_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = dies_for_hours(monkeypatch, "execute")
    elder_id = world.house_at(HOUSES[0]).elder_id
    renamed = Elder("Вымыслова М. И.", vk_name="marfa_v")
    world.elders.put(elder_id, renamed, until=world.clock.moment() + timedelta(days=365))

    world.run()

    check_all(world)


def test_a_letter_is_not_written_again_though_a_link_is_another_one_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = dies_for_hours(monkeypatch, "messages.send")
    house = world.house_at(HOUSES[0])
    world.houses.by_id[house.id] = replace(house, link="https://vk.me/join/another")

    world.run()

    check_letter(world)
