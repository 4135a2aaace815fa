"""The API of broadcasts on a table and files in this process; what is handed over, in memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcast import api, seed
from broadcast.routes.router import Doors
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.broadcasts import Broadcast
from housechats.domain.houses import ChatState, House, code_of, digest_of
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.quiet_hours import QuietHours, Window
from housechats.domain.territories import Territory
from housechats.domain.zones import zone_of
from support.aws_mock import aws, new_bucket, new_table
from support.broadcast_fakes import FakeStarts
from support.fakes import FakeQueue, new_community
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE, REPRESENTATIVE, COLLEAGUE = 1, 2, 3, 4, 5, 6
ELDER, NOBODY = 77, 99
OKTMO, OTHER_OKTMO = "11701000", "11605000"
COSY, HOME = "2901000017", "2901000024"
COMMUNITY = 7
COMPANY = OrganisationKind.MANAGEMENT_COMPANY


@dataclass
class BroadcastDoor:
    doors: Doors
    table: Table
    deliveries: FakeQueue
    emergencies: FakeQueue
    work: FakeQueue
    starts: FakeStarts

    def answer(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = STAFF,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        event = http_event(method, path, vk_id=vk_id, vk_ts=time.time(), query=query, body=body)
        event["headers"] |= headers or {}
        answered: dict[str, Any] = api.handle(event, CONTEXT)
        return answered

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        """Return the status and the body of the answer."""
        answered = self.answer(method, path, body, **how)
        return answered["statusCode"], body_of(answered) if answered.get("body") else None

    def house(self, number: int, oktmo: str = OKTMO, *, opened: bool = True, **said: Any) -> House:
        """Enrol a house whose chat is open, and have lists show it."""
        address = Address(
            locality="г. Архангельск", street_type="ул", street="Садовая", house=str(number)
        )
        digest = digest_of(oktmo, address)
        now = datetime.now(UTC)
        house = House(code_of(digest), digest, oktmo, address, COMMUNITY, now)
        house = replace(house, **said)
        houses = self.doors.houses
        houses.enrol(house)
        if opened:
            houses.claim_opening(house.id, now=now, lease_until=now + timedelta(seconds=120))
            houses.made(house.id, chat_id=number, now=now)
            houses.opened(house.id, link=f"https://vk.me/join/{number}", cmid=1)
        self.announce(house.id)
        return house

    def announce(self, house_id: str) -> None:
        """Have lists show a house as it is."""
        there = self.doors.houses.get(house_id)
        assert there
        self.doors.houses.announce([there])
        self.doors.catalogue.forget()

    def close(self, house: House) -> None:
        """Have a house's chat closed, as lists show it."""
        there = self.doors.houses.get(house.id)
        assert there
        closed = replace(there, state=ChatState.CLOSED, revision=there.revision + 1)
        assert self.doors.houses.amend(there, closed) is None
        self.announce(house.id)

    def detach(self, house: House) -> None:
        """Have no organisation answer for a house any more, as lists show it."""
        there = self.doors.houses.get(house.id)
        assert there
        after = replace(there, organisations={}, revision=there.revision + 1)
        assert self.doors.houses.amend(there, after) is None
        self.announce(house.id)

    def preview(self, *, vk_id: int = STAFF, **said: Any) -> Any:
        """Look at a message that names no more than what is said."""
        status, told = self.ask("POST", "/broadcasts/previews", wished(**said), vk_id=vk_id)
        assert status == 201, told
        return told["preview"]

    def confirm(self, *, vk_id: int = STAFF, reason: str = "", **said: Any) -> Any:
        """Preview and confirm a message."""
        token = self.preview(vk_id=vk_id, **said)["token"]
        body = {"token": token, "reason": reason}
        status, card = self.ask("POST", "/broadcasts", body, vk_id=vk_id)
        assert status == 202, card
        return card

    def kept(self, broadcast_id: str) -> Broadcast:
        one = self.doors.broadcasts.get(broadcast_id)
        assert one
        return one

    def become(self, one: Broadcast) -> Broadcast:
        """Have a broadcast become what workers would make of it."""
        after = replace(one, revision=self.kept(one.id).revision + 1)
        assert self.doors.broadcasts.recount(after)
        return after

    def rule(self, *, quiet_now: bool = False, second_person_above: int = 1000) -> None:
        """Set the rules of the town: whatever the clock says, it is quiet now, or it is not."""
        begins = datetime.now(zone_of(OKTMO)) + timedelta(hours=-1 if quiet_now else 6)
        window = Window(begins.time(), (begins + timedelta(hours=2)).time())
        rules = self.doors.rules
        there = next((one for one in rules.of_region("11") if one.oktmo == OKTMO), None)
        revision = there.revision + 1 if there else 1
        quiet = QuietHours(window, window)
        assert rules.put(
            TerritoryRules(OKTMO, quiet, second_person_above, "Администрация", revision=revision)
        )


def wished(**said: Any) -> dict[str, Any]:
    """Return what a person asks for who wants all houses of the town to know of an outage."""
    usual = {
        "parts": [{"kind": "all"}],
        "lane": "planned",
        "text": "Завтра с 10 до 12 не будет воды.",
        "oktmo": OKTMO,
    }
    return {name: value for name, value in (usual | said).items() if value is not None}


@contextmanager
def broadcast_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[BroadcastDoor]:
    with aws():
        table = new_table("houses")
        posts = DynamoPosts(table)
        for vk_id, role, oktmo, inn in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO, ""),
            (OF_REGION, Role.ADMINISTRATOR, "11", ""),
            (STAFF, Role.STAFF, OKTMO, ""),
            (COLLEAGUE, Role.STAFF, OKTMO, ""),
            (ELSEWHERE, Role.ADMINISTRATOR, OTHER_OKTMO, ""),
            (REPRESENTATIVE, Role.REPRESENTATIVE, OKTMO, COSY),
        ]:
            posts.give(Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator", inn))
        for name, value in {
            "TABLE": "houses",
            "LISTS_BUCKET": new_bucket("lists"),
            "BROADCASTS_BUCKET": new_bucket("broadcasts"),
            "STARTS_QUEUE_URL": "https://queue.invalid/starts",
            "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:123456789012:starts",
            "SCHEDULES_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
            "SCHEDULES_GROUP": "broadcasts",
            "DELIVERIES_QUEUE_URL": "https://queue.invalid/deliveries",
            "EMERGENCIES_QUEUE_URL": "https://queue.invalid/emergencies",
            "BROADCAST_JOBS_QUEUE_URL": "https://queue.invalid/work",
            "LEASE_SECONDS": "120",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        DynamoCommunities(table).connect(new_community(COMMUNITY, "11"), instead_of=None)
        deliveries, emergencies, work, starts = FakeQueue(), FakeQueue(), FakeQueue(), FakeStarts()
        real = wired()
        desk = seed.Desk(
            broadcasts=real.broadcasts,
            receipts=real.receipts,
            audiences=real.audiences,
            queues=seed.Queues(deliveries, emergencies),
            lease=timedelta(seconds=120),
        )
        doors = replace(
            real,
            work=work,
            starts=starts,
            seed=lambda one: seed.seed(one, desk=desk, now=datetime.now(UTC)),
        )
        monkeypatch.setattr(api, "wired", lambda: doors)
        door = BroadcastDoor(doors, table, deliveries, emergencies, work, starts)
        _name_companies(door)
        door.rule()
        yield door
        wired.cache_clear()


def _name_companies(door: BroadcastDoor) -> None:
    for inn, name in [(COSY, "УК «Уют»"), (HOME, "УК «Дом»")]:
        DynamoAttachments(door.table).introduce(
            Organisation(COMPANY, name, inn), oktmo=OKTMO, now=datetime.now(UTC)
        )
