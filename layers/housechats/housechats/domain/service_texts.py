"""What is said with the services of a house."""

from housechats.domain.houses import House

MOST_HOUSES = 5
"""Of an elder who asks privately: a message each."""

NONE = "У этого дома пока нет сервисов."
SHOWN_ABOVE = "Сервисы показаны выше."
SHOWN_BELOW = "Сервисы — в чате, ниже."
ONLY_IN_HOUSE_CHAT = "Эта кнопка работает в чате дома."
ASK_IN_HOUSE_CHAT = "Сервисы у каждого дома свои: нажмите «Сервисы» в чате вашего дома."


def shown(house: House) -> str:
    return f"Сервисы дома: {house.title}. Нажмите кнопку:"


def none_of(house: House) -> str:
    return f"У дома {house.title} пока нет сервисов."
