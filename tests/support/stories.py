"""Stories of questions from the first button to the last card: what people do, what they see.

Whatever is in the way, nothing is told but by the sandbox: its chats, its journal.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from local.vk.errors import PersonError
from support.story_town import (
    DAY,
    ELDER,
    HEATER,
    PROTOCOL,
    SOON,
    SPEAKER,
    StoryTown,
    moscow,
    story_town,
)
from support.troubles import Troubles

Story = Callable[[StoryTown], None]
AT_WORK = range(8, 19)
"""Hours of a working day, where the house stands."""
WEEKEND = {5, 6}


def answered(town: StoryTown) -> None:
    """Asked, voted on by a crowd, answered after a reminder, solved."""
    bot, house = town.bot, town.house
    town.ask()
    _argued(town)
    bot.hears(SPEAKER, "задали вопрос вашей организации", within=DAY)
    bot.hears(SPEAKER, "Напоминаем: жители ждут ответа", within=60 * DAY)
    assert _local(town).hour in AT_WORK
    assert _local(town).weekday() not in WEEKEND

    town.answer("Лифт починят 20 января.", pinned=True)
    bot.sees(house, "Он решён")
    bot.await_that(lambda: _is_pinned(town, "Лифт починят 20 января."), "a pin", within=SOON)

    bot.press(town.residents[3], "Не решено", chat=house)
    for vk_id in town.residents[:4]:
        bot.press(vk_id, "Решено", chat=house)
    bot.press(town.residents[4], "Не решено", chat=house)
    closing = bot.sees(house, "^Вопрос закрыт", within=9 * DAY).text
    assert "Лифт починят 20 января." in closing
    assert "Голоса: за 20, против 10." in closing
    assert "решено — 4, не решено — 1" in closing
    assert "так сказали жители" in closing


def discussed(town: StoryTown) -> None:
    """A time is named in the dialogue; reminders, a chat, talk, a protocol, an empty chat."""
    bot, house = town.bot, town.house
    town.invited()
    town.name_time("15.01 19:00")
    bot.hears(SPEAKER, "Обсуждение назначено: в пятницу, 15 января, в 19:00")
    bot.sees(house, "^Назначено обсуждение: в пятницу, 15 января, в 19:00")
    for vk_id in town.residents[:3]:
        bot.press(vk_id, "Пойду", chat=house)
    room, link = town.open_room()
    _reminded_of(town, moscow("2027-01-15T19:00"), 2)
    bot.hears(town.residents[0], "вы хотели прийти")

    bot.write(town.residents[1], "Когда привезут лебёдку?", chat=room)
    bot.write(SPEAKER, "В понедельник, отчитаемся здесь же.", chat=room)
    bot.pass_time(timedelta(minutes=20))
    bot.write(town.residents[0], "Спасибо, всё понятно.", chat=room)
    bot.press(SPEAKER, "Закончить обсуждение")
    bot.sees(room, "^Обсуждение закончено, спасибо всем")
    town.give_protocol()
    bot.sees(room, "^Итог обсуждения опубликован")

    _emptied(town, room, link)
    outcome = bot.sees(house, "^Итог обсуждения")
    assert all(said in outcome.text for _, said in PROTOCOL)
    closing = bot.sees(house, "^Вопрос закрыт", within=9 * DAY)
    assert "Итог обсуждения — в сообщении выше." in closing.text
    assert closing.reply is not None
    assert closing.reply.cmid == outcome.cmid


def absent(town: StoryTown) -> None:
    """The representative does not come: the house is told, and a new time is named."""
    bot, house = town.bot, town.house
    town.invited()
    town.name_time("13.01 18:00")
    bot.sees(house, "^Назначено обсуждение")
    invitation = bot.sees(house, "^Обсуждение началось", within=3 * DAY)
    link = str((invitation.keyboard or {})["buttons"][0][0]["action"]["link"])
    room = bot.join(link, *town.residents[:3])
    bot.write(town.residents[0], "Есть кто-нибудь?", chat=room)
    bot.sees(house, "^Представитель задерживается", within=SOON)
    bot.sees(house, "не состоялось: представитель не пришёл", within=SOON)
    bot.hears(SPEAKER, "назначьте другое время", within=SOON)
    bot.pass_time(timedelta(minutes=30))

    town.name_time("завтра в 18:30")
    bot.sees(house, "^Назначено обсуждение: .*в 18:30")
    _emptied(town, room, link, also=())
    bot.sees(house, "^Обсуждение началось", within=2 * DAY)


def moved(town: StoryTown) -> None:
    """The time is moved: the house hears of it, and nobody comes to the first one in vain."""
    bot, house = town.bot, town.house
    town.invited()
    town.name_time("14.01 19:00")
    bot.sees(house, "^Назначено обсуждение: .*14 января, в 19:00")
    bot.hears(SPEAKER, "Обсуждение назначено")
    town.name_time("15.01 20:00", press="Перенести")
    bot.sees(house, "^Обсуждение перенесено: .*15 января, в 20:00")
    bot.pass_until(moscow("2027-01-15T19:50"))
    assert town.at("Обсуждение началось") == []
    assert bot.sandbox.journal.created_chats()[1:] == []

    room, link = town.open_room()
    assert town.at("Обсуждение началось")[0] >= moscow("2027-01-15T20:00")
    _reminded_of(town, moscow("2027-01-15T20:00"), 2)
    bot.write(SPEAKER, "Добрый вечер!", chat=room)
    bot.press(SPEAKER, "Закончить обсуждение")
    town.give_protocol()
    _emptied(town, room, link)


def redirected(town: StoryTown) -> None:
    """It is another organisation's: that one is asked, and answers."""
    bot, house = town.bot, town.house
    town.invited()
    bot.press(SPEAKER, "Не наш вопрос")
    bot.press(SPEAKER, "Теплосеть")
    bot.hears(SPEAKER, "Напишите причину")
    bot.write(SPEAKER, "Это магистральная сеть, она не наша.")
    bot.hears(HEATER, "Причина: Это магистральная сеть", within=DAY)
    bot.hears(ELDER, "Теперь он передан: Теплосеть", within=DAY)
    town.answer("Сеть починим в среду.", by=HEATER)
    assert "Теплосеть" in bot.sees(house, "Сеть починим в среду").text
    bot.sees(house, "^Вопрос закрыт", within=9 * DAY)


def second_round(town: StoryTown) -> None:
    """The residents say that it is not solved: the officials are asked once more."""
    bot, house = town.bot, town.house
    town.invited()
    town.answer("Лифт починили.")
    bot.sees(house, "Он решён")
    for vk_id in town.residents[:3]:
        bot.press(vk_id, "Не решено", chat=house)
    bot.press(ELDER, "Не решено", chat=house)
    bot.hears(ELDER, "Напишите одним сообщением, что осталось сделать")
    bot.write(ELDER, "Лифт стоит на первом этаже по-прежнему.")
    bot.hears(SPEAKER, "он не решён: Лифт стоит на первом этаже", within=DAY)
    bot.sees(house, "^Вопрос открыт снова")
    town.answer("Заменили лебёдку, лифт работает.")
    bot.pass_time(timedelta(minutes=30))
    bot.press(ELDER, "Решено", chat=house)
    closing = bot.sees(house, "^Вопрос закрыт", within=DAY).text
    assert "так сказал старший по дому" in closing
    assert "Заменили лебёдку" in closing


def withdrawn(town: StoryTown) -> None:
    """The question is withdrawn while a discussion is planned: that is called off."""
    bot, house = town.bot, town.house
    town.invited()
    town.name_time("14.01 19:00")
    bot.sees(house, "^Назначено обсуждение")
    bot.pass_time(timedelta(minutes=30))
    (question,) = bot.ask("GET", "/questions", vk_id=ELDER)["items"]
    decided = {"decision": "withdraw", "reason": "Лифт починили сами."}
    bot.ask("POST", f"/questions/{question['id']}/decision", decided, vk_id=ELDER)
    bot.sees(house, "^Обсуждение, назначенное .* отменено", within=DAY)
    bot.hears(SPEAKER, "отменено", within=DAY)
    bot.sees(house, "^Вопрос закрыт", within=DAY)
    bot.pass_until(moscow("2027-01-15T12:00"))
    assert town.at("Обсуждение началось") == []
    assert bot.sandbox.journal.created_chats()[1:] == []


STORIES: Mapping[str, Story] = {
    story.__name__: story
    for story in (answered, discussed, absent, moved, redirected, second_round, withdrawn)
}


HOUSES = {"answered": {"residents": 30, "enough": 20}}
"""Where a story wants another house than the rest do."""


def town_of(
    story: str, monkeypatch: pytest.MonkeyPatch, troubles: Troubles | None = None
) -> AbstractContextManager[StoryTown]:
    return story_town(monkeypatch, troubles=troubles, **HOUSES.get(story, {}))


def nothing_is_wrong(town: StoryTown) -> list[str]:
    """Return what must never be, however a story went: of all that people can see."""
    bot = town.bot
    bot.troubles.end()
    bot.pass_time(timedelta(hours=2))
    faults = [f"said twice: {text}" for text in town.said_twice()]
    doubles = bot.sandbox.journal.deliveries()["doubles"]
    faults += [f"{doubles} messages twice"] if doubles else []
    faults += [f"dead: {one.queue} {one.body}" for one in bot.dead]
    left = [one for one in bot.parcels if one.queue in bot.worked and one.receives > 0]
    faults += [f"not done: {one.queue} {one.body}" for one in left]
    if town.members != {ELDER, *town.residents}:
        faults.append("somebody was removed from the house chat")
    return faults


def _argued(town: StoryTown) -> None:
    """Have thirty vote at once, again, and otherwise: each counts once, by the last word."""
    bot, house, people = town.bot, town.house, town.residents
    yes, no = "Поддерживаю", "Против"
    first = [(one, yes) for one in people[:15]] + [(one, no) for one in people[15:]]
    bot.press_together(house, first + first[::3])
    # A press whose worker died is handed over again by then: what is not heard before the vote
    # ends counts no more.
    bot.pass_time(timedelta(minutes=5))
    bot.shows(house, f"{yes} 15", f"{no} 15")

    minds = [(one, no) for one in people[:5]] + [(one, yes) for one in people[15:19]]
    bot.press_together(house, [*minds, *first[6:12], *minds[::2]])
    bot.pass_time(timedelta(minutes=5))
    bot.shows(house, f"{yes} 14", f"{no} 16")

    back = [(one, yes) for one in (*people[:3], *people[19:22])]
    bot.press_together(house, [*back[:3], *first[25:], *back])
    bot.sees(house, "Голосование закончилось: за 20, против 10")
    bot.sees(house, r"^Вопрос дома[\s\S]*Голоса: за 20, против 10\.")


def _emptied(
    town: StoryTown, room: int, link: str, *, also: tuple[int, ...] = (SPEAKER, ELDER)
) -> None:
    """Wait until a discussion's chat is empty: nobody may enter or write; not before its day."""
    bot = town.bot
    settled_at = max(town.at("Итог обсуждения") + town.at("не состоялось"))
    bot.pass_until(settled_at + DAY - timedelta(minutes=20))
    assert set(also) <= set(bot.chat(room).members), "emptied before its time"
    there = bot.chat(room)
    bot.await_that(
        lambda: not [one for one in there.members if one > 0], "an empty chat", within=DAY
    )
    bot.pass_time(timedelta(minutes=30))
    assert town.is_emptied(room, link)
    for vk_id in (*also, town.residents[0]):
        try:
            bot.write(vk_id, "Кто-нибудь здесь?", chat=room)
        except PersonError:
            continue
        raise AssertionError("somebody can write into an emptied chat")


def _reminded_of(town: StoryTown, starts_at: datetime, times: int) -> None:
    before = [starts_at - at for at in town.at("Напоминаем: обсуждение")]
    assert len(before) == times, before
    for said, due in zip(before, (DAY, timedelta(hours=1)), strict=True):
        assert due - timedelta(minutes=40) < said <= due, before


def _is_pinned(town: StoryTown, text: str) -> bool:
    pinned = town.bot.chat(town.house).pinned
    return pinned is not None and text in pinned.text


def _local(town: StoryTown) -> datetime:
    return datetime.fromtimestamp(town.bot.now, UTC) + timedelta(hours=3)
