"""Templates: what is usually said, with gaps to be filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import StrEnum

from housechats.domain.broadcast_texts import (
    EMPTY,
    TextFault,
    hidden_signs,
    length_of,
    unknown_fields,
)
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import HOUSE_FIELDS
from housechats.domain.zones import MONTHS

LONGEST_WORDING = 3000
"""Characters: with its gaps filled, the header and an address it is still one message."""


class TemplateKind(StrEnum):
    """What a template is for."""

    OUTAGE_PLANNED = "outage_planned"
    OUTAGE_NOW = "outage_now"
    RESTORED = "restored"
    MEETING = "meeting"
    NEWS = "news"


class Gap(StrEnum):
    """What is to be filled in."""

    WHAT = "what"
    WHERE = "where"
    SINCE = "since"
    UNTIL = "until"
    CALL = "call"


WRITTEN = {
    Gap.WHAT: "{что}",
    Gap.WHERE: "{где}",
    Gap.SINCE: "{с}",
    Gap.UNTIL: "{до}",
    Gap.CALL: "{звонить}",
}
"""How each gap is written in a wording."""
MEANT = {
    "{что}": "что происходит",
    "{где}": "где: дома, улицы, место",
    "{с}": "когда начинается",
    "{до}": "когда закончится",
    "{звонить}": "куда звонить",
}
"""What belongs into each."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """What is laid down for all templates of a kind."""

    title: str
    lane: BroadcastLane
    """By which messages of the kind usually go."""
    required: tuple[Gap, ...]
    """Without these no wording of the kind tells people what they need."""
    wording: str
    """Where an organisation has none of its own."""
    closes: bool = False
    """Whether it says that something is over."""


USES = {
    TemplateKind.OUTAGE_PLANNED: TemplateUse(
        "Плановое отключение",
        BroadcastLane.PLANNED,
        (Gap.WHAT, Gap.WHERE, Gap.SINCE, Gap.UNTIL, Gap.CALL),
        "Плановые работы: {что}.\n\n"
        "Где: {где}\n"
        "Когда: с {с} до {до}\n\n"
        "Просим подготовиться заранее. Если к назначенному времени работы не закончатся, "
        "звоните: {звонить}",
    ),
    TemplateKind.OUTAGE_NOW: TemplateUse(
        "Авария, отключение сейчас",
        BroadcastLane.EMERGENCY,
        (Gap.WHAT, Gap.WHERE, Gap.UNTIL, Gap.CALL),
        "Авария: {что}.\n\n"
        "Где: {где}\n"
        "Когда починят: ориентировочно до {до}\n\n"
        "Работы уже идут. Если срок изменится, напишем в этот чат. "
        "Аварийная служба: {звонить}",
    ),
    TemplateKind.RESTORED: TemplateUse(
        "Работы закончены",
        BroadcastLane.PLANNED,
        (Gap.WHAT, Gap.WHERE, Gap.CALL),
        "Работы закончены: {что}.\n\n"
        "Где: {где}\n\n"
        "Если у вас всё ещё не так, как должно быть, звоните: {звонить}. Спасибо за терпение.",
        closes=True,
    ),
    TemplateKind.MEETING: TemplateUse(
        "Собрание",
        BroadcastLane.NEWS,
        (Gap.WHAT, Gap.WHERE, Gap.SINCE, Gap.CALL),
        "Приглашаем на собрание: {что}.\n\nГде: {где}\nНачало: {с}\n\nВопросы: {звонить}",
    ),
    TemplateKind.NEWS: TemplateUse(
        "Новость",
        BroadcastLane.NEWS,
        (Gap.WHAT, Gap.CALL),
        "{что}\n\nВопросы: {звонить}",
    ),
}


@dataclass(frozen=True, slots=True)
class Template:
    """What is usually said in one case."""

    kind: TemplateKind
    wording: str
    region: str = ""
    """In which region the organisation keeps it; empty for ours."""
    inn: str = ""
    """Whose it is; empty for ours."""
    changed_at: datetime | None = None

    @property
    def use(self) -> TemplateUse:
        return USES[self.kind]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what is to be filled in: what the kind requires, and what the wording has."""
        return tuple(gap for gap in Gap if gap in self.use.required or WRITTEN[gap] in self.wording)


USUAL = {kind: Template(kind, use.wording) for kind, use in USES.items()}
"""Our own wordings, for all."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into the gaps."""

    what: str = ""
    where: str = ""
    since: datetime | None = None
    until: datetime | None = None
    call: str = ""


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A text that is ready; fields of houses may stand in it still."""

    text: str
    until: datetime | None


NOT_FILLED = "Заполните: {}."
LACKING = "В тексте должно быть: {}."
TOO_LONG = f"Шаблон не длиннее {LONGEST_WORDING} знаков."
ENDS_BEFORE = "Конец раньше начала: проверьте время."
_GAP = re.compile("|".join(re.escape(written) for written in WRITTEN.values()))


def faults_of_wording(kind: TemplateKind, wording: str) -> list[str]:
    """Return what is wrong with an organisation's own wording, in Russian sentences."""
    if not wording.strip():
        return [EMPTY]
    lacking = [WRITTEN[gap] for gap in USES[kind].required if WRITTEN[gap] not in wording]
    return [
        said
        for said in (
            LACKING.format(", ".join(f"{one} — {MEANT[one]}" for one in lacking)) * bool(lacking),
            unknown_fields(wording, {**MEANT, **HOUSE_FIELDS}),
            hidden_signs(wording),
            TOO_LONG * (length_of(wording) > LONGEST_WORDING),
        )
        if said
    ]


def faults_of_filling(template: Template, filling: Filling) -> list[TextFault]:
    """Return what is still to be filled in, or does not fit; pointers lead into the filling."""
    faults = [
        TextFault(f"/{gap}", NOT_FILLED.format(MEANT[WRITTEN[gap]]))
        for gap in template.gaps
        if not _given(filling, gap)
    ]
    if filling.since and filling.until and filling.until <= filling.since:
        faults.append(TextFault("/until", ENDS_BEFORE))
    return faults


def fill(template: Template, filling: Filling, zone: timezone) -> FilledTemplate:
    """Return the text; all gaps are filled in, moments by the clock of a zone."""
    said = _said(template, filling, zone)

    def put_in(gap: re.Match[str]) -> str:
        value = said[gap.group()]
        ends_here = template.wording[gap.end() :].startswith(".")
        return value.removesuffix(".") if ends_here else value

    # In one go: what people fill in may itself look like a gap.
    text = _GAP.sub(put_in, template.wording)
    return FilledTemplate(text, filling.until)


def _given(filling: Filling, gap: Gap) -> bool:
    value: str | datetime | None = getattr(filling, gap)
    return bool(value.strip() if isinstance(value, str) else value)


def _said(template: Template, filling: Filling, zone: timezone) -> Mapping[str, str]:
    since, until = (
        moment.astimezone(zone) if moment else None for moment in (filling.since, filling.until)
    )
    day_is_told = WRITTEN[Gap.SINCE] in template.wording
    one_day = since and until and day_is_told and since.date() == until.date()
    return {
        WRITTEN[Gap.WHAT]: filling.what.strip(),
        WRITTEN[Gap.WHERE]: filling.where.strip(),
        WRITTEN[Gap.SINCE]: spoken(since) if since else "",
        WRITTEN[Gap.UNTIL]: (f"{until:%H:%M}" if one_day else spoken(until)) if until else "",
        WRITTEN[Gap.CALL]: filling.call.strip(),
    }


def spoken(moment: datetime) -> str:
    """Return a moment as people say it: «22 ноября 09:00»."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment:%H:%M}"
