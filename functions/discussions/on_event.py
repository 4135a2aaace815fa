"""Queue of what people did, and of what is due, in: discussions go on."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any

from discussions.desk import Desk, Office
from discussions.go_on import end_with_question, go_on
from discussions.react import WORDS, answer_to, react
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.dialogues import DynamoDialogues, DynamoSeenEvents
from housechats.adapters.discussions import (
    DynamoDiscussionChats,
    DynamoDiscussions,
    DynamoInterested,
)
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.turns import DynamoTurns
from housechats.adapters.vk import VkChats
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_gatherings import VkGatherings
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

QUESTION_OVER = "question_over"


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    vk_api_url: str
    tokens_prefix: str
    discussions_queue_url: str
    discussions_queue_arn: str
    cleanups_queue_url: str
    cleanups_queue_arn: str
    questions_queue_url: str
    schedules_role_arn: str
    schedules_group: str
    lease_seconds: int


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

    office = Office(
        discussions=DynamoDiscussions(table),
        questions=DynamoQuestions(table),
        houses=DynamoHouses(table),
        posts=DynamoPosts(table),
        rulebook=DynamoRulebook(table),
        own=SqsQueue(env.discussions_queue_url),
        clock=this_moment,
    )
    desk = Desk(
        office=office,
        chats=DynamoChats(table),
        rooms=DynamoDiscussionChats(table),
        interested=DynamoInterested(table),
        communities=communities,
        dialogues=DynamoDialogues(table),
        turns=DynamoTurns(table),
        talk_of=talk_of,
        maker_of=lambda community: VkChats(apis.of(community), community.id),
        gathering_of=lambda community: VkGatherings(apis.of(community)),
        starts=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.discussions_queue_url),
            queue_arn=env.discussions_queue_arn,
            role_arn=env.schedules_role_arn,
            kind="discussion",
        ),
        cleanings=SchedulerStarts(
            env.schedules_group,
            SqsQueue(env.cleanups_queue_url),
            queue_arn=env.cleanups_queue_arn,
            role_arn=env.schedules_role_arn,
            kind="discussion",
            name="cleanup",
        ),
        to_questions=SqsQueue(env.questions_queue_url),
        lease=timedelta(seconds=env.lease_seconds),
    )
    return Doors(desk, DynamoSeenEvents(table))


def work(body: dict[str, Any], doors: Doors, answers: list[tuple[int, Pressed]]) -> str:
    """Work one body, and return what became of it."""
    if "event" in body:
        return _react(ChatEvent.read(body), doors, answers)
    over = body.get("happened") == QUESTION_OVER
    discussion = (end_with_question if over else go_on)(body["discussion_id"], desk=doors.desk)
    return discussion.state if discussion else "no such discussion"


def _react(event: ChatEvent, doors: Doors, answers: list[tuple[int, Pressed]]) -> str:
    if doors.seen.seen(event):
        return "seen"
    try:
        reply = react(event, desk=doors.desk)
    except (PausedError, DisconnectedError) as waits:
        return put_off(event, waits, doors.desk.office.own, now=doors.desk.clock())
    if reply.touched:
        go_on(reply.touched, desk=doors.desk)
    doors.seen.note(event, now=doors.desk.clock())
    if answer := answer_to(event, reply):
        answers.append((event.community, answer))
    return _worked(event)


def _worked(event: ChatEvent) -> str:
    """Return what the log says of an event: our own words only, for a forged press says any."""
    if event.press is None:
        return event.kind
    return event.press.command if event.press.command in WORDS else "unknown command"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    doors = wired()
    answers: list[tuple[int, Pressed]] = []
    worked = work_through(event, lambda body: work(body, doors, answers), spent=spending.take)
    answer_presses(answers, talk_of=doors.desk.talk_of)
    return worked
