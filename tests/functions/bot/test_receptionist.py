"""The receptionist greets, answers, and hands on what is another room's, each once."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.welcome import PAUSE
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.callbacks import Lane
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import Dialogue
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from local.vk.faults import Kind
from local.vk.switches import Switches, every_position
from support.bot_door import ELDER, ELDER_ID, OKTMO, BotDoor
from support.clock import JANUARY
from support.killing import Wire

NEIGHBOUR, ANOTHER = 601, 602
GREETS = "Здравствуйте! Это официальный чат дома"


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> BotDoor:
    return BotDoor().open(monkeypatch)


def greetings(bot: BotDoor) -> list[str]:
    return [text for text in bot.texts(bot.house_chat) if text.startswith(GREETS)]


def dialogue(bot: BotDoor, room: Room = Room.COMPLAINTS) -> Dialogue:
    now = bot.clock.moment()
    begun = Dialogue(bot.community, NEIGHBOUR, room, "text", "", now, now + timedelta(days=1))
    bot.dialogues.begin(begun)
    return begun


# ---------------------------------------------------------------- who comes


def test_who_joins_is_greeted_with_the_rules_and_the_buttons(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)

    bot.happen()

    (said,) = bot.messages(bot.house_chat)
    buttons = (said.keyboard or {})["buttons"]
    labels = [key["action"]["label"] for row in buttons for key in row]
    assert "ул. Садовая, д. 5" in said.text
    assert "112" in said.text
    assert labels == ["Задать вопрос", "Кто отвечает за дом", "Сервисы", "Пожаловаться"]


@pytest.mark.parametrize("switches", [pytest.param(one, id=name) for name, one in every_position()])
def test_whatever_vk_is_like_who_joins_is_greeted_and_answered_once(
    switches: Switches, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = BotDoor(switches=switches).open(monkeypatch)
    bot.allow(NEIGHBOUR)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()

    shown = pressed(bot, "Кто отвечает за дом")

    assert len(greetings(bot)) == 1
    assert shown == "Ответ — в личных сообщениях от сообщества."
    assert len(bot.told_texts(NEIGHBOUR)) == 1


def test_many_who_join_within_ten_minutes_are_greeted_once(bot: BotDoor) -> None:
    for vk_id in range(700, 720):
        bot.join(bot.house_chat, vk_id)
        bot.happen()
        bot.wait(timedelta(seconds=20))

    assert len(greetings(bot)) == 1


def test_many_who_join_at_once_are_greeted_once_however_they_race(bot: BotDoor) -> None:
    bot.join(bot.house_chat, *range(700, 730))
    for event in bot.callbacks():
        bot.tell_door(event)

    bot.work(times=3)

    assert len(greetings(bot)) == 1


def test_two_greetings_are_never_nearer_than_ten_minutes(bot: BotDoor) -> None:
    for vk_id in range(700, 760):
        bot.join(bot.house_chat, vk_id)
        bot.happen()
        bot.wait(timedelta(minutes=1))

    said_at = [
        message.date for message in bot.messages(bot.house_chat) if message.text.startswith(GREETS)
    ]

    assert len(said_at) >= 3
    gaps = [b - a for a, b in pairwise(said_at)]
    assert min(gaps) >= PAUSE.total_seconds()


def test_nobody_is_greeted_at_night_and_the_first_of_the_morning_is(bot: BotDoor) -> None:
    late = datetime(2027, 1, 11, 21, 30, tzinfo=UTC)  # half past midnight in Arkhangelsk
    bot.wait(late - bot.clock.moment())
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()
    at_night = greetings(bot)

    bot.wait(timedelta(hours=12))
    bot.join(bot.house_chat, ANOTHER)
    bot.happen()

    assert at_night == []
    assert len(greetings(bot)) == 1


def test_quiet_hours_of_the_town_are_kept(bot: BotDoor) -> None:
    bot.rulebook.put(TerritoryRules(OKTMO, revision=1))
    bot.join(bot.house_chat, NEIGHBOUR)

    bot.happen()

    assert len(greetings(bot)) == 1


def test_a_chat_of_no_house_is_left_alone(bot: BotDoor) -> None:
    elsewhere = bot.chat()
    bot.join(elsewhere, NEIGHBOUR)

    bot.happen()

    assert bot.texts(elsewhere) == []


def test_joins_are_handed_over_to_be_counted_and_leaves_too(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.leave(bot.house_chat, NEIGHBOUR)

    bot.happen()

    counted = bot.handed_on(Lane.TALK)
    assert [body["what"] for body in counted] == ["joined", "left"]
    assert {body["chat_id"] for body in counted} == {bot.house_chat}


def test_the_elder_who_joins_is_noted_guided_and_made_administrator(bot: BotDoor) -> None:
    bot.allow(ELDER)
    bot.join(bot.house_chat, ELDER)

    bot.happen()

    assert bot.house.elder_joined_at
    assert ELDER in bot.at(bot.house_chat).admins
    assert bot.guides.get(ELDER_ID)
    assert greetings(bot) == []


def test_where_vk_names_no_administrators_the_elder_is_welcome_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = BotDoor(switches=Switches(undescribed_methods=False)).open(monkeypatch)
    bot.join(bot.house_chat, ELDER)

    bot.happen()

    assert bot.house.elder_joined_at
    assert ELDER not in bot.at(bot.house_chat).admins


def test_a_former_elder_who_joins_is_a_neighbour(bot: BotDoor) -> None:
    bot.posts.elder_ids[NEIGHBOUR] = frozenset({"elder-of-another-house"})
    bot.join(bot.house_chat, NEIGHBOUR)

    bot.happen()

    assert bot.house.elder_joined_at is None
    assert NEIGHBOUR not in bot.at(bot.house_chat).admins
    assert len(greetings(bot)) == 1


# ---------------------------------------------------------------- the menu


def pressed(bot: BotDoor, label: str, vk_id: int = NEIGHBOUR) -> str | None:
    press = bot.press(bot.house_chat, vk_id, label)
    bot.happen()
    return bot.snackbar(press)


def test_who_answers_for_the_house_is_told_privately(bot: BotDoor) -> None:
    bot.allow(NEIGHBOUR)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()

    shown = pressed(bot, "Кто отвечает за дом")

    told = bot.told_texts(NEIGHBOUR)[-1]
    assert shown == "Ответ — в личных сообщениях от сообщества."
    assert "Управляющая организация: УК «Двор»." in told
    assert "Старший по дому: Анна Петровна." in told
    assert len(bot.texts(bot.house_chat)) == 1


def test_who_lets_nobody_write_is_answered_in_the_chat_once_for_all(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR, ANOTHER)
    bot.happen()

    first = pressed(bot, "Кто отвечает за дом")
    second = pressed(bot, "Кто отвечает за дом", ANOTHER)

    answers = [text for text in bot.texts(bot.house_chat) if "Кто отвечает" in text]
    assert len(answers) == 1
    assert first == "Ответ — в этом чате, ниже."
    assert second == "Ответ уже есть: посмотрите выше или в личных сообщениях."


def test_pressing_on_gets_no_more_answers(bot: BotDoor) -> None:
    bot.allow(NEIGHBOUR)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()

    for _ in range(10):
        pressed(bot, "Кто отвечает за дом")

    assert sum("Кто отвечает" in text for text in bot.told_texts(NEIGHBOUR)) == 1


@pytest.mark.parametrize(
    ("label", "lane"), [("Задать вопрос", Lane.QUESTIONS), ("Пожаловаться", Lane.COMPLAINTS)]
)
def test_other_buttons_of_the_menu_go_to_their_rooms(bot: BotDoor, label: str, lane: Lane) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()
    bot.press(bot.house_chat, NEIGHBOUR, label)

    bot.happen()

    (body,) = bot.handed_on(lane)
    assert (body["user"], body["chat_id"]) == (NEIGHBOUR, bot.house_chat)


def test_a_forged_button_ends_with_a_sentence(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()
    press = bot.forge(bot.house_chat, NEIGHBOUR, Press(Room.BOT, "make_me_mayor"))

    bot.happen()

    assert bot.snackbar(press) == "Эта кнопка больше не работает."


def test_rules_are_said_in_a_chat_once_in_ten_minutes(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    for _ in range(3):
        bot.write(bot.house_chat, NEIGHBOUR, "/правила")
        bot.happen()

    assert sum("Правила разговора" in text for text in bot.texts(bot.house_chat)) == 1


def test_the_buttons_of_a_greeting_that_has_scrolled_away_come_with_the_help(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()

    bot.write(bot.house_chat, NEIGHBOUR, "/помощь")
    bot.happen()

    greeting, told = bot.messages(bot.house_chat)
    assert told.text.startswith("Что умеет бот в этом чате")
    assert (told.keyboard or {})["buttons"] == (greeting.keyboard or {})["buttons"]


# ---------------------------------------------------------------- texts


def test_a_command_of_another_room_is_handed_on_as_it_came(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.write(bot.house_chat, NEIGHBOUR, "/вопрос когда починят лифт?")

    bot.happen()

    (body,) = bot.handed_on(Lane.QUESTIONS)
    assert Press.read(body["press"]) == Press(Room.QUESTIONS, "ask")


def test_a_reply_to_our_message_is_handed_on_to_questions(bot: BotDoor) -> None:
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()
    greeting = bot.messages(bot.house_chat)[0]
    bot.write(bot.house_chat, NEIGHBOUR, "Спасибо!", reply_to=greeting.cmid)

    bot.happen()

    (body,) = bot.handed_on(Lane.QUESTIONS)
    assert body["reply_cmid"] == greeting.cmid


@pytest.mark.parametrize("room", [Room.QUESTIONS, Room.COMPLAINTS, Room.DISCUSSIONS])
def test_a_private_text_goes_to_the_room_that_has_asked(bot: BotDoor, room: Room) -> None:
    dialogue(bot, room)
    bot.write(0, NEIGHBOUR, "Лифт стоит второй день")

    bot.happen()

    (body,) = bot.handed_on(Lane(str(room)))
    assert "Лифт" not in str(body)
    assert bot.told_texts(NEIGHBOUR) == []


def test_who_writes_unasked_is_told_what_the_bot_can_once_an_hour(bot: BotDoor) -> None:
    for _ in range(3):
        bot.write(0, NEIGHBOUR, "Здравствуйте")
        bot.happen()
        bot.wait(timedelta(minutes=10))
    within_an_hour = len(bot.told_texts(NEIGHBOUR))

    bot.wait(timedelta(hours=1))
    bot.write(0, NEIGHBOUR, "Вы тут?")
    bot.happen()

    assert within_an_hour == 1
    assert len(bot.told_texts(NEIGHBOUR)) == 2
    assert "/вопрос" in bot.told_texts(NEIGHBOUR)[0]


def test_help_says_what_a_person_of_a_role_gets_from_the_bot(bot: BotDoor) -> None:
    bot.posts.posts[NEIGHBOUR] = (
        Post(NEIGHBOUR, Role.REPRESENTATIVE, Territory(OKTMO), JANUARY, "vk:1", inn="2901000017"),
    )
    bot.write(0, NEIGHBOUR, "помощь")

    bot.happen()

    assert "Вы представитель организации" in bot.told_texts(NEIGHBOUR)[0]
    assert "Вы старший" not in bot.told_texts(NEIGHBOUR)[0]


def test_who_has_complained_finds_their_complaint_from_the_private_menu(bot: BotDoor) -> None:
    bot.write(0, NEIGHBOUR, "помощь")
    bot.happen()

    bot.press(0, NEIGHBOUR, "Где моя жалоба?")
    bot.happen()

    (wanted,) = [ChatEvent.read(body) for body in bot.handed_on(Lane.COMPLAINTS)]
    assert (wanted.user, wanted.press) == (NEIGHBOUR, Press(Room.COMPLAINTS, "mine"))


def test_cancel_ends_any_dialogue(bot: BotDoor) -> None:
    dialogue(bot)
    bot.wait(timedelta(minutes=1))
    bot.write(0, NEIGHBOUR, "Отмена")

    bot.happen()

    assert bot.dialogues.get(bot.community, NEIGHBOUR) is None
    assert "прервали" in bot.told_texts(NEIGHBOUR)[0]


def test_a_cancel_that_comes_late_does_not_end_what_was_begun_since(bot: BotDoor) -> None:
    dialogue(bot)
    bot.wait(timedelta(minutes=1))
    bot.write(0, NEIGHBOUR, "Отмена")
    late = bot.callbacks()
    bot.wait(timedelta(minutes=5))
    begun_since = dialogue(bot, Room.QUESTIONS)

    for event in late:
        bot.tell_door(event, retry=2)
    bot.work()

    assert bot.dialogues.get(bot.community, NEIGHBOUR) == begun_since


# ---------------------------------------------------------------- trouble


def lived_through(bot: BotDoor) -> tuple[list[str], list[str], list[str], bool]:
    """Live through a morning and return what came of it for people."""
    bot.allow(ELDER, NEIGHBOUR)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()
    bot.join(bot.house_chat, ELDER)
    bot.happen()
    bot.press(bot.house_chat, NEIGHBOUR, "Кто отвечает за дом")
    bot.happen()
    bot.write(0, NEIGHBOUR, "Здравствуйте")
    bot.happen()
    bot.write(bot.house_chat, NEIGHBOUR, "/вопрос")
    bot.happen()
    handed_on = sorted({str(body["event"]) for body in bot.handed_on(Lane.QUESTIONS)})
    return (
        bot.texts(bot.house_chat),
        bot.told_texts(NEIGHBOUR),
        handed_on,
        ELDER in bot.at(bot.house_chat).admins,
    )


def test_a_receptionist_killed_at_any_call_says_the_same_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undisturbed = BotDoor().open(monkeypatch)
    texts, told, handed_on, administrates = lived_through(undisturbed)
    calls = [
        number
        for number, call in enumerate(undisturbed.wire.calls, start=1)
        if not call.startswith(tuple(map(str, (Lane.EVENTS, Lane.TALK))))
    ]
    assert (len(texts), len(told), len(handed_on), administrates) == (1, 2, 1, True)

    for number in calls:
        for wire in (Wire(before=[number]), Wire(after=[number])):
            bot = BotDoor(wire=wire).open(monkeypatch)

            came = lived_through(bot)

            assert wire.kills == 1, undisturbed.wire.calls[number - 1]
            assert came[:2] == (texts, told), undisturbed.wire.calls[number - 1]
            assert len(came[2]) == 1
            assert came[3]


def test_events_that_come_thrice_and_backwards_are_worked_once(bot: BotDoor) -> None:
    bot.allow(NEIGHBOUR)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.write(0, NEIGHBOUR, "помощь")
    bot.write(0, NEIGHBOUR, "правила")
    events = bot.callbacks()

    for event in [*reversed(events), *events, *events]:
        bot.tell_door(event)
        bot.work(times=2)
        bot.wait(timedelta(seconds=11))

    assert len(greetings(bot)) == 1
    assert len(bot.told_texts(NEIGHBOUR)) == 2


def test_of_thousands_of_events_told_again_and_in_any_order_none_is_lost_or_doubled(
    bot: BotDoor,
) -> None:
    people = range(1_000, 1_400)
    bot.join(bot.house_chat, *people)
    for vk_id in people:
        bot.write(bot.house_chat, vk_id, "Добрый день, соседи")
        bot.write(bot.house_chat, vk_id, "/вопрос")
        bot.write(0, vk_id, "помощь")
        bot.forge(bot.house_chat, vk_id, Press(Room.QUESTIONS, "for", "q-1"))
    events = bot.callbacks()
    told = events * 2
    random.Random(6).shuffle(told)

    for event in told:
        assert bot.tell_door(event) == "ok"
    bot.work()

    counted = {(body.get("cmid"), body.get("event")) for body in bot.handed_on(Lane.TALK)}
    handed_on = {body["event"] for body in bot.handed_on(Lane.QUESTIONS)}
    assert len(events) == 6 * len(people)
    assert len(counted) == 3 * len(people)
    assert len(handed_on) == 2 * len(people)
    assert {len(bot.told_texts(vk_id)) for vk_id in people} == {1}
    assert len(greetings(bot)) == 1


def test_what_vk_does_not_take_now_is_said_when_it_does(bot: BotDoor) -> None:
    bot.fault(Kind.ERROR, "messages.send", code=9, times=1)
    bot.write(0, NEIGHBOUR, "помощь")
    bot.happen()
    before = bot.told_texts(NEIGHBOUR)
    delays = list(bot.queues[Lane.EVENTS].delays)

    bot.wait(timedelta(minutes=15))
    bot.work()

    assert before == []
    assert delays
    assert max(delays) <= 15 * 60
    assert len(bot.told_texts(NEIGHBOUR)) == 1


def test_a_greeting_that_vk_does_not_take_is_not_said_late(bot: BotDoor) -> None:
    bot.fault(Kind.ERROR, "messages.send", code=9, times=1)
    bot.join(bot.house_chat, NEIGHBOUR)
    bot.happen()

    bot.wait(timedelta(minutes=15))
    bot.work()

    assert greetings(bot) == []


def test_while_the_community_is_disconnected_nothing_is_lost_for_a_day(bot: BotDoor) -> None:
    works = bot.communities.by_id[bot.community]
    bot.communities.disconnect(works, reason="Ключ отозван.")
    bot.write(0, NEIGHBOUR, "помощь")
    bot.happen()
    for _ in range(8):
        bot.wait(timedelta(minutes=15))
        bot.work()

    bot.communities.by_id[bot.community] = works
    bot.wait(timedelta(minutes=15))
    bot.work()

    assert len(bot.told_texts(NEIGHBOUR)) == 1
