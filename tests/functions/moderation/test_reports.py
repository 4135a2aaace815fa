"""A resident reports a message; the elder or staff decide, and everybody concerned is told."""

from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.people import Role
from housechats.domain.reports import Removal, ReportState
from local.vk.faults import Kind
from support.report_door import (
    COMPANY,
    ELDER,
    HOUSE_ID,
    NEIGHBOUR,
    OFFICIAL,
    RESIDENT,
    STAFF,
    STRANGER,
    ReportDoor,
)

ADVERT = "Продам гараж, звоните."


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> ReportDoor:
    return ReportDoor().open(monkeypatch)


def written(door: ReportDoor, text: str = ADVERT, *, by: int = NEIGHBOUR) -> int:
    return door.write(door.house_chat, by, text)


def stands(door: ReportDoor, cmid: int) -> bool:
    """Tell whether a message is still in the chat."""
    return door.talk.read(door.house_chat, cmid) is not None


def decide(door: ReportDoor, label: str, rule: str = "", *, by: int = ELDER) -> str:
    shown = door.press_and_see(by, label)
    return door.press_and_see(by, rule) if rule else shown


def test_the_elder_sees_the_message_privately_and_not_who_reported_it(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door))

    (card,) = door.told_texts(ELDER)
    assert ADVERT in card
    assert f"{RESIDENT}" not in card
    assert door.messages(door.house_chat) == []
    assert "Спасибо" in door.told_texts(RESIDENT)[-1]


def test_the_command_that_tells_who_reports_is_taken_out_of_the_chat(door: ReportDoor) -> None:
    cmid = written(door)

    door.report(RESIDENT, cmid)

    assert stands(door, cmid)
    assert not stands(door, cmid + 1)
    assert "мы из чата удалили" in door.told_texts(RESIDENT)[-1]


def test_who_reports_reads_that_the_command_stays_where_vk_lets_nobody_delete_it(
    door: ReportDoor,
) -> None:
    cmid = written(door)
    door.fault(Kind.ERROR, "messages.delete", code=15)

    door.report(RESIDENT, cmid)

    assert stands(door, cmid + 1)
    assert "видно в чате всем" in door.told_texts(RESIDENT)[-1]
    assert len(door.reports.by_id) == 1


def test_the_text_of_a_reported_message_is_kept_nowhere(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door))

    assert "гараж" not in repr(door.the_report)


def test_a_message_that_breaks_a_rule_is_removed_and_its_author_is_told_which(
    door: ReportDoor,
) -> None:
    cmid = written(door)
    door.report(RESIDENT, cmid)

    shown = decide(door, "Удалить", "Реклама")

    assert shown == "Решение записано."
    assert not stands(door, cmid)
    assert "3. Без рекламы" in door.told_texts(NEIGHBOUR)[-1]
    assert "нарушает правила" in door.told_texts(RESIDENT)[-1]
    assert "сообщение удалено" in door.told_texts(ELDER)[-1]


def test_the_audit_says_who_has_decided(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door))

    decide(door, "Удалить", "Реклама")

    (act,) = door.ledger.acts.values()
    assert (act.who, act.role, act.what) == (f"vk:{ELDER}", Role.ELDER, "decideReport")
    assert f"house:{HOUSE_ID}" in act.on
    assert "decision:removed" in act.on


def test_an_author_may_not_write_for_a_day_where_vk_allows_it(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door))

    decide(door, "Удалить и запретить писать на сутки", "Оскорбления")

    assert door.the_report.muting == Removal.DONE
    assert "через сутки" in door.told_texts(NEIGHBOUR)[-1]


def test_what_vk_does_not_allow_is_said_to_who_decided(door: ReportDoor) -> None:
    cmid = written(door)
    door.report(RESIDENT, cmid)
    door.wait(timedelta(hours=23))

    door.wait(timedelta(hours=2))
    decide(door, "Удалить", "Реклама")

    assert stands(door, cmid)
    assert door.the_report.deletion == Removal.REFUSED
    assert "удалить сообщение ВКонтакте не дал" in door.told_texts(ELDER)[-1]
    assert "удалите его" in door.told_texts(NEIGHBOUR)[-1]


def test_a_removal_is_told_in_the_chat_without_a_name_if_its_author_cannot_be_written_to(
    door: ReportDoor,
) -> None:
    door.report(RESIDENT, written(door))
    door.silence([NEIGHBOUR])

    decide(door, "Удалить", "Реклама")

    (said,) = door.texts(door.house_chat)
    assert said.startswith("Одно сообщение удалено. Правило 3.")
    assert f"{NEIGHBOUR}" not in said


def test_a_message_that_breaks_nothing_stays(door: ReportDoor) -> None:
    cmid = written(door)
    door.report(RESIDENT, cmid)

    decide(door, "Оставить")

    assert stands(door, cmid)
    assert "остаётся" in door.told_texts(RESIDENT)[-1]
    assert door.told_texts(NEIGHBOUR) == []


def test_a_quarrel_has_its_own_answer_and_removes_nothing(door: ReportDoor) -> None:
    cmid = written(door, "Сам ты козёл.")
    door.report(RESIDENT, cmid)

    decide(door, "Это ссора соседей")

    told = door.told_texts(RESIDENT)[-1]
    assert stands(door, cmid)
    assert "спор соседей" in told
    assert "112" in told
    assert door.the_report.state == ReportState.QUARREL


def test_many_who_report_one_message_make_one_card_and_all_are_told(door: ReportDoor) -> None:
    cmid = written(door, by=ELDER + 100)  # nobody's post
    for vk_id in (RESIDENT, NEIGHBOUR, RESIDENT):
        door.report(vk_id, cmid)

    decide(door, "Оставить")

    assert len(door.reports.by_id) == 1
    assert len([text for text in door.told_texts(ELDER) if "Жалоба на сообщение" in text]) == 1
    for vk_id in (RESIDENT, NEIGHBOUR):
        assert len([t for t in door.told_texts(vk_id) if "остаётся" in t]) == 1


def test_nobody_reports_more_than_five_messages_a_day(door: ReportDoor) -> None:
    for number in range(6):
        door.report(RESIDENT, written(door, f"Реклама {number}"))

    assert len(door.reports.by_id) == 5
    assert "на сегодня это всё" in door.told_texts(RESIDENT)[-1]


def test_the_elders_own_message_is_for_staff_to_decide(door: ReportDoor) -> None:
    door.name(STAFF, Role.STAFF)

    door.report(RESIDENT, written(door, by=ELDER))

    assert door.the_report.state == ReportState.ESCALATED
    assert door.told_texts(ELDER) == []
    assert "должностное лицо" in door.told_texts(STAFF)[0]


def test_the_elder_cannot_decide_of_their_own_message(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door, by=ELDER))

    press = door.forge(0, ELDER, Press(Room.MODERATION, "keep", door.the_report.id))
    door.happen()

    assert door.the_report.state == ReportState.ESCALATED
    assert "Решают" in (door.snackbar(press) or "")


def test_what_the_elder_does_not_decide_in_a_day_goes_to_staff(door: ReportDoor) -> None:
    door.name(STAFF, Role.STAFF)
    door.report(RESIDENT, written(door))

    door.pass_time(timedelta(hours=25), every=timedelta(hours=1))
    decide(door, "Оставить", by=STAFF)

    assert door.the_report.state == ReportState.KEPT
    assert door.the_report.decided_role == Role.STAFF


def test_a_house_without_elder_has_its_staff(door: ReportDoor) -> None:
    door.name(STAFF, Role.STAFF)
    door.without_elder()

    door.report(RESIDENT, written(door))

    assert len(door.told_texts(STAFF)) == 1


@pytest.mark.parametrize("vk_id", [STRANGER, NEIGHBOUR, OFFICIAL])
def test_nobody_else_decides_whatever_button_they_forge(door: ReportDoor, vk_id: int) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    cmid = written(door)
    door.report(RESIDENT, cmid)

    door.forge(0, vk_id, Press(Room.MODERATION, "rule", door.the_report.id, "remove:adverts"))
    door.happen()

    assert stands(door, cmid)
    assert door.the_report.state == ReportState.WAITING


# Talk about the company


def test_the_card_says_that_the_company_itself_reported(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.join(door.house_chat, OFFICIAL)

    door.report(OFFICIAL, written(door, "Управляющая компания ничего не делает!"))

    (card,) = door.told_texts(ELDER)
    assert "Сообщил представитель организации" in card
    assert "решаете вы" in card


def test_an_elder_who_speaks_for_the_company_does_not_remove_talk_about_it(
    door: ReportDoor,
) -> None:
    door.name(ELDER, Role.REPRESENTATIVE, inn=COMPANY)
    door.name(STAFF, Role.STAFF)
    cmid = written(door, "Управляющая компания ничего не делает!")
    door.report(ELDER, cmid)

    press = door.forge(
        0, ELDER, Press(Room.MODERATION, "rule", door.the_report.id, "remove:insults")
    )
    door.happen()

    assert stands(door, cmid)
    assert "решает сотрудник" in (door.snackbar(press) or "")
    assert len(door.told_texts(STAFF)) == 1


# What cannot be reported


def test_a_report_that_replies_to_nothing_says_how_it_is_done(door: ReportDoor) -> None:
    press = door.forge(door.house_chat, RESIDENT, Press(Room.MODERATION, "report"))

    door.happen()

    assert door.reports.by_id == {}
    assert "Ответьте командой" in (door.snackbar(press) or "")


def test_what_the_bot_says_is_not_for_the_elder_to_remove(door: ReportDoor) -> None:
    cmid = door.talk.say(door.house_chat, door.saying("Воды не будет."))

    door.report(RESIDENT, cmid)

    assert door.reports.by_id == {}
    assert "написал бот" in door.told_texts(RESIDENT)[-1]


# Trouble


def test_a_decision_is_carried_out_when_vk_is_there_again(door: ReportDoor) -> None:
    cmid = written(door)
    door.report(RESIDENT, cmid)
    door.fault(Kind.ERROR, "messages.delete", times=1, code=10)

    decide(door, "Удалить", "Реклама")
    door.pass_time(timedelta(minutes=30), every=timedelta(minutes=1))

    assert not stands(door, cmid)
    assert len([t for t in door.told_texts(NEIGHBOUR) if "удалено" in t]) == 1


def test_a_worker_killed_at_any_call_removes_once_and_tells_everybody_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = ReportDoor().open(monkeypatch)
    _decided(whole)
    calls = len(whole.wire.calls)

    for number in range(1, calls + 1, 2):
        door = ReportDoor().open(monkeypatch)
        door.wire.kill(before=[number], after=[number + 1])
        _decided(door)

        assert door.wire.kills, number
        assert door.the_report.state == ReportState.REMOVED
        for vk_id in (ELDER, RESIDENT, NEIGHBOUR):
            assert sorted(door.told_texts(vk_id)) == sorted(whole.told_texts(vk_id)), number
        assert len(door.ledger.acts) == 1


def _decided(door: ReportDoor) -> None:
    door.report(RESIDENT, written(door))
    _settle(door)
    for label in ("Удалить", "Реклама"):
        door.press(0, ELDER, label)
        door.happen()
        _settle(door)


def _settle(door: ReportDoor) -> None:
    for _ in range(3):
        door.wait(timedelta(minutes=4))
        door.sweep()


def test_who_forges_the_button_again_and_again_is_shown_why_and_not_written_to(
    door: ReportDoor,
) -> None:
    presses = [
        door.forge(door.house_chat, NEIGHBOUR, Press(Room.MODERATION, "report")) for _ in range(5)
    ]
    door.happen()

    assert all("Ответьте командой" in (door.snackbar(one) or "") for one in presses)
    assert door.told_texts(NEIGHBOUR) == []


def test_who_becomes_elder_does_not_decide_of_what_they_wrote_before(door: ReportDoor) -> None:
    door.name(STAFF, Role.STAFF)
    cmid = written(door, by=NEIGHBOUR)
    door.report(RESIDENT, cmid)
    door.posts.elder_ids = {NEIGHBOUR: door.posts.elder_ids[ELDER]}

    for press in (
        Press(Room.MODERATION, "keep", door.the_report.id),
        Press(Room.MODERATION, "remove", door.the_report.id),
    ):
        pressed = door.forge(0, NEIGHBOUR, press)
        door.happen()
        assert door.snackbar(pressed) == "Это ваше сообщение: решает сотрудник администрации."

    assert door.the_report.state == ReportState.WAITING
    assert (
        decide(door, "Оставить", by=ELDER) == "Решают старший по дому и сотрудники администрации."
    )
