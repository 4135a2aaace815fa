"""What the bot itself says: greetings, who answers for a house, rules, what it can do."""

from collections.abc import Iterable, Mapping, Sequence

from housechats.domain.chats import RULES
from housechats.domain.commands import COMMANDS
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Role

KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.MANAGEMENT_COMPANY: "Управляющая организация",
    OrganisationKind.ADMINISTRATION: "Администрация",
    OrganisationKind.UTILITY: "Ресурсоснабжающая организация",
}
NOBODY_ATTACHED = "Организации этого дома пока не указаны: их вносит администрация."
NO_ELDER = "Старший по дому пока не назначен."
NO_APPEAL = "Сообщение боту не является официальным обращением."
EMERGENCY = "При угрозе жизни звоните 112."

RULES_SAID = "\n".join(RULES[1:-1])
"""The rules as the pinned message has them, without its call to bring neighbours."""

TOLD_PRIVATELY = "Ответ — в личных сообщениях от сообщества."
TOLD_IN_CHAT = "Ответ — в этом чате, ниже."
AT_NIGHT = "Ночью в чат не пишем. Напишите сообществу, и ответ придёт вам лично."
SAID_ALREADY = "Ответ уже есть: посмотрите выше или в личных сообщениях."
ONLY_IN_HOUSE_CHAT = "Эта кнопка работает в чате дома."
ASK_IN_HOUSE_CHAT = (
    "Кто отвечает за дом, видно в чате дома: нажмите там кнопку «Кто отвечает за дом»."
)
CANCELLED = (
    "Хорошо, прервали. Отправленное раньше осталось как есть. Чтобы начать, напишите «Помощь»."
)
NOTHING_TO_CANCEL = "Сейчас мы ни о чём не спрашиваем. Чтобы начать, напишите «Помощь»."
UNKNOWN_BUTTON = "Эта кнопка больше не работает."


def greeting(house: House) -> str:
    """Write what who joins a chat reads first."""
    return "\n".join(
        [
            f"Здравствуйте! Это официальный чат дома: {house.title}.",
            "",
            "Пишем о доме и по делу; чужие телефоны, квартиры и документы не публикуем.",
            f"Чат не заменяет экстренные службы и официальные обращения. {EMERGENCY}",
        ]
    )


def who_answers(house: House, names: Mapping[str, str], elder: Elder | None) -> str:
    """Write who answers for a house; `names` of organisations by their ИНН."""
    return "\n".join(
        [
            f"Кто отвечает за дом: {house.title}.",
            "",
            *(_organisations(house, names) or [NOBODY_ATTACHED]),
            "",
            f"Старший по дому: {elder.name}." if elder and elder.name else NO_ELDER,
            "",
            f"Аварийные и экстренные службы бот не вызывает. {EMERGENCY}",
        ]
    )


def _organisations(house: House, names: Mapping[str, str]) -> list[str]:
    return [
        f"{KINDS[kind]}: {names.get(inn) or f'ИНН {inn}'}."
        for kind in OrganisationKind
        for inn, of_kind in sorted(house.organisations.items())
        if of_kind == kind
    ]


_CAN: Mapping[Role, str] = {
    Role.ELDER: (
        "Вы старший по дому: сюда приходят подсказки, вопросы жителей на ваше решение "
        "и жалобы на сообщения."
    ),
    Role.REPRESENTATIVE: (
        "Вы представитель организации: сюда приходят вопросы домов. Под каждым — кнопки, "
        "чтобы ответить, назначить время обсуждения или передать другой организации."
    ),
    Role.STAFF: "Вы сотрудник: чаты, рассылки и вопросы — в мини-приложении сообщества.",
    Role.ADMINISTRATOR: (
        "Вы администратор территории: чаты, рассылки и вопросы — в мини-приложении сообщества."
    ),
}


def what_bot_can(roles: Iterable[Role]) -> str:
    """Write what the bot can do for a person of these roles; for whoever has none, a resident's."""
    theirs = set(roles)
    return "\n".join(
        [
            "Это бот домовых чатов. Он отвечает только на кнопки и команды.",
            "",
            *[text for role, text in _CAN.items() if role in theirs],
            *([""] if theirs & set(_CAN) else []),
            *_commands(),
            "",
            f"Команды можно писать и в чате дома. {NO_APPEAL} {EMERGENCY}",
        ]
    )


def what_bot_can_in_chat() -> str:
    return "\n".join(["Что умеет бот в этом чате:", *_commands()])


def _commands() -> Sequence[str]:
    return [f"/{word} — {command.told}" for word, command in COMMANDS.items()]
