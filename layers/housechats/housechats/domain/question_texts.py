"""Texts of questions: what the chat, the elder and the author read. Plain, for who is 67 too."""

from collections.abc import Mapping
from datetime import datetime

from housechats.domain.cautions import CAUTIONS, has_mobile_phone, names_flat
from housechats.domain.lookalike_links import lookalikes_in
from housechats.domain.organisations import OrganisationKind
from housechats.domain.question_acts import WITHDRAWN
from housechats.domain.questions import (
    LONGEST_TEXT,
    SHORTEST_TEXT,
    Happening,
    Question,
    QuestionState,
    Tally,
    Where,
)
from housechats.domain.quoted_texts import fault_of_quoted
from housechats.domain.zones import MONTHS, zone_of

NO_MEETING = "Это опрос в чате. Он не собрание собственников и не заменяет его."
WHERE: Mapping[Where, str] = {
    Where.FLAT: "квартира",
    Where.ENTRANCE: "подъезд",
    Where.HOUSE: "весь дом",
    Where.YARD: "двор",
}
KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.MANAGEMENT_COMPANY: "управляющая организация",
    OrganisationKind.ADMINISTRATION: "администрация",
    OrganisationKind.UTILITY: "ресурсоснабжающая организация",
}
NOBODY_KNOWN = "сотрудники муниципалитета"
TOO_SHORT = f"Напишите подробнее: хотя бы {SHORTEST_TEXT} знаков."
TOO_LONG = f"Слишком длинно: нужно не больше {LONGEST_TEXT} знаков."
CAUTION_PHONE = "В тексте есть номер мобильного телефона: его увидят все жители дома."
CAUTION_FLAT = "В тексте назван номер квартиры: его увидят все жители дома."


def when(moment: datetime, oktmo: str) -> str:
    """Write a moment as people of a house say it: «29 ноября, 18:00»."""
    return f"{day(moment, oktmo)}, {moment.astimezone(zone_of(oktmo)):%H:%M}"


def day(moment: datetime, oktmo: str) -> str:
    local = moment.astimezone(zone_of(oktmo))
    return f"{local.day} {MONTHS[local.month - 1]}"


def fault_of(text: str) -> str:
    """Return what is wrong with a question's text; empty when nothing."""
    length = len(text.strip())
    if length < SHORTEST_TEXT:
        return TOO_SHORT
    return TOO_LONG if length > LONGEST_TEXT else fault_of_quoted(text.strip())


def attention_to(text: str) -> list[str]:
    """Return what is worth another look before all residents read it, a line each."""
    found = ((has_mobile_phone(text), CAUTION_PHONE), (names_flat(text), CAUTION_FLAT))
    sites = lookalikes_in([text])
    links = [CAUTIONS["lookalike_link"].format(", ".join(sites))] if sites else []
    cautions = [caution for is_so, caution in found if is_so] + links
    return [f"Обратите внимание. {caution}" for caution in cautions]


def addressee(question: Question, name: str) -> str:
    """Write who is to answer."""
    kind = KINDS[question.kind] if question.kind else ""
    return name or kind or NOBODY_KNOWN


def counted(tally: Tally) -> str:
    return f"за {tally.those_for}, против {tally.against}"


def card(question: Question, name: str) -> str:
    """Write the card in the house chat; `name`: the competent organisation's."""
    about = f"Вопрос дома\n\n{question.text}\n\n" + _about(question, name)
    if question.state == QuestionState.VOTING and question.vote_until:
        until = when(question.vote_until, question.oktmo)
        return (
            f"{about}\n\nГолосуем до {until}. Вопрос отправят ответственным, когда голосов «за» "
            f"будет не меньше {question.enough} и больше, чем «против». Голос можно изменить. "
            f"{NO_MEETING}"
        )
    return f"{about}\nГолоса: {counted(question.tally)}.\n\n{standing(question)}"


def standing(question: Question) -> str:
    """Write how a question stands, in a sentence or two."""
    match question.state:
        case QuestionState.UNSUPPORTED:
            return "Голосование закончилось: голосов не хватило. Что дальше, решит старший по дому."
        case QuestionState.INVITED if question.is_overdue and question.answer_due_at:
            since = day(question.answer_due_at, question.oktmo)
            return f"Вопрос отправлен. Ответ просрочен с {since}. Он появится в этом чате."
        case QuestionState.INVITED:
            return "Голосование закончилось, вопрос отправлен. Ответ появится в этом чате."
        case QuestionState.DISCUSSED:
            return "По вопросу назначено обсуждение."
        case QuestionState.ANSWERED if question.was_discussed:
            return "Обсуждение прошло. Решён ли вопрос, скажут жители."
        case QuestionState.ANSWERED:
            return "На вопрос ответили. Решён ли он, скажут жители."
        case _:
            return question.outcome


def vote_ended(question: Question, name: str) -> str:
    if question.state == QuestionState.UNSUPPORTED:
        return (
            f"Голосование закончилось: {counted(question.tally)}. Этого мало, чтобы отправить "
            "вопрос. Что дальше, решит старший по дому."
        )
    return (
        f"Голосование закончилось: {counted(question.tally)}. Вопрос отправлен. "
        f"Кому: {addressee(question, name)}. Ответ появится в этом чате. "
        "Сообщение в чате не заменяет официального обращения."
    )


def closing(question: Question, names: Mapping[str, str]) -> str:
    """Write what came of a question: `names` of the organisations that answered, by ИНН.

    It is posted as a reply to what came of a discussion.
    """
    lines = ["Вопрос закрыт", "", shortened(question.text, 300), ""]
    lines.append(f"Голоса: {counted(question.tally)}.")
    lines += [
        f"Ответ, {names.get(one.inn) or 'ответственные'}, {when(one.at, question.oktmo)}: "
        f"{shortened(one.text, 500)}"
        for one in question.answers[-1:]
    ]
    if question.discussion_cmid:
        lines.append("Итог обсуждения — в сообщении выше.")
    if question.solved.total:
        solved = question.solved
        lines.append(f"Жители: решено — {solved.those_for}, не решено — {solved.against}.")
    lines.append(f"Итог: {question.outcome[:1].lower()}{question.outcome[1:]}")
    return "\n".join(lines)


def reopened(question: Question, name: str) -> str:
    reason = _why_again(question)
    why = f"Почему: {reason}\n\n" if reason else ""
    return (
        f"Вопрос открыт снова: {shortened(question.text, 300)}\n\n{why}"
        f"Снова ждём ответа. Кто ответит: {addressee(question, name)}."
    )


def _why_again(question: Question) -> str:
    """Return why it was opened last, if the community may say that in a chat."""
    opened = {Happening.NOT_SOLVED, Happening.REOPENED}
    reason = next((one.reason for one in reversed(question.deeds) if one.what in opened), "")
    return "" if fault_of_quoted(reason) else reason


# What the elder reads


def proposal(question: Question, name: str) -> str:
    lines = [
        f"Житель предлагает задать вопрос от дома.\n\n{question.text}\n\n{_about(question, name)}",
        *attention_to(question.text),
    ]
    return "\n".join(lines) + (
        "\n\nЕсли задать, в чате дома начнётся голосование. Если за две недели вы ничего не "
        "выберете, вопрос будет отклонён."
    )


def unsupported(question: Question) -> str:
    return (
        f"Вопрос набрал мало голосов: {counted(question.tally)}.\n\n"
        f"{shortened(question.text, 500)}\n\n"
        "Его можно отправить ответственным всё равно или снять. Через две недели он закроется сам."
    )


# What the author reads


def told_author(question: Question) -> str:
    about = f"«{shortened(question.text, 200)}»"
    match question.state:
        case QuestionState.DECLINED:
            return (
                f"Вопрос {about} не задан. {question.outcome}\n\n"
                "Спасибо, что написали. Если положение изменится, предложите его снова."
            )
        case QuestionState.WITHDRAWN:
            return f"Вопрос {about} снят. {question.outcome.removeprefix(WITHDRAWN)}".strip()
        case _:
            return f"Вопрос {about} задан: в чате дома идёт голосование. Позовите соседей."


def shortened(text: str, longest: int) -> str:
    """Return the beginning of a text, by whole words."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(maxsplit=1)[0] + "…"


def _about(question: Question, name: str) -> str:
    return f"Где: {WHERE[question.where]}\nКому: {addressee(question, name)}"
