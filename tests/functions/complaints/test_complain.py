"""A resident complains privately; who answers for the house gets it and says what comes of it."""

from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.complaint_texts import ONLY_FROM_HOUSE
from housechats.domain.complaints import A_DAY_AT_MOST, ComplaintState, Topic, Way
from housechats.domain.dialogues import ENOUGH, MOST_BEGUN
from housechats.domain.people import Role
from housechats.domain.questions import Where
from housechats.domain.webhooks import WebhookEvent, is_signed
from local.vk.faults import Kind
from support.report_door import (
    COMPANY,
    ELDER,
    HOUSE_ID,
    KEY,
    NEIGHBOUR,
    OFFICIAL,
    RESIDENT,
    STAFF,
    STRANGER,
    ReportDoor,
)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> ReportDoor:
    return ReportDoor().open(monkeypatch)


# The dialogue


def test_a_resident_is_told_first_that_this_is_no_official_appeal(door: ReportDoor) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))

    door.happen()

    (told,) = door.told_texts(RESIDENT)
    assert "не официальное обращение" in told
    assert "112" in told
    assert "В чате дома её не будет" in told


def test_who_begins_while_vk_has_us_wait_is_asked_afterwards(door: ReportDoor) -> None:
    door.fault(Kind.ERROR, "messages.send", code=9, until=door.clock.now() + 3600)

    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()
    door.pass_time(timedelta(hours=2))

    assert len(door.told_texts(RESIDENT)) == 1
    assert not door.queues[Room.COMPLAINTS].dead


def test_a_beginning_that_comes_again_takes_nothing_of_what_was_told(door: ReportDoor) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    (begun,) = door.events()
    door.queues[Room.COMPLAINTS].send([begun.body])
    door.work()
    door.press_and_see(RESIDENT, "Лифт")
    door.seen.until.clear()  # its worker was killed before it had noted the event

    door.queues[Room.COMPLAINTS].send([begun.body])
    door.work()
    door.write(0, RESIDENT, "Третий день не работает лифт.")
    door.happen()

    dialogue = door.dialogues.get(door.community, RESIDENT)
    assert dialogue
    assert dialogue.notes["topic"] == Topic.LIFT
    assert dialogue.step == "where"


def test_a_complaint_is_what_its_author_has_said(door: ReportDoor) -> None:
    complaint = door.complain(text="Застрял лифт.", contact="8 900 000-00-00", photos=2)

    assert complaint.house_id == HOUSE_ID
    assert (complaint.topic, complaint.where, complaint.detail) == (Topic.LIFT, Where.ENTRANCE, "2")
    assert complaint.text == "Застрял лифт."
    assert complaint.contact == "8 900 000-00-00"
    assert len(complaint.photos) == 2
    assert complaint.inn == COMPANY


def test_a_contact_is_left_only_by_who_wants_to(door: ReportDoor) -> None:
    assert door.complain().contact == ""


def test_before_it_is_sent_the_author_reads_it_whole(door: ReportDoor) -> None:
    door.complain(text="Застрял лифт.", contact="8 900 000-00-00")

    preview = next(text for text in door.told_texts(RESIDENT) if "Проверьте" in text)
    assert "Застрял лифт." in preview
    assert "Подъезд 2" in preview
    assert "8 900 000-00-00" in preview


def test_the_author_gets_a_number_that_can_be_read_out(door: ReportDoor) -> None:
    complaint = door.complain()

    (told,) = [text for text in door.told_texts(RESIDENT) if "отправлена" in text]
    assert f"№ {complaint.id[:3]}-{complaint.id[3:]}" in told
    assert len(complaint.id) == 6


def test_nothing_of_a_complaint_appears_in_the_house_chat(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)

    door.complain()
    door.pass_time(timedelta(hours=2))

    assert door.messages(door.house_chat) == []


def test_every_event_that_comes_three_times_has_one_effect(door: ReportDoor) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen(times=3)
    for answer in ("Лифт", "", "Весь дом", "Без фото", "Не оставлять контакт", "Отправить"):
        door.wait(timedelta(seconds=5))
        if answer:
            door.press(0, RESIDENT, answer)
        else:
            door.write(0, RESIDENT, "Лифт стоит.")
        door.happen(times=3)

    assert len(door.complaints.by_id) == 1
    assert len(door.told_texts(RESIDENT)) == 7


def test_who_presses_send_twice_complains_once(door: ReportDoor) -> None:
    door.complain()
    sent = door.told(RESIDENT)[-2]

    door.press(0, RESIDENT, "Отправить", cmid=sent.cmid)
    door.happen()

    assert len(door.complaints.by_id) == 1


def test_who_cancels_has_sent_nothing_and_nothing_is_kept(door: ReportDoor) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()

    door.press_and_see(RESIDENT, "Отменить")

    assert door.complaints.by_id == {}
    assert door.dialogues.open == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("я" * 1001, "длиннее 1000", id="too long"),
        pytest.param("!!!", "словами", id="no words"),
    ],
)
def test_a_text_that_does_not_do_is_asked_for_again(door: ReportDoor, said: str, told: str) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()
    door.press_and_see(RESIDENT, "Лифт")
    door.wait(timedelta(seconds=5))

    door.write(0, RESIDENT, said)
    door.happen()

    assert told in door.told_texts(RESIDENT)[-1]


def test_who_does_not_let_the_bot_write_is_led_to_the_dialog_and_asked_there(
    door: ReportDoor,
) -> None:
    door.silence([RESIDENT])
    press = door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()

    door.wait(timedelta(seconds=5))
    door.write(0, RESIDENT, "привет")
    door.happen()

    assert "vk.me" in (door.snackbar(press) or "")
    (asked,) = door.told_texts(RESIDENT)
    assert "не официальное обращение" in asked
    assert "О чём жалоба?" in asked


def test_who_was_asked_late_goes_on_as_everybody_does(door: ReportDoor) -> None:
    door.silence([RESIDENT])
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()
    door.wait(timedelta(seconds=5))
    door.write(0, RESIDENT, "привет")
    door.happen(times=3)
    door.wait(timedelta(seconds=5))

    door.write(0, RESIDENT, "лифт")
    door.happen()
    door.press_and_see(RESIDENT, "Лифт")

    told = [text.partition("\n")[0] for text in door.told_texts(RESIDENT)]
    assert len(told) == 3
    assert told[1].startswith("Нажмите одну из кнопок")
    assert told[2].startswith("Напишите одним сообщением")


def test_who_presses_twice_and_lets_nobody_write_is_not_told_that_we_wrote(
    door: ReportDoor,
) -> None:
    door.silence([RESIDENT])
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()
    door.wait(timedelta(seconds=1))

    again = door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()

    assert "vk.me" in (door.snackbar(again) or "")


def test_privately_the_house_is_told_by_its_code_and_only_by_who_is_in_its_chat(
    door: ReportDoor,
) -> None:
    for vk_id in (RESIDENT, STRANGER):
        door.allow(vk_id)
        door.forge(0, vk_id, Press(Room.COMPLAINTS, "begin"))
        door.happen()
        door.wait(timedelta(seconds=5))
        door.write(0, vk_id, "abcd ef01")
        door.happen()

    assert "О чём жалоба?" in door.told_texts(RESIDENT)[-1]
    assert "Войдите в чат" in door.told_texts(STRANGER)[-1]


def test_a_resident_asks_where_the_complaint_is(door: ReportDoor) -> None:
    complaint = door.complain()

    door.press_and_see(RESIDENT, "Где моя жалоба?")

    assert f"№ {complaint.number}" in door.told_texts(RESIDENT)[-1]


def test_nobody_is_told_of_anothers_complaint(door: ReportDoor) -> None:
    door.complain()

    door.forge(0, NEIGHBOUR, Press(Room.COMPLAINTS, "mine"))
    door.happen()

    assert door.told_texts(NEIGHBOUR) == ["Вы ещё не отправляли жалоб."]


def test_officials_do_not_drown_in_what_one_person_complains_of(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    for _ in range(A_DAY_AT_MOST):
        door.complain()
    door.wait(timedelta(hours=1))

    with pytest.raises(ValueError, match="not enough values"):
        door.complain()

    assert len(door.complaints.by_id) == len(door.told_texts(OFFICIAL)) == A_DAY_AT_MOST
    assert "пришлите её завтра" in door.told_texts(RESIDENT)[-1]
    door.wait(timedelta(days=1))
    assert door.complain()


def test_who_presses_again_and_again_is_asked_once_in_a_while(door: ReportDoor) -> None:
    for _ in range(10):
        door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
        door.happen()

    assert len(door.told_texts(RESIDENT)) == 1


# To people


def test_representatives_get_it_with_buttons_and_the_author_hears_what_they_say(
    door: ReportDoor,
) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.complain(text="Застрял лифт.")

    shown = [door.press_and_see(OFFICIAL, label) for label in ("Принято", "Выполнено")]

    assert "Застрял лифт." in door.told_texts(OFFICIAL)[0]
    assert door.complaint.state == ComplaintState.DONE
    assert shown == ["Записано: житель об этом узнает."] * 2
    told = door.told_texts(RESIDENT)
    assert [("доставлена" in t, "принята" in t, "выполнена" in t) for t in told[-3:]] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_who_says_not_ours_says_why(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.complain()

    door.press_and_see(OFFICIAL, "Не наше")
    door.wait(timedelta(seconds=5))
    door.write(0, OFFICIAL, "Лифт обслуживает другая организация.")
    door.happen()

    assert door.complaint.state == ComplaintState.REJECTED
    assert "Лифт обслуживает другая организация." in door.told_texts(RESIDENT)[-1]


def test_a_house_without_representatives_has_its_staff(door: ReportDoor) -> None:
    door.name(STAFF, Role.STAFF)

    door.complain()

    assert door.complaint.way == Way.STAFF
    assert len(door.told_texts(STAFF)) == 1


def test_staff_get_what_representatives_cannot_be_told(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.name(STAFF, Role.STAFF)
    door.silence([OFFICIAL])

    door.complain()

    assert (door.complaint.way, door.complaint.state) == (Way.STAFF, ComplaintState.DELIVERED)
    assert len(door.told_texts(STAFF)) == 1


@pytest.mark.parametrize("vk_id", [STRANGER, NEIGHBOUR, ELDER])
def test_nobody_else_answers_a_complaint_whatever_button_they_forge(
    door: ReportDoor, vk_id: int
) -> None:
    complaint = door.complain()
    before = door.complaint.state

    press = door.forge(0, vk_id, Press(Room.COMPLAINTS, "done", complaint.id))
    door.happen()

    assert door.complaint.state == before
    assert "организация" in (door.snackbar(press) or "")


# To systems


def test_a_system_gets_it_signed_and_no_person_is_written_to(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    webhook = door.set_webhook()

    complaint = door.complain(text="Застрял лифт.", photos=1)

    ((url, body, headers),) = door.carrier.taken
    (message,) = door.carrier.bodies
    assert url == webhook.url
    assert message["complaint"] == complaint.id
    assert (message["text"], message["photos"], message["topic"]) == ("Застрял лифт.", 1, "lift")
    assert message["id"] == headers["X-Housechats-Id"]
    signed = headers["X-Housechats-Signature"]
    assert is_signed(signed, webhook.secret(KEY), body, now=door.clock.moment())
    assert f"{RESIDENT}" not in f"{message}"
    assert door.complaint.state == ComplaintState.DELIVERED
    assert door.told_texts(OFFICIAL) == []


def test_a_system_that_is_down_is_tried_at_growing_pauses_with_one_id(door: ReportDoor) -> None:
    door.set_webhook()
    door.carrier.takes = False
    door.complain()

    door.pass_time(timedelta(hours=2), every=timedelta(minutes=1))
    tried = door.carrier.asked
    door.carrier.takes = True
    door.pass_time(timedelta(hours=2))

    assert 5 <= tried <= 12
    assert len(door.carrier.taken) == 1
    assert door.complaint.state == ComplaintState.DELIVERED


def test_what_nobody_took_for_a_day_is_undeliverable_and_rings(
    door: ReportDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    door.set_webhook()
    door.carrier.takes = False
    door.complain()

    door.pass_time(timedelta(hours=26))

    assert door.complaint.state == ComplaintState.UNDELIVERABLE
    lines = capsys.readouterr().out.splitlines()
    rung = [line for line in lines if "UndeliverableComplaints" in line]
    assert len(rung) == 1
    assert "Третий день" not in "".join(lines)
    assert "Отправлять её ещё раз не нужно" in door.told_texts(RESIDENT)[-1]


def test_a_system_is_told_what_a_person_has_answered(door: ReportDoor) -> None:
    door.set_webhook(WebhookEvent.CHANGED)
    door.name(STAFF, Role.STAFF)
    complaint = door.complain()

    door.forge(0, STAFF, Press(Room.COMPLAINTS, "done", complaint.id))
    door.happen()

    assert [body["event"] for body in door.carrier.bodies] == [
        "complaint.sent",
        "complaint.changed",
    ]
    assert door.carrier.bodies[1]["status"] == "done"


# Killed, forgotten


def test_a_worker_killed_at_any_call_sends_one_complaint_and_tells_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = ReportDoor().open(monkeypatch)
    whole.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    whole.complain()
    calls = len(whole.wire.calls)

    for number in range(1, calls + 1, 3):
        door = ReportDoor().open(monkeypatch)
        door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
        door.wire.kill(before=[number], after=[number + 1])
        _complain_patiently(door)

        assert door.wire.kills, number
        assert len(door.complaints.by_id) == 1, number
        assert len(door.told_texts(OFFICIAL)) == 1, number
        assert door.complaint.state == ComplaintState.DELIVERED
        assert door.told_texts(RESIDENT) == whole.told_texts(RESIDENT), number


def _complain_patiently(door: ReportDoor) -> None:
    """Complain as usual, waiting after each answer until killed workers are followed by others."""
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    _settle(door)
    for press, text in [
        ("Лифт", ""),
        ("", "Третий день не работает лифт."),
        ("Подъезд", ""),
        ("", "2"),
        ("Без фото", ""),
        ("Не оставлять контакт", ""),
        ("Отправить", ""),
    ]:
        if press:
            door.press(0, RESIDENT, press)
        else:
            door.write(0, RESIDENT, text)
        _settle(door)


def _settle(door: ReportDoor) -> None:
    door.happen()
    for _ in range(3):
        door.wait(timedelta(minutes=4))
        door.sweep()


def test_what_its_author_wrote_is_erased_ninety_days_after_the_end(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.complain(contact="8 900 000-00-00", photos=1)
    door.press_and_see(OFFICIAL, "Выполнено")

    door.pass_time(timedelta(days=89), every=timedelta(days=1))
    before = door.complaint
    door.pass_time(timedelta(days=2), every=timedelta(days=1))

    after = door.complaint
    assert before.text != ""
    assert (after.text, after.contact, after.detail, after.photos) == ("", "", "", ())
    assert after.state == ComplaintState.DONE


def test_people_get_what_was_on_its_way_to_a_system_that_is_no_more(door: ReportDoor) -> None:
    door.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
    door.set_webhook()
    door.carrier.takes = False
    door.complain()

    door.webhooks.delete("11", COMPANY)
    door.pass_time(timedelta(hours=3))

    assert (door.complaint.way, door.complaint.state) == (
        Way.REPRESENTATIVES,
        ComplaintState.DELIVERED,
    )
    assert len(door.told_texts(OFFICIAL)) == 1


def test_who_has_left_the_house_before_sending_has_sent_nothing(door: ReportDoor) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()
    for label in ("Лифт", "", "Весь дом", "Без фото", "Не оставлять контакт"):
        door.wait(timedelta(seconds=5))
        if label:
            door.press(0, RESIDENT, label)
        else:
            door.write(0, RESIDENT, "Лифт стоит.")
        door.happen()
    door.talk.remove(door.house_chat, [RESIDENT])

    door.press_and_see(RESIDENT, "Отправить")

    assert door.complaints.by_id == {}
    assert "Войдите в чат" in door.told_texts(RESIDENT)[-1]
    assert door.dialogues.open == {}


def test_nobody_complains_from_a_chat_that_was_the_houses_once(door: ReportDoor) -> None:
    former = door.chat(RESIDENT)
    door.chats.remember(door.community, former, house_id=HOUSE_ID)

    press = door.forge(former, RESIDENT, Press(Room.COMPLAINTS, "begin"))
    door.happen()

    assert door.snackbar(press) == ONLY_FROM_HOUSE
    assert door.dialogues.open == {}


def test_who_begins_cancels_and_asks_again_and_again_is_written_to_some_times_an_hour(
    door: ReportDoor,
) -> None:
    def press(command: str) -> str:
        pressed = door.forge(door.house_chat, RESIDENT, Press(Room.COMPLAINTS, command))
        door.happen()
        return door.snackbar(pressed) or ""

    for _ in range(MOST_BEGUN):
        press("begin")
        press("cancel")

    assert (press("begin"), press("mine")) == (ENOUGH, ENOUGH)
    assert len(door.told_texts(RESIDENT)) == 2 * MOST_BEGUN
    assert door.dialogues.open == {}


def test_who_types_reports_again_and_again_is_written_to_some_times_an_hour(
    door: ReportDoor,
) -> None:
    for number in range(MOST_BEGUN + 5):
        door.report(RESIDENT, door.write(door.house_chat, NEIGHBOUR, f"Реклама {number}"))

    assert len(door.told_texts(RESIDENT)) == MOST_BEGUN
