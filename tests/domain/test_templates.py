"""A template asks for what people need to know, and says it by the clock of the place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.broadcast_texts import EMPTY, faults_of
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import Message
from housechats.domain.templates import (
    ENDS_BEFORE,
    LONGEST_WORDING,
    TOO_LONG,
    USES,
    USUAL,
    WRITTEN,
    Filling,
    Gap,
    Template,
    TemplateKind,
    faults_of_filling,
    faults_of_wording,
    fill,
)
from housechats.domain.zones import zone_of

SINCE = datetime(2026, 11, 22, 6, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 15, tzinfo=UTC)
FULL = Filling("не будет холодной воды", "ул. Мира, 2–48", SINCE, UNTIL, "8 (8182) 20-00-00")
MOSCOW, VLADIVOSTOK = zone_of("45"), zone_of("05")
OWN = "{что} {где} {с} {до} {звонить} — {адрес}"


@pytest.mark.parametrize("kind", TemplateKind)
def test_our_own_wordings_keep_what_we_ask_of_others(kind: TemplateKind) -> None:
    filled = fill(USUAL[kind], FULL, MOSCOW)

    assert faults_of_wording(kind, USUAL[kind].wording) == []
    assert set(USUAL[kind].gaps) == set(USES[kind].required)
    assert faults_of_filling(USUAL[kind], FULL) == []
    assert faults_of(Message("", filled.text)) == []
    assert "{" not in filled.text
    assert filled.until == UNTIL


def test_a_planned_outage_is_told_by_the_clock_of_the_place() -> None:
    template = USUAL[TemplateKind.OUTAGE_PLANNED]

    here, there = (fill(template, FULL, zone).text for zone in (MOSCOW, VLADIVOSTOK))

    assert "с 22 ноября 09:00 до 18:00" in here
    assert "с 22 ноября 16:00 до 23 ноября 01:00" in there
    assert "не будет холодной воды" in here
    assert "ул. Мира, 2–48" in here
    assert "8 (8182) 20-00-00" in here


def test_an_end_has_its_day_where_no_beginning_tells_it() -> None:
    text = fill(USUAL[TemplateKind.OUTAGE_NOW], FULL, MOSCOW).text

    assert "до 22 ноября 18:00" in text


@pytest.mark.parametrize(
    ("kind", "lane", "closes"),
    [
        (TemplateKind.OUTAGE_PLANNED, BroadcastLane.PLANNED, False),
        (TemplateKind.OUTAGE_NOW, BroadcastLane.EMERGENCY, False),
        (TemplateKind.RESTORED, BroadcastLane.PLANNED, True),
        (TemplateKind.MEETING, BroadcastLane.NEWS, False),
        (TemplateKind.NEWS, BroadcastLane.NEWS, False),
    ],
)
def test_each_kind_has_the_lane_by_which_it_usually_goes(
    kind: TemplateKind, lane: BroadcastLane, closes: bool
) -> None:
    assert (USES[kind].lane, USES[kind].closes) == (lane, closes)


@pytest.mark.parametrize("kind", TemplateKind)
def test_whatever_a_kind_requires_is_asked_for(kind: TemplateKind) -> None:
    empty = faults_of_filling(USUAL[kind], Filling())
    blank = faults_of_filling(USUAL[kind], replace(FULL, what=" ", where="\n", call="\t"))

    assert {fault.pointer for fault in empty} == {f"/{gap}" for gap in USES[kind].required}
    assert {fault.pointer for fault in blank} == {
        f"/{gap}" for gap in {Gap.WHAT, Gap.WHERE, Gap.CALL} & set(USES[kind].required)
    }
    assert all(fault.message.startswith("Заполните: ") for fault in (*empty, *blank))


def test_what_only_an_own_wording_has_is_asked_for_too() -> None:
    own = Template(TemplateKind.NEWS, "{что}, {где}. {звонить}")

    (fault,) = faults_of_filling(own, replace(FULL, where=""))

    assert fault.pointer == "/where"


@pytest.mark.parametrize("until", [SINCE, SINCE - timedelta(minutes=1)])
def test_what_ends_before_it_begins_is_told(until: datetime) -> None:
    (fault,) = faults_of_filling(USUAL[TemplateKind.OUTAGE_PLANNED], replace(FULL, until=until))

    assert (fault.pointer, fault.message) == ("/until", ENDS_BEFORE)


@pytest.mark.parametrize("kind", TemplateKind)
def test_an_own_wording_may_lack_nothing_that_its_kind_requires(kind: TemplateKind) -> None:
    assert faults_of_wording(kind, OWN) == []
    for gap in Gap:
        faults = faults_of_wording(kind, OWN.replace(WRITTEN[gap], ""))
        assert bool(faults) == (gap in USES[kind].required)
        assert all(WRITTEN[gap] in fault for fault in faults)


@pytest.mark.parametrize(
    ("wording", "part"),
    [
        pytest.param(" ", EMPTY, id="empty"),
        pytest.param(f"{OWN} {{когда}}", "{когда}", id="an unknown field"),
        pytest.param(f"{OWN}\t", "невидимый знак", id="a sign that nobody sees"),
        pytest.param(OWN + "а" * LONGEST_WORDING, TOO_LONG, id="too long"),
    ],
)
def test_an_own_wording_is_checked_before_anybody_needs_it(wording: str, part: str) -> None:
    (fault,) = faults_of_wording(TemplateKind.NEWS, wording)

    assert part in fault


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("Откроют каток", "Новость: Откроют каток. Вопросы — 112."),
        ("Откроют каток.", "Новость: Откроют каток. Вопросы — 112."),
        ("Откроют каток!", "Новость: Откроют каток!. Вопросы — 112."),
    ],
)
def test_no_sentence_ends_with_two_full_stops(what: str, text: str) -> None:
    own = Template(TemplateKind.NEWS, "Новость: {что}. Вопросы — {звонить}.")

    assert fill(own, Filling(what=what, call="112."), MOSCOW).text == text


def test_a_text_of_several_sentences_keeps_its_last_full_stop() -> None:
    news = USUAL[TemplateKind.NEWS]

    text = fill(news, Filling(what="Откроют каток. Приходите.", call="112"), MOSCOW).text

    assert text == "Откроют каток. Приходите.\n\nВопросы: 112"


@given(st.sampled_from(TemplateKind), st.text("{чтогдесзвнить} .", max_size=40))
def test_what_people_fill_in_is_never_filled_in_again(kind: TemplateKind, said: str) -> None:
    filled = fill(USUAL[kind], replace(FULL, what="X", where=said), MOSCOW).text

    if Gap.WHERE in USUAL[kind].gaps:
        assert said.strip() in filled
