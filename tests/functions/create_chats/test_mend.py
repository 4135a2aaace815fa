"""A row is mended once, whenever the one who mends it is cut off, and by one person at a time."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from create_chats.enrol import Chunk, Registry, enrol
from create_chats.find_row import find_row
from create_chats.mend import LEASE, Desk, Mended, RowChangedError, UnfitRowError, mend
from create_chats.take_list import Desk as ListDesk
from create_chats.take_list import Upload, take_list
from housechats.domain.batches import Batch
from housechats.ports.batches import KeptChunk
from housechats.ports.people import Page
from support.clock import JANUARY
from support.enrolling import KEY, Office
from support.fakes import FakePages, FakeQueue, FakeTowns, etag_of
from support.killing import Killed, Wire

LIST = (
    "Адрес;Старший по дому;Телефон;Страница ВК;УК;ИНН УК\n"
    "г. Архангельск, ул. Садовая, д. 1;Вымыслова Марфа;+79990000001;;ООО «Пример»;7707083893\n"
    "г. Архангельск, ул. Садовая;Былов Пётр;+79990000002;;ООО «Пример»;7707083893\n"
)
KEY_OF_LIST = "lists/11701000/дома.csv"
LATER = JANUARY + timedelta(hours=1)
GOOD, BAD = 2, 3
CALLS = 11
"""Of a row that becomes a house: its page, the row itself, the house with its people, the row."""
MENDINGS = [
    pytest.param(BAD, {"address": "г. Архангельск, ул. Садовая, д. 2"}, id="a house at last"),
    pytest.param(BAD, {"address": "г. Архангельск, ул. Садовая, д. 1"}, id="a duplicate"),
    pytest.param(GOOD, {"elder_name": "Небылова Фёкла", "elder_vk": "id105"}, id="another elder"),
    pytest.param(GOOD, {"address": "г. Архангельск, ул. Полевая, д. 7"}, id="another house"),
]


class MendingOffice(Office):
    """An office in which one list is enrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = FakePages({"105": Page(105)})
        self.wire = Wire()
        rows = FakeQueue()
        self.lists.put(KEY_OF_LIST, LIST.encode(), content_type="")
        desk = ListDesk(self.lists, self.batches, FakeTowns(), self.communities, self.pages, rows)
        upload = Upload(KEY_OF_LIST, etag_of(LIST.encode()), "AROA:clerk")
        take_list(upload, desk=desk, now=JANUARY)
        for body in rows.bodies:
            chunk: dict[str, Any] = dict(body)
            enrol(
                Chunk(**chunk),
                registry=self.registry,
                lists=self.lists,
                batches=self.batches,
                openings=self.openings,
                now=JANUARY,
            )
        self.openings.take()

    @property
    def batch(self) -> Batch:
        (batch,) = self.batches.by_id.values()
        return batch

    def mend(self, number: int, cells: dict[str, str], *, now: datetime = LATER) -> Mended:
        watch = self.wire.watch
        registry = Registry(
            watch("houses", self.houses),
            watch("elders", self.elders),
            watch("instructions", self.instructions),
            watch("attachments", self.attachments),
            communities=self.communities,
            elder_key=KEY,
        )
        desk = Desk(
            batches=watch("batches", self.batches),
            pages=watch("pages", self.pages),
            registry=registry,
            openings=watch("openings", self.openings),
        )
        found = find_row(self.batch, number, batches=self.batches, lists=self.lists)
        assert found
        return mend(self.batch, found, cells, desk=desk, now=now)

    @property
    def kept(self) -> KeptChunk:
        (chunk,) = self.batches.chunks(self.batch.id)
        return chunk

    @property
    def state(self) -> dict[str, object]:
        """Return everything that is kept; openings may be asked for twice."""
        return {
            "houses": self.houses.by_id,
            "organisations": self.attachments.by_key,
            "instructions": self.instructions.by_key,
            "verdicts": [asdict(row) for row in self.batches.chunk(self.batch.id, 0)],
            "mended": [chunk.mended for chunk in self.batches.chunks(self.batch.id)],
            "counts": (self.batch.rows, self.batch.existing, self.batch.changed),
            "openings": {str(body["house_id"]) for body in self.openings.bodies},
        }


@pytest.mark.parametrize(("number", "cells"), MENDINGS)
def test_who_is_cut_off_and_tries_again_mends_the_row_once(
    number: int, cells: dict[str, str]
) -> None:
    undisturbed = MendingOffice()
    undisturbed.mend(number, cells)
    calls = len(undisturbed.wire.calls)

    assert calls > 3
    for call in range(1, calls + 1):
        for wire in (Wire(before={call}), Wire(after={call})):
            office = MendingOffice()
            office.wire = wire

            with pytest.raises(Killed):
                office.mend(number, cells)
            office.mend(number, cells)

            assert office.state == undisturbed.state, undisturbed.wire.calls[call - 1]


def test_a_row_that_somebody_else_has_just_mended_is_not_overwritten() -> None:
    office = MendingOffice()
    found = find_row(office.batch, BAD, batches=office.batches, lists=office.lists)
    assert found
    office.mend(BAD, {"address": "г. Архангельск, ул. Садовая, д. 2"})
    desk = Desk(office.batches, office.pages, office.registry, office.openings)
    cells = {"address": "г. Архангельск, ул. Садовая, д. 3"}

    with pytest.raises(RowChangedError):
        mend(office.batch, found, cells, desk=desk, now=LATER)

    (_, row) = office.batches.chunk(office.batch.id, 0)
    house = office.houses.by_id[row.house_id]
    assert house.address.house == "2"
    assert len(office.houses.by_id) == 2


def test_a_row_of_one_flat_says_nothing_of_how_many_its_house_has() -> None:
    office = MendingOffice()
    batch = replace(office.batch, columns={**office.batch.columns, "flat": "№ квартиры"})
    found = find_row(batch, BAD, batches=office.batches, lists=office.lists)
    assert found
    desk = Desk(office.batches, office.pages, office.registry, office.openings)
    cells = {"address": "г. Архангельск, ул. Садовая, д. 2", "flat": "12"}

    row = mend(batch, found, cells, desk=desk, now=LATER).verdict

    assert office.houses.by_id[row.house_id].flats == 0


@pytest.mark.parametrize("first_dies_after", range(1, CALLS + 1))
def test_of_two_who_mend_a_row_otherwise_the_second_waits_until_the_first_is_done_or_gone(
    first_dies_after: int,
) -> None:
    office = MendingOffice()
    office.wire = Wire(after={first_dies_after})
    with pytest.raises(Killed):
        office.mend(BAD, {"address": "г. Архангельск, ул. Садовая, д. 2"})
    mine = {"address": "г. Архангельск, ул. Садовая, д. 3"}
    is_done = bool(office.kept.mended)
    is_claimed = "batches.claim_row" in office.wire.calls

    if is_claimed and not is_done:
        with pytest.raises(RowChangedError):
            office.mend(BAD, mine)
    verdict = office.mend(BAD, mine, now=LATER + LEASE).verdict

    assert office.houses.by_id[verdict.house_id].address.house == "3"
    assert office.kept.mended == {BAD: mine}
    assert office.batch.rows == {"accepted": 2}
    opened = {house.id for house in office.houses.by_id.values() if house.due_at}
    assert verdict.house_id in opened


def test_a_row_whose_house_cannot_be_is_let_go_for_the_next_try() -> None:
    office = MendingOffice()
    taken = "0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f"
    office.mend(GOOD, {"fias_id": taken})
    address = "г. Архангельск, ул. Садовая, д. 2"
    with pytest.raises(UnfitRowError):
        office.mend(BAD, {"address": address, "fias_id": taken})

    verdict = office.mend(BAD, {"address": address}).verdict

    assert verdict.verdict.good


def test_only_who_gives_a_row_a_house_that_is_there_has_the_list_looked_through() -> None:
    office = MendingOffice()
    office.mend(GOOD, {"elder_name": "Небылова Фёкла", "elder_vk": "id105"})
    office.mend(BAD, {"address": "г. Архангельск, ул. Садовая, д. 2"})
    new_or_own = list(office.wire.calls)

    office.mend(BAD, {"address": "г. Архангельск, ул. Садовая, д. 1"})

    assert "batches.chunks" not in new_or_own
    assert office.wire.calls.count("batches.chunks") == 1
