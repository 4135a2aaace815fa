"""The desk: what use cases of discussions work with, and who may do what at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.access import Caller, Permission, Place, may
from housechats.domain.broadcast_rules import rules_at
from housechats.domain.communities import Community
from housechats.domain.discussions import Discussion
from housechats.domain.questions import Question
from housechats.domain.quiet_hours import LocalQuiet
from housechats.domain.territories import region_of
from housechats.domain.zones import zone_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.chats import ChatMaker, Chats
from housechats.ports.communities import Communities
from housechats.ports.dialogues import Dialogues
from housechats.ports.discussions import (
    DiscussionChats,
    Discussions,
    Gathering,
    Interested,
    Starts,
)
from housechats.ports.houses import Houses
from housechats.ports.people import Posts
from housechats.ports.questions import Questions
from housechats.ports.queues import Queue
from housechats.ports.talks import Talk
from housechats.ports.turns import Turns


@dataclass(frozen=True, slots=True)
class Office:
    """What naming a time and changing a discussion work with."""

    discussions: Discussions
    questions: Questions
    houses: Houses
    posts: Posts
    rulebook: Rulebook
    own: Queue
    """Of discussions: what is due soon, what the API has changed."""
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a discussion's worker works with."""

    office: Office
    chats: Chats
    rooms: DiscussionChats
    interested: Interested
    communities: Communities
    dialogues: Dialogues
    turns: Turns
    talk_of: Callable[[int], Talk]
    """The Talk of a community, by its number."""
    maker_of: Callable[[Community], ChatMaker]
    gathering_of: Callable[[Community], Gathering]
    starts: Starts
    cleanings: Starts
    to_questions: Queue
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""

    @property
    def discussions(self) -> Discussions:
        return self.office.discussions

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.office.clock


def caller_of(vk_id: int, posts: Posts) -> Caller:
    """Return somebody with the roles that they have at this moment, as the API does."""
    known = posts.known(vk_id)
    lasting = tuple(post for post in known.posts if post.until is None)
    return Caller(vk_id, lasting, known.elder_ids)


def may_change(vk_id: int, place: Place, posts: Posts) -> bool:
    return may(caller_of(vk_id, posts), Permission.DISCUSSIONS_CHANGE, [place])


def may_answer(vk_id: int, question: Question, posts: Posts) -> bool:
    """Tell whether somebody may name a time for a question: it is one way to answer it."""
    return may(caller_of(vk_id, posts), Permission.QUESTIONS_ANSWER, [question.place])


def is_elder_of(vk_id: int, discussion: Discussion, office: Office) -> bool:
    house = office.houses.get(discussion.house_id)
    elder_ids = office.posts.known(vk_id).elder_ids
    return house is not None and house.elder_id in elder_ids - {""}


def quiet_at(oktmo: str, rulebook: Rulebook) -> LocalQuiet:
    rules = rules_at(oktmo, rulebook.of_region(region_of(oktmo)))
    return LocalQuiet(rules.quiet, zone_of(oktmo))
