"""House chats: what the bot says in them."""

from housechats.domain.houses import ChatState, House
from housechats.domain.people import Elder

NO_ELDER = (
    "Старший по дому пока не назначен. Если готовы им стать, напишите сообществу, "
    "которое создало этот чат."
)
OPENED_BY = (
    "Его открыла администрация.",
    "Здесь новости дома, предупреждения об отключениях и ответы управляющей компании.",
)
RULES = (
    "",
    "Правила разговора:",
    "1. Пишем о доме и по делу, уважаем соседей.",
    "2. Не публикуем чужие телефоны, номера квартир, документы и сведения о долгах.",
    "3. Без рекламы, политики и рассылок.",
    "4. При угрозе жизни звоните 112: чат не заменяет экстренные службы.",
    "",
    "Задать вопрос тем, кто отвечает за дом, или пожаловаться: напишите здесь «/помощь».",
    "Сообщение в чате не является официальным обращением.",
    "Позовите соседей: код для входа есть на объявлении в подъезде.",
)


CLOSED = (
    "Его закрыла администрация. Новые люди в чат больше не войдут.",
    "На вопросы здесь не отвечают, объявлений в нём не будет. При угрозе жизни звоните 112.",
)


def said(house: House, elder: Elder | None) -> str:
    """Write the message by which a chat says what its house says."""
    return farewell(house) if house.state == ChatState.CLOSED else welcome(house, elder)


def farewell(house: House) -> str:
    """Write the last message of a closed chat."""
    return "\n".join(
        [f"Чат дома закрыт: {house.title}.", f"Причина: {house.closed_reason}", *CLOSED]
    )


def welcome(house: House, elder: Elder | None) -> str:
    """Write the first message of a chat, the one that is pinned."""
    who = f"Старший по дому: {elder.name}." if elder and elder.name else NO_ELDER
    return "\n".join([f"Это официальный чат дома: {house.title}.", *OPENED_BY, "", who, *RULES])
