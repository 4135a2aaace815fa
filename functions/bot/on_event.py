"""Queue of events in: the receptionist greets, answers, and hands on what is another room's."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from bot import guide
from bot.desk import Desk
from bot.receive import Reaction, answer_to, receive
from housechats.adapters.aws import spending
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.dialogues import DynamoDialogues, DynamoSeenEvents
from housechats.adapters.files import S3Files
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.queues import SqsQueue
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.services import DynamoServices
from housechats.adapters.table import Table
from housechats.adapters.turns import DynamoTurns
from housechats.adapters.vk import VkLetters
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.chat_events import ChatEvent, Room
from housechats.ports.talks import Pressed, Talk
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.metrics import Metric
from housechats.runtime.presses import answer_presses
from housechats.runtime.queue import work_through

THREADS = 10
"""A whole batch at once: most of an event is waiting for the table and for VK."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    public_url: str
    vk_api_url: str
    tokens_prefix: str
    events_queue_url: str
    posters_queue_url: str
    questions_queue_url: str
    discussions_queue_url: str
    complaints_queue_url: str
    moderation_queue_url: str


@cache
def wired() -> Desk:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    communities = BelievedCommunities(table)
    tokens = SecretTokens(env.tokens_prefix)
    apis = VkApis(env.vk_api_url, tokens, communities, partial(Pace, table))
    guiding = guide.Desk(
        guides=DynamoGuides(table),
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        communities=communities,
        rules=DynamoRulebook(table),
        files=S3Files(env.posters_bucket),
        posters=SqsQueue(env.posters_queue_url),
        talk_of=lambda community: VkTalk(apis.of(community), community.id, this_moment),
        letters_of=lambda community: VkLetters(apis.of(community), community.id),
        public_url=env.public_url,
        clock=this_moment,
    )
    return Desk(
        seen=DynamoSeenEvents(table),
        dialogues=DynamoDialogues(table),
        turns=DynamoTurns(table),
        chats=DynamoChats(table),
        houses=DynamoHouses(table),
        elders=DynamoElders(table),
        posts=DynamoPosts(table),
        cards=DynamoCards(table),
        services=DynamoServices(table),
        residents=DynamoResidents(table),
        rulebook=DynamoRulebook(table),
        communities=communities,
        talk_of=lambda community: VkTalk(apis.of(community), community.id, this_moment),
        rooms={
            Room.QUESTIONS: SqsQueue(env.questions_queue_url),
            Room.DISCUSSIONS: SqsQueue(env.discussions_queue_url),
            Room.COMPLAINTS: SqsQueue(env.complaints_queue_url),
            Room.MODERATION: SqsQueue(env.moderation_queue_url),
        },
        later=SqsQueue(env.events_queue_url),
        guide=guiding,
        clock=this_moment,
    )


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Work the events of a batch side by side, and answer its presses together."""
    desk = wired()
    answers: list[tuple[int, Pressed]] = []

    def work(body: dict[str, Any]) -> str:
        told = ChatEvent.read(body)
        reaction: Reaction = receive(told, desk=desk)
        if answer := answer_to(told, reaction):
            answers.append((told.community, answer))
        return reaction.outcome

    worked = work_through(
        event, work, spent=spending.take, counts=Metric.BOT_EVENTS, threads=THREADS
    )
    answer_presses(answers, talk_of=partial(_talk_of, desk=desk))
    return worked


def _talk_of(community_id: int, *, desk: Desk) -> Talk | None:
    community = desk.communities.get(community_id)
    return desk.talk_of(community) if community and community.works else None
