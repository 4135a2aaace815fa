"""An office that enrols lists: every port in memory, one house to begin with."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from create_chats.enrol import Chunk, Registry, enrol, enrol_row
from housechats.domain import rows_file
from housechats.domain.addresses import Address
from housechats.domain.batches import Batch, ListedHouse, Row, RowVerdict, Verdict
from housechats.domain.houses import digest_of
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.fakes import (
    FakeBatches,
    FakeCommunities,
    FakeElders,
    FakeFiles,
    FakeHouses,
    FakeInstructions,
    FakeQueue,
    new_community,
)
from support.organisation_fakes import FakeAttachments

OKTMO = "11701000"
KEY = "a key"
ELDER = Elder("Вымыслова Марфа", "+79990000001")
ADDRESS = Address(locality="г. Архангельск", street_type="ул", street="Садовая", house="1")
LISTED = ListedHouse(ADDRESS, OKTMO, fias_id="f-1", entrances=3, elder=ELDER)
ROW = Row(2, Verdict.ACCEPTED, house=LISTED)
DIGEST = digest_of(OKTMO, ADDRESS)


def saying(**said: object) -> Row:
    """Return a row of the one house that says this besides its address."""
    listed = ListedHouse(ADDRESS, OKTMO)
    return Row(2, Verdict.ACCEPTED, house=replace(listed, **said))  # type: ignore[arg-type]


def on_street(number: int, *, elder: Elder | None = None) -> Row:
    address = replace(ADDRESS, house=str(number))
    return Row(number, Verdict.ACCEPTED, house=ListedHouse(address, OKTMO, elder=elder))


@dataclass
class Office:
    houses: FakeHouses = field(default_factory=FakeHouses)
    elders: FakeElders = field(default_factory=lambda: FakeElders(lambda: JANUARY))
    instructions: FakeInstructions = field(default_factory=FakeInstructions)
    attachments: FakeAttachments = field(default_factory=FakeAttachments)
    lists: FakeFiles = field(default_factory=FakeFiles)
    batches: FakeBatches = field(default_factory=FakeBatches)
    communities: FakeCommunities = field(default_factory=lambda: FakeCommunities(new_community(7)))
    openings: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.registry = Registry(
            self.houses,
            self.elders,
            self.instructions,
            self.attachments,
            communities=self.communities,
            elder_key=KEY,
        )

    def row(self, row: Row = ROW, *, batch_id: str = "b-1") -> tuple[str, Verdict, bool]:
        verdict = self.take(row, batch_id=batch_id)
        return verdict.house_id, verdict.verdict, verdict.existing

    def take(self, row: Row = ROW, *, batch_id: str = "b-1", now: datetime = JANUARY) -> RowVerdict:
        """Enrol one row, as when a person mends it."""
        return enrol_row(row, batch_id=batch_id, oktmo=OKTMO, registry=self.registry, now=now)

    def begin(self, rows: list[Row], batch_id: str = "b-1") -> list[Chunk]:
        """Begin a batch of rows, and return its chunks."""
        body, spans = rows_file.write(rows)
        self.lists.put(rows_file.key_of(batch_id), body, content_type="")
        self.batches.begin(Batch(batch_id, OKTMO, "s3:somebody", JANUARY))
        self.batches.start(batch_id, chunks=len(spans), rows={"accepted": len(rows)})
        return [Chunk(batch_id, n, first, last) for n, (first, last) in enumerate(spans)]

    def enrol(self, chunk: Chunk, *, now: datetime = JANUARY) -> int:
        return enrol(
            chunk,
            registry=self.registry,
            lists=self.lists,
            batches=self.batches,
            openings=self.openings,
            now=now,
        ).new_houses

    def list_of(
        self, *rows: Row, batch_id: str = "b-1", now: datetime = JANUARY
    ) -> list[RowVerdict]:
        """Enrol a whole list, and return what is kept of its rows."""
        for chunk in self.begin([*rows], batch_id):
            self.enrol(chunk, now=now)
        return [row for kept in self.batches.chunks(batch_id) for row in kept.rows]
