"""Whoever asks for a list back gets it as things are now, however often the queue asks."""

import io
from dataclasses import dataclass, field, replace
from datetime import timedelta

import openpyxl  # type: ignore[import-untyped]
import pytest

from create_chats import rows_file
from create_chats.check_rows import check
from create_chats.make_result import NOT_OPEN_YET, make_result
from create_chats.read_list import read
from create_chats.results import result_key, result_name
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
        self.batches.start("b-1", chunks=len(spans), rows={}, remarks=["Прочитан один лист."])
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

    def change(self, number: int, **changes: object) -> None:
        house_id = f"HOUSE{number:03}"
        house = self.houses.by_id[house_id]
        self.houses.by_id[house_id] = replace(house, **changes)  # type: ignore[arg-type]

    def make(self, batch_id: str = "b-1") -> str:
        return make_result(
            batch_id, batches=self.batches, houses=self.houses, lists=self.lists, now=JANUARY
        )

    @property
    def sheets(self) -> list[list[list[str]]]:
        book = openpyxl.load_workbook(io.BytesIO(self.lists.bodies[result_key("b-1")]))
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
    cells = {"elder_phone": "+79990000009"}
    office.batches.keep_mended("b-1", first.number, cells, until=JANUARY + KEPT)
    mended = replace(first, verdict=Verdict.ACCEPTED, mended_at=JANUARY)
    office.batches.mend("b-1", 0, first, mended)

    office.make()

    row = office.sheets[0][2]
    assert row[1:3] == ["+79990000009", "Принят"]
    assert "Исправлено после загрузки: Телефон." in row[3]


def test_asked_twice_the_workbook_is_the_same() -> None:
    office = Office()
    office.make()
    before = office.sheets

    office.make()

    assert office.sheets == before
    assert office.batches.by_id["b-1"].result_at == JANUARY


def test_whoever_asks_while_it_is_written_gets_another_one() -> None:
    office = Office()
    asked_later = JANUARY + timedelta(seconds=1)
    office.batches.ask_result("b-1", now=asked_later)

    office.make()

    written = office.batches.by_id["b-1"].result_at
    assert written
    assert written < asked_later


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
    assert result_key("b-2") not in office.lists.bodies


@pytest.mark.parametrize(
    ("said", "name"),
    [
        pytest.param("Дома.xlsx", "Дома — проверено.xlsx", id="a workbook"),
        pytest.param("март/Дома Омска.csv", "Дома Омска — проверено.xlsx", id="in a folder"),
        pytest.param("Дома", "Дома — проверено.xlsx", id="no ending"),
        pytest.param("", "Список — проверено.xlsx", id="no name"),
    ],
)
def test_the_file_is_called_as_its_author_called_it(said: str, name: str) -> None:
    assert result_name(said) == name
