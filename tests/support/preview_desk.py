"""What previews of broadcasts are made with, in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from broadcast.kept_previews import KeptPreview
from broadcast.preview import Desk, preview
from broadcast.wish import Wish
from housechats.domain.access import Caller
from housechats.domain.address_reading import parse
from housechats.domain.audiences import AllHouses, Part
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.forecast import Standing
from housechats.domain.houses import ChatState, House, code_of, digest_of
from housechats.domain.messages import Message
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.jobs import Jobs
from support.broadcast_fakes import FakeAudiences, FakeBroadcasts, FakeMessages, FakeReceipts
from support.broadcast_texts_fakes import FakeRulebook
from support.coordination_fakes import FakeCoordinationChats
from support.fakes import (
    FakeCatalogue,
    FakeCommunities,
    FakeFiles,
    FakeHouses,
    FakeQueue,
    FakeTowns,
    new_community,
)
from support.renewal_fakes import FakeResidents

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""A Tuesday in Архангельск, 12 o'clock: no quiet hours."""
OKTMO, REGION = "11701000", "11"
COSY = "2901000001"
FIRST, SECOND = 7, 8
"""Communities."""
STAFF = Caller(1, (Post(1, Role.STAFF, Territory(OKTMO), NOON, "operator"),))


class FakePaces:
    def __init__(self) -> None:
        self.known: dict[int, Standing] = {}

    def standing(self, communities: Iterable[int]) -> dict[int, Standing]:
        return {one: self.known[one] for one in communities if one in self.known}


@dataclass
class PreviewTown:
    """A town whose houses broadcasts are for; jobs are of the table."""

    jobs: Jobs
    houses: FakeHouses = field(default_factory=FakeHouses)
    towns: FakeTowns = field(default_factory=FakeTowns)
    coordination: FakeCoordinationChats = field(default_factory=FakeCoordinationChats)
    rules: FakeRulebook = field(default_factory=FakeRulebook)
    broadcasts: FakeBroadcasts = field(default_factory=FakeBroadcasts)
    audiences: FakeAudiences = field(default_factory=FakeAudiences)
    receipts: FakeReceipts = field(default_factory=FakeReceipts)
    messages: FakeMessages = field(default_factory=FakeMessages)
    paces: FakePaces = field(default_factory=FakePaces)
    files: FakeFiles = field(default_factory=FakeFiles)
    work: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.communities = FakeCommunities(
            new_community(FIRST, REGION), new_community(SECOND, REGION)
        )
        self.residents = FakeResidents(self.houses)
        self.towns.put(OKTMO, "г. Архангельск")

    @property
    def desk(self) -> Desk:
        return Desk(
            catalogue=FakeCatalogue(self.houses),
            houses=self.houses,
            towns=self.towns,
            coordination=self.coordination,
            communities=self.communities,
            residents=self.residents,
            rules=self.rules,
            broadcasts=self.broadcasts,
            audiences=self.audiences,
            receipts=self.receipts,
            messages=self.messages,
            paces=self.paces,
            files=self.files,
            jobs=self.jobs,
        )

    def build(self, number: int | str, **changes: Any) -> House:
        """Build a house with an open chat of five residents, or as told."""
        address, _ = parse(f"г. Архангельск, ул. Мира, д. {number}")
        assert address
        digest = digest_of(OKTMO, address)
        usual = House(
            code_of(digest),
            digest,
            OKTMO,
            address,
            FIRST,
            NOON - timedelta(days=30),
            state=ChatState.OPEN,
            chat_id=len(self.houses.by_id) + 1,
            residents=5,
        )
        house: House = replace(usual, **changes)
        self.houses.enrol(house)
        return house

    def preview(self, wish: Wish, *, caller: Caller = STAFF, now: datetime = NOON) -> KeptPreview:
        return preview(wish, caller=caller, desk=self.desk, work=self.work, now=now)


def wish(*parts: Part, text: str = "Завтра не будет воды.", **changes: Any) -> Wish:
    """Return a wish of news for all houses, or as told."""
    usual = Wish(
        id="0123456789abcdef",
        by="vk:1",
        oktmo=OKTMO,
        inn="",
        parts=parts or (AllHouses(),),
        lane=BroadcastLane.NEWS,
        message=Message("Официально · Администрация города · Новости", text),
    )
    return replace(usual, **changes)
