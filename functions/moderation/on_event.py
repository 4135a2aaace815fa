"""Queue of reports and decisions in, cards and removals out."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from housechats.adapters.audit import DynamoLedger
from housechats.adapters.aws import spending
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.dialogues import DynamoSeenEvents
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.queues import SqsQueue
from housechats.adapters.reports import DynamoReports
from housechats.adapters.secrets import SecretTokens
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
from moderation import go_on as going
from moderation.react import Desk, react


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    vk_api_url: str
    tokens_prefix: str
    moderation_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the worker works with."""

    reacting: Desk
    going: going.Desk
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
        return VkTalk(apis.of(community), community.id, this_moment)

    reports, houses, posts = DynamoReports(table), DynamoHouses(table), DynamoPosts(table)
    elders = DynamoElders(table)
    return Doors(
        reacting=Desk(
            reports=reports,
            chats=DynamoChats(table),
            houses=houses,
            elders=elders,
            posts=posts,
            turns=DynamoTurns(table),
            queue=SqsQueue(env.moderation_queue_url),
            talk_of=talk_of,
            key=env.id_key,
        ),
        going=going.Desk(
            reports=reports,
            houses=houses,
            elders=elders,
            posts=posts,
            ledger=DynamoLedger(table),
            talk_of=talk_of,
        ),
        seen=DynamoSeenEvents(table),
    )


def handle_record(body: dict[str, Any], answers: list[tuple[int, Pressed]]) -> str:
    """Work one message: a report that is due, or what somebody did."""
    doors = wired()
    if "report_id" in body:
        return going.go_on(body["report_id"], desk=doors.going, clock=this_moment)
    event = ChatEvent.read(body)
    if doors.seen.seen(event):
        return "repeated"
    try:
        shown = react(event, desk=doors.reacting, now=this_moment())
    except (PausedError, DisconnectedError) as waits:
        return put_off(event, waits, doors.reacting.queue, now=this_moment())
    if shown:
        answers.append((event.community, shown))
    doors.seen.note(event, now=this_moment())
    return "reacted"


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    answers: list[tuple[int, Pressed]] = []
    answered = work_through(event, lambda body: handle_record(body, answers), spent=spending.take)
    answer_presses(answers, talk_of=wired().reacting.talk_of)
    return answered
