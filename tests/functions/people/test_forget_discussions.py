"""Whoever is forgotten stands in no question and no discussion any more; what was said stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.adapters.discussions import DynamoDiscussions, DynamoInterested
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.domain.discussion_course import ended
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.erasure import Person
from housechats.domain.errands import Errand
from housechats.domain.official_acts import answered
from housechats.domain.questions import OfficialAnswer, Question, QuestionState, Where
from support.aws_mock import aws, new_table
from support.fakes import real_time

NOW = real_time().replace(microsecond=0)
FORGOTTEN, OTHER = 601, 602
COMPANY = "2901000017"


@pytest.fixture
def table() -> Iterator[Table]:
    with aws():
        yield new_table("houses")


def question() -> Question:
    return Question(
        id="q" * 12,
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        chat_id=7,
        text="Когда починят лифт?",
        where=Where.HOUSE,
        raised_by=f"vk:{OTHER}",
        raised_at=NOW,
        state=QuestionState.INVITED,
        inn=COMPANY,
        told=(FORGOTTEN, OTHER),
        invited_at=NOW,
    )


def discussion() -> Discussion:
    return Discussion(
        id="d" * 16,
        question_id="q" * 12,
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        house_chat_id=7,
        inn=COMPANY,
        named_by=FORGOTTEN,
        subject="Лифт",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        created_at=NOW,
    )


def forget(table: Table) -> None:
    memory = DynamoMemory(table, elder_key="a key")
    person = Person(vk_id=FORGOTTEN)
    found = memory.look(person)
    for question_id in found.questions:
        memory.forget_asker(question_id, FORGOTTEN)
    for discussion_id in found.discussions:
        memory.forget_speaker(discussion_id, FORGOTTEN)
    for discussion_id in found.interests:
        memory.forget_interest(discussion_id, FORGOTTEN)
    left = memory.look(person)
    assert (dict(left.questions), dict(left.discussions), left.interests) == ({}, {}, ())


def test_an_answer_stays_without_whoever_wrote_it(table: Table) -> None:
    kept = DynamoQuestions(table)
    draft = f"draft/5/{FORGOTTEN}/11"
    theirs = OfficialAnswer(COMPANY, f"vk:{FORGOTTEN}", NOW, "Завтра.", id=draft)
    kept.add(answered(question(), theirs))

    forget(table)

    there = kept.get("q" * 12)
    assert there
    assert [(one.text, one.by, one.id) for one in there.answers] == [("Завтра.", "", "")]
    assert [one.by for one in there.deeds] == [""]
    assert (there.told, there.raised_by) == ((OTHER,), f"vk:{OTHER}")


def test_a_protocol_stays_without_whoever_wrote_it(table: Table) -> None:
    kept = DynamoDiscussions(table)
    over = replace(
        discussion(),
        state=DiscussionState.EMPTIED,
        named_by=OTHER,
        protocol="Лифт починят к 1 марта.",
        protocol_by=f"vk:{FORGOTTEN}",
    )
    kept.add(over)

    forget(table)

    there = kept.get("d" * 16)
    assert there
    assert (there.protocol, there.protocol_by) == ("Лифт починят к 1 марта.", "")
    assert there.named_by == OTHER


def test_a_discussion_goes_on_without_whoever_named_its_time(table: Table) -> None:
    kept = DynamoDiscussions(table)
    hurry = Errand("hurry", "hurry", to=FORGOTTEN)
    announce = Errand("announce", "announce")
    kept.add(replace(discussion(), state=DiscussionState.OPEN, errands=(hurry, announce)))

    forget(table)

    there = kept.get("d" * 16)
    assert there
    assert (there.named_by, there.errands) == (0, (announce,))
    after = ended(there, now=NOW + timedelta(hours=1))
    assert "ask_protocol" not in {errand.kind for errand in after.errands}
    assert {errand.to for errand in after.errands} <= {-1, -2, 0}


def test_nobody_who_is_forgotten_is_told_that_a_discussion_opens(table: Table) -> None:
    interested = DynamoInterested(table)
    for vk_id in (FORGOTTEN, OTHER):
        interested.add("d" * 16, vk_id, until=NOW + timedelta(days=7))

    forget(table)

    assert interested.of("d" * 16) == [OTHER]
