"""What states of discussions, and what happens to them, are called in the documents."""

from collections.abc import Mapping

from housechats.domain.discussions import DiscussionState, Happening

STATES: Mapping[DiscussionState, str] = {
    DiscussionState.PLANNED: "назначено",
    DiscussionState.OPENING: "чат открывается",
    DiscussionState.OPEN: "идёт",
    DiscussionState.ENDED: "закончено, ждёт итога",
    DiscussionState.SETTLED: "итог опубликован",
    DiscussionState.EMPTYING: "чат закрывается",
    DiscussionState.EMPTIED: "чат закрыт",
    DiscussionState.CANCELLED: "отменено",
}
HAPPENINGS: Mapping[Happening, str] = {
    Happening.MOVED: "перенесли",
    Happening.CANCELLED: "отменили",
    Happening.TIME_CAME: "пришло время",
    Happening.CHAT_MADE: "чат открыт",
    Happening.NOT_MADE: "чат не открылся",
    Happening.PROLONGED: "продлили",
    Happening.ENDED: "закончили, замолчали или вышло время",
    Happening.NOBODY_CAME: "представитель не пришёл",
    Happening.OUTCOME_POSTED: "протокол или факт в домовом чате",
    Happening.GRACE_OVER: "прошли сутки",
    Happening.EMPTIED: "в чате никого",
}
