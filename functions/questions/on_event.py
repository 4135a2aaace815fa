"""Queue of questions in: what people pressed and wrote, what is due, what discussions tell."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from housechats.adapters.answer_terms import DynamoTermbook
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.dialogues import DynamoDialogues, DynamoSeenEvents
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.questions import (
    DynamoQuestionRulebook,
    DynamoQuestions,
    DynamoVoices,
)
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.sms import SnsTextMessages
from housechats.adapters.table import Table
from housechats.adapters.turns import DynamoTurns
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.chat_events import ChatEvent
from housechats.domain.errors import DisconnectedError, NoCommunityError, PausedError
from housechats.ports.dialogues import SeenEvents
from housechats.ports.talks import Pressed, Talk
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.presses import answer_presses
from housechats.runtime.queue import put_off, work_through
from questions.desk import Desk
from questions.discussed import hear
from questions.go_on import go_on
from questions.react import COMMANDS, react


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    vk_api_url: str
    tokens_prefix: str
    questions_queue_url: str
    discussions_queue_url: str
    talk_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the worker works with."""

    desk: Desk
    seen: SeenEvents


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))

    def talk_of(community_id: int) -> Talk:
        community = communities.get(community_id)
        if community is None:
            raise NoCommunityError(str(community_id))
        return VkTalk(apis.of(community), community_id, this_moment)

    desk = Desk(
        questions=DynamoQuestions(table),
        voices=DynamoVoices(table),
        chats=DynamoChats(table),
        houses=DynamoHouses(table),
        posts=DynamoPosts(table),
        elders=DynamoElders(table),
        dialogues=DynamoDialogues(table),
        turns=DynamoTurns(table),
        cards=DynamoCards(table),
        rulebook=DynamoQuestionRulebook(table),
        termbook=DynamoTermbook(table),
        quiet_hours=DynamoRulebook(table),
        sms=SnsTextMessages(),
        talk_of=talk_of,
        own=SqsQueue(env.questions_queue_url),
        discussions=SqsQueue(env.discussions_queue_url),
        activity=SqsQueue(env.talk_queue_url),
        key=env.id_key,
        clock=this_moment,
    )
    return Doors(desk, DynamoSeenEvents(table))


def work(body: dict[str, Any], doors: Doors, answers: list[tuple[int, Pressed]]) -> str:
    """Work one body, and return what became of it."""
    if "event" in body:
        return _react(ChatEvent.read(body), doors, answers)
    if "happened" in body:
        hear(body, desk=doors.desk)
    question = go_on(body["question_id"], desk=doors.desk)
    return question.state if question else "no such question"


def _react(event: ChatEvent, doors: Doors, answers: list[tuple[int, Pressed]]) -> str:
    if doors.seen.seen(event):
        return "seen"
    try:
        answer = react(event, desk=doors.desk)
    except (PausedError, DisconnectedError) as waits:
        return put_off(event, waits, doors.desk.own, now=doors.desk.clock())
    doors.seen.note(event, now=doors.desk.clock())
    if answer:
        answers.append((event.community, answer))
    return _worked(event)


def _worked(event: ChatEvent) -> str:
    """Return what the log says of an event: our own words only, for a forged press says any."""
    if event.press is None:
        return event.kind
    return event.press.command if event.press.command in COMMANDS else "unknown command"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    doors = wired()
    answers: list[tuple[int, Pressed]] = []
    worked = work_through(event, lambda body: work(body, doors, answers), spent=spending.take)
    answer_presses(answers, talk_of=doors.desk.talk_of)
    return worked
