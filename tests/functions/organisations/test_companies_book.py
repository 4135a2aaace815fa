"""The workbook by company tells what the houses tell, and nothing in it can run."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.scans import DynamoScans
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Instruction, InstructionState
from housechats.domain.jobs import JobStatus
from organisations.companies_book import (
    COMPANIES,
    HOUSES,
    NO_COMPANY,
    NO_NAME,
    Report,
    write,
)
from organisations.count_companies import Counts, counts_of, progress_of
from support.organisations_door import (
    COMPANY,
    COSY,
    HEAT,
    HOME,
    OF_REGION,
    OKTMO,
    REPRESENTATIVE,
    UTILITY,
    OrganisationsDoor,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OPEN: dict[str, Any] = {"state": ChatState.OPEN, "link": "https://vk.me/join/x", "chat_id": 5}


def a_house(number: int, **said: Any) -> House:
    address = Address(locality="г. Город", street_type="ул", street="Садовая", house=str(number))
    return replace(House(f"ABCDEF{number:02}", "d", OKTMO, address, 7, NOW), **said)


def read(book: bytes) -> dict[str, list[list[object]]]:
    """Return the cells of each sheet below its header, the totals too."""
    found = openpyxl.load_workbook(BytesIO(book))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]
        for sheet in found.worksheets
    }


def report(*houses: House, **names: str) -> Report:
    progress = progress_of(houses, reached={("b-1", "e-1")}, scans={"ABCDEF01": 4})
    return Report("Управляющие компании, Город", names, progress)


def test_a_company_has_the_counts_of_its_houses() -> None:
    told = {"letter_id": "b-1", "elder_id": "e-1"}
    houses = [
        a_house(
            1, organisations={COSY: COMPANY}, residents=12, elder_joined_at=NOW, **OPEN, **told
        ),
        a_house(2, organisations={COSY: COMPANY, HEAT: UTILITY}, letter_id="b-2", elder_id="e-1"),
        a_house(3, organisations={HEAT: UTILITY}, residents=3, **OPEN),
    ]
    progress = progress_of(houses, reached={("b-1", "e-1")}, scans={"ABCDEF01": 4})

    counts = counts_of(progress)

    assert counts == {
        COSY: Counts(houses=2, open=1, elders_reached=1, elders_joined=1, scanned=1, residents=12),
        "": Counts(houses=1, open=1, residents=3),
    }
    assert counts[COSY].share == 0.5


def test_the_workbook_names_companies_and_those_without_one_come_last() -> None:
    book = write(
        report(
            a_house(1, organisations={HOME: COMPANY}, **OPEN),
            a_house(2, organisations={COSY: COMPANY}),
            a_house(3),
            **{COSY: "ООО «Уют»"},
        )
    )

    rows = read(book)[COMPANIES]

    assert [row[:3] for row in rows] == [
        [NO_NAME, HOME, 1],
        ["ООО «Уют»", COSY, 1],
        [NO_COMPANY, None, 1],
        ["Всего", None, 3],
    ]
    assert rows[-1][3:5] == [1, 1 / 3]


def test_a_house_is_told_by_its_code_and_never_by_the_link_to_its_chat() -> None:
    book = write(report(a_house(1, organisations={COSY: COMPANY}, residents=7, **OPEN)))

    (row, _) = read(book)[HOUSES]

    assert row == [
        NO_NAME, COSY, "г. Город, ул. Садовая, д. 1", "ABCDEF01", "открыт", "нет", "нет", 4, 7,
    ]  # fmt: skip
    assert b"vk.me" not in book
    assert "vk.me" not in str(read(book))


def test_names_that_begin_like_formulas_are_texts() -> None:
    names = {COSY: '=HYPERLINK("http://x.invalid")', HOME: "@SUM(A1)", HEAT: "-1+2\x00\x0b"}
    houses = [a_house(n, organisations={inn: COMPANY}) for n, inn in enumerate(names, start=1)]

    found = openpyxl.load_workbook(BytesIO(write(report(*houses, **names))))

    cells = [row[0] for row in found[COMPANIES].iter_rows(min_row=4, max_row=6)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells} == {names[COSY], names[HOME], "-1+2"}


def test_the_header_stays_in_place_and_can_be_filtered_by() -> None:
    found = openpyxl.load_workbook(BytesIO(write(report(a_house(1)))))

    for sheet in found.worksheets:
        assert sheet.freeze_panes == "B4"
        assert sheet.auto_filter.ref == "A3:I4"
        assert sheet["A1"].value == "Управляющие компании, Город"


def test_a_territory_without_houses_has_a_workbook_too() -> None:
    rows = read(write(report()))

    assert rows[COMPANIES] == [["Всего", None, 0, 0, 0, 0, 0, 0, 0]]


# Through the door


def test_the_workbook_that_was_asked_for_is_written_and_can_be_fetched(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    told = {"letter_id": "b-1", "elder_id": "e-1", "batch_id": "b-1"}
    house = door.house(1, organisations={COSY: COMPANY}, residents=12, **OPEN, **told)
    door.house(2, letter_id="one-2", elder_id="e-2")
    # Of a house that came with another list this one has named the elder.
    door.house(3, **{**told, "elder_id": "e-3", "batch_id": "b-0"})
    door.house(4, **{**told, "elder_id": "e-4"})
    instructions = DynamoInstructions(door.table)
    for letter_id, elder_id in (("b-1", "e-1"), ("one-2", "e-2"), ("b-1", "e-3")):
        instructions.expect(letter_id, elder_id, {house.id}, until=datetime(2099, 1, 1, tzinfo=UTC))
        told_of = Instruction(letter_id, elder_id, frozenset({house.id}))
        instructions.finish(told_of, InstructionState.SENT, now=NOW)
    DynamoScans(door.table).count(house.id, "1")
    door.doors.towns.put(OKTMO, "Архангельск")

    status, job = door.ask("POST", "/exports", {"kind": "companies"})
    door.write_exports()

    after = door.doors.jobs.get(job["id"])
    assert after is not None
    assert (status, after.status) == (202, JobStatus.DONE)
    today = after.created_at.astimezone().strftime("%Y")
    assert after.file_name.startswith("Управляющие компании, Архангельск, ")
    assert after.file_name.endswith(f".{today}.xlsx")
    book = read(door.files.get(after.file_key) or b"")
    assert book[COMPANIES][0] == ["ООО «Уют»", COSY, 1, 1, 1, 1, 0, 1, 12]
    assert book[COMPANIES][1] == [NO_COMPANY, None, 3, 0, 0, 2, 0, 0, 0]


def test_a_representatives_workbook_has_their_own_houses_only(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    door.house(1, organisations={COSY: COMPANY})
    door.house(2, organisations={HOME: COMPANY})

    _, job = door.ask("POST", "/exports", {"kind": "companies"}, vk_id=REPRESENTATIVE)
    door.write_exports()

    after = door.doors.jobs.get(job["id"])
    assert after is not None
    rows = read(door.files.get(after.file_key) or b"")[HOUSES]
    assert [row[1] for row in rows[:-1]] == [COSY]


def test_a_regions_workbook_is_called_by_the_regions_name(door: OrganisationsDoor) -> None:
    _, job = door.ask("POST", "/exports", {"kind": "companies"}, vk_id=OF_REGION)
    door.write_exports()

    after = door.doors.jobs.get(job["id"])

    assert after is not None
    assert "Управляющие компании, Архангельская область, " in after.file_name
