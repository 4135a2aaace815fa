"""The API of organisations on a table in this process, with its workers behind it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from housechats.adapters.files import S3Files
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.scans import DynamoScans
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from organisations import api
from organisations.export_companies import Desk as ExportDesk
from organisations.export_companies import export_companies
from organisations.mature import mature
from organisations.routes.router import Doors
from organisations.work_chunk import Desk, work_chunk
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import FakeQueue
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE, REPRESENTATIVE = 1, 2, 3, 4, 5
OKTMO, OTHER_OKTMO = "11701000", "11605000"
COSY, HOME, HEAT = "2901000017", "2901000024", "2901000031"
COMPANY, UTILITY = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY


@dataclass
class OrganisationsDoor:
    doors: Doors
    table: Table
    files: S3Files
    chunks: FakeQueue
    exports: FakeQueue

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = ADMINISTRATOR,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Return the status and the body of the answer."""
        event = http_event(method, path, vk_id=vk_id, vk_ts=time.time(), query=query, body=body)
        event["headers"] |= headers or {}
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer) if answer.get("body") else None

    def add(self, inn: str, name: str, *, vk_id: int = ADMINISTRATOR) -> Any:
        new = {"inn": inn, "kind": COMPANY, "name": name}
        status, card = self.ask("POST", "/organisations", new, vk_id=vk_id)
        assert status in {200, 201}, card
        return card

    def house(self, number: int, oktmo: str = OKTMO, **said: Any) -> House:
        """Enrol a house, and have lists show it."""
        address = Address(
            locality="г. Архангельск", street_type="ул", street="Садовая", house=str(number)
        )
        digest = digest_of(oktmo, address)
        house = House(code_of(digest), digest, oktmo, address, 7, datetime.now(UTC))
        house = replace(house, **said)
        self.doors.houses.enrol(house)
        self.doors.houses.announce([house])
        self.doors.catalogue.forget()
        return house

    def attach(self, house: House, inn: str, kind: OrganisationKind = COMPANY, **said: str) -> Any:
        body = {"inn": inn, "kind": kind, **said}
        return self.ask("POST", f"/houses/{house.id}/organisations", body)

    def carried(self, house: House) -> dict[str, OrganisationKind]:
        """Return the organisations of a house as it is now."""
        there = self.doors.houses.get(house.id)
        assert there
        return dict(there.organisations)

    def work(self) -> None:
        """Have the parts of jobs worked that were handed over."""
        desk = Desk(self.doors.jobs, self.doors.houses, self.doors.attachments)
        for body in self.chunks.take():
            part: dict[str, Any] = dict(body)
            work_chunk(part["job_id"], part["chunk"], desk=desk, now=datetime.now(UTC))
        self.doors.catalogue.forget()

    def sweep(self, now: datetime) -> int:
        """Have begin and end what is due, as happens every minute."""
        houses, attachments = self.doors.houses, self.doors.attachments
        done = mature(houses=houses, attachments=attachments, now=now)
        self.doors.catalogue.forget()
        return done

    def write_exports(self) -> None:
        """Have the workbooks written that were asked for."""
        desk = ExportDesk(
            jobs=self.doors.jobs,
            catalogue=self.doors.catalogue,
            houses=self.doors.houses,
            instructions=DynamoInstructions(self.table),
            scans=DynamoScans(self.table),
            cards=self.doors.cards,
            towns=self.doors.towns,
            files=self.files,
        )
        for body in self.exports.take():
            export_companies(str(body["job_id"]), desk=desk, now=datetime.now(UTC))


@contextmanager
def organisations_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[OrganisationsDoor]:
    with aws():
        table = new_table("houses")
        posts = DynamoPosts(table)
        for vk_id, role, oktmo, inn in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO, ""),
            (OF_REGION, Role.ADMINISTRATOR, "11", ""),
            (STAFF, Role.STAFF, OKTMO, ""),
            (ELSEWHERE, Role.ADMINISTRATOR, OTHER_OKTMO, ""),
            (REPRESENTATIVE, Role.REPRESENTATIVE, OKTMO, COSY),
        ]:
            post = Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator", inn)
            posts.give(post)
        lists = new_bucket("lists")
        for name, value in {
            "TABLE": "houses",
            "LISTS_BUCKET": lists,
            "ATTACHMENTS_QUEUE_URL": "https://queue.invalid/attachments",
            "EXPORTS_QUEUE_URL": "https://queue.invalid/exports",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        chunks, exports = FakeQueue(), FakeQueue()
        doors = replace(wired(), chunks=chunks, exports=exports)
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield OrganisationsDoor(doors, table, S3Files(lists), chunks, exports)
        wired.cache_clear()
