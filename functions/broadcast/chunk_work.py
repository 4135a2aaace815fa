"""A claimed chunk in a worker's hands: what is known of each of its chats by now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from broadcast.mailing import Mailing
from housechats.domain.receipts import FLOOD, NOT_SENT, ChunkReceipts, Recipient
from housechats.ports.broadcasts import ChunkClaim
from housechats.ports.mailings import Outcome, Refused, Sent, Waits

WAITS_AT_MOST = timedelta(days=1)
"""How long a chat is waited for that VK does not take: its broadcast is to end some day."""


@dataclass(slots=True)
class ChunkWork:
    """Chats go by their positions."""

    mailing: Mailing
    chats: Sequence[Recipient]
    before: ChunkReceipts
    """The receipts as the claim found them."""
    begun_at: datetime
    """When somebody may first have sent to what was left then."""
    cmids: dict[int, int]
    failures: dict[int, str]
    waits: dict[int, datetime]
    replied: set[int]
    pinned: set[int] = field(default_factory=set)
    """Of those that this worker knows to be sent."""
    doubt: set[int] = field(default_factory=set)
    """Chats of which nobody knows whether something was sent to them."""
    unforeseen: list[Exception] = field(default_factory=list)
    """What went wrong beside what was sent, and is to rise when that is noted."""

    @classmethod
    def of(
        cls, mailing: Mailing, chats: Sequence[Recipient], claim: ChunkClaim, now: datetime
    ) -> "ChunkWork":
        before = claim.receipts
        again_at = before.again_at
        waits = dict.fromkeys(before.waits, again_at) if again_at and again_at > now else {}
        work = cls(
            mailing=mailing,
            chats=chats,
            before=before,
            begun_at=before.begun_at or now,
            cmids=dict(before.cmids),
            failures=dict(before.failures),
            waits=waits,
            replied=set(before.replied),
        )
        if claim.again:
            work.doubt.update(work.open)
        return work

    def aside(self) -> "ChunkWork":
        """Return work at the same chats of which nothing is known and nothing will be noted."""
        return replace(
            self, cmids={}, failures={}, waits={}, replied=set(), pinned=set(), doubt=set()
        )

    @property
    def open(self) -> list[int]:
        """Positions that are to be worked on."""
        known = self.cmids.keys() | self.failures.keys() | self.waits.keys()
        return [position for position in range(len(self.chats)) if position not in known]

    @property
    def sent(self) -> list[int]:
        """Positions of which this worker has learnt that they are sent."""
        return [position for position in self.cmids if position not in self.before.cmids]

    @property
    def failed(self) -> list[int]:
        return [
            position
            for position, code in self.failures.items()
            if position not in self.before.failures and code != NOT_SENT
        ]

    @property
    def not_sent(self) -> int:
        """How many chats this worker has learnt to have nothing to do in."""
        codes = [c for n, c in self.failures.items() if n not in self.before.failures]
        return codes.count(NOT_SENT)

    def note(self, position: int, outcome: Outcome) -> None:
        """Note what became of a chat for good, or until its wait is over."""
        self.doubt.discard(position)
        if isinstance(outcome, Sent):
            self.cmids[position] = outcome.cmid
        elif isinstance(outcome, Refused):
            self.failures[position] = outcome.code
        elif isinstance(outcome, Waits):
            self.waits[position] = outcome.until
        else:
            raise TypeError(f"nothing is known by {outcome}")

    def texts(self, positions: Collection[int]) -> dict[int, str]:
        """Return what is said to chats, by their numbers."""
        message = self.mailing.message
        if message is None:
            return {self.chats[position].chat_id: "" for position in positions}
        if not message.personal:
            text = message.said_to(house_id="", title="")
            return {self.chats[position].chat_id: text for position in positions}
        return {
            (chat := self.chats[position]).chat_id: message.said_to(
                house_id=chat.house_id, title=chat.title
            )
            for position in positions
        }

    def give_up(self, now: datetime) -> None:
        """Wait no longer for chats with which VK has asked us to wait time after time."""
        since = self.before.waits_since
        if since and now - since >= WAITS_AT_MOST:
            for position in [*self.waits]:
                del self.waits[position]
                self.note(position, Refused(FLOOD, ""))

    def done(self, now: datetime) -> ChunkReceipts:
        """Return the receipts when all chats but those that wait are through."""
        return replace(self._receipts(), begun_at=None, finished_at=now)

    def given_back(self) -> ChunkReceipts:
        """Return the receipts with what is done.

        What is left is as good as never begun, or in doubt: then it is looked for before anything
        is sent again.
        """
        begun_at = self.begun_at if self.doubt else None
        return replace(self._receipts(), begun_at=begun_at, finished_at=None)

    def _receipts(self) -> ChunkReceipts:
        unpinned = set(self.sent) - self.pinned if self.mailing.broadcast.pin else set()
        return replace(
            self.before,
            cmids=self.cmids,
            failures=self.failures,
            waits=frozenset(self.waits),
            again_at=min(self.waits.values(), default=None),
            waits_since=self._waits_since(),
            replied=frozenset(self.replied),
            unpinned=self.before.unpinned | unpinned,
        )

    def _waits_since(self) -> datetime | None:
        """Return since when some chats wait: what was given back meanwhile waits on."""
        if self.waits:
            return self.before.waits_since or self.begun_at
        return self.before.waits_since if self.open else None
