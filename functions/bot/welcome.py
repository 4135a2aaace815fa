"""Use cases: somebody has come into a house chat: greet them; an elder is more than that."""

from datetime import timedelta

from bot import guide
from bot.desk import Desk, house_of, is_quiet, number_of, talk_as
from bot.menu import MENU
from bot.outcome import Outcome
from housechats.domain.bot_texts import greeting
from housechats.domain.chat_events import ChatEvent
from housechats.domain.errors import DisconnectedError, PausedError, RefusedError
from housechats.domain.houses import House
from housechats.ports.talks import Saying

PAUSE = timedelta(minutes=10)
"""Between two greetings in one chat."""
SAID_WITHIN = timedelta(minutes=5)
"""A greeting that was cut off is said by then, or never: the queue brings it again after three."""


def receive_newcomer(event: ChatEvent, *, desk: Desk) -> Outcome:
    house = house_of(event, desk)
    if house is None:
        return Outcome.NOT_OURS
    elder_ids = desk.posts.known(event.member).elder_ids if house.elder_id else frozenset[str]()
    if house.elder_id in elder_ids:
        return _receive_elder(event, house, elder_ids, desk)
    return _greet(event, house, desk)


def _receive_elder(
    event: ChatEvent, house: House, elder_ids: frozenset[str], desk: Desk
) -> Outcome:
    """Note that the elder is there, have the guide go on, and let them keep order where VK does."""
    desk.residents.elder_came(house, now=event.at)
    guide.entered(event, house, elder_ids, desk=desk.guide)
    talk = talk_as(event.community, desk)
    if not talk.can.names_administrators:
        return Outcome.ELDER
    try:
        talk.make_administrator(event.chat_id, event.member)
    except RefusedError:
        return Outcome.ELDER  # VK has no such thing, or the elder is gone again
    return Outcome.ELDER_NAMED


def _greet(event: ChatEvent, house: House, desk: Desk) -> Outcome:
    """Greet who has come, and all who came with them, unless it is night."""
    now = desk.clock()
    if is_quiet(house, now, desk):
        return Outcome.QUIET
    # The next turn comes so late that two greetings are never nearer than the pause.
    every = PAUSE + SAID_WITHIN
    what = f"GREETING#{event.community}#{event.chat_id}"
    since = desk.turns.take(what, by=event.id, every=every, now=now)
    if since is None or now - since > SAID_WITHIN:
        return Outcome.NOT_IN_TURN
    saying = Saying(greeting(house), number_of(event, "greeting"), since, rows=MENU)
    try:
        talk_as(event.community, desk).say(event.chat_id, saying)
    except (PausedError, DisconnectedError):
        return Outcome.NOT_NOW  # a late greeting greets nobody
    return Outcome.SAID
