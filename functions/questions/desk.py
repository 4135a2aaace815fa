"""The desk: what use cases of questions work with, and who may do what at it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from housechats.domain.access import Caller, Permission, may
from housechats.domain.chat_events import ChatEvent
from housechats.domain.errors import HouseChatsError
from housechats.domain.houses import House
from housechats.domain.question_rules import QuestionRules, rules_at
from housechats.domain.questions import Question
from housechats.domain.random_ids import random_id
from housechats.domain.territories import region_of
from housechats.ports.answer_terms import Termbook
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.chats import Chats
from housechats.ports.dialogues import Dialogues
from housechats.ports.houses import Houses
from housechats.ports.letters import TextMessages
from housechats.ports.organisation_cards import Cards
from housechats.ports.people import Elders, Posts
from housechats.ports.questions import QuestionRulebook, Questions, Voices
from housechats.ports.queues import Queue
from housechats.ports.talks import Row, Saying, Talk
from housechats.ports.turns import Turns

LONGEST_DELAY = timedelta(minutes=15)
"""How long SQS can keep a message back; what is due later is found by the sweep."""


class NotForYouError(HouseChatsError):
    """Somebody may not do this; `message` is a Russian sentence."""

    def __init__(self, message: str = "Это может сделать только старший по дому.") -> None:
        super().__init__(message)
        self.message = message


class Records(Protocol):
    """What decisions are taken with: the API has no more than this."""

    @property
    def questions(self) -> Questions: ...
    @property
    def voices(self) -> Voices: ...
    @property
    def houses(self) -> Houses: ...
    @property
    def rulebook(self) -> QuestionRulebook: ...
    @property
    def own(self) -> Queue: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What use cases of questions work with."""

    questions: Questions
    voices: Voices
    chats: Chats
    houses: Houses
    posts: Posts
    elders: Elders
    dialogues: Dialogues
    turns: Turns
    cards: Cards
    rulebook: QuestionRulebook
    termbook: Termbook
    quiet_hours: Rulebook
    sms: TextMessages
    talk_of: Callable[[int], Talk]
    """The Talk of a community, by its number."""
    own: Queue
    """Of questions: what is due soon, what the API has changed."""
    discussions: Queue
    activity: Queue
    """Counts what is asked and answered."""
    key: str
    """With which people are hashed."""
    clock: Callable[[], datetime]


def caller_of(vk_id: int, desk: Desk) -> Caller:
    known = desk.posts.known(vk_id)
    lasting = tuple(post for post in known.posts if post.until is None)
    return Caller(vk_id, lasting, known.elder_ids)


def is_elder(vk_id: int, house: House, desk: Desk) -> bool:
    return bool(house.elder_id) and house.elder_id in desk.posts.known(vk_id).elder_ids


def may_do(vk_id: int, permission: Permission, question: Question, desk: Desk) -> bool:
    """Tell whether somebody may do something to a question, as the API decides it."""
    house = desk.houses.get(question.house_id)
    return may(caller_of(vk_id, desk), permission, [question.place_in(house)])


def elder_vk_of(house_id: str, desk: Desk) -> int:
    """Return the page of a house's elder; 0 when there is no elder, or no page is known."""
    house = desk.houses.get(house_id)
    elder = desk.elders.get(house.elder_id) if house and house.elder_id else None
    return elder.vk_id if elder else 0


def rules_of(oktmo: str, desk: Records) -> QuestionRules:
    return rules_at(oktmo, desk.rulebook.of_region(region_of(oktmo)))


class Names(Protocol):
    """By what organisations are called."""

    @property
    def cards(self) -> Cards: ...


def name_of(inn: str, oktmo: str, desk: Names) -> str:
    """Return how an organisation is called; empty when nobody has named it."""
    card = desk.cards.get(region_of(oktmo), inn) if inn else None
    return card.name if card else ""


def said_after(event: ChatEvent, text: str, rows: tuple[Row, ...] = ()) -> Saying:
    """Return what is said privately upon an event: once, however often it comes."""
    number = random_id(f"answer/{event.community}/{event.id}")
    return Saying(text, number, event.at, rows)


def hand_over_soon(question: Question, desk: Desk) -> None:
    """Have a question looked at when it is due, if that is soon; later ones the sweep finds."""
    now = desk.clock()
    due_at = question.due_at(now)
    if due_at and due_at - now <= LONGEST_DELAY:
        delay = max(0, math.ceil((due_at - now).total_seconds()))
        desk.own.send([{"question_id": question.id}], delay_s=delay)
