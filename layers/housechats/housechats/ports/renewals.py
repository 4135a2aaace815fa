"""Chats kept alike: what a chat in the messenger says is what its house says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.houses import House


@dataclass(frozen=True, slots=True)
class RenewalClaim:
    """What a try to renew a chat found: the house as it was, and whether the lease is ours."""

    house: House
    ours: bool
    again: bool = False
    """Whether an earlier try for the same revision may have done some of it."""


class Renewals(Protocol):
    """Keeps which chats do not say yet what their houses say."""

    def claim(self, house_id: str, *, now: datetime, lease_until: datetime) -> RenewalClaim | None:
        """Take the lease if the house is outdated, and nobody else has it; None: no such house."""

    def renewed(self, house: House, *, link: str, cmid: int) -> bool:
        """Note that the chat says what the house said when it was claimed; a lost one is open.

        False, and the lease is given back, when the house was changed meanwhile.
        """

    def refused(self, house: House, *, link: str, cmid: int, reason: str) -> bool:
        """Note what of the chat could not be renewed for good; else as `renewed`.

        Without a message, `cmid` 0, a lost one stays lost.
        """

    def lost(self, house: House, *, code: str, reason: str) -> None:
        """Note that the chat is out of reach, with a code of FAILURES: people decide."""

    def wait(self, house: House, *, until: datetime) -> None:
        """End the lease, and have it tried again at a time."""

    def again(self, house: House, *, now: datetime) -> bool:
        """Have an outdated chat renewed at once, as a person decided; False if it is not."""

    def due(self, now: datetime, *, limit: int) -> dict[str, int]:
        """Return some houses whose chats are to be renewed by now: by ids, their hand-overs.

        These are counted anew when the house is changed, when it waits, and when a person decides.
        """

    def handed_over(self, house_id: str, *, until: datetime) -> None:
        """Count a hand-over, and keep the house from being due before a time."""

    def give_up(self, house_id: str, *, reason: str, now: datetime) -> None:
        """Leave a due chat behind its house, until the house is changed or a person decides."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a chat is to say."""

    title: str
    text: str
    """Of the message that is pinned."""
    cmid: int
    """Which message is to say it; 0: a new one."""
    random_id: int
    """Of a new one."""
    new_link: bool = False
    """Whether the present invite link is to die."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of it."""

    link: str
    cmid: int
    refusal: str = ""
    """What the messenger says no to for good, the rest is done: a Russian sentence."""


class ChatRenewer(Protocol):
    """Makes chats say what they should: the messenger's side."""

    def renew(self, chat_id: int, saying: Saying) -> Said:
        """Give title and link, edit the message or send a new one, and pin it.

        RefusedError when there is no such chat for us any more. All of it may be repeated; a new
        message is recognised by its random_id for an hour.
        """

    def sent(self, chat_id: int, *, text: str, random_id: int) -> int:
        """Return the number of our message with that random_id; 0 if it is not there.

        Where the messenger does not show the random_id, the text tells.
        """
