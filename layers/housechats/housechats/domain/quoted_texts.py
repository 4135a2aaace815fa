"""Quoted texts: what residents write that the community says for them in a chat.

Whatever the community says looks official: it must call nobody, and name nobody else as speaking.
"""

import re
import unicodedata

from housechats.domain.broadcast_texts import hidden_signs

MOST_LINES = 40
"""A text of nothing but line ends would push everything else out of sight."""
MANY_LINES = f"Слишком много строк: оставьте не больше {MOST_LINES}."
CALLS = (
    "Уберите упоминания: слова с @ и надписи вида [id1|имя]. Бот никого не зовёт и не называет "
    "людей."
)
OFFICIAL = (
    "Строка, которая начинается со слова «Официально», бывает только у официальных сообщений: "
    "напишите иначе."
)

_CALLS = re.compile(
    # @all, @durov, @id1 (name): a name of VK's is Latin; «@все» is its Russian @all. No e-mail.
    r"(?<![\w.+-])@(?:[a-z_]|все|онлайн)"
    r"|(?<!\w)\*(?:all|online|everyone|все|(?:id|club|public|event)\d)"
    # [id1|name], [club1:bp-1_2|name], [https://vk.com|name]
    r"|\[(?:(?:id|club|public|event|app)\d|@|https?:|[a-z0-9-]+\.[a-z])[^\]\n]*\|"
)
_OFFICIAL = re.compile(r"^\W*официально\s*[^\w\s,.!?]", re.MULTILINE)
_LATIN_LOOKS = str.maketrans("aceoxpu", "асеохри")


def fault_of_quoted(text: str) -> str:
    """Return what keeps a text from being said by the community; empty when nothing does."""
    if text.count("\n") >= MOST_LINES:
        return MANY_LINES
    if said := hidden_signs(text):
        return said
    read = _as_read(text)
    if _CALLS.search(read):
        return CALLS
    return OFFICIAL if _OFFICIAL.search(read.translate(_LATIN_LOOKS)) else ""


def _as_read(text: str) -> str:
    """Return a text as it looks: without what has no width, in the plain form of its letters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").lower()
