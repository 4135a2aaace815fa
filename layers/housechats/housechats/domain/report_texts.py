"""Reports: what elders, staff, authors and those who report read of them."""

from housechats.domain.house_rules import wording
from housechats.domain.reports import A_DAY_AT_MOST, Removal, Report, ReportState

LONGEST_SHOWN = 1500
"""Characters of a reported message: a private message takes 4096."""

NOT_A_REPLY = "Ответьте командой /жалоба на то сообщение, которое нарушает правила."
ONLY_IN_CHAT = "Так можно сообщить только о сообщении в чате дома."
OURS = "Это сообщение написал бот. Если в нём ошибка, напишите сообществу."
ALREADY_GONE = "Этого сообщения в чате уже нет."
TAKEN = (
    "Спасибо. Сообщение посмотрит старший по дому или сотрудник администрации. Мы не говорим, "
    "кто сообщил. Если есть угроза жизни, звоните 112."
)
COMMAND_REMOVED = "Вашу «/жалоба» мы из чата удалили, но кто-то мог успеть её увидеть."
COMMAND_STAYS = (
    "Вашу «/жалоба» видно в чате всем: удалить её нам ВКонтакте не дал. Её можете удалить вы."
)
TOO_MANY = (
    f"За день можно сообщить о {A_DAY_AT_MOST} сообщениях: на сегодня это всё. "
    "Если есть угроза жизни, звоните 112."
)
ALREADY_DECIDED = "Об этом сообщении уже решено."
GONE = "Такого сообщения нет."
NOT_YOURS = "Решают старший по дому и сотрудники администрации."
OWN_REPORT = "Об этом сообщила ваша организация: решает сотрудник администрации."
OWN_MESSAGE = "Это ваше сообщение: решает сотрудник администрации."
WHICH_RULE = "Какое правило нарушает сообщение? Автору мы назовём его."
DECIDED = "Решение записано."

OF_COMPANY = (
    "Сообщил представитель организации, которая отвечает за дом. Критика её работы — не "
    "нарушение. Сама она удалить разговор о себе не может: решаете вы."
)
QUARREL = (
    "Здравствуйте. Вы сообщили о сообщении в чате дома. Похоже, это спор соседей, и удаление "
    "сообщений его не решит.\n\n"
    "Что помогает: ответить позже, когда все остынут; поговорить лично или в личных сообщениях; "
    "попросить старшего по дому помочь договориться. О шуме после 23 часов, угрозах и побоях "
    "сообщают в полицию: 102. Если есть угроза жизни, звоните 112.\n\n"
    "Если сообщения вас расстраивают, уведомления чата можно выключить: объявления в нём останутся."
)
KEPT = (
    "Здравствуйте. Вы сообщили о сообщении в чате дома. Его посмотрели: правил оно не нарушает "
    "и остаётся. Спасибо, что следите за порядком."
)
REMOVED = (
    "Здравствуйте. Вы сообщили о сообщении в чате дома. Его посмотрели: оно нарушает правила. "
    "Спасибо, что следите за порядком."
)


def card(report: Report, title: str, text: str | None, *, for_staff: bool) -> str:
    """Write what who decides reads; `text`: the message as it is now, None when it is gone."""
    shown = "Сообщение уже удалено." if text is None else _shortened(text)
    lines = [f"Жалоба на сообщение в чате: {title}.", "", shown, ""]
    if report.by_company:
        lines += [OF_COMPANY, ""]
    if for_staff:
        why = (
            "Автор — старший по дому или должностное лицо, поэтому решаете вы."
            if report.of_official
            else "Старший по дому не решил за сутки, или ему нельзя написать."
        )
        lines += [why, ""]
    lines.append("Кто сообщил, мы автору не скажем. Что с этим сообщением сделать?")
    return "\n".join(lines)


def _shortened(text: str) -> str:
    if not text.strip():
        return "(В сообщении нет слов: посмотрите его в чате.)"
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return f"«{cut}»"


def for_author(report: Report, title: str) -> str:
    """Write what the author of a message reads that breaks a rule."""
    if report.rule is None:
        raise ValueError("no rule")
    was = "удалено" if report.deletion == Removal.DONE else "нарушает правила чата: удалите его"
    lines = [
        f"Ваше сообщение в чате «{title}» {was}.",
        f"Правило {wording(report.rule)}",
    ]
    if report.muting == Removal.DONE:
        lines.append("Писать в этот чат можно будет через сутки. Читать можно и сейчас.")
    lines.append("Если вы не согласны, напишите сообществу: ответит сотрудник администрации.")
    return "\n".join(lines)


def for_chat(report: Report) -> str:
    """Write what the chat reads when the author cannot be written to: nobody is named."""
    if report.rule is None:
        raise ValueError("no rule")
    return f"Одно сообщение удалено. Правило {wording(report.rule)}"


def for_reporter(report: Report) -> str:
    return {
        ReportState.QUARREL: QUARREL,
        ReportState.KEPT: KEPT,
        ReportState.REMOVED: REMOVED,
    }[report.state]


def for_decider(report: Report, title: str) -> str:
    """Write what came of a decision: what VK did not allow is said plainly."""
    match report.state:
        case ReportState.KEPT:
            return f"Чат «{title}»: сообщение остаётся. Тому, кто сообщил, мы ответили."
        case ReportState.QUARREL:
            return f"Чат «{title}»: тому, кто сообщил, мы написали, что помогает в споре соседей."
    lines = [f"Чат «{title}»:"]
    if report.deletion == Removal.DONE:
        lines.append(
            "сообщение удалено. По какому правилу, сказано автору, а если ему нельзя "
            "написать — в чате без имени."
        )
    else:
        lines.append(
            "удалить сообщение ВКонтакте не дал: прошло больше суток, или автор — администратор "
            "чата. Автора мы попросили удалить его самому. Это может сделать и администратор чата."
        )
    if report.muting == Removal.DONE:
        lines.append("Сутки автор может только читать.")
    if report.muting == Removal.REFUSED:
        lines.append("Запретить автору писать ВКонтакте не дал.")
    return " ".join(lines)
