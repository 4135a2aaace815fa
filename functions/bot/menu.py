"""Use cases: what the bot's own buttons and commands do."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.desk import Desk, house_of, is_quiet, number_of, talk_as
from bot.show_services import show_services
from housechats.domain import bot_texts as texts
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.errors import RefusedError
from housechats.domain.houses import House
from housechats.domain.people import Role
from housechats.domain.territories import region_of
from housechats.ports.talks import PressButton, Row, Saying, Tone

IN_CHAT_EVERY = timedelta(minutes=10)
"""What a chat has been told, it is not told again for so long, whoever asks."""
PRIVATELY_EVERY = timedelta(seconds=10)
"""Pressing on gets no more answers."""
UNASKED_EVERY = timedelta(hours=1)
"""How often whoever writes what nobody has asked is told what the bot can do."""
SAME_SECOND = timedelta(seconds=1)
"""VK dates messages in whole seconds."""
MEETINGS = 3

MENU: tuple[Row, ...] = (
    [PressButton("Задать вопрос", Press(Room.QUESTIONS, "ask"), Tone.PRIMARY)],
    [PressButton("Кто отвечает за дом", Press(Room.BOT, "who"))],
    [PressButton("Сервисы", Press(Room.BOT, "services"))],
    [PressButton("Пожаловаться", Press(Room.COMPLAINTS, "begin"))],
)
"""What stands under a greeting, and under the list of what the bot can do in a chat."""
HELP_ROWS: tuple[Row, ...] = (
    [PressButton("Пожаловаться", Press(Room.COMPLAINTS, "begin"))],
    [PressButton("Где моя жалоба?", Press(Room.COMPLAINTS, "mine"))],
    [PressButton("Правила чата", Press(Room.BOT, "rules"))],
)


def who_answers(event: ChatEvent, desk: Desk) -> str:
    """Tell who answers for the house: privately, or in the chat if that cannot be."""
    house = house_of(event, desk)
    if house is None:
        return _tell_in_dialog(event, texts.ASK_IN_HOUSE_CHAT, desk)
    text = _who_answers(house, desk)
    person = f"WHO#{event.community}#{event.chat_id}#{event.user}"
    if not _has_turn(person, event, desk, IN_CHAT_EVERY):
        return texts.SAID_ALREADY
    try:
        _tell(event, text, desk)
    except RefusedError:
        return _say_in_chat(event, house, text, desk)
    return texts.TOLD_PRIVATELY


def rules(event: ChatEvent, desk: Desk) -> str:
    if not event.chat_id:
        return _tell_in_dialog(event, texts.RULES_SAID, desk)
    return _reply_in_chat(event, "RULES", texts.RULES_SAID, desk)


def what_bot_can(event: ChatEvent, desk: Desk) -> str:
    if event.chat_id:
        return _reply_in_chat(event, "HELP", texts.what_bot_can_in_chat(), desk, rows=MENU)
    return _tell_in_dialog(event, _help(event.user, desk), desk, rows=HELP_ROWS)


def what_bot_can_unasked(event: ChatEvent, desk: Desk) -> bool:
    """Tell what the bot can do to who writes what nobody has asked; False when it was told."""
    what = f"UNASKED#{event.community}#{event.user}"
    if not _has_turn(what, event, desk, UNASKED_EVERY):
        return False
    _tell(event, _help(event.user, desk), desk, rows=HELP_ROWS)
    return True


def cancel(event: ChatEvent, desk: Desk) -> str:
    """End the dialogue that a person is in, whichever room it is of."""
    if event.chat_id:
        return ""
    return _tell_in_dialog(
        event, texts.CANCELLED if _ended(event, desk) else texts.NOTHING_TO_CANCEL, desk
    )


def _ended(event: ChatEvent, desk: Desk) -> bool:
    ended = False
    for _ in range(MEETINGS):
        dialogue = desk.dialogues.get(event.community, event.user)
        # What was begun after it was cancelled is another one: the event came late.
        if dialogue is None or dialogue.asked_at >= event.at + SAME_SECOND:
            break
        desk.dialogues.end(dialogue)
        ended = True
    return ended


ACTS: Mapping[str, Callable[[ChatEvent, Desk], str]] = {
    "who": who_answers,
    "rules": rules,
    "help": what_bot_can,
    "cancel": cancel,
    "services": show_services,
}
"""What the presses of the bot's own room do; each returns what is shown to who has pressed."""


def _who_answers(house: House, desk: Desk) -> str:
    region = region_of(house.oktmo)
    cards = {inn: desk.cards.get(region, inn) for inn in house.organisations}
    names = {inn: card.name for inn, card in cards.items() if card}
    elder = desk.elders.get(house.elder_id) if house.elder_id else None
    return texts.who_answers(house, names, elder)


def _help(vk_id: int, desk: Desk) -> str:
    known = desk.posts.known(vk_id)
    roles = {post.role for post in known.posts if post.until is None}
    return texts.what_bot_can(roles | ({Role.ELDER} if known.elder_ids else set()))


def _say_in_chat(event: ChatEvent, house: House, text: str, desk: Desk) -> str:
    """Answer a press in the chat: the others have not asked, so not at night."""
    if is_quiet(house, desk.clock(), desk):
        return texts.AT_NIGHT
    if not _has_turn(f"WHO#{event.community}#{event.chat_id}", event, desk, IN_CHAT_EVERY):
        return texts.SAID_ALREADY
    saying = Saying(text, number_of(event, "chat"), event.at)
    talk_as(event.community, desk).say(event.chat_id, saying)
    return texts.TOLD_IN_CHAT


def _reply_in_chat(
    event: ChatEvent, what: str, text: str, desk: Desk, rows: tuple[Row, ...] = ()
) -> str:
    """Answer a command in a chat, or a press there."""
    if house_of(event, desk) is None:
        return texts.ONLY_IN_HOUSE_CHAT
    if not _has_turn(f"{what}#{event.community}#{event.chat_id}", event, desk, IN_CHAT_EVERY):
        return texts.SAID_ALREADY
    reply_to = 0 if event.press_id else event.cmid
    saying = Saying(text, number_of(event, "chat"), event.at, rows=rows, reply_to=reply_to)
    talk_as(event.community, desk).say(event.chat_id, saying)
    return ""


def _tell_in_dialog(event: ChatEvent, text: str, desk: Desk, rows: tuple[Row, ...] = ()) -> str:
    """Answer where somebody has asked privately; who asked from a chat is only shown a line."""
    if event.chat_id:
        return texts.ONLY_IN_HOUSE_CHAT
    what = f"DIALOG#{event.community}#{event.user}"
    if _has_turn(what, event, desk, PRIVATELY_EVERY):
        _tell(event, text, desk, rows=rows)
    return ""


def _tell(event: ChatEvent, text: str, desk: Desk, rows: tuple[Row, ...] = ()) -> None:
    saying = Saying(text, number_of(event, "answer"), event.at, rows=rows)
    talk_as(event.community, desk).tell(event.user, saying)


def _has_turn(what: str, event: ChatEvent, desk: Desk, every: timedelta) -> bool:
    return desk.turns.take(what, by=event.id, every=every, now=desk.clock()) is not None
