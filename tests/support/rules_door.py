"""The API of templates and rules of broadcasts, on a table in this process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from broadcast import api
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.gate import open_gate
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.templates import DynamoTemplates
from housechats.domain.addresses import Address
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from support.aws_mock import aws, new_table
from support.fakes import FakeCatalogue, FakeHouses
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT
from support.organisation_fakes import FakeCards

ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE, REPRESENTATIVE, NOBODY = 1, 2, 3, 4, 5, 6
REGION, OKTMO, OTHER_OKTMO = "11", "11701000", "46605000"
COSY, HOME = "2901000017", "2901000024"
"""Whose representative there is, and another organisation of the town."""


@dataclass
class RulesDoor:
    cards: FakeCards
    houses: FakeHouses

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = ADMINISTRATOR,
        if_match: str = "",
    ) -> tuple[int, Any, str]:
        """Return the status, the body and the validator of the answer."""
        event = http_event(method, path, vk_id=vk_id, vk_ts=time.time(), body=body)
        event["headers"] |= {"if-match": if_match} if if_match else {}
        answer = api.handle(event, CONTEXT)
        told = body_of(answer) if answer.get("body") else None
        return answer["statusCode"], told, answer["headers"].get("ETag", "")

    def name(self, inn: str, oktmo: str = OKTMO) -> None:
        """Have an organisation known in a town."""
        self.cards.add(OrganisationCard(inn, OrganisationKind.MANAGEMENT_COMPANY, "Уют", oktmo))

    def attach(self, inn: str, oktmo: str) -> None:
        """Have an organisation answer for a house of a town."""
        address = Address(locality="г. Вымышленск", street_type="ул", street="Лесная", house="1")
        digest = digest_of(oktmo, address)
        house = House(code_of(digest), digest, oktmo, address, 7, datetime.now(UTC))
        kinds = {inn: OrganisationKind.MANAGEMENT_COMPANY}
        self.houses.enrol(replace(house, organisations=kinds))


@contextmanager
def rules_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[RulesDoor]:
    with aws():
        table = new_table("houses")
        posts = DynamoPosts(table)
        for vk_id, role, oktmo, inn in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO, ""),
            (OF_REGION, Role.ADMINISTRATOR, REGION, ""),
            (STAFF, Role.STAFF, OKTMO, ""),
            (ELSEWHERE, Role.ADMINISTRATOR, OTHER_OKTMO, ""),
            (REPRESENTATIVE, Role.REPRESENTATIVE, OKTMO, COSY),
        ]:
            posts.give(Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator", inn))
        gate = open_gate(table, elder_key="a key", launch_hours=24, changes_a_minute=100_000)
        door = RulesDoor(FakeCards(), FakeHouses())
        doors = SimpleNamespace(
            gate=gate,
            cards=door.cards,
            catalogue=FakeCatalogue(door.houses),
            templates=DynamoTemplates(table),
            rules=DynamoRulebook(table),
        )
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield door
