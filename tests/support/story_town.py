"""A house of the whole bot with all its people, played through VK's sandbox alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from local.vk.conversations import CHAT_PEERS, Message
from support.troubles import Troubles
from support.whole_bot import OPENING, ROOMS, SECRETS, WholeBot, whole_bot

OKTMO = "11701000"
COMPANY, HEATING = "2901000017", "2901000024"
ADMINISTRATOR, ELDER, STAFF, SPEAKER, HEATER = 1, 101, 701, 611, 613
TEXT = "Во втором подъезде третий день не работает лифт. Когда его починят?"
ENOUGH = 5
DAY = timedelta(days=1)
SOON = timedelta(hours=3)


@dataclass
class StoryTown:
    bot: WholeBot
    residents: Sequence[int]
    house_id: str
    house: int
    """The number of its chat."""

    # ---------------------------------------------------------------- what people do

    def ask(self, text: str = TEXT) -> None:
        """Have the elder ask with the chat's button, through to the card."""
        bot = self.bot
        bot.press(ELDER, "Задать вопрос", chat=self.house)
        bot.hears(ELDER, "О чём вопрос")
        bot.write(ELDER, text)
        for label in ("Дальше", "Подъезд", "УК «Двор»", "Задать"):
            bot.press(ELDER, label)
        bot.sees(self.house, "^Вопрос дома")

    def vote(self, people: Sequence[int], *, against: bool = False) -> None:
        for vk_id in people:
            self.bot.press(vk_id, "Против" if against else "Поддерживаю", chat=self.house)

    def support(self) -> None:
        """Have as many residents vote as are enough."""
        self.vote(self.residents[:ENOUGH])
        self.bot.sees(self.house, f"Голосование закончилось: за {ENOUGH}, против 0")

    def invited(self) -> None:
        self.ask()
        self.support()
        self.bot.hears(SPEAKER, "задали вопрос вашей организации", within=DAY)

    def answer(self, text: str, *, by: int = SPEAKER, pinned: bool = False) -> None:
        bot = self.bot
        bot.press(by, "Ответить")
        bot.hears(by, "Напишите ответ")
        bot.write(by, text)
        bot.hears(by, "Так ответ увидят жители")
        bot.press(by, "Опубликовать и закрепить" if pinned else "Опубликовать")
        bot.sees(self.house, text)

    def name_time(self, told: str, *, press: str = "Назначить время") -> None:
        """Have the representative name a time in the private dialog, in their own words."""
        bot = self.bot
        bot.press(SPEAKER, press)
        bot.hears(SPEAKER, "Когда обсудим")
        bot.write(SPEAKER, told)
        bot.hears(SPEAKER, "обсуждение: ")
        bot.press(SPEAKER, "Перенести" if press == "Перенести" else "Назначить")

    def open_room(self) -> tuple[int, str]:
        """Have all come into the discussion's chat; its number and its link."""
        bot = self.bot
        invitation = bot.sees(self.house, "^Обсуждение началось", within=8 * DAY)
        link = link_of(invitation)
        bot.hears(SPEAKER, "Обсуждение началось, жители ждут вас")
        return bot.join(link, SPEAKER, ELDER, *self.residents[:4]), link

    def give_protocol(self) -> None:
        bot = self.bot
        bot.hears(SPEAKER, "Нужен протокол", within=DAY)
        bot.press(SPEAKER, "Написать протокол")
        for asked, said in PROTOCOL:
            bot.hears(SPEAKER, asked)
            bot.write(SPEAKER, said)
        bot.hears(SPEAKER, "Так протокол увидят")
        bot.press(SPEAKER, "Опубликовать")
        bot.sees(self.house, "^Итог обсуждения", within=DAY)

    # ---------------------------------------------------------------- what there is then

    @property
    def members(self) -> set[int]:
        return {one for one in self.bot.chat(self.house).members if one > 0}

    def at(self, text: str) -> list[datetime]:
        """Return when the bot has said something in the house chat."""
        said = self.bot.sandbox.journal.messages(CHAT_PEERS + self.house)
        return [datetime.fromtimestamp(one.date, UTC) for one in said if text in one.text]

    def said_twice(self) -> list[str]:
        """Return what the bot has said more than once in one chat, whatever was in the way."""
        there = Counter(
            (one.peer_id, one.text)
            for one in self.bot.sandbox.journal.all_messages()
            if one.peer_id > CHAT_PEERS and not one.text.startswith(SAID_AGAIN)
        )
        return [text for (_, text), times in there.items() if times > 1]

    def is_emptied(self, room: int, link: str) -> bool:
        """Tell whether nobody is in a discussion's chat, and nobody can come or write."""
        people = [SPEAKER, ELDER, *self.residents]
        there = [one for one in self.bot.chat(room).members if one > 0]
        return not there and all(self.bot.cannot_enter(link, one) for one in people)


GREETING = "Здравствуйте! Это официальный чат"
SAID_AGAIN = (GREETING, "Напоминаем: обсуждение", "Представитель задерживается")
"""In the same words, for another reason."""
PROTOCOL = (
    ("О чём договорились", "Лифт во втором подъезде починят"),
    ("Кто это сделает", "Инженер управляющей компании"),
    ("К какому сроку", "до 1 февраля"),
)


def link_of(message: Message) -> str:
    """Return where the button under a message leads."""
    rows = (message.keyboard or {})["buttons"]
    link: str = rows[0][0]["action"]["link"]
    return link


def moscow(text: str) -> datetime:
    """Return a moment by the clock of the house."""
    return datetime.fromisoformat(f"{text}+03:00").astimezone(UTC)


@contextmanager
def story_town(
    monkeypatch: pytest.MonkeyPatch,
    *,
    residents: int = 6,
    enough: int = ENOUGH,
    troubles: Troubles | None = None,
) -> Iterator[StoryTown]:
    """Connect a community, make a house and its people; troubles begin when all is there."""
    with whole_bot(monkeypatch) as bot:
        house_id = _settled(bot, enough)
        _officials(bot)
        link = bot.ask("GET", f"/houses/{house_id}")["link"]
        people = [*range(501, 501 + residents)]
        for vk_id in (ELDER, SPEAKER, HEATER, STAFF, *people[::2]):
            bot.sandbox.allow_messages(vk_id)
        number = bot.join(link, ELDER, *people)
        town = StoryTown(bot, people, house_id, number)
        bot.sees(number, GREETING)
        bot.pass_time(timedelta(minutes=20))
        if troubles:
            bot.troubles = troubles
        yield town


def _settled(bot: WholeBot, enough: int) -> str:
    """Do what the region does: connect a community, open a chat, name those who answer."""
    bot.system.invoke("PeopleOnAppoint", {"vk_id": ADMINISTRATOR, "territory": OKTMO})
    bot.ask("POST", "/communities", {"token": SECRETS.token})
    bot.system.invoke("BotOnConnect", {"token": SECRETS.token})
    rules = {"at_least": enough, "at_most": enough}
    bot.ask("PUT", f"/territories/{OKTMO}/question-rules", rules)
    house: dict[str, str] = bot.ask(
        "POST",
        "/houses",
        {
            "address": "г. Архангельск, ул. Садовая, д. 5",
            "elder_name": "Вымыслова Марфа",
            "elder_vk": f"id{ELDER}",
        },
    )
    bot.worked = ROOMS | OPENING
    bot.pass_time(timedelta(minutes=1))
    bot.worked = set(ROOMS)
    return house["id"]


def _officials(bot: WholeBot) -> None:
    staff = {"vk": f"id{STAFF}", "role": "staff", "oktmo": OKTMO, "title": "Специалист"}
    bot.ask("POST", "/officials", staff)
    (house,) = bot.ask("GET", "/houses")["items"]
    for inn, kind, name, vk_id in (
        (COMPANY, "management_company", "УК «Двор»", SPEAKER),
        (HEATING, "utility", "Теплосеть", HEATER),
    ):
        card = {"inn": inn, "kind": kind, "name": name, "oktmo": OKTMO}
        bot.ask("POST", "/organisations", card)
        bot.ask("POST", f"/houses/{house['id']}/organisations", {"inn": inn, "kind": kind})
        named = {"vk": f"id{vk_id}", "oktmo": OKTMO, "title": "Инженер"}
        bot.ask("POST", f"/organisations/{inn}/representatives", named)
