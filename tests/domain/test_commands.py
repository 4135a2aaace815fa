"""People write commands as they like; what is said to neighbours is none."""

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.commands import COMMANDS, SYNONYMS, read_command

ASK, REPORT = Press(Room.QUESTIONS, "ask"), Press(Room.MODERATION, "report")
COMPLAIN, HELP = Press(Room.COMPLAINTS, "begin"), Press(Room.BOT, "help")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("/вопрос Когда включат воду?", ASK, id="with a slash"),
        pytest.param("/ВОПРОС", ASK, id="loud"),
        pytest.param("[club7|Дом] вопрос", ASK, id="naming the community"),
        pytest.param("[club7|@dom], вопрос: где вода", ASK, id="with a comma"),
        pytest.param("@club7 вопрос", ASK, id="naming it as one types it"),
        pytest.param("/вопрос@club7", ASK, id="as bots elsewhere are called"),
        pytest.param("/жалоба", COMPLAIN, id="a complaint about the house"),
        pytest.param("/start", HELP, id="as the messenger's own button"),
    ],
)
def test_a_command_in_a_chat_is_understood(text: str, meant: Press) -> None:
    assert read_command(text, community=7, privately=False) == meant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("вопрос", id="the word alone"),
        pytest.param("Вопрос к соседям: чья машина?", id="a question to neighbours"),
        pytest.param("[club8|Другой дом] вопрос", id="another community"),
        pytest.param("[club7|Дом] здравствуйте", id="no command"),
        pytest.param("/вопросы", id="almost a command"),
        pytest.param("//вопрос", id="a comment"),
        pytest.param("", id="nothing"),
        pytest.param("[club99999999999999999999|x] вопрос", id="no community's number"),
    ],
)
def test_what_is_said_to_neighbours_is_no_command(text: str) -> None:
    assert read_command(text, community=7, privately=False) is None


def test_a_complaint_in_reply_to_a_message_is_about_the_message() -> None:
    assert read_command("/жалоба", community=7, privately=False, replies=True) == REPORT


@pytest.mark.parametrize("word", ["Отмена", "помощь!", "Начать", "правила."])
def test_privately_a_word_alone_will_do(word: str) -> None:
    assert read_command(word, community=7, privately=True)
    assert read_command(word, community=7, privately=False) is None


@pytest.mark.parametrize("text", ["вопрос", "жалоба", "отмена горячей воды", "помощь нужна"])
def test_privately_an_answer_is_not_taken_for_a_command(text: str) -> None:
    assert read_command(text, community=7, privately=True) is None


def test_every_synonym_leads_to_a_command() -> None:
    assert set(SYNONYMS.values()) <= set(COMMANDS)
    assert not set(SYNONYMS) & set(COMMANDS)
