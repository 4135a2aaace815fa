"""The doors of discussions as the template wires them: table, queues, schedules, VK."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from discussions.desk import quiet_at
from housechats.adapters.aws import client
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.chats import DynamoChats
from housechats.adapters.discussions import (
    DynamoDiscussionChats,
    DynamoDiscussions,
    DynamoInterested,
)
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.table import Table
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.discussion_course import named
from housechats.domain.discussions import GRACE, Discussion, DiscussionState
from housechats.domain.questions import Question, QuestionState, Where
from support.deployed import Deployed, Secrets, deployed
from support.vk_side import COMMUNITY

ADMINISTRATOR, OKTMO, TOKEN = 1, "11701000", "a-token-of-nobody"
NEIGHBOUR = 101


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deployed(monkeypatch, Secrets(TOKEN, app="a secret", ids="a key")) as made:
        made.invoke("PeopleOnAppoint", {"vk_id": ADMINISTRATOR, "territory": OKTMO})
        made.ask("POST", "/communities", {"token": TOKEN, "oktmo": OKTMO}, vk_id=ADMINISTRATOR)
        yield made


def house_chat(system: Deployed) -> int:
    home = system.sandbox.communities[COMMUNITY]
    chat = home.found_chat("ул. Садовая, 5", datetime.now(UTC).timestamp())
    chat.spoken = True
    DynamoChats(Table("houses")).remember(COMMUNITY, chat.number, house_id="ABCDEF01")
    return chat.number


def planned(system: Deployed, *, starts_in: timedelta) -> Discussion:
    """Keep a question and its discussion, which begins soon or has begun."""
    table, now = Table("houses"), datetime.now(UTC).replace(microsecond=0)
    chat = house_chat(system)
    DynamoQuestions(table).add(
        Question(
            id="q00000000001",
            house_id="ABCDEF01",
            oktmo=OKTMO,
            community=COMMUNITY,
            chat_id=chat,
            text="Когда починят лифт?",
            where=Where.HOUSE,
            raised_by="vk:77",
            raised_at=now,
            state=QuestionState.INVITED,
            invited_at=now,
        )
    )
    new = Discussion(
        id="0123456789abcdef",
        question_id="q00000000001",
        house_id="ABCDEF01",
        oktmo=OKTMO,
        community=COMMUNITY,
        house_chat_id=chat,
        inn="",
        named_by=ADMINISTRATOR,
        subject="Когда починят лифт?",
        starts_at=now + starts_in,
        ends_at=now + starts_in + timedelta(hours=1),
        created_at=now - timedelta(days=1),
    )
    return DynamoDiscussions(table).add(named(new, quiet=quiet_at(OKTMO, DynamoRulebook(table))))


def kept() -> Discussion:
    discussion = DynamoDiscussions(Table("houses")).get("0123456789abcdef")
    assert discussion
    return discussion


def test_a_start_far_ahead_is_a_schedule_and_the_question_hears_of_it(system: Deployed) -> None:
    planned(system, starts_in=timedelta(days=3))

    system.invoke("DiscussionsOnDue", {})
    system.run()

    schedules = client("scheduler").list_schedules(GroupName="housechats")["Schedules"]
    assert [one["Name"] for one in schedules] == ["discussion-0123456789abcdef"]
    question = DynamoQuestions(Table("houses")).get("q00000000001")
    assert question
    assert (question.state, question.discussion_id) == (
        QuestionState.DISCUSSED,
        "0123456789abcdef",
    )


def test_its_time_came_and_its_chat_opens_by_the_sweep_alone(system: Deployed) -> None:
    discussion = planned(system, starts_in=-timedelta(seconds=5))
    press = Press(Room.DISCUSSIONS, "go", discussion.id)
    event = ChatEvent(
        id="e1",
        community=COMMUNITY,
        kind=EventKind.PRESS,
        at=datetime.now(UTC),
        user=NEIGHBOUR,
        chat_id=discussion.house_chat_id,
        cmid=3,
        press=press,
        press_id="a-press",
    )
    record = {"messageId": "1", "body": json.dumps(event.body)}
    system.invoke("DiscussionsOnEvent", {"Records": [record]})
    interested = DynamoInterested(Table("houses")).of(discussion.id)

    system.invoke("DiscussionsOnDue", {})
    system.run()

    opened = kept()
    assert opened.state == DiscussionState.OPEN
    made_for = DynamoDiscussionChats(Table("houses")).discussion_of(COMMUNITY, opened.chat_id)
    assert made_for == discussion.id
    assert interested == [NEIGHBOUR]
    assert DynamoInterested(Table("houses")).of(discussion.id) == []
    journal = system.sandbox.journal
    told = [message.text for message in journal.messages(NEIGHBOUR)]
    assert any("вы хотели прийти" in text for text in told)


def test_a_chat_whose_grace_is_over_is_emptied_by_the_sweep_alone(system: Deployed) -> None:
    planned(system, starts_in=-timedelta(seconds=5))
    system.invoke("DiscussionsOnDue", {})
    system.run()
    there = kept()
    system.sandbox.join(there.link, NEIGHBOUR)
    settled_at = datetime.now(UTC) - GRACE - timedelta(minutes=1)
    DynamoDiscussions(Table("houses")).save(
        replace(
            there,
            state=DiscussionState.SETTLED,
            settled_at=settled_at,
            wake_at=settled_at + GRACE,
            outcome_cmid=9,
            errands=(),
        )
    )

    system.invoke("CleanupDiscussionsOnSweep", {})
    system.run()

    home = system.sandbox.communities[COMMUNITY]
    assert kept().state == DiscussionState.EMPTIED
    assert kept().removed == 1
    assert not [one for one in home.chats[there.chat_id].members if one > 0]
