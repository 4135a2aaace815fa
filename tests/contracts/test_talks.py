"""The bot says things once, whatever nobody knows about VK, and keeps order where VK lets it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from housechats.domain.chat_events import EventKind, Press, Room
from housechats.domain.errors import (
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
    UnforeseenError,
)
from housechats.ports.letters import Button
from housechats.ports.talks import AppButton, PressButton, Pressed, Tone
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Kind
from local.vk.switches import Switches, every_position
from support.talk_door import TalkDoor

ELDER, NEIGHBOUR, STRANGER = 101, 102, 777
FOR = Press(Room.QUESTIONS, "vote", "q-1", "for")
VOTE = (PressButton("За", FOR, Tone.GOOD), Button("Дом", "https://example.org/house"))
QUESTION = "Когда починят лифт?"


def refusal_of(act: Callable[[], None]) -> str:
    """Return why something was refused, nothing when it was done."""
    try:
        act()
    except RefusedError as refused:
        return refused.code
    return ""


@pytest.fixture(
    params=[pytest.param(switches, id=name) for name, switches in every_position()],
)
def door(request: pytest.FixtureRequest) -> TalkDoor:
    switches: Switches = request.param
    return TalkDoor(switches)


@pytest.fixture
def chat(door: TalkDoor) -> int:
    return door.chat(ELDER, NEIGHBOUR)


def test_what_is_said_again_is_there_once_under_one_number(door: TalkDoor, chat: int) -> None:
    saying = door.saying(QUESTION, rows=(VOTE,))

    cmids = {door.talk.say(chat, saying) for _ in range(3)}

    assert cmids == {door.messages(chat)[0].cmid}
    assert door.texts(chat) == [QUESTION]


def test_who_has_written_is_told_privately_once(door: TalkDoor) -> None:
    door.write(0, ELDER, "Здравствуйте")
    saying = door.saying("Здравствуйте! Чем помочь?")

    cmids = {door.talk.tell(ELDER, saying) for _ in range(3)}

    assert cmids == {2}
    assert door.told_texts(ELDER) == ["Здравствуйте! Чем помочь?"]


def test_who_has_not_allowed_messages_is_told_nothing(door: TalkDoor) -> None:
    with pytest.raises(RefusedError) as refused:
        door.talk.tell(STRANGER, door.saying("Здравствуйте!"))

    assert refused.value.code == "consent"
    assert door.told(STRANGER) == []


@pytest.mark.parametrize("kind", [Kind.LOST_ANSWER, Kind.BAD_GATEWAY_AFTER])
def test_what_was_said_without_an_answer_is_found(door: TalkDoor, chat: int, kind: Kind) -> None:
    door.fault(kind, "messages.send")

    cmid = door.talk.say(chat, door.saying(QUESTION))

    assert [message.cmid for message in door.messages(chat)] == [cmid]


def test_an_answer_that_comes_too_late_is_found_too(door: TalkDoor, chat: int) -> None:
    door.fault(Kind.DELAY, "messages.send", seconds=30)

    cmid = door.talk.say(chat, door.saying(QUESTION))

    assert [message.cmid for message in door.messages(chat)] == [cmid]


@pytest.mark.parametrize("kind", [Kind.LOST_CALL, Kind.BAD_GATEWAY])
def test_what_got_lost_on_the_way_is_said_by_the_next_try(
    door: TalkDoor, chat: int, kind: Kind
) -> None:
    saying = door.saying(QUESTION)
    door.fault(kind, "messages.send")

    with pytest.raises(OutcomeUnknownError):
        door.talk.say(chat, saying)
    door.talk.say(chat, saying)

    assert door.texts(chat) == [QUESTION]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param(9, PausedError, id="flood control"),
        pytest.param(10, UnavailableError, id="VK's own trouble"),
        pytest.param(4242, UnforeseenError, id="a number that nobody knows"),
        pytest.param(917, RefusedError, id="a lost chat"),
    ],
)
def test_errors_of_vk_are_told_apart(
    door: TalkDoor, chat: int, code: int, error: type[Exception]
) -> None:
    saying = door.saying(QUESTION)
    door.fault(Kind.ERROR, "messages.send", code=code)

    with pytest.raises(error):
        door.talk.say(chat, saying)

    assert door.texts(chat) == []


def test_flood_control_of_one_chat_pauses_no_other(door: TalkDoor, chat: int) -> None:
    other = door.chat(ELDER)
    door.fault(Kind.ERROR, "messages.send", code=9, peer_id=CHAT_PEERS + chat)

    with pytest.raises(PausedError):
        door.talk.say(chat, door.saying(QUESTION))
    door.talk.say(other, door.saying(QUESTION))

    assert (door.texts(chat), door.texts(other)) == ([], [QUESTION])


def test_too_many_calls_a_second_are_made_again(door: TalkDoor, chat: int) -> None:
    door.fault(Kind.ERROR, "messages.send", code=6)

    door.talk.say(chat, door.saying(QUESTION))

    assert door.texts(chat) == [QUESTION]


def test_an_hour_later_it_is_looked_for_before_it_is_said_again(door: TalkDoor, chat: int) -> None:
    saying = door.saying(QUESTION)
    cmid = door.talk.say(chat, saying)
    door.write(chat, ELDER, "Спасибо")
    door.wait(timedelta(hours=2))

    again = door.talk.say(chat, saying)

    assert again == cmid
    assert door.texts(chat) == [QUESTION]


def test_what_was_never_said_is_said_hours_later(door: TalkDoor, chat: int) -> None:
    saying = door.saying(QUESTION)
    door.wait(timedelta(hours=5))

    door.talk.say(chat, saying)

    assert door.texts(chat) == [QUESTION]


def test_among_many_messages_it_is_found_all_the_same(door: TalkDoor, chat: int) -> None:
    saying = door.saying(QUESTION)
    cmid = door.talk.say(chat, saying)
    for _ in range(450):
        door.write(chat, ELDER, "Ещё")
    door.wait(timedelta(hours=2))

    assert door.talk.say(chat, saying) == cmid


def test_the_same_words_said_before_are_not_taken_for_these(door: TalkDoor, chat: int) -> None:
    door.talk.say(chat, door.saying("Обсуждение перенесено.", random_id=1))
    door.wait(timedelta(hours=3))
    saying = door.saying("Обсуждение перенесено.", random_id=2)
    door.fault(Kind.LOST_CALL, "messages.send")
    with pytest.raises(OutcomeUnknownError):
        door.talk.say(chat, saying)

    door.talk.say(chat, saying)

    assert door.texts(chat) == ["Обсуждение перенесено."] * 2


def test_a_reply_stands_under_what_it_answers(door: TalkDoor, chat: int) -> None:
    asked = door.write(chat, ELDER, QUESTION)

    door.talk.say(chat, door.saying("Принято.", reply_to=asked))

    reply = door.messages(chat)[0].reply
    assert reply
    assert reply.cmid == asked


def test_what_it_answers_may_be_gone_and_it_is_said_without(door: TalkDoor, chat: int) -> None:
    asked = door.talk.say(chat, door.saying(QUESTION))
    door.talk.delete(chat, asked)

    door.talk.say(chat, door.saying("Принято.", random_id=2, reply_to=asked))

    assert [(message.text, message.reply) for message in door.messages(chat)] == [
        ("Принято.", None)
    ]


def test_a_message_gets_another_text_other_buttons_and_stays_a_reply(door: TalkDoor) -> None:
    chat = door.chat(ELDER)
    asked = door.write(chat, ELDER, QUESTION)
    cmid = door.talk.say(chat, door.saying("За: 0", rows=(VOTE,), reply_to=asked))

    refusal = refusal_of(lambda: door.talk.edit(chat, cmid, "За: 1", rows=[VOTE]))

    if not door.switches.edit_window:
        assert refusal == "too_old"
        return
    (message,) = door.messages(chat)
    assert message.text == "За: 1"
    assert message.keyboard
    assert message.reply


def test_what_is_gone_is_too_old_to_be_changed_or_pinned(door: TalkDoor, chat: int) -> None:
    cmid = door.talk.say(chat, door.saying(QUESTION))
    door.talk.delete(chat, cmid)

    refusals = {
        refusal_of(lambda: door.talk.edit(chat, cmid, "x")),
        refusal_of(lambda: door.talk.pin(chat, cmid)),
    }

    assert refusals == {"too_old"}


def test_a_resident_presses_and_sees_what_came_of_it(door: TalkDoor, chat: int) -> None:
    door.talk.say(chat, door.saying(QUESTION, rows=(VOTE,)))
    door.events()
    press_id = door.press(chat, NEIGHBOUR, "За")
    (event,) = door.events()

    door.talk.answer([Pressed(event.press_id, event.user, event.chat_id, text="Голос учтён")])

    assert (event.kind, event.press, event.user) == (EventKind.PRESS, FOR, NEIGHBOUR)
    assert door.snackbar(press_id) == "Голос учтён"


def test_what_is_answered_too_late_fails_nothing(door: TalkDoor, chat: int) -> None:
    door.talk.say(chat, door.saying(QUESTION, rows=(VOTE,)))
    late = door.press(chat, NEIGHBOUR, "За")
    door.wait(timedelta(seconds=61))
    soon = door.press(chat, ELDER, "За")

    door.talk.answer(
        Pressed(press_id, user, chat, text="Голос учтён. " * 20)
        for press_id, user in ((late, NEIGHBOUR), (soon, ELDER))
    )

    assert door.snackbar(late) is None
    assert len(door.snackbar(soon) or "") in range(70, 91)


def test_many_presses_are_answered_25_a_call(door: TalkDoor) -> None:
    people = range(1, 31)
    chat = door.chat(*people)
    door.talk.say(chat, door.saying(QUESTION, rows=(VOTE,)))
    presses = {vk_id: door.press(chat, vk_id, "За") for vk_id in people}
    before = door.calls("execute")

    door.talk.answer(Pressed(presses[vk_id], vk_id, chat, text="Учтено") for vk_id in people)

    assert {door.snackbar(press_id) for press_id in presses.values()} == {"Учтено"}
    assert door.calls("execute") - before <= 6


@pytest.mark.parametrize("kind", [Kind.LOST_CALL, Kind.LOST_ANSWER, Kind.BAD_GATEWAY])
def test_an_answer_that_got_lost_fails_nothing(door: TalkDoor, chat: int, kind: Kind) -> None:
    door.talk.say(chat, door.saying(QUESTION, rows=(VOTE,)))
    press_id = door.press(chat, NEIGHBOUR, "За")
    door.fault(kind, "execute")

    door.talk.answer([Pressed(press_id, NEIGHBOUR, chat, text="Учтено")])

    assert door.snackbar(press_id) == ("Учтено" if kind is Kind.LOST_ANSWER else None)


def test_while_vk_asks_to_wait_who_answers_learns_it(door: TalkDoor, chat: int) -> None:
    door.fault(Kind.ERROR, "execute", code=14)

    with pytest.raises(PausedError):
        door.talk.answer([Pressed("0", NEIGHBOUR, chat, text="Учтено")])


def test_what_somebody_wrote_is_read_with_its_photos_that_can_be_shown_on(
    door: TalkDoor, chat: int
) -> None:
    cmid = door.write(0, ELDER, "Трещина в стене", photos=2)

    written = door.talk.read_private(ELDER, cmid)
    assert written
    door.talk.say(chat, door.saying("Вопрос", attachment=",".join(written.photos)))

    assert (written.author, written.text, len(written.photos)) == (ELDER, "Трещина в стене", 2)
    assert len(door.messages(chat)[0].attachments) == 2


def test_what_is_deleted_is_read_no_more(door: TalkDoor, chat: int) -> None:
    cmid = door.talk.say(chat, door.saying(QUESTION))

    door.talk.delete(chat, cmid)
    door.talk.delete(chat, cmid)

    assert door.talk.read(chat, cmid) is None
    assert door.messages(chat) == []


def test_a_resident_s_message_is_deleted_where_vk_lets_it(door: TalkDoor, chat: int) -> None:
    cmid = door.write(chat, NEIGHBOUR, "Грубость")

    refusal = refusal_of(lambda: door.talk.delete(chat, cmid))

    assert refusal == ("" if door.switches.deletes_others else "too_late")
    assert (door.talk.read(chat, cmid) is None) is door.switches.deletes_others


def test_after_a_day_a_message_stays_and_it_is_told(door: TalkDoor, chat: int) -> None:
    cmid = door.talk.say(chat, door.saying(QUESTION))
    door.wait(timedelta(days=2))

    with pytest.raises(RefusedError) as refused:
        door.talk.delete(chat, cmid)

    assert refused.value.code == "too_late"


def test_order_is_kept_where_vk_has_what_it_takes(door: TalkDoor, chat: int) -> None:
    there = door.switches.undescribed_methods

    muted = refusal_of(lambda: door.talk.mute(chat, NEIGHBOUR, seconds=3600))
    named = refusal_of(lambda: door.talk.make_administrator(chat, ELDER))

    assert {muted, named} == ({""} if there else {"not_possible"})
    assert (door.at(chat).admins == {ELDER}) is there
    assert (door.at(chat).is_muted(NEIGHBOUR, door.clock.now())) is there
    assert (door.talk.can.mutes, door.talk.can.names_administrators) == (there, there)


def test_an_administrator_is_made_a_member_again_where_vk_has_what_it_takes(
    door: TalkDoor, chat: int
) -> None:
    there = door.switches.undescribed_methods
    if there:
        door.talk.make_administrator(chat, ELDER)

    taken = {refusal_of(lambda: door.talk.make_member(chat, ELDER)) for _ in range(2)}

    assert taken == ({""} if there else {"not_possible"})
    assert door.at(chat).admins == set()


def test_who_has_left_is_not_made_administrator(door: TalkDoor, chat: int) -> None:
    door.leave(chat, ELDER)

    with pytest.raises(RefusedError) as refused:
        door.talk.make_administrator(chat, ELDER)

    assert refused.value.code == ("left" if door.switches.undescribed_methods else "not_possible")


def test_all_members_are_told_without_the_community(door: TalkDoor) -> None:
    chat = door.chat(*range(1, 50))

    assert door.talk.members(chat) == [*range(1, 50)]
    assert door.talk.is_member(chat, 7)
    assert not door.talk.is_member(chat, STRANGER)


def test_who_is_removed_again_is_removed(door: TalkDoor, chat: int) -> None:
    door.talk.remove(chat, [ELDER, NEIGHBOUR])
    door.talk.remove(chat, [ELDER, NEIGHBOUR, STRANGER])

    assert door.members(chat) == set()


def test_a_refusal_about_one_is_told_after_the_others_were_removed(
    door: TalkDoor, chat: int
) -> None:
    door.fault(Kind.ERROR, "messages.removeChatUser", code=925)

    with pytest.raises(RefusedError):
        door.talk.remove(chat, [ELDER, NEIGHBOUR])

    assert door.members(chat) == {ELDER}


def test_nobody_joins_by_a_link_that_was_revoked(door: TalkDoor, chat: int) -> None:
    old = door.at(chat).link

    new = door.talk.revoke_link(chat)

    assert old not in new
    assert new.endswith(door.at(chat).link)


def test_a_button_that_opens_an_app_has_a_row_of_its_own(door: TalkDoor, chat: int) -> None:
    app = AppButton("Приложение УК", 7, "дом", -door.community)

    door.talk.say(chat, door.saying("Сервисы", rows=((*VOTE, app),)))

    keyboard = door.messages(chat)[0].keyboard
    assert keyboard
    assert [[key["action"]["type"] for key in row] for row in keyboard["buttons"]] == [
        ["callback", "open_link"],
        ["open_app"],
    ]


def test_what_is_asked_for_before_anything_was_written_is_none(door: TalkDoor) -> None:
    written = door.talk.read_private(ELDER, 5)

    assert written is None
