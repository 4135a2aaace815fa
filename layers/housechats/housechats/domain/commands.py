"""Commands: what people may write in place of a button, in a chat or to the bot privately."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from housechats.domain.chat_events import Press, Room

LONGEST = 200
"""Characters of a text that are looked at: no mention with a command is longer."""


@dataclass(frozen=True, slots=True)
class Command:
    """A word that people may write, and what it asks for."""

    press: Press
    told: str
    """What it is for, in Russian, as the lists of what the bot can do go on after the word."""
    alone: bool = False
    """Whether the bare word will do privately: nobody means it as an answer."""
    otherwise: Press | None = None
    """What it asks for where it replies to nothing, if that is something else."""


COMMANDS: Mapping[str, Command] = {
    "вопрос": Command(
        Press(Room.QUESTIONS, "ask"),
        "задать вопрос тем, кто отвечает за дом (в чате дома; можно ответом на сообщение)",
    ),
    "жалоба": Command(
        Press(Room.MODERATION, "report"),
        "пожаловаться на обслуживание дома; ответом на чьё-то сообщение — на это сообщение",
        otherwise=Press(Room.COMPLAINTS, "begin"),
    ),
    "правила": Command(Press(Room.BOT, "rules"), "правила разговора в чате дома", alone=True),
    "помощь": Command(Press(Room.BOT, "help"), "что умеет бот", alone=True),
    "отмена": Command(Press(Room.BOT, "cancel"), "прервать разговор с ботом", alone=True),
}
SYNONYMS = {"начать": "помощь", "меню": "помощь", "help": "помощь", "start": "помощь"}

_WRITTEN = re.compile(
    r"\s*(?:\[club(?P<club>[0-9]{1,12})\|[^\]\n]{0,40}\]|@club(?P<at>[0-9]{1,12}))?[\s,:]*"
    r"(?P<slash>/?)(?P<word>[^\W\d_]{1,12})(?:@club[0-9]{1,12})?(?P<more>.*)",
    re.DOTALL,
)


def read_command(
    text: str, *, community: int, privately: bool, replies: bool = False
) -> Press | None:
    """Return what a text asks for; None when it is no command to this community.

    Without a slash only a text that names the community is one, or privately a word alone.
    """
    found = _WRITTEN.match(text[:LONGEST])
    if found is None:
        return None
    word = found["word"].lower().replace("ё", "е")
    command = COMMANDS.get(SYNONYMS.get(word, word))
    if command is None:
        return None
    named = found["club"] or found["at"]
    if named and int(named) != community:
        return None
    alone = privately and command.alone and not found["more"].strip(" .!")
    if not (named or found["slash"] or alone):
        return None
    return command.press if replies else command.otherwise or command.press
