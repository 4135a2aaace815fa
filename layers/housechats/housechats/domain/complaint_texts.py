"""Complaints: what residents and officials read of them."""

from collections.abc import Iterable, Mapping

from housechats.domain.complaints import (
    A_DAY_AT_MOST,
    LONGEST_TEXT,
    MOST_PHOTOS,
    Complaint,
    ComplaintState,
    Topic,
    Way,
)
from housechats.domain.questions import Where
from housechats.domain.zones import zone_of

TOPICS: Mapping[Topic, str] = {
    Topic.CLEANING: "Уборка и мусор",
    Topic.REPAIRS: "Ремонт и протечки",
    Topic.WATER_HEAT: "Вода и отопление",
    Topic.POWER_GAS: "Свет и газ",
    Topic.LIFT: "Лифт",
    Topic.YARD: "Двор и парковка",
    Topic.OTHER: "Другое",
}
PLACES: Mapping[Where, str] = {
    Where.FLAT: "Квартира",
    Where.ENTRANCE: "Подъезд",
    Where.HOUSE: "Весь дом",
    Where.YARD: "Двор",
}
STATES: Mapping[ComplaintState, str] = {
    ComplaintState.SENT: "отправлена, ждём, когда её получат",
    ComplaintState.DELIVERED: "доставлена",
    ComplaintState.ACCEPTED: "принята в работу",
    ComplaintState.DONE: "выполнена",
    ComplaintState.REJECTED: "отклонена",
    ComplaintState.UNDELIVERABLE: "не доставлена",
}
NEXT: Mapping[ComplaintState, str] = {
    ComplaintState.DELIVERED: "Её прочитают и ответят. Об ответе напишем сюда.",
    ComplaintState.ACCEPTED: "Когда что-то изменится, напишем сюда.",
    ComplaintState.DONE: "Если это не так, отправьте новую жалобу: напишите «/жалоба».",
}
"""What the author may expect then."""

NOT_OFFICIAL = (
    "Это не официальное обращение: сроки закона № 59-ФЗ на него не распространяются. Официально "
    "обратиться можно через Госуслуги, ГИС ЖКХ или письмом."
)
DANGER = "При угрозе жизни звоните 112."
BEGINNING = (
    "Жалобу увидит только тот, кто отвечает за дом. В чате дома её не будет.",
    NOT_OFFICIAL,
    DANGER,
    "",
    "О чём жалоба? Нажмите кнопку.",
)
ASK_HOUSE = (
    "О каком доме жалоба? Напишите код дома: 8 букв и цифр с объявления в подъезде. "
    "Или нажмите «Пожаловаться» в чате своего дома."
)
NO_SUCH_HOUSE = "Дома с таким кодом нет. Проверьте код на объявлении и напишите ещё раз."
NOT_A_RESIDENT = (
    "Жалобу принимаем от тех, кто есть в чате дома. Войдите в чат по коду с объявления "
    "и напишите код ещё раз."
)
ASK_TEXT = (
    f"Напишите одним сообщением, что случилось: до {LONGEST_TEXT} знаков. Можно сразу приложить "
    f"до {MOST_PHOTOS} фотографий. Не называйте чужих имён и телефонов."
)
TOO_LONG = f"Это длиннее {LONGEST_TEXT} знаков. Напишите короче, одним сообщением."
NO_WORDS = "Напишите словами, что случилось."
ASK_WHERE = "Где это? Нажмите кнопку."
ASK_FLAT = "Напишите номер квартиры. Если не хотите, нажмите «Пропустить»."
ASK_ENTRANCE = "Напишите номер подъезда. Если не знаете, нажмите «Пропустить»."
DETAIL_TOO_LONG = "Нужен только номер. Напишите его или нажмите «Пропустить»."
ASK_PHOTO = f"Пришлите фотографии, до {MOST_PHOTOS}, одним сообщением. Или нажмите «Без фото»."
ASK_CONTACT = (
    "Если хотите, чтобы с вами связались, напишите телефон или почту. Их увидит только тот, кто "
    "отвечает за дом. Без этого жалобу тоже примут."
)
CONTACT_TOO_LONG = "Это слишком длинно: напишите только телефон или почту."
CANCELLED = "Жалоба не отправлена, написанное стёрто."
ENOUGH = (
    f"За сутки принимаем от одного человека до {A_DAY_AT_MOST} жалоб, они уже отправлены. Эту не "
    f"отправили: пришлите её завтра. {DANGER}"
)
NOTHING_OPEN = "Начните сначала: нажмите «Пожаловаться» или напишите «/жалоба»."
PRESS_BUTTON = "Нажмите одну из кнопок под сообщением."
NONE_YET = "Вы ещё не отправляли жалоб."
ONLY_FROM_HOUSE = "Пожаловаться можно из чата дома."
WRITE_TO_US = "Откройте переписку с сообществом и напишите любое слово: дальше всё там."
ASK_REASON = (
    "Почему вы не будете этим заниматься и к кому обратиться? Напишите одним сообщением, "
    "до 300 знаков: это прочитает житель."
)
NOT_YOURS = "Отвечать на эту жалобу могут её организация и сотрудники."
GONE = "Такой жалобы нет."
NOTED = "Записано: житель об этом узнает."


def beginning() -> str:
    return "\n".join(BEGINNING)


def place_of(where: Where, detail: str) -> str:
    return f"{PLACES[where]} {detail}".strip() if detail else PLACES[where]


def preview(title: str, notes: Mapping[str, str], photos: int) -> str:
    """Write the complaint as it will be sent."""
    lines = [
        "Проверьте жалобу:",
        "",
        f"Дом: {title}",
        f"О чём: {TOPICS[Topic(notes['topic'])]}",
        f"Где: {place_of(Where(notes['where']), notes.get('detail', ''))}",
        f"Что случилось: {notes['text']}",
        f"Фотографий: {photos or 'нет'}",
        f"Контакт: {notes.get('contact') or 'не оставляю'}",
        "",
        NOT_OFFICIAL,
    ]
    return "\n".join(lines)


def taken(complaint: Complaint) -> str:
    """Write what the author reads when it is sent."""
    lines = [
        f"Жалоба № {complaint.number} отправлена.",
        "Когда её возьмут в работу или ответят, напишем сюда. Узнать самому: «Где моя жалоба?».",
        NOT_OFFICIAL,
        DANGER,
    ]
    return "\n".join(lines)


def changed(complaint: Complaint, state: ComplaintState) -> str:
    """Write what the author reads when the state has become another one."""
    lines = [f"Жалоба № {complaint.number} {STATES[state]}."]
    if complaint.note and state == complaint.state:
        lines.append(f"Ответ: {complaint.note}")
    if state in NEXT:
        lines.append(NEXT[state])
    if state == ComplaintState.UNDELIVERABLE:
        lines.append("Её увидят сотрудники администрации. Отправлять её ещё раз не нужно.")
    if state == ComplaintState.REJECTED:
        lines.append(
            "Если вы не согласны, обратитесь официально: через Госуслуги, ГИС ЖКХ или письмом."
        )
    return "\n".join(lines)


def own(complaints: Iterable[Complaint]) -> str:
    """Write how a person's complaints stand."""
    lines = []
    for one in complaints:
        when = f"{one.sent_at.astimezone(zone_of(one.oktmo)):%d.%m.%Y}"
        lines.append(f"№ {one.number} от {when}, {TOPICS[one.topic]}: {STATES[one.state]}.")
        if one.note:
            lines.append(f"Ответ: {one.note}")
    return "\n".join(lines) or NONE_YET


def for_official(complaint: Complaint, title: str) -> str:
    """Write what an official reads who is to see to it."""
    if complaint.way == Way.STAFF:
        why = "У дома нет организации, которой её передать, или ей нельзя написать."
    else:
        why = "Её отправил житель вашего дома."
    lines = [
        f"Жалоба № {complaint.number}. {why}",
        "",
        f"Дом: {title}",
        f"О чём: {TOPICS[complaint.topic]}",
        f"Где: {place_of(complaint.where, complaint.detail)}",
        f"Что случилось: {complaint.text}",
        f"Контакт: {complaint.contact or 'не оставлен'}",
        "",
        "Нажмите «Принято», когда возьмёте в работу. Житель узнает об этом сам.",
    ]
    return "\n".join(lines)
