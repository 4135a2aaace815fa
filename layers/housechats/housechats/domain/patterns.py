"""How codes and lines of a form are written, and what people are told who write otherwise."""

INN = r"^([0-9]{10}|[0-9]{12})$"
INN_OR_NOTHING = r"^([0-9]{10}|[0-9]{12})?$"
OKTMO = r"^([0-9]{2,3}|[0-9]{8}|[0-9]{11})$"
OKTMO_OR_NOTHING = r"^([0-9]{2,3}|[0-9]{8}|[0-9]{11})?$"
MUNICIPALITY_OR_NOTHING = r"^([0-9]{8}|[0-9]{11})?$"
LINE = r"^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$"
"""Something is said, in one line."""
SAID = r"[0-9A-Za-zА-Яа-яЁё]"
"""A letter or a digit at least: what has neither, only looks like a word."""
SAID_OR_NOTHING = rf"^\s*$|{SAID}"
CHAT_TITLE_OR_NOTHING = r"^[^\x00-\x1f\U00010000-\U0010ffff]*$"
"""VK cuts titles by units of UTF-16: no sign takes two."""
TOKEN = r"^[\x21-\x7e]{1,500}$"  # noqa: S105 - what one looks like

_OKTMO = "Код ОКТМО — это 2 или 3 цифры региона, 8 цифр муниципалитета или 11 цифр поселения."
_SAID = "Напишите это словами."
_LINE = "Напишите это одной строкой, без переносов и табуляции."
EXPECTED = {
    INN: "ИНН — это 10 цифр, а у предпринимателя 12.",
    INN_OR_NOTHING: "ИНН — это 10 цифр, а у предпринимателя 12.",
    OKTMO: _OKTMO,
    OKTMO_OR_NOTHING: _OKTMO,
    MUNICIPALITY_OR_NOTHING: "Код ОКТМО дома — это 8 цифр муниципалитета или 11 цифр поселения.",
    LINE: _LINE,
    SAID: _SAID,
    SAID_OR_NOTHING: _SAID,
    CHAT_TITLE_OR_NOTHING: "Напишите название одной строкой, без эмодзи.",
    TOKEN: "Это не ключ доступа: в нём только латинские буквы, цифры и знаки, без пробелов. "
    "Скопируйте его из настроек сообщества целиком.",
}
"""What is told of a text that does not fit."""
