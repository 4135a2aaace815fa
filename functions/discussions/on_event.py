"""Queue of what people did, and of what is due, in: discussions go on."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from threading import Lock
from typing import Any

from discussions.desk import Desk, Office
from discussions.go_on import LONGEST_DELAY, end_with_question, go_on
from discussions.react import answer_to, react
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
from housechats.adapters.vk import VkChats
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_gatherings import VkGatherings
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.chat_events import KEPT_SEEN, ChatEvent
from housechats.domain.errors import DisconnectedError, NoCommunityError, PausedError
from housechats.ports.dialogues import SeenEvents
from housechats.ports.talks import Pressed, Talk
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.queue import work_through

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


def this_moment() -> datetime:
    """Return the time as the table keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def work(body: dict[str, Any], doors: Doors, pressed: Callable[[int, Pressed], None]) -> str:
    """Work one body, and return what became of it."""
    if "event" in body:
        return _react(ChatEvent.read(body), doors, pressed)
    over = body.get("happened") == QUESTION_OVER
    discussion = (end_with_question if over else go_on)(body["discussion_id"], desk=doors.desk)
    return discussion.state if discussion else "no such discussion"


def _react(event: ChatEvent, doors: Doors, pressed: Callable[[int, Pressed], None]) -> str:
    if doors.seen.seen(event):
        return "seen"
    try:
        reply = react(event, desk=doors.desk)
    except PausedError as paused:
        return _put_off(event, doors, paused.until - doors.desk.clock())
    except DisconnectedError:
        return _put_off(event, doors, LONGEST_DELAY)
    if reply.touched:
        go_on(reply.touched, desk=doors.desk)
    doors.seen.note(event, now=doors.desk.clock())
    if answer := answer_to(event, reply):
        pressed(event.community, answer)
    return event.press.command if event.press else event.kind


def _put_off(event: ChatEvent, doors: Doors, pause: timedelta) -> str:
    """Have the event again when VK lets us act; what is a day old interests nobody."""
    if doors.desk.clock() - event.at > timedelta(seconds=KEPT_SEEN):
        return "too late"
    delay = min(max(pause, timedelta(seconds=1)), LONGEST_DELAY)
    doors.desk.office.own.send([event.body], delay_s=round(delay.total_seconds()))
    return "put off"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    doors, answers, adding = wired(), defaultdict[int, list[Pressed]](list), Lock()

    def note(community: int, answer: Pressed) -> None:
        with adding:
            answers[community].append(answer)

    worked = work_through(event, lambda body: work(body, doors, note), spent=spending.take)
    for community, some in answers.items():
        _answer(doors, community, some)
    return worked


def _answer(doors: Doors, community: int, answers: list[Pressed]) -> None:
    """Answer the presses of a batch together: what was done is done, whether they hear or not."""
    try:
        doors.desk.talk_of(community).answer(answers)
    except Exception:  # noqa: BLE001 - see above
        logger.exception("presses not answered", extra={"presses": len(answers)})
