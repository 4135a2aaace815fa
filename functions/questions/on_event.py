"""Queue of questions in: what people pressed and wrote, what is due, what discussions tell."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from threading import Lock
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
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.chat_events import ChatEvent
from housechats.domain.errors import DisconnectedError, NoCommunityError, PausedError
from housechats.ports.dialogues import SeenEvents
from housechats.ports.talks import Pressed, Talk
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.queue import put_off, work_through
from questions.desk import Desk
from questions.discussed import hear
from questions.go_on import go_on
from questions.react import react


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


def this_moment() -> datetime:
    """Return the time as the table keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def work(body: dict[str, Any], doors: Doors, pressed: Callable[[int, Pressed], None]) -> str:
    """Work one body, and return what became of it."""
    if "event" in body:
        return _react(ChatEvent.read(body), doors, pressed)
    if "happened" in body:
        hear(body, desk=doors.desk)
    question = go_on(body["question_id"], desk=doors.desk)
    return question.state if question else "no such question"


def _react(event: ChatEvent, doors: Doors, pressed: Callable[[int, Pressed], None]) -> str:
    if doors.seen.seen(event):
        return "seen"
    try:
        answer = react(event, desk=doors.desk)
    except (PausedError, DisconnectedError) as waits:
        return put_off(event, waits, doors.desk.own, now=doors.desk.clock())
    doors.seen.note(event, now=doors.desk.clock())
    if answer:
        pressed(event.community, answer)
    return event.press.command if event.press else event.kind


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    doors, answers, adding = wired(), defaultdict[int, list[Pressed]](list), Lock()

    def note(community: int, answer: Pressed) -> None:
        with adding:
            answers[community].append(answer)

    worked = work_through(event, lambda body: work(body, doors, note), spent=spending.take)
    for community, some in answers.items():
        _answer(doors.desk.talk_of(community), some)
    return worked


def _answer(talk: Talk, answers: list[Pressed]) -> None:
    """Answer the presses of a batch together: what was done is done, whether they hear or not."""
    try:
        talk.answer(answers)
    except Exception:  # noqa: BLE001 - see above
        logger.exception("presses not answered", extra={"presses": len(answers)})
