"""Everything that arrived and what came of it: the judge of whether things happened once."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from local.vk.conversations import CHAT_PEERS, Message
from local.vk.pace import Busiest


@dataclass(slots=True)
class Arrival:
    """One call. `code` is 0 when VK did it; `answered` is whether the caller got to know.

    `inner` calls came inside an `execute`; `counted` ones count against the pace.
    """

    at: float
    community: int | None
    method: str
    params: dict[str, str]
    inner: bool = False
    counted: bool = True
    code: int = 0
    answered: bool = True
    effects: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CreatedChat:
    at: float
    community: int
    chat_id: int
    peer_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A change of who is in a chat: `joined`, `left` or `removed`."""

    at: float
    community: int
    peer_id: int
    member_id: int
    change: str


class Journal:
    def __init__(self) -> None:
        self.entries: list[Arrival] = []
        self.memberships: list[Membership] = []
        self._created: list[CreatedChat] = []
        self._sent: dict[tuple[int, int], list[Message]] = {}
        self._sums = _Sums()

    def arrive(self, arrival: Arrival) -> Arrival:
        self.entries.append(arrival)
        return arrival

    def chat_created(self, chat: CreatedChat) -> None:
        self._created.append(chat)

    def message_sent(self, community: int, message: Message) -> None:
        self._sent.setdefault((community, message.peer_id), []).append(message)

    def membership(self, change: Membership) -> None:
        self.memberships.append(change)

    def arrivals(self, community: int | None = None) -> list[Arrival]:
        """Give what came over the wire, without the calls inside an `execute`."""
        return [
            entry
            for entry in self.entries
            if not entry.inner and community in {None, entry.community}
        ]

    def calls(self, method: str) -> list[Arrival]:
        """Give every call of a method, those inside an `execute` among them."""
        return [entry for entry in self.entries if entry.method == method]

    def created_chats(self, community: int | None = None) -> list[CreatedChat]:
        return [chat for chat in self._created if community in {None, chat.community}]

    def messages(self, peer_id: int, community: int | None = None) -> list[Message]:
        """Give what communities have sent to a chat or a person, oldest first."""
        return [
            message
            for (sender, peer), messages in self._sent.items()
            if peer == peer_id and community in {None, sender}
            for message in messages
        ]

    def all_messages(self) -> list[Message]:
        return [message for messages in self._sent.values() for message in messages]

    def deliveries(self, since: float = 0) -> dict[str, object]:
        """Count what communities have sent to chats since a moment: the judge of once-ness.

        `doubles` are messages over one with the same number in a chat, `same_text` with the same
        text, whatever their numbers; `times` tells when the first and the last of a number came.
        """
        numbers: Counter[int] = Counter()
        chats: Counter[tuple[int, int]] = Counter()
        once: set[tuple[int, int, int]] = set()
        texts: set[tuple[int, int, str]] = set()
        times: dict[int, tuple[float, float]] = {}
        for chat, messages in self._sent.items():
            for message in messages:
                if chat[1] <= CHAT_PEERS or message.date < since:
                    continue
                numbers[message.random_id] += 1
                chats[chat] += 1
                once.add((*chat, message.random_id))
                texts.add((*chat, message.text))
                first, last = times.get(message.random_id, (message.date, message.date))
                times[message.random_id] = (min(first, message.date), max(last, message.date))
        return {
            "messages": numbers.total(),
            "chats": len(chats),
            "most_per_chat": max(chats.values(), default=0),
            "doubles": numbers.total() - len(once),
            "same_text": numbers.total() - len(texts),
            "by_random_id": dict(numbers),
            "times": times,
        }

    def errors(self, code: int) -> int:
        return sum(entry.code == code for entry in self.entries)

    def busiest_second(self, community: int | None = None) -> int:
        """Give the most calls that arrived for one community in any sliding second."""
        busy: dict[int | None, Busiest] = defaultdict(Busiest)
        for entry in self.entries:
            if entry.counted and community in {None, entry.community}:
                busy[entry.community].add(entry.at)
        return max((one.most for one in busy.values()), default=0)

    def summary(self) -> dict[str, object]:
        """Give the numbers the page shows each second; counts only what is new since last time."""
        self._sums.take(self.entries)
        return {
            **self._sums.view(),
            "chats": len(self._created),
            "messages": sum(len(messages) for messages in self._sent.values()),
        }


class _Sums:
    def __init__(self) -> None:
        self._read = 0
        self._arrivals = 0
        self._unanswered = 0
        self._methods: Counter[str] = Counter()
        self._codes: Counter[int] = Counter()
        self._busy: dict[int | None, Busiest] = defaultdict(Busiest)

    def take(self, entries: list[Arrival]) -> None:
        for entry in entries[self._read :]:
            self._arrivals += not entry.inner
            self._unanswered += not entry.answered
            self._methods[entry.method] += 1
            if entry.code:
                self._codes[entry.code] += 1
            if entry.counted:
                self._busy[entry.community].add(entry.at)
        self._read = len(entries)

    def view(self) -> dict[str, object]:
        return {
            "arrivals": self._arrivals,
            "methods": dict(self._methods.most_common()),
            "errors": {str(code): number for code, number in sorted(self._codes.items())},
            "unanswered": self._unanswered,
            "busiest_second": max((one.most for one in self._busy.values()), default=0),
        }
