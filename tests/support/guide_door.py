"""The bot with an elder who is guided: what they do goes in, the sweep comes every minute."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot import guide, on_due
from housechats.domain.addresses import Address
from housechats.domain.guides import Guide, GuidedHouse, told
from housechats.domain.houses import ChatState, House
from housechats.domain.zones import zone_of
from local.vk.conversations import Message
from support.bot_door import ELDER, ELDER_ID, OKTMO, BotDoor
from support.fakes import FakeQueue
from support.lambda_context import CONTEXT


@dataclass
class GuideDoor(BotDoor):
    posters: FakeQueue = field(default_factory=FakeQueue)

    def open(self, monkeypatch: pytest.MonkeyPatch) -> "GuideDoor":
        super().open(monkeypatch)
        desk = self._guide_desk()
        monkeypatch.setattr(on_due, "wired", lambda: desk)
        return self

    def _guide_desk(self) -> guide.Desk:
        talking = self._talking
        return replace(super()._guide_desk(), posters=self.posters, talk_of=lambda _: talking)

    # The elder

    def instructed(self, *house_ids: str, reachable: bool = True) -> None:
        """Tell the elder of houses, as the letter does."""
        now = self.clock.moment()
        houses = [GuidedHouse(one, OKTMO, "letter", now) for one in house_ids or ("ABCDEF01",)]
        if reachable:
            self.allow(ELDER)
        there = self.guides.get(ELDER_ID)
        new = told(there, ELDER_ID, houses, community=self.community, reachable=reachable, now=now)
        assert self.guides.save(new)

    def second_house(self) -> int:
        """Give the elder one more house, and return its chat."""
        return self._one_more("ABCDEF02", "7")

    def third_house(self) -> int:
        return self._one_more("ABCDEF03", "9")

    def fourth_house(self) -> int:
        return self._one_more("ABCDEF04", "11")

    def _one_more(self, house_id: str, number: str) -> int:
        chat_id = self.chat(title=f"ул. Садовая, д. {number}")
        self.add_house(chat_id, house_id)
        house = self.houses.by_id[house_id]
        self._change(house, address=Address(street="Садовая", street_type="ул", house=number))
        return chat_id

    def replaced(self) -> None:
        """Give the house to another elder."""
        self._change(self.house, elder_id="somebody-else")

    def closed(self) -> None:
        self._change(self.house, state=ChatState.CLOSED)

    def _change(self, house: House, **changes: object) -> None:
        self.houses.by_id[house.id] = replace(house, **changes)  # type: ignore[arg-type]

    def enter(self) -> None:
        self.join(self.house_chat, ELDER)
        self.happen()

    def says(self, label: str, *, cmid: int = 0) -> str | None:
        """Press a button in the private dialog, and return what is shown."""
        press_id = self.press(0, ELDER, label, cmid=cmid)
        self.happen()
        return self.snackbar(press_id)

    # Time

    def sweep(self) -> None:
        on_due.handle({}, CONTEXT)

    def live(self, span: timedelta, *, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time pass, with the sweep coming now and then."""
        until = self.clock.moment() + span
        while self.clock.moment() < until:
            self.wait(step)
            self.sweep()

    # What came of it

    @property
    def guided(self) -> Guide:
        return self.guides.by_elder[ELDER_ID]

    def heard(self) -> list[str]:
        """Return what the elder was told, as its first lines."""
        return [text.partition("\n")[0] for text in self.told_texts(ELDER)]

    def heard_at(self) -> list[datetime]:
        """Return when, by the clock where the house stands."""
        zone = zone_of(OKTMO)
        return [datetime.fromtimestamp(one.date, zone) for one in self.told(ELDER)]

    def last(self) -> Message:
        return self.told(ELDER)[-1]

    def labels(self, message: Message) -> list[str]:
        rows = (message.keyboard or {}).get("buttons", [])
        return [key["action"]["label"] for row in rows for key in row]


def pauses(moments: list[datetime]) -> list[timedelta]:
    return [after - before for before, after in pairwise(moments)]
