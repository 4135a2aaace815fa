"""Texts between officials and houses: invitations, reminders, answers, «решено / не решено»."""

from collections.abc import Iterable, Mapping

from housechats.domain.answer_terms import AnswerTerms, Term
from housechats.domain.broadcast_texts import hidden_signs, length_of, official_line
from housechats.domain.official_acts import LONGEST_ANSWER, MOST_REDIRECTS
from housechats.domain.question_texts import WHERE, counted, shortened, when
from housechats.domain.questions import (
    LONGEST_REASON,
    SHORTEST_TEXT,
    Happening,
    OfficialAnswer,
    Question,
    Tally,
)
from housechats.domain.quoted_texts import fault_of_quoted

NO_APPEAL = "Сообщение в чате не является официальным обращением."
ANSWER_GOES = (
    "Ответ появится в чате дома с пометкой «Официально». Если нужен разговор с жителями, "
    "назначьте время обсуждения."
)
ANSWER_WRITTEN = "Ответ на вопрос дома"
SHORT_ABOUT = 300
LONG_SMS = 200
UNCHECKED = "С текстом акта этот срок ещё не сверен."
EMPTY_ANSWER = "Напишите ответ словами."
LONG_ANSWER = f"Ответ длиннее {LONGEST_ANSWER} знаков: сократите его и пришлите снова."
SHORT_REASON = f"Напишите подробнее: хотя бы {SHORTEST_TEXT} знаков."
LONG_REASON = f"Слишком длинно: нужно не больше {LONGEST_REASON} знаков."
NO_PHONE = "Представителю организации написать нельзя, а телефон дежурного в её карточке не указан."
NOBODY_COMPETENT = "Организация, которая отвечает за вопрос, не указана."
OFFER = "Вы отвечаете на вопрос дома. Опубликовать это как официальный ответ организации?"
OFFER_TAKEN = "Этот ответ опубликован как официальный."
TEXTED_ENOUGH = "Дежурному организации об этом вопросе уже писали СМС: позвоните ему."
SMS_UNKNOWN = "Неизвестно, ушло ли СМС дежурному организации: позвоните ему."


def fault_of_answer(text: str) -> str:
    """Return what keeps an answer from being published; empty when nothing does."""
    if not text.strip():
        return EMPTY_ANSWER
    if length_of(text) > LONGEST_ANSWER:
        return LONG_ANSWER
    return hidden_signs(text)


def fault_of_reason(text: str) -> str:
    length = len(text.strip())
    if length < SHORTEST_TEXT:
        return SHORT_REASON
    return LONG_REASON if length > LONGEST_REASON else fault_of_quoted(text.strip())


# What representatives read


def invitation(question: Question, title: str, terms: AnswerTerms) -> str:
    """Write to a representative; `title`: the house's."""
    lines = [
        f"Жители дома {title} задали вопрос вашей организации.",
        "",
        f"«{question.text}»",
        "",
        f"Где: {WHERE[question.where]}. Голоса жителей: {counted(question.tally)}.",
        *_why_again(question),
        "",
        *_by_when(question, terms),
        "",
        ANSWER_GOES,
        NO_APPEAL,
    ]
    return "\n".join(lines)


def _why_again(question: Question) -> Iterable[str]:
    last = question.deeds[-1] if question.deeds else None
    if last is None:
        return
    if last.what == Happening.REDIRECTED:
        yield f"Вопрос перенаправили вам. Причина: {last.reason}"
    elif last.what == Happening.NOT_SOLVED:
        yield f"На вопрос уже отвечали, но он не решён: {last.reason}"
    elif last.what == Happening.REOPENED:
        yield "Вопрос открыли снова." + (f" Причина: {last.reason}" if last.reason else "")


def _by_when(question: Question, terms: AnswerTerms) -> Iterable[str]:
    if question.answer_due_at is None or question.invited_at is None:
        return
    term = terms.term_of(question.kind)
    remark = "" if term.checked else f" {UNCHECKED}"
    yield (
        f"Ответ нужен до {when(question.answer_due_at, question.oktmo)}: на него "
        f"{days_of(term)}. Основание: {term.basis}.{remark}"
    )
    first = terms.first_word_at(question.invited_at)
    if first < question.answer_due_at:
        yield (
            f"До {when(first, question.oktmo)} скажите, пожалуйста, хотя бы, что вопрос принят: "
            "это правило нашего сервиса, не закона."
        )


def days_of(term: Term) -> str:
    """Return how long a term is, with the words that Russian wants after the number."""
    ending = term.days % 10
    if ending == 1 and term.days % 100 != 11:  # noqa: PLR2004 - grammar
        return f"{term.days} {'рабочий день' if term.working else 'день'}"
    if ending in {2, 3, 4} and term.days % 100 not in {12, 13, 14}:
        return f"{term.days} {'рабочих дня' if term.working else 'дня'}"
    return f"{term.days} {'рабочих дней' if term.working else 'дней'}"


def reminder(question: Question, title: str, number: int) -> str:
    """Write a reminder; `number`: which of this round it is."""
    about = f"дома {title}: «{shortened(question.text, SHORT_ABOUT)}»"
    due = question.answer_due_at
    if number >= len(question.remind_at):
        over = f"Срок ответа вышел {when(due, question.oktmo)}." if due else "Срок ответа вышел."
        return (
            f"{over} Вопрос жителей {about}\n\nМы сообщили об этом сотрудникам муниципалитета. "
            "Ответьте, пожалуйста: жители ждут."
        )
    by = f" до {when(due, question.oktmo)}" if due else ""
    return f"Напоминаем: жители ждут ответа{by}. Вопрос {about}"


def text_message(question: Question, title: str) -> str:
    """Write the SMS for an organisation to whose representatives the bot may not write."""
    due = question.answer_due_at
    by = f" Ответ ждут до {when(due, question.oktmo)}." if due else ""
    text = (
        f"Жители дома {title} задали вам вопрос.{by} Представителю: напишите сообществу "
        f"vk.me/club{question.community}"
    )
    if len(text) <= LONG_SMS:
        return text
    return f"Жители задали вам вопрос.{by} Напишите vk.me/club{question.community}"


def write_answer(question: Question, title: str) -> str:
    return (
        f"Напишите ответ на вопрос дома {title} одним сообщением, можно с фотографиями. "
        f"Перед публикацией мы покажем, как он выглядит.\n\n"
        f"«{shortened(question.text, SHORT_ABOUT)}»"
    )


def preview(said: str) -> str:
    return (
        "Так ответ увидят жители. Проверьте и опубликуйте; чтобы исправить, пришлите текст "
        f"снова.\n\n{said}"
    )


def whose_is_it(question: Question) -> str:
    more = ""
    if len(question.redirects) >= MOST_REDIRECTS:
        more = "\n\nВопрос уже передавали несколько раз: чей он, решит муниципалитет."
    return f"Чей это вопрос?\n\n«{shortened(question.text, SHORT_ABOUT)}»{more}"


def why_redirect(name: str) -> str:
    to = f"Вопрос передадим: {name}." if name else "Вопрос передадим сотрудникам муниципалитета."
    return f"{to} Напишите причину одним сообщением: её увидит новый адресат и старший по дому."


# What staff read


def alert(question: Question, title: str, why: str, name: str) -> str:
    """Write to the municipality's staff; `why`: unreached or overdue, `name`: whose it is."""
    about = f"Вопрос дома {title}: «{shortened(question.text, SHORT_ABOUT)}»"
    if why == "overdue":
        due = question.answer_due_at
        by = f" Срок вышел {when(due, question.oktmo)}." if due else ""
        return f"На вопрос жителей не ответили.{by} Кто отвечает: {name}.\n\n{about}"
    return (
        f"Вопрос жителей некому передать. {question.unreached}\n\n{about}\n\n"
        "Решите, чей он, или свяжитесь с организацией: вопрос есть в списке вопросов."
    )


# What the house reads


def answer(one: OfficialAnswer) -> str:
    return answer_by(one.speaker, one.text)


def answer_by(speaker: str, text: str) -> str:
    return f"{official_line(speaker, ANSWER_WRITTEN)}\n\n{text}"


def is_it_solved(question: Question) -> str:
    """Ask the residents; it says when silence decides."""
    until = when(question.silence_at, question.oktmo) if question.silence_at else ""
    what = "По вопросу прошло обсуждение" if question.was_discussed else "На вопрос ответили"
    return (
        f"{what}. Он решён? Нажмите кнопку: голос можно изменить.\n\n"
        f"Вопрос: {shortened(question.text, SHORT_ABOUT)}\n\n"
        f"Если до {until} никто не скажет, что вопрос не решён, он закроется сам."
    )


def solved_counted(question: Question, tally: Tally, *, again: bool) -> str:
    """Write what stands where the residents were asked, when they are asked no more.

    `again`: they are asked about a later answer.
    """
    later = "\n\nПотом ответили ещё раз: скажите, решён ли вопрос, под новым ответом."
    return (
        f"Решён ли вопрос: «{shortened(question.text, SHORT_ABOUT)}»\n\n"
        f"Решено: {tally.those_for}, не решено: {tally.against}.{later if again else ''}"
    )


# What the elder reads


def redirected(question: Question, names: Mapping[str, str]) -> str:
    """Tell the elder whose the question is by now; `names` of organisations, by ИНН."""
    before, _, reason = question.redirects[-1].partition(": ")
    to = names.get(question.inn) or ("другой организации" if question.inn else "")
    whose = f"Теперь он передан: {to}." if to else "Чей он, решат сотрудники муниципалитета."
    return (
        f"{names.get(before) or 'Организация'} сообщает, что вопрос не к ней: {reason}\n{whose}\n\n"
        f"«{shortened(question.text, SHORT_ABOUT)}»"
    )


def appeal(question: Question, title: str, name: str) -> str:
    """Write the text of an appeal for the official way; `name`: whose the question is."""
    due = question.answer_due_at
    by = f" Ответ ждали до {when(due, question.oktmo)}." if due else ""
    return "\n".join(
        [
            "На вопрос дома не ответили в срок. Мы сообщили об этом сотрудникам муниципалитета.",
            "Сообщение в чате не заменяет официального обращения. Вот его готовый текст.",
            "Впишите имя и адрес и отправьте через «Госуслуги.Дом», ГИС ЖКХ или на бумаге.",
            "———",
            f"Кому: {name}",
            "От кого: (фамилия, имя, отчество, адрес, как вам ответить)",
            "",
            "ОБРАЩЕНИЕ",
            f"Дом: {title}. Где: {WHERE[question.where]}.",
            question.text,
            f"Вопрос обсуждён жителями дома в чате: {counted(question.tally)}.{by} Ответа нет.",
            "Прошу рассмотреть обращение и ответить в срок, установленный законом.",
            "",
            "Дата, подпись",
            "———",
        ]
    )


def why_not_solved(question: Question) -> str:
    return (
        "Вы отметили, что вопрос не решён. Напишите одним сообщением, что осталось сделать: это "
        "увидят ответственные и жители в чате дома. Не называйте имён, телефонов и номеров "
        f"квартир.\n\n«{shortened(question.text, SHORT_ABOUT)}»"
    )


def unposted(reason: str) -> str:
    return f"Ответ не удалось опубликовать в чате дома. {reason}"
