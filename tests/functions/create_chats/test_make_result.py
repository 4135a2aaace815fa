"""Whoever asks for a list back gets it as things are now, however often the queue asks."""

import io
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import openpyxl  # type: ignore[import-untyped]
import pytest

from create_chats.check_rows import check
from create_chats.make_result import NOT_OPEN_YET, make_result
from create_chats.read_list import read
from create_chats.results import result_key, result_name
from housechats.domain import rows_file
from housechats.domain.addresses import Address
from housechats.domain.batches import CHUNK, KEPT, Batch, Row, RowVerdict, Verdict
from housechats.domain.houses import ChatState, House
from support.clock import JANUARY
from support.fakes import FakeBatches, FakeFiles, FakeHouses, etag_of

OKTMO = "11701000"
KEY = "lists/11701000/дома.csv"
HOUSES = 250
LIST = "Список домов\nАдрес;Телефон\n" + "".join(
    f"г. Архангельск, ул. Садовая, д. {n};\n" for n in range(1, HOUSES + 1)
)
LINK = "https://vk.me/join/{}"


@dataclass
class Office:
    batches: FakeBatches = field(default_factory=FakeBatches)
    houses: FakeHouses = field(default_factory=FakeHouses)
    lists: FakeFiles = field(default_factory=FakeFiles)

    def __post_init__(self) -> None:
        body = LIST.encode()
        self.lists.put(KEY, body, content_type="")
        batch = Batch("b-1", OKTMO, "vk:1", JANUARY, key=KEY, etag=etag_of(body))
        self.batches.begin(batch)
        rows = check(read(body), oktmo=OKTMO)
        file, spans = rows_file.write(rows)
        self.lists.put(rows_file.key_of("b-1"), file, content_type="")
        self.batches.start(
            "b-1",
            chunks=len(spans),
            rows={},
            remarks=["Прочитан один лист."],
            locality="г. Онега",
        )
        for n, span in enumerate(spans):
            verdicts = [self.enrolled(row) for row in rows[n * CHUNK : (n + 1) * CHUNK]]
            self.batches.put_chunk("b-1", n, verdicts, span=span, until=JANUARY + KEPT)

    def enrolled(self, row: Row) -> RowVerdict:
        """Give a row its open house, as enrolling and opening do."""
        house_id = f"HOUSE{row.number:03}"
        address = row.house.address if row.house else Address()
        self.houses.by_id[house_id] = House(
            house_id,
            digest=house_id,
            oktmo=OKTMO,
            address=address,
            community=1,
            created_at=JANUARY,
            state=ChatState.OPEN,
            link=LINK.format(row.number),
        )
        return RowVerdict(row.number, row.verdict, row.problems, house_id=house_id)

    def mend(self, was: RowVerdict, row: RowVerdict, cells: dict[str, str]) -> None:
        self.batches.claim_row("b-1", 0, was, cells, now=JANUARY, until=JANUARY)
        self.batches.mend("b-1", 0, was, row, cells, now=JANUARY)

    def change(self, number: int, **changes: object) -> None:
        house_id = f"HOUSE{number:03}"
        house = self.houses.by_id[house_id]
        self.houses.by_id[house_id] = replace(house, **changes)  # type: ignore[arg-type]

    def make(self, batch_id: str = "b-1", *, asked_at: datetime = JANUARY) -> str:
        return make_result(
            batch_id, asked_at, batches=self.batches, houses=self.houses, lists=self.lists
        )

    @property
    def sheets(self) -> list[list[list[str]]]:
        book = openpyxl.load_workbook(io.BytesIO(self.lists.bodies[result_key("b-1", JANUARY)]))
        return [
            [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        ]


def test_every_row_comes_back_with_the_link_to_its_chat() -> None:
    office = Office()

    done = office.make()

    rows = office.sheets[0]
    assert done == "written"
    assert rows[0][0] == "Список домов"
    assert len(rows) == HOUSES + 2
    assert [row[4] for row in rows[2:]] == [LINK.format(n) for n in range(3, HOUSES + 3)]
    assert ["Прочитан один лист.", ""] in office.sheets[1]


def test_a_house_without_a_chat_has_the_reason_where_the_link_would_be() -> None:
    office = Office()
    office.change(3, state=ChatState.PLANNED, link="")
    office.change(4, state=ChatState.REFUSED, link="", reason="ВКонтакте не даёт создать чат.")

    office.make()

    assert [row[4] for row in office.sheets[0][2:5]] == [
        NOT_OPEN_YET,
        "ВКонтакте не даёт создать чат.",
        LINK.format(5),
    ]


def test_what_was_mended_in_place_comes_back_mended() -> None:
    office = Office()
    (first, *_) = office.batches.chunk("b-1", 0)
    mended = replace(first, verdict=Verdict.ACCEPTED, mended_at=JANUARY)
    office.mend(first, mended, {"elder_phone": "+79990000009"})

    office.make()

    row = office.sheets[0][2]
    assert row[1:3] == ["+79990000009", "Принят"]
    assert "Исправлено после загрузки: Телефон." in row[3]


def test_the_town_that_the_list_was_read_with_is_said() -> None:
    office = Office()

    office.make()

    told = [line[0] for line in office.sheets[1]]
    assert any("прочитаны как «г. Онега»" in line for line in told)


def test_asked_twice_the_workbook_is_the_same() -> None:
    office = Office()
    office.make()
    before = office.sheets

    office.make()

    assert office.sheets == before
    assert office.batches.by_id["b-1"].result_at == JANUARY


def test_a_slow_older_workbook_replaces_no_newer_one() -> None:
    office = Office()
    later = JANUARY + timedelta(seconds=1)
    office.change(3, link="https://vk.me/join/new")
    office.make(asked_at=later)
    newer = office.lists.bodies[result_key("b-1", later)]

    office.make(asked_at=JANUARY)

    assert office.batches.by_id["b-1"].result_at == later
    assert office.lists.bodies[result_key("b-1", later)] == newer


def test_a_row_that_repeats_one_without_its_house_any_more_says_so() -> None:
    office = Office()
    first, second, third, *_ = office.batches.chunk("b-1", 0)
    repeat = replace(second, verdict=Verdict.DUPLICATE, duplicate_of=first.number, house_id="")
    office.mend(second, repeat, {"elder_phone": ""})
    office.mend(third, replace(repeat, number=third.number), {"elder_phone": ""})
    office.mend(first, replace(first, moved=True), {"address": "г. Архангельск, ул. Садовая, 7а"})

    office.make()

    told = [row[3] for row in office.sheets[0][3:5]]
    assert all("Строка 3, которую повторяла эта, теперь о другом доме" in one for one in told)
    assert not any("уже есть" in one for one in told)


@pytest.mark.parametrize("body", [None, b"another list"])
def test_a_list_that_was_replaced_or_deleted_comes_back_as_it_was_understood(
    body: bytes | None,
) -> None:
    office = Office()
    if body:
        office.lists.bodies[KEY] = body
    else:
        del office.lists.bodies[KEY]

    office.make()

    rows = office.sheets[0]
    assert rows[1][0] == "Адрес"
    assert rows[2][0] == "г. Архангельск, ул. Садовая, д. 1"
    assert (len(rows), rows[-1][-1]) == (HOUSES + 2, LINK.format(HOUSES + 2))


def test_a_list_of_which_nothing_is_left_is_a_failure_that_rings() -> None:
    office = Office()
    office.lists.bodies.clear()

    with pytest.raises(LookupError):
        office.make()


def test_a_list_that_nobody_knows_is_let_go() -> None:
    office = Office()

    assert office.make("b-2") == "no such list"
    assert result_key("b-2", JANUARY) not in office.lists.bodies


@pytest.mark.parametrize(
    ("said", "name"),
    [
        pytest.param("Дома.xlsx", "Дома — проверено.xlsx", id="a workbook"),
        pytest.param("март/Дома Омска.csv", "Дома Омска — проверено.xlsx", id="in a folder"),
        pytest.param("Дома", "Дома — проверено.xlsx", id="no ending"),
        pytest.param("", "Список — проверено.xlsx", id="no name"),
        pytest.param(
            "Дома — проверено — проверено (1).xlsx", "Дома — проверено.xlsx", id="it came before"
        ),
        pytest.param("Дом\u202ecod.\x07xslx.csv", "Домcod.xslx — проверено.xlsx", id="disguised"),
        pytest.param("Дома. Лот 2.1", "Дома. Лот 2.1 — проверено.xlsx", id="no ending but a dot"),
        pytest.param("я" * 300 + ".xlsx", "я" * 83 + " — проверено.xlsx", id="long"),
    ],
)
def test_the_file_is_called_as_its_author_called_it(said: str, name: str) -> None:
    assert result_name(said) == name
