"""What steps of the elder's guide, and what leads from one to the next, are called in documents."""

from collections.abc import Mapping

from housechats.domain.guides import GuideStep, Happening

STATES: Mapping[GuideStep, str] = {
    GuideStep.JOIN: "вступить в чат",
    GuideStep.COPY: "разослать текст",
    GuideStep.PRINT: "повесить объявления",
    GuideStep.DONE: "всё сделано",
}
HAPPENINGS: Mapping[Happening, str] = {
    Happening.ALL_JOINED: "вступил во все чаты",
    Happening.SAID_DONE: "нажал «Готово»",
    Happening.MORE_HOUSES: "назначен ещё на дом",
}
