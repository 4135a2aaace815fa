"""A town whose coordination chat is looked after: our table, a community of the sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from coordination.desk import Desk
from coordination.keep_members import Look, keep_members
from housechats.adapters.chats import DynamoChats
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.adapters.vk import VkChats
from housechats.domain.addresses import Address
from housechats.domain.coordination import CoordinationChat
from housechats.domain.houses import House, code_of
from housechats.domain.people import Elder, Post, Role
from housechats.domain.territories import Territory
from local.vk.switches import Switches
from support.aws_mock import aws, new_table
from support.fakes import FakeCatalogue, FakeCommunities, FakeHouses, FakeTowns, new_community
from support.talk_door import COMMUNITY, TalkDoor

OKTMO, TOWN = "11701000", "г. Вымышленск"
KEPT_UNTIL = datetime.now(UTC) + timedelta(days=300)
"""Contacts expire by the real clock."""


@dataclass
class CoordinationTown:
    table: Table
    door: TalkDoor

    def __post_init__(self) -> None:
        self.posts = DynamoPosts(self.table)
        self.elders = DynamoElders(self.table)
        self.houses = DynamoHouses(self.table)
        self.chats = DynamoChats(self.table)
        self.coordination = DynamoCoordinationChats(self.table)
        self.communities = FakeCommunities(new_community(COMMUNITY))
        self.lines = FakeHouses()
        """Of which lists tell: the same houses."""
        towns = FakeTowns()
        towns.put(OKTMO, TOWN)
        self.desk = Desk(
            coordination=self.coordination,
            chats=self.chats,
            communities=self.communities,
            catalogue=FakeCatalogue(self.lines),
            houses=self.houses,
            elders=self.elders,
            posts=self.posts,
            towns=towns,
            maker_of=lambda community: VkChats(self.door.api, community.id),
            talk_of=lambda _: self.door.talk,
            lease=timedelta(seconds=120),
            clock=self.door.clock.moment,
        )

    def house(self, number: int, elder: int = 0, *, is_open: bool = True) -> House:
        """Enrol a house with its elder, whose page has allowed messages; its chat may be open."""
        house = House(
            id=code_of(f"{number}"),
            digest=f"d{number}",
            oktmo=OKTMO,
            address=Address(locality=TOWN, street="Садовая", house=f"{number}"),
            community=COMMUNITY,
            created_at=self.door.clock.moment(),
            elder_id=self.elder(elder, code_of(f"{number}")) if elder else "",
        )
        for houses in (self.houses, self.lines):
            houses.enrol(house)
        if is_open:
            chat_id = self.door.chat(title=f"ул. Садовая, {number}")
            self.chats.remember(COMMUNITY, chat_id, house_id=house.id)
            for houses in (self.houses, self.lines):
                houses.made(house.id, chat_id=chat_id, now=self.door.clock.moment())
                houses.opened(house.id, link=self.door.at(chat_id).link, cmid=1)
        return house

    def elder(self, vk_id: int, house_id: str) -> str:
        elder_id = f"e-{vk_id}"
        elder = Elder("Вымыслова Марфа", vk_id=vk_id)
        self.elders.put(elder_id, elder, until=KEPT_UNTIL, house_ids={house_id})
        self.door.allow(vk_id)
        return elder_id

    def replace_elder(self, house: House, vk_id: int) -> None:
        """Have a house handed over to somebody else."""
        before = self.houses.get(house.id)
        assert before
        after = replace(before, elder_id=self.elder(vk_id, house.id), revision=before.revision + 1)
        assert self.houses.amend(before, after) is None

    def official(self, vk_id: int, role: Role = Role.STAFF, oktmo: str = OKTMO) -> Post:
        inn = "2901000017" if role == Role.REPRESENTATIVE else ""
        now = self.door.clock.moment()
        post = Post(vk_id, role, Territory(oktmo), now, "operator", inn)
        self.posts.give(post)
        self.door.allow(vk_id)
        return post

    def look(self, *, after: timedelta = timedelta()) -> list[Look]:
        """Have the hourly look at everything, some time later."""
        self.door.wait(after)
        return [*keep_members(desk=self.desk, has_time=lambda: True)]

    def kept(self, number: int = 1) -> CoordinationChat:
        chat = self.coordination.get(f"{OKTMO}-{number}")
        assert chat
        return chat

    def members(self, number: int = 1) -> set[int]:
        return self.door.members(self.kept(number).chat_id)

    def join(self, vk_id: int, number: int = 1) -> None:
        self.door.join(self.kept(number).chat_id, vk_id)

    def invitations(self, vk_id: int) -> list[str]:
        return [text for text in self.door.told_texts(vk_id) if "координационный чат" in text]


@contextmanager
def coordination_town(switches: Switches | None = None) -> Iterator[CoordinationTown]:
    with aws():
        door = TalkDoor(switches=switches or Switches())
        yield CoordinationTown(new_table("houses"), door)
