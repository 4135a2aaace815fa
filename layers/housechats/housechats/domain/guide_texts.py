"""What the guide says to an elder: each step, what to do about obstacles, who will call."""

from collections.abc import Mapping, Sequence

from housechats.domain.guides import Guide, GuideStep, Obstacle
from housechats.domain.houses import House
from housechats.domain.instructions import FOR_OLD_CHATS, TEXT_LENGTH, text_for_old_chats

NAMED = 10
"""Houses that a message names; of more it tells the number."""
SEPARATOR = "———"

OBSTACLES: Mapping[GuideStep, Mapping[Obstacle, str]] = {
    GuideStep.JOIN: {
        Obstacle.LINK_FAILS: "Ссылка не открывается",
        Obstacle.OTHER_HOUSE: "Это не мой дом",
        Obstacle.NOT_ELDER: "Я не старший по дому",
    },
    GuideStep.COPY: {
        Obstacle.NO_OLD_CHATS: "Старых чатов у дома нет",
        Obstacle.CANNOT_COPY: "Не умею копировать",
        Obstacle.MAY_NOT_WRITE: "Не могу писать в тот чат",
    },
    GuideStep.PRINT: {
        Obstacle.NO_PRINTER: "Нет принтера",
        Obstacle.FILE_FAILS: "Файл не открывается",
        Obstacle.TORN_DOWN: "Объявления срывают",
    },
    GuideStep.DONE: {},
}
"""The usual ones of each step, as their buttons say them (up to 40 characters)."""

ADVICE: Mapping[Obstacle, str] = {
    Obstacle.LINK_FAILS: (
        "Откройте это сообщение в приложении ВКонтакте на телефоне и нажмите кнопку со ссылкой. "
        "Если ВКонтакте просит войти, войдите на свою страницу и нажмите кнопку ещё раз. "
        "Можно и навести камеру телефона на код с объявления: файл есть в первом письме."
    ),
    Obstacle.OTHER_HOUSE: (
        "Похоже, в списке ошибка. Нажмите «Позвоните мне»: сотрудник исправит дом. "
        "В чужой чат вступать не нужно."
    ),
    Obstacle.NOT_ELDER: (
        "Вас назвали старшим в списке администрации. Если это не так, нажмите «Позвоните мне»: "
        "сотрудник назовёт старшим другого. До этого от вас ничего не нужно."
    ),
    Obstacle.NO_OLD_CHATS: (
        "Тогда пошлите этот текст нескольким соседям лично: пусть перешлют дальше. "
        "После этого нажмите «Готово»."
    ),
    Obstacle.CANNOT_COPY: (
        "На телефоне: задержите палец на сообщении с текстом, выберите «Переслать» или "
        "«Скопировать». В старом чате дома задержите палец на строке ввода, выберите «Вставить» "
        "и отправьте. Получилось — нажмите «Готово»."
    ),
    Obstacle.MAY_NOT_WRITE: (
        "Попросите того, кто ведёт тот чат, разместить текст и закрепить его. "
        "Если он отказывается, перешлите текст соседям лично и нажмите «Готово»."
    ),
    Obstacle.NO_PRINTER: (
        "Перешлите файл в управляющую компанию: попросите напечатать и повесить. Годится и "
        "копировальный центр, и МФЦ. Пока нет объявления, покажите соседям код с экрана телефона."
    ),
    Obstacle.FILE_FAILS: (
        "Это файл PDF: откройте его на телефоне через приложение ВКонтакте или на компьютере "
        "в любом браузере. Если не выходит, нажмите «Позвоните мне»."
    ),
    Obstacle.TORN_DOWN: (
        "Повесьте объявление за стеклом или на доске управляющей компании, ещё одно — в лифте. "
        "Файл остаётся у вас: напечатать можно снова."
    ),
}
"""What to do about each; of what is unnamed nothing can be said."""

WHICH_OBSTACLE = "Что именно не получается? Нажмите кнопку — подскажем, что сделать."
CALL_WITH_PHONE = (
    "Хорошо. Вам позвонит сотрудник администрации, которая открыла чат дома: в рабочее время, "
    "не позже чем через два рабочих дня, по телефону, который указан при назначении старшего. "
    "Пароли и коды он не спросит."
)
CALL_WITHOUT_PHONE = (
    "Хорошо, сотрудник администрации, которая открыла чат дома, прочитает вашу просьбу в течение "
    "двух рабочих дней. Но вашего телефона у нас нет: сообщите его тому, кто назначил вас старшим."
)
DONE = (
    "Все три шага сделаны. Спасибо вам! Теперь соседи будут вступать сами. "
    "Когда понадобится спросить тех, кто отвечает за дом, напишите в чате дома «/вопрос»."
)

# What is shown for some seconds to who has pressed a button: up to 90 characters.
NEXT = "Отлично! Следующий шаг — в новом сообщении."
PASSED = "Этот шаг уже пройден. Нужное сообщение — последнее."
NOT_SEEN = "Пока не видим вас в чате дома. Нажмите на ссылку в сообщении и вступите."
SHOWN = "Подсказки — в новом сообщении."
CALL_NOTED = "Записали вашу просьбу. Что будет дальше — в новом сообщении."
OVER = "Это сообщение больше не действует."
NO_MESSAGES = "Разрешите сообществу писать вам: иначе ответить не получится."


def step_text(guide: Guide, houses: Sequence[House], *, pdf: bool = True) -> str:
    """Write the message of the step that a guide is at; `houses`: those that it is about."""
    match guide.step:
        case GuideStep.JOIN:
            return _join(houses)
        case GuideStep.COPY:
            return _copy(houses)
        case GuideStep.PRINT:
            return _print(houses, pdf=pdf)
    return DONE


def seen_text(guide: Guide, left: Sequence[House]) -> str:
    """Write that an elder was seen in some of their chats, and which are left."""
    there = sum(house.joined_at is not None for house in guide.houses)
    return (
        f"Видим, что вы вступили: чатов {there} из {len(guide.houses)}. Осталось вступить:\n"
        f"{_names(left)}\n\nКогда вступите во все, пришлём следующий шаг сами. "
        "Хотите идти дальше уже сейчас — нажмите «Готово»."
    )


def reminder(guide: Guide, houses: Sequence[House], *, pdf: bool = True) -> str:
    """Write a reminder: kindly, and what there is to do as if it was said for the first time."""
    last = guide.reminders >= 3  # noqa: PLR2004 - the last of the three
    ending = "\n\nБольше напоминать не будем. Кнопки останутся: вернитесь, когда удобно."
    return (
        f"Здравствуйте! Напоминаем про чат дома.\n\n"
        f"{step_text(guide, houses, pdf=pdf)}{ending if last else ''}"
    )


def old_chats_text(houses: Sequence[House], *, public_url: str) -> str:
    """Write what the elder copies: of one house nothing else stands in the message."""
    copies = [text_for_old_chats(house, public_url) for house in houses]
    if len(copies) == 1:
        return copies[0]
    text = f"\n{SEPARATOR}\n".join(copies)
    return text if len(text) <= TEXT_LENGTH else FOR_OLD_CHATS


def obstacles_of(step: GuideStep) -> Mapping[Obstacle, str]:
    return OBSTACLES[step]


def _join(houses: Sequence[House]) -> str:
    one = len(houses) == 1
    where = "чат дома" if one else "чаты домов"
    enough = "" if one else " Вступили не во все и хотите идти дальше — нажмите «Готово»."
    return (
        f"Шаг 1 из 3. Вступите в {where}:\n{_names(houses)}\n\n"
        f"Нажмите кнопку ниже. Когда вступите, пришлём следующий шаг сами.{enough}"
    )


def _copy(houses: Sequence[House]) -> str:
    if len(houses) == 1:
        what = "Следующим сообщением пришлём готовый текст. Перешлите его в старые чаты дома"
    else:
        what = (
            "Следующим сообщением пришлём готовые тексты. Перешлите каждый в старые чаты его дома"
        )
    return (
        f"Шаг 2 из 3. Позовите соседей:\n{_names(houses)}\n\n{what}: там те, кто ещё не "
        "знает о новом чате. Когда отправите (или если уже отправили), нажмите «Готово»."
    )


def _print(houses: Sequence[House], *, pdf: bool) -> str:
    file = (
        "Файл приложен к этому сообщению."
        if pdf
        else "Файл — в первом письме от нас; если его нет, нажмите «Позвоните мне»."
    )
    return (
        f"Шаг 3 из 3. Распечатайте объявления и повесьте в подъездах и лифтах:\n{_names(houses)}"
        f"\n\n{file} Когда повесите (или если уже висят), нажмите «Готово»."
    )


def _names(houses: Sequence[House]) -> str:
    lines = [f"• {house.title}" for house in houses[:NAMED]]
    more = len(houses) - len(lines)
    return "\n".join([*lines, f"…и ещё домов: {more}"] if more else lines)
