"""The «Сервисы» button: what staff keep, and nothing else, once in a while."""

from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.service_texts import ASK_IN_HOUSE_CHAT, NONE, SHOWN_ABOVE, SHOWN_BELOW
from housechats.domain.services import Service, ServiceKind
from local.vk.conversations import Message
from support.bot_door import COMPANY, ELDER, BotDoor

NEIGHBOUR, ANOTHER = 601, 602
METERS = Service("Показания счётчиков", ServiceKind.APP, app_id=7, hash="meters")
SITE = Service("Сайт УК", ServiceKind.LINK, link="https://dvor.example/news")
LIFT = Service("Лифт", ServiceKind.LINK, link="https://lift.example", houses=("OTHER001",))
SERVICES = Press(Room.BOT, "services")


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> BotDoor:
    door = BotDoor().open(monkeypatch)
    door.join(door.house_chat, NEIGHBOUR, ANOTHER)
    door.happen()
    return door


def keep(bot: BotDoor, *services: Service) -> None:
    there = bot.services.get("11", COMPANY)
    assert bot.services.put(replace(there, services=services, revision=there.revision + 1))


def press(bot: BotDoor, vk_id: int, chat_id: int) -> str | None:
    press_id = bot.forge(chat_id, vk_id, SERVICES)
    bot.happen()
    return bot.snackbar(press_id)


def shown(bot: BotDoor) -> list[Message]:
    return [one for one in bot.messages(bot.house_chat) if one.text.startswith("Сервисы дома")]


def buttons(message: Message) -> list[dict[str, object]]:
    return [key["action"] for row in (message.keyboard or {})["buttons"] for key in row]


def test_the_services_of_the_house_are_shown_as_buttons(bot: BotDoor) -> None:
    keep(bot, METERS, SITE, LIFT)

    said = press(bot, NEIGHBOUR, bot.house_chat)

    (message,) = shown(bot)
    app, link = buttons(message)
    assert said == SHOWN_BELOW
    assert (app["type"], app["label"], app["app_id"]) == ("open_app", METERS.title, 7)
    assert (link["type"], link["label"], link["link"]) == ("open_link", SITE.title, SITE.link)


def test_a_chat_is_shown_the_same_once_in_ten_minutes(bot: BotDoor) -> None:
    keep(bot, METERS)

    said = [press(bot, who, bot.house_chat) for who in (NEIGHBOUR, ANOTHER)]
    bot.wait(timedelta(minutes=11))
    later = press(bot, ANOTHER, bot.house_chat)

    assert (said, later) == ([SHOWN_BELOW, SHOWN_ABOVE], SHOWN_BELOW)
    assert len(shown(bot)) == 2


def test_what_staff_have_changed_is_shown_at_once(bot: BotDoor) -> None:
    keep(bot, METERS)
    press(bot, NEIGHBOUR, bot.house_chat)
    keep(bot, SITE)

    press(bot, ANOTHER, bot.house_chat)

    assert [[one["label"] for one in buttons(message)] for message in shown(bot)] == [
        [METERS.title],
        [SITE.title],
    ]


def test_a_house_without_services_is_told_so_and_nothing_is_written(bot: BotDoor) -> None:
    said = press(bot, NEIGHBOUR, bot.house_chat)

    assert said == NONE
    assert shown(bot) == []


def test_ten_services_fit_under_one_message(bot: BotDoor) -> None:
    keep(bot, *(replace(SITE, title=f"Сервис {number}") for number in range(12)))

    press(bot, NEIGHBOUR, bot.house_chat)

    (message,) = shown(bot)
    assert len(buttons(message)) == 10


def test_an_event_that_comes_twice_shows_them_once(bot: BotDoor) -> None:
    keep(bot, METERS)
    bot.forge(bot.house_chat, NEIGHBOUR, SERVICES)
    (event,) = bot.callbacks()

    for _ in range(2):
        bot.tell_door(event)
    bot.work(times=2)

    assert len(shown(bot)) == 1


def test_who_asks_privately_is_shown_those_of_their_own_houses(bot: BotDoor) -> None:
    keep(bot, METERS)
    bot.allow(ELDER, NEIGHBOUR)
    bot.write(0, ELDER, "Здравствуйте")
    bot.write(0, NEIGHBOUR, "Здравствуйте")
    bot.happen()

    press(bot, ELDER, 0)
    press(bot, NEIGHBOUR, 0)

    assert bot.told_texts(ELDER)[-1].startswith("Сервисы дома")
    assert bot.told_texts(NEIGHBOUR)[-1] == ASK_IN_HOUSE_CHAT
