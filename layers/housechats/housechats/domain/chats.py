"""House chats: what the bot says in them."""

from housechats.domain.houses import House
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
    "Сообщение в чате не является официальным обращением.",
    "Позовите соседей: код для входа есть на объявлении в подъезде.",
)


def welcome(house: House, elder: Elder | None) -> str:
    """Write the first message of a chat, the one that is pinned."""
    who = f"Старший по дому: {elder.name}." if elder and elder.name else NO_ELDER
    return "\n".join([f"Это официальный чат дома: {house.title}.", *OPENED_BY, "", who, *RULES])
