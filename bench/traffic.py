"""What people of some chats do in a while, and how VK tells of it: repeated, late, out of order."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from housechats.domain.chat_events import Press, Room
from housechats.domain.questions import Tally
from local.vk.conversations import CHAT_PEERS
from local.vk.core import Sandbox

EVENTS = 10_000
CHATS = 40
NEIGHBOURS = 20
"""Members of each chat when it begins."""
MIX = {"vote": 700, "join": 500, "reply": 200, "help": 100}
"""What is not plain talk, of all events."""
TOLD_TWICE, TOLD_LATE = 0.05, 0.05
"""Shares of events that VK tells again though it was heard, or only after it was not."""
AGAIN_S = 10
"""After which VK tells once more (its documentation)."""


@dataclass(frozen=True, slots=True)
class Street:
    """A house chat and the question that is put to the vote in it."""

    chat_id: int
    link: str
    card_cmid: int
    question_id: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One request of VK's; `after` is how many seconds after the event itself."""

    event: dict[str, Any]
    after: int = 0

    @property
    def retry(self) -> int:
        return 1 if self.after else 0


@dataclass
class Truth:
    """What has happened, as the sandbox has it."""

    messages: Counter[int] = field(default_factory=Counter)
    """By chat."""
    joined: Counter[int] = field(default_factory=Counter)
    voices: dict[str, dict[int, str]] = field(default_factory=dict)
    """By question and person, the last one."""
    helped: list[int] = field(default_factory=list)
    """Who asked the bot privately, each once."""

    def tally(self, question_id: str) -> Tally:
        voices = [*self.voices.get(question_id, {}).values()]
        return Tally(voices.count("for"), voices.count("against"))


class Traffic:
    """Has people act in a sandbox, and takes VK's events of it."""

    def __init__(
        self, sandbox: Sandbox, community: int, streets: list[Street], *, minds_change: bool
    ) -> None:
        """`minds_change`: people vote more than once; else the order of voices is of no account."""
        self.truth = Truth()
        self._minds_change = minds_change
        self._sandbox, self._community = sandbox, community
        self._streets = streets
        self._dice = Random(6)
        self._newcomers = 1_000_000
        deeds = ["talk"] * (EVENTS - sum(MIX.values()))
        deeds += [deed for deed, times in MIX.items() for _ in range(times)]
        self._dice.shuffle(deeds)
        self._left = deeds

    def go_on(self, events: int) -> list[Telling]:
        """Let so many more events happen; return how VK tells of them, in no order."""
        acts: dict[str, Callable[[Street], None]] = {
            "talk": self._talk,
            "vote": self._vote,
            "join": self._join,
            "reply": self._reply,
            "help": self._help,
        }
        before = len(self._sandbox.events(self._community))
        some, self._left = self._left[:events], self._left[events:]
        for deed in some:
            acts[deed](self._dice.choice(self._streets))
        fresh = self._sandbox.events(self._community)[before:]
        told = [telling for event in fresh for telling in self._tellings(event)]
        self._dice.shuffle(told)
        return told

    def _tellings(self, event: dict[str, Any]) -> Iterable[Telling]:
        chance = self._dice.random()
        if chance < TOLD_TWICE:
            return [Telling(event), Telling(event, after=AGAIN_S)]
        # A voice that VK tells late counts from when it was told: that is not what is judged here.
        if chance < TOLD_TWICE + TOLD_LATE and event["type"] == "message_new":
            return [Telling(event, after=AGAIN_S)]
        return [Telling(event)]

    def _talk(self, street: Street) -> None:
        self._write(street)

    def _reply(self, street: Street) -> None:
        self._write(street, reply_to=street.card_cmid)

    def _write(self, street: Street, *, reply_to: int = 0) -> None:
        who = self._neighbour(street)
        self._sandbox.write(
            CHAT_PEERS + street.chat_id,
            who,
            "Добрый день!",
            reply_to=reply_to,
            community=self._community,
        )
        self.truth.messages[street.chat_id] += 1

    def _vote(self, street: Street) -> None:
        who, voice = self._neighbour(street), self._dice.choice(["for", "against"])
        while not self._minds_change and who in self.truth.voices.get(street.question_id, {}):
            street = self._dice.choice(self._streets)
            who = self._neighbour(street)
        payload = Press(Room.QUESTIONS, voice, street.question_id).payload
        peer = CHAT_PEERS + street.chat_id
        self._sandbox.forge(peer, street.card_cmid, who, payload, community=self._community)
        self.truth.voices.setdefault(street.question_id, {})[who] = voice

    def _join(self, street: Street) -> None:
        self._newcomers += 1
        self._sandbox.join(street.link, self._newcomers)
        self.truth.joined[street.chat_id] += 1

    def _help(self, _: Street) -> None:
        self._newcomers += 1
        who = self._newcomers
        self._sandbox.communities[self._community].consent[who] = True
        self._sandbox.write(who, who, "помощь", community=self._community)
        self.truth.helped.append(who)

    def _neighbour(self, street: Street) -> int:
        return first_of(street.chat_id) + self._dice.randrange(NEIGHBOURS)


def first_of(chat_id: int) -> int:
    """Return the first of those who are in a chat from the beginning."""
    return 100_000 + 100 * chat_id
