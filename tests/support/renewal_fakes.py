"""Chats kept alike, and counted, in memory: with the conditions of the real ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from housechats.domain.errors import RefusedError
from housechats.domain.houses import ChatState, House
from housechats.ports.renewals import RenewalClaim, Said, Saying
from housechats.ports.residents import Counted
from support.fakes import FakeChatMaker, FakeHouses


class FakeRenewals:
    def __init__(self, houses: FakeHouses) -> None:
        self._houses = houses

    def claim(self, house_id: str, *, now: datetime, lease_until: datetime) -> RenewalClaim | None:
        before = self._houses.by_id.get(house_id)
        if before is None:
            return None
        held = before.lease_until is not None and before.lease_until >= now
        if not before.outdated or held:
            return RenewalClaim(before, ours=False)
        again = house_id in self._houses.renewing
        self._houses.renewing.add(house_id)
        self._change(house_id, lease_until=lease_until)
        return RenewalClaim(before, ours=True, again=again)

    def renewed(self, house: House, *, link: str, cmid: int) -> bool:
        return self._done(house, link, welcome_cmid=cmid, applied=house.revision, reason="")

    def refused(self, house: House, *, link: str, cmid: int, reason: str) -> bool:
        return self._done(house, link, welcome_cmid=cmid, reason=reason)

    def lost(self, house: House, *, code: str, reason: str) -> None:
        if self._houses.by_id[house.id].state != house.state:
            return
        if house.state == ChatState.CLOSED:
            self._end(house.id, reason=reason)
        else:
            self._end(house.id, state=ChatState.LOST, loss=code, reason=reason)

    def wait(self, house: House, *, until: datetime) -> None:
        if self._houses.by_id[house.id].state.has_chat:
            self._houses.hand_overs.pop(house.id, None)
            self._change(house.id, due_at=until, lease_until=None)

    def again(self, house: House, *, now: datetime) -> bool:
        outdated = self._houses.by_id[house.id].outdated
        if outdated:
            self._houses.hand_overs.pop(house.id, None)
            self._change(house.id, due_at=now, reason="")
        return outdated

    def due(self, now: datetime, *, limit: int) -> dict[str, int]:
        found = self._houses.due_ones(now, limit=limit, has_chat=True)
        return {house_id: self._houses.hand_overs[house_id] for house_id in found}

    def handed_over(self, house_id: str, *, until: datetime) -> None:
        if self._houses.by_id[house_id].due_at is not None:
            self._houses.hand_overs[house_id] += 1
            self._change(house_id, due_at=until)

    def give_up(self, house_id: str, *, reason: str, now: datetime) -> None:
        house = self._houses.by_id[house_id]
        is_due = house.due_at is not None and house.due_at <= now
        if house.outdated and is_due and self._houses.hand_overs.pop(house_id, 0):
            self._change(house_id, due_at=None, reason=reason)

    def _done(self, house: House, link: str, **changes: object) -> bool:
        there = self._houses.by_id[house.id]
        if (there.revision, there.state) != (house.revision, house.state):
            self._change(house.id, lease_until=None)
            return False
        if changes["welcome_cmid"] and house.state == ChatState.LOST:
            changes |= {"state": ChatState.OPEN, "loss": ""}
        self._end(house.id, **changes, **({"link": link} if link else {}))
        return True

    def _end(self, house_id: str, **changes: object) -> None:
        self._houses.renewing.discard(house_id)
        self._houses.hand_overs.pop(house_id, None)
        self._change(house_id, lease_until=None, due_at=None, **changes)

    def _change(self, house_id: str, **changes: object) -> None:
        house = self._houses.by_id[house_id]
        self._houses.by_id[house_id] = replace(house, **changes)  # type: ignore[arg-type]


class FakeChatRenewer:
    """VK's side of renewing, over the chats that a fake has made."""

    def __init__(self, maker: FakeChatMaker) -> None:
        self._maker = maker
        self.trouble: Exception | None = None
        """Raised by the next renewal, once."""
        self.editable = True
        """Whether VK lets messages be edited still."""
        self.rights = ""
        """What VK says no to in the next renewals, the rest is done."""

    def renew(self, chat_id: int, saying: Saying) -> Said:
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble
        if chat_id not in self._maker.chats:
            raise RefusedError("chat_lost", "Нет доступа к чату.")
        chat = self._maker.chats[chat_id]
        chat.title = saying.title
        if saying.new_link:
            chat.link += "x"
        number = saying.cmid if self.editable and saying.cmid <= len(chat.messages) else 0
        if number:
            chat.messages[number - 1] = saying.text
        else:
            number = self._send(chat_id, saying)
        chat.pinned = number
        return Said(chat.link, number, self.rights)

    def sent(self, chat_id: int, *, text: str, random_id: int) -> int:
        return self._maker.random_ids.get((chat_id, random_id), 0)

    def _send(self, chat_id: int, saying: Saying) -> int:
        key = (chat_id, saying.random_id)
        if key not in self._maker.random_ids:
            messages = self._maker.chats[chat_id].messages
            messages.append(saying.text)
            self._maker.random_ids[key] = len(messages)
        return self._maker.random_ids[key]


class FakeResidents:
    """Keeps numbers of residents, over houses and chats in memory."""

    def __init__(self, houses: FakeHouses) -> None:
        self._houses = houses
        self._numbers: dict[tuple[int, int], int] = {}
        self.writes: Counter[str] = Counter()
        self._begun: dict[int, datetime] = {}

    def begin(self, community: int, *, now: datetime) -> None:
        self._begun[community] = now

    def begun(self) -> dict[int, datetime]:
        return dict(self._begun)

    def of(self, community: int) -> dict[int, Counted]:
        ours = [h for h in self._houses.by_id.values() if h.chat_id and h.community == community]
        return {h.chat_id: Counted(h.id, self._numbers.get((community, h.chat_id))) for h in ours}

    def note(self, house: House, residents: int, *, elder_joined: bool, now: datetime) -> None:
        there = self._houses.by_id[house.id]
        counted = there.state in {ChatState.OPEN, ChatState.LOST}
        if counted and there.elder_id == house.elder_id:
            joined = now if elder_joined else there.elder_joined_at
            self._houses.by_id[house.id] = replace(
                there, residents=residents, residents_at=now, elder_joined_at=joined
            )
        self._numbers[house.community, house.chat_id] = residents
        self.writes[house.id] += 1

    def elder_came(self, house: House, *, now: datetime) -> None:
        there = self._houses.by_id[house.id]
        counted = there.state in {ChatState.OPEN, ChatState.LOST}
        if counted and there.elder_id == house.elder_id and not there.elder_joined_at:
            self._houses.by_id[house.id] = replace(there, elder_joined_at=now)

    def look_anew(self, house: House) -> None:
        self._numbers.pop((house.community, house.chat_id), None)


class FakeHeadcount:
    """Who is in which chat, by the chats' numbers."""

    def __init__(self, members: Mapping[int, Iterable[int]]) -> None:
        self.members = {chat_id: set(people) for chat_id, people in members.items()}
        self.asked: list[int] = []

    def count(self, chat_ids: Iterable[int]) -> dict[int, int]:
        return {n: len(self.members[n]) for n in chat_ids if n in self.members}

    def joined(self, people: Mapping[int, int]) -> set[int]:
        self.asked += people
        return {n for n, vk_id in people.items() if vk_id in self.members.get(n, ())}
