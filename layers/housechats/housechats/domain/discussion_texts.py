"""Discussions: what the bot says of them, in chats and privately."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from housechats.domain.discussions import (
    GRACE,
    MOST_OF_QUESTION,
    PROTOCOL_WITHIN,
    Discussion,
    DiscussionState,
)
from housechats.domain.zones import MONTHS, zone_of

LONGEST_PROTOCOL = 3000
"""Characters: with what stands around it, it is one message of VK's (4096)."""
LONGEST_ITEM = 500
WEEKDAYS = (
    *("в понедельник", "во вторник", "в среду", "в четверг"),
    *("в пятницу", "в субботу", "в воскресенье"),
)


# ---------------------------------------------------------------- times


def when(moment: datetime, oktmo: str) -> str:
    """Write a moment out by the clocks where a house stands."""
    local = moment.astimezone(zone_of(oktmo))
    day = f"{WEEKDAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]}"
    return f"{day}, в {local:%H:%M} по местному времени"


def planned_for(moment: datetime, oktmo: str) -> str:
    """Write for when something was planned: «на пятницу, 27 ноября, 19:00»."""
    local = moment.astimezone(zone_of(oktmo))
    weekday = WEEKDAYS[local.weekday()].partition(" ")[2]
    day = f"на {weekday}, {local.day} {MONTHS[local.month - 1]}"
    return f"{day}, {local:%H:%M} по местному времени"


def on_button(moment: datetime, oktmo: str) -> str:
    """Write a moment as short as a button is."""
    local = moment.astimezone(zone_of(oktmo))
    weekday = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")[local.weekday()]
    return f"{weekday} {local:%d.%m}, {local:%H:%M}"


def _clock(moment: datetime, oktmo: str) -> str:
    return f"{moment.astimezone(zone_of(oktmo)):%H:%M}"


def _length(span: timedelta) -> str:
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    parts = [f"{hours} ч" if hours else "", f"{minutes} мин" if minutes else ""]
    return " ".join(part for part in parts if part)


# ---------------------------------------------------------------- the house chat


def announcement(discussion: Discussion) -> str:
    said = when(discussion.starts_at, discussion.oktmo)
    begins = "Обсуждение перенесено" if discussion.moves else "Назначено обсуждение"
    return (
        f"{begins}: {said}.\n"
        f"Вопрос: {discussion.subject}\n\n"
        "Представитель ответит в отдельном временном чате. Ссылка на него появится здесь, когда "
        "обсуждение начнётся. Чтобы получить её ещё и лично, нажмите «Пойду»."
    )


def amended_card(discussion: Discussion) -> str:
    """Write what stands in a card of before, in place of a time that holds no more."""
    question = f"Вопрос: {discussion.subject}"
    if discussion.state == DiscussionState.CANCELLED:
        return f"Обсуждение отменено.\n{question}"
    # Without the new time: when it is moved once more, nobody looks for this card again.
    return (
        f"Обсуждение перенесено: новое время — в последнем объявлении ниже.\n{question}\n\n"
        "Кто уже нажал «Пойду», записан и на новое время."
    )


def reminder(discussion: Discussion) -> str:
    said = when(discussion.starts_at, discussion.oktmo)
    return f"Напоминаем: обсуждение {said}.\nВопрос: {discussion.subject}"


def invitation(discussion: Discussion) -> str:
    until = _clock(discussion.ends_at, discussion.oktmo)
    return (
        f"Обсуждение началось, ждём всех, кому важно.\nВопрос: {discussion.subject}\n\n"
        f"Чат открыт примерно до {until}. Итог потом появится здесь."
    )


LATE = (
    "Представитель задерживается: в чате обсуждения от него пока нет ни слова. Мы ему напомнили. "
    "Если он не появится, попросим назначить другое время."
)


def called_off(discussion: Discussion) -> str:
    said = planned_for(discussion.starts_at, discussion.oktmo)
    return (
        f"Обсуждение, назначенное {said}, отменено.\nПричина: {_sentence(discussion.reason)}\n"
        f"Вопрос: {discussion.subject}"
    )


def not_opened(discussion: Discussion) -> str:
    return (
        "Обсуждение не состоялось: ВКонтакте не дал открыть для него чат. "
        f"Мы попросили представителя назначить другое время.\nВопрос: {discussion.subject}"
    )


def outcome(discussion: Discussion) -> str:
    held = when(discussion.starts_at, discussion.oktmo)
    if not discussion.came:
        planned = planned_for(discussion.starts_at, discussion.oktmo)
        return (
            f"Обсуждение, назначенное {planned}, не состоялось: представитель не пришёл.\n"
            f"Вопрос: {discussion.subject}\n\nМы попросили назначить другое время."
        )
    if discussion.protocol:
        return (
            f"Итог обсуждения. Оно прошло {held}.\nВопрос: {discussion.subject}\n\n"
            f"{discussion.protocol}"
        )
    return (
        f"Обсуждение прошло {held}. Протокол представитель не прислал.\n"
        f"Вопрос: {discussion.subject}"
    )


# ---------------------------------------------------------------- the discussion's chat


def welcome(discussion: Discussion, *, ends_at: datetime) -> str:
    until = _clock(ends_at, discussion.oktmo)
    return (
        f"Это временный чат для одного вопроса: {discussion.subject}\n\n"
        f"Обсуждаем до {until}. Пожалуйста, говорите по очереди и по делу, не публикуйте чужие "
        "телефоны и номера квартир. Сообщение в чате не является официальным обращением.\n\n"
        "Итог представитель опубликует в домовом чате. Через сутки после этого временный чат "
        "будет закрыт и все участники из него удалены: нужное скопируйте себе заранее."
    )


def offer(discussion: Discussion) -> str:
    until = _clock(discussion.ends_at, discussion.oktmo)
    return (
        f"Обсуждение рассчитано до {until}. Если говорить ещё есть о чём, "
        "представитель или старший по дому может его продлить."
    )


def prolonged(discussion: Discussion) -> str:
    return f"Обсуждение продлено до {_clock(discussion.ends_at, discussion.oktmo)}."


def ended(discussion: Discussion) -> str:
    if not discussion.came:
        return (
            "Представитель не пришёл, поэтому обсуждение закончено. Мы попросили назначить другое "
            "время: об этом напишем в домовом чате. Этот чат будет закрыт через сутки."
        )
    return (
        "Обсуждение закончено, спасибо всем. Итог представитель опубликует в домовом чате. "
        "Через сутки после этого чат будет закрыт: нужное скопируйте себе."
    )


def farewell(discussion: Discussion) -> str:
    empties_at = (discussion.settled_at or discussion.ends_at) + GRACE
    return (
        "Итог обсуждения опубликован в домовом чате. Этот временный чат будет закрыт, а участники "
        f"из него удалены {when(empties_at, discussion.oktmo)}. Нужное скопируйте себе до этого "
        "времени."
    )


# ---------------------------------------------------------------- privately


def named(discussion: Discussion) -> str:
    lasts = _length(discussion.ends_at - discussion.starts_at)
    done = "перенесено" if discussion.moves else "назначено"
    return (
        f"Обсуждение {done}: {when(discussion.starts_at, discussion.oktmo)}, на {lasts}.\n"
        f"Вопрос: {discussion.subject}\n\n"
        "Жители увидят объявление в домовом чате. Когда придёт время, мы откроем временный чат и "
        "пришлём вам ссылку."
    )


def reminder_of_speaker(discussion: Discussion, *, interested: int) -> str:
    come = f"\nХотят прийти: {interested}." if interested else ""
    return f"{reminder(discussion)}{come}\nСсылку на чат пришлём в это время."


def invitation_of_speaker(discussion: Discussion) -> str:
    return (
        f"Обсуждение началось, жители ждут вас.\nВопрос: {discussion.subject}\n\n"
        "Напишите в чат хотя бы слово сразу, как войдёте: если за полчаса от вас ничего не будет, "
        "обсуждение закончится. Закончить его вы можете кнопкой."
    )


def hurry(discussion: Discussion) -> str:
    return (
        f"Жители ждут вас в чате обсуждения. Войдите и напишите хотя бы слово.\n"
        f"Вопрос: {discussion.subject}"
    )


def invitation_of_interested(discussion: Discussion) -> str:
    return f"Обсуждение началось, вы хотели прийти.\nВопрос: {discussion.subject}"


def cancelled_for_speaker(discussion: Discussion) -> str:
    said = planned_for(discussion.starts_at, discussion.oktmo)
    return (
        f"Обсуждение, назначенное {said}, отменено.\nПричина: {_sentence(discussion.reason)}\n"
        f"Вопрос: {discussion.subject}"
    )


def new_time_wanted(discussion: Discussion) -> str:
    why = (
        "Чат для него не удалось открыть."
        if discussion.came
        else "От вас в чате не было ни слова, и мы сказали об этом жителям."
    )
    return (
        f"Обсуждение, назначенное {planned_for(discussion.starts_at, discussion.oktmo)}, "
        f"не состоялось. {why}\nВопрос: {discussion.subject}\n\nПожалуйста, назначьте другое время."
    )


def protocol_wanted(discussion: Discussion) -> str:
    by = (discussion.ended_at or discussion.ends_at) + PROTOCOL_WITHIN
    begins = "Напоминаем: нужен" if discussion.protocol_reminded else "Обсуждение закончено. Нужен"
    return (
        f"{begins} протокол: о чём договорились, кто сделает и к какому сроку.\n"
        f"Вопрос: {discussion.subject}\n\n"
        f"Если его не будет до {_until(by, discussion.oktmo)}, мы сообщим жителям, "
        "что обсуждение прошло без протокола."
    )


def _until(moment: datetime, oktmo: str) -> str:
    local = moment.astimezone(zone_of(oktmo))
    return f"{local.day} {MONTHS[local.month - 1]}, {local:%H:%M}"


# ---------------------------------------------------------------- the dialogue about a time

WHICH_TIME = (
    "Когда обсудим? Выберите время или напишите своё, например: «завтра в 19:00» или "
    "«25.11 18:30». Время местное, по дому."
)
NOT_A_TIME = (
    "Не удалось прочитать время. Напишите, например, «завтра в 19:00», «25.11 18:30» или "
    "«в четверг в 19»."
)
NOT_YOURS = "Этот вопрос сейчас не у вас: время назначает тот, кого о нём спросили."
MANY_DISCUSSIONS = (
    f"Обсуждение этого вопроса назначали уже {MOST_OF_QUESTION} раз: ответьте на него в чате дома."
)
NOT_NOW = "По этому вопросу время сейчас не назначают."
ALREADY_NAMED = "Обсуждение этого вопроса уже назначено: {}. Его можно перенести."


def question_of(subject: str) -> str:
    return f"Вопрос: {subject}"


def confirm_time(starts_at: datetime, oktmo: str, *, length: timedelta, moving: bool) -> str:
    what = "Перенести обсуждение" if moving else "Назначить обсуждение"
    return f"{what}: {when(starts_at, oktmo)}, на {_length(length)}?"


def does_not_do(fault: str) -> str:
    return f"{fault}\nВыберите другое время или напишите своё."


# ---------------------------------------------------------------- the dialogue about a protocol

WHAT_AGREED = "О чём договорились? Напишите одним сообщением, до 500 знаков."
WHO_DOES = "Кто это сделает? Должность или организация, без фамилий и телефонов."
BY_WHEN = "К какому сроку? Например: «до 1 декабря»."
TOO_LONG = "Это слишком длинно: напишите короче, до 500 знаков."
FULL = "В протоколе больше нет места. Опубликуйте его."
NO_PROTOCOL_NOW = "Протокол этого обсуждения сейчас не нужен."
WRITE_TEXT = "Напишите ответ словами, пожалуйста."
PUBLISHED = "Спасибо! Протокол публикуется в домовом чате."


def item_of(number: int, agreed: str, who: str, by_when: str) -> str:
    return f"{number}. {agreed}\nКто: {who}\nСрок: {by_when}"


def protocol_of(items: Sequence[tuple[str, str, str]]) -> str:
    """Write a protocol from what was agreed, who does it, and by when."""
    return "\n\n".join(item_of(n, *item) for n, item in enumerate(items, 1))


def preview(text: str) -> str:
    return f"Так протокол увидят в домовом чате:\n\n{text}"


# ---------------------------------------------------------------- answers to presses

WILL_TELL = "Записали: пришлём ссылку лично, если вы разрешили сообществу писать вам."


def will_tell(discussion: Discussion) -> str:
    """Write what is shown to who wants to come; under a card of before too."""
    if not discussion.moves:
        return WILL_TELL
    return f"Записали. Обсуждение перенесено: {on_button(discussion.starts_at, discussion.oktmo)}."


NO_MORE = "Это обсуждение уже началось, закончилось или отменено."
NOT_ALLOWED = "Это может только представитель или сотрудник."
NOT_ALLOWED_TO_PROLONG = "Продлить может представитель или старший по дому."
DONE = "Готово."
NAMED = "Время назначено."
CANCELLED = "Обсуждение отменено, жители узнают об этом в домовом чате."
ASKED_PRIVATELY = "Продолжим в личных сообщениях: мы вам написали."
CANCELLED_BY_SPEAKER = "Представитель отменил обсуждение."
QUESTION_WITHDRAWN = "На вопрос уже ответили, или он снят: обсуждать его не нужно."
SURE_TO_CANCEL = (
    "Отменить обсуждение? Напишите причину одним сообщением, до 500 знаков: её увидят жители. "
    "Перед отменой покажем, что у вас получилось."
)
NO_MORE_ASKED = "Чтобы отменить обсуждение, нажмите «Отменить» ещё раз."
LEFT_AS_IT_IS = "Хорошо, обсуждение остаётся как назначено."


def confirm_cancelling(reason: str) -> str:
    return (
        f"Жители прочитают, что обсуждение отменено.\nПричина: {_sentence(reason)}\n\n"
        "Отменить обсуждение? Другую причину можно написать ещё раз."
    )


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
