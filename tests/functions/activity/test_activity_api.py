"""Staff, representatives and elders read how lively their chats are, and nobody else's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from activity import api
from activity.close_days import Desk as ClosingDesk
from activity.close_days import close_days
from activity.count_talk import Desk, count_talk
from activity.export_activity import Desk as ExportDesk
from activity.export_activity import export_activity
from activity.routes.router import Doors
from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.adapters.catalogue import DynamoCatalogue
from housechats.adapters.chats import DynamoChats
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.adapters.towns import DynamoTowns
from housechats.domain.activity import Deed, Heard
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post, Role
from housechats.domain.territories import Territory
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import FakeQueue
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

STAFF, OF_REGION, REPRESENTATIVE, OF_TWO, ELDER, STRANGER = 1, 2, 3, 4, 77, 99
COSY, HOME = "2901000017", "2901000024"
HERE, THERE = "11701000", "11730000"
NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=2)
"""Long enough ago for its day to be over everywhere."""
OVER = NOW + timedelta(hours=1)


@dataclass
class Door:
    doors: Doors
    exports: FakeQueue
    table: Table

    def ask(self, vk_id: int, path: str = "/activity", **query: str) -> tuple[int, Any]:
        event = http_event("GET", path, vk_id=vk_id, vk_ts=time.time(), query=query)
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)

    def export(self, vk_id: int, **said: str) -> tuple[int, Any]:
        event = http_event("POST", "/activity/export", vk_id=vk_id, vk_ts=time.time(), body=said)
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)

    def hear(self, *heard: Heard) -> None:
        desk = Desk(DynamoChats(self.table), self.doors.houses, self.doors.tallies, "a key")
        told = {f"{n}": one for n, one in enumerate(heard)}
        assert not count_talk(told, desk=desk, now=YESTERDAY).left

    def close(self) -> None:
        desk = ClosingDesk(self.doors.tallies, self.doors.houses)
        close_days(desk=desk, has_time=lambda: True, now=OVER)


def house(number: int, oktmo: str, inns: list[str], elder_id: str = "") -> House:
    return House(
        id=f"ABCDEF{number:02d}",
        digest=f"d{number}",
        oktmo=oktmo,
        address=Address(locality="г. Вымышленск", street="Садовая", house=f"{number}"),
        community=7,
        created_at=NOW,
        elder_id=elder_id,
        organisations=dict.fromkeys(inns, OrganisationKind.MANAGEMENT_COMPANY),
    )


def message(chat_id: int, cmid: int, user: int = 1) -> Heard:
    return Heard(7, chat_id, YESTERDAY, cmid=cmid, user=user)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with aws():
        table = new_table("houses")
        for vk_id, role, oktmo, inn in [
            (STAFF, Role.STAFF, HERE, ""),
            (OF_REGION, Role.ADMINISTRATOR, "11", ""),
            (REPRESENTATIVE, Role.REPRESENTATIVE, HERE, COSY),
            (OF_TWO, Role.REPRESENTATIVE, HERE, COSY),
            (OF_TWO, Role.REPRESENTATIVE, HERE, HOME),
        ]:
            DynamoPosts(table).give(Post(vk_id, role, Territory(oktmo), NOW, "operator", inn))
        for name, value in {
            "TABLE": "houses",
            "ACTIVITY_EXPORTS_QUEUE_URL": "https://queue.invalid/exports",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "1000",
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        exports = FakeQueue()
        doors = replace(wired(), exports=exports)
        monkeypatch.setattr(api, "wired", lambda: doors)
        elders = DynamoElders(table)
        elders.put(
            "e-1",
            Elder("Вымыслова Марфа", vk_id=ELDER),
            until=NOW + timedelta(days=9),
            house_ids={"ABCDEF01"},
        )
        houses, chats = DynamoHouses(table), DynamoChats(table)
        for chat_id, one in enumerate(
            [house(1, HERE, [COSY], "e-1"), house(2, HERE, [HOME]), house(3, THERE, [COSY])], 1
        ):
            houses.enrol(one)
            houses.announce([one])
            chats.remember(7, chat_id, house_id=one.id)
        opened = Door(doors, exports, table)
        opened.hear(
            *(message(1, cmid, user=cmid) for cmid in range(1, 6)),
            message(2, 1),
            message(2, 2),
            message(3, 1),
            Heard(7, 1, YESTERDAY, event="a", deed=Deed.JOINED),
            Heard(7, 1, YESTERDAY, event="q", deed=Deed.QUESTION),
            Heard(7, 1, YESTERDAY, event="q", deed=Deed.ANSWER, seconds=7200),
        )
        yield opened
        wired.cache_clear()


def test_an_elder_reads_of_their_house_before_its_day_is_over(door: Door) -> None:
    status, told = door.ask(ELDER)

    assert (status, told["house"]) == (200, "ABCDEF01")
    total = told["total"]
    assert (total["messages"], total["people"], total["joined"]) == (5, 5, 1)
    assert (total["questions"], total["answers"]) == (1, 1)
    assert abs(total["answer_seconds"] - 7200) < 360
    assert told["whole_until"] == told["until"]
    assert len(told["items"]) == 30


def test_an_elder_reads_of_no_other_house(door: Door) -> None:
    assert door.ask(ELDER, house="ABCDEF02")[0] == 404
    assert door.ask(ELDER, oktmo=HERE)[0] == 422
    assert door.ask(STRANGER)[0] == 403


def test_staff_read_of_their_territory_when_its_days_are_over(door: Door) -> None:
    before = door.ask(STAFF)[1]["total"]["messages"]
    door.close()

    status, told = door.ask(STAFF, by="month")

    assert (before, status) == (0, 200)
    assert (told["oktmo"], told["total"]["messages"], told["total"]["people"]) == (HERE, 7, 6)
    assert told["whole_until"] < told["until"]
    assert sum(one["numbers"]["messages"] for one in told["items"]) == 7
    assert door.ask(OF_REGION)[1]["total"]["messages"] == 8


def test_staff_read_of_an_organisation_and_of_a_house_of_theirs_only(door: Door) -> None:
    door.close()

    assert door.ask(STAFF, inn=COSY)[1]["total"]["messages"] == 5
    assert door.ask(OF_REGION, inn=COSY)[1]["total"]["messages"] == 6
    assert door.ask(STAFF, house="abcdef02")[1]["total"]["messages"] == 2
    assert door.ask(STAFF, house="ABCDEF03")[0] == 404
    assert door.ask(STAFF, oktmo=THERE)[0] == 422


def test_a_representative_reads_of_the_houses_of_their_organisation_only(door: Door) -> None:
    door.close()

    status, told = door.ask(REPRESENTATIVE)

    assert (status, told["inn"], told["total"]["messages"]) == (200, COSY, 5)
    assert door.ask(REPRESENTATIVE, inn=HOME)[0] == 422
    assert door.ask(REPRESENTATIVE, house="ABCDEF02")[0] == 404
    assert door.ask(OF_TWO)[0] == 422
    assert door.ask(OF_TWO, inn=HOME)[1]["total"]["messages"] == 2


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"from": "2026-02-01", "to": "2026-01-01"}, id="backwards"),
        pytest.param({"from": "2024-01-01", "to": "2026-01-01"}, id="too long"),
        pytest.param({"from": "0001-01-01"}, id="long ago"),
        pytest.param({"to": "9999-12-31"}, id="never"),
        pytest.param({"inn": "12"}, id="no number of an organisation"),
        pytest.param({"by": "hour"}, id="by hours"),
    ],
)
def test_days_that_cannot_be_asked_of_are_refused(door: Door, asked: dict[str, str]) -> None:
    status, told = door.ask(STAFF, **asked)

    assert (status, told["code"]) == (422, "invalid")


def test_a_representatives_workbook_tells_of_their_houses(door: Door) -> None:
    door.close()
    files = S3Files(new_bucket("lists"))
    jobs = DynamoJobs(door.table)
    desk = ExportDesk(
        jobs=jobs,
        catalogue=DynamoCatalogue(door.table, files),
        towns=DynamoTowns(door.table),
        tallies=DynamoTallies(door.table),
        totals=DynamoTotals(door.table),
        files=files,
    )

    status, begun = door.export(REPRESENTATIVE)
    (body,) = door.exports.take()
    outcome = export_activity(str(body["job_id"]), desk=desk, now=OVER)

    job = jobs.get(begun["id"])
    assert (status, outcome) == (202, "written")
    assert job
    assert job.file_name.startswith("Активность чатов, ОКТМО 11701000")
    book = openpyxl.load_workbook(BytesIO(files.get(job.file_key) or b""))
    days, places, houses = (list(sheet.values) for sheet in book.worksheets)
    assert book.sheetnames == ["По дням", "Территории", "Дома"]
    assert days[3][:3] == ("День", "Сообщений", "Писали, человеко-дней")
    assert days[-1][:3] == ("Всего", 5, 5)
    assert len(days) == 4 + 30 + 1
    assert [row[1:4] for row in places[4:]] == [(HERE, 5, 5), (None, 5, 5)]
    assert [row[2:5] for row in houses[4:]] == [("ABCDEF01", 5, 5), (None, 5, 5)]


def test_a_repeat_of_a_finished_workbook_writes_nothing(door: Door) -> None:
    _, begun = door.export(STAFF)
    jobs = DynamoJobs(door.table)
    jobs.cancel(begun["id"], now=NOW)
    files = S3Files(new_bucket("lists"))
    catalogue, towns = DynamoCatalogue(door.table, files), DynamoTowns(door.table)
    tallies, totals = DynamoTallies(door.table), DynamoTotals(door.table)
    desk = ExportDesk(jobs, catalogue, towns, tallies, totals, files)

    assert export_activity(begun["id"], desk=desk, now=OVER) == "over"
