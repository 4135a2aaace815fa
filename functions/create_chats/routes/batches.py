"""Routes of lists: announce one, see how far it has come, confirm its warnings."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from create_chats.routes.notes import InstructionNote, note_of
from create_chats.routes.router import BatchId, Router
from create_chats.routes.territories import TOWN_WANTED
from create_chats.towns import has_town, read_town
from create_chats.uploads import upload_key
from housechats.domain.access import Permission
from housechats.domain.batches import Batch, BatchState, Verdict
from housechats.domain.instructions import InstructionState, Told
from housechats.domain.limits import LARGEST_LIST
from housechats.domain.patterns import LINE, OKTMO_OR_NOTHING
from housechats.domain.progress import Progress, by_verdict, progress
from housechats.domain.territories import Territory
from housechats.ports.files import UploadForm
from housechats.runtime.http import answers, invalid
from housechats.runtime.routes import Cursor, Limit, page_of

router = Router()


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A list that is going to be uploaded."""

    name: Annotated[str, Field(pattern=LINE, max_length=200)]
    """The file's name as its author calls it."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The list's territory; the caller's own when empty."""
    locality: Annotated[str, Field(max_length=100)] = ""
    """The town of rows that name none; the territory's own when empty."""


@dataclass(frozen=True, slots=True)
class AwaitedBatch:
    """The batch, and the form with which a browser posts its file."""

    id: str
    upload: UploadForm


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list."""

    id: str
    oktmo: str
    name: str
    author: str
    """`vk:<id>`, or `s3:<principal>` for a list put straight into the bucket."""
    created_at: datetime
    status: BatchState
    rows: dict[Verdict, int] = field(default_factory=dict)
    """Rows by verdict."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A page of lists, the newest first."""

    items: list[BatchLine]
    next_cursor: str
    total: int
    counts: dict[BatchState, int]
    """Lists by their status."""


@dataclass(frozen=True, slots=True)
class InstructionPage:
    """A page of what became of the messages to elders."""

    items: list[InstructionNote]
    next_cursor: str
    total: int
    counts: dict[InstructionState, int]
    """Messages by their state."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed the warnings of a list, and when."""

    confirmed_at: datetime
    """When: rows mended later have theirs unconfirmed."""
    confirmed_by: str
    """Who: `vk:<id>`."""


@router.post(
    "/batches",
    operation_id="createBatch",
    summary="Загрузить список",
    tags=["batches"],
    responses=answers("Номер списка и форма для файла", AwaitedBatch, 201),
    permission=Permission.BATCHES_CREATE,
    once=True,
    anew=True,
)
def create_batch(new: NewBatch) -> Response[AwaitedBatch]:
    """Answer with the form with which a browser posts the file straight into the bucket."""
    doors, now = router.doors, datetime.now(UTC)
    oktmo = router.covered(new.oktmo)
    locality = read_town(new.locality)
    if new.locality.strip() and not (locality and has_town(oktmo)):
        raise invalid("/locality", TOWN_WANTED)
    batch_id = router.asked.new_id()
    router.asked.deed(oktmo, f"batch:{batch_id}")
    key = upload_key(oktmo, batch_id)
    doors.batches.begin(
        Batch(
            id=batch_id,
            oktmo=oktmo,
            author=router.caller.name,
            created_at=now,
            state=BatchState.AWAITED,
            name=new.name,
            locality=locality,
            key=key,
        )
    )
    form = doors.lists.upload_form(key, max_bytes=LARGEST_LIST, now=now)
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": f"/batches/{batch_id}"},
        body=AwaitedBatch(batch_id, form),
    )


@router.get(
    "/batches",
    operation_id="listBatches",
    summary="Списки территории",
    tags=["batches"],
    permission=Permission.BATCHES_READ,
)
def list_batches(cursor: Cursor = "", limit: Limit = 50) -> BatchPage:
    batches = [
        batch
        for territory in router.territories
        for batch in router.doors.batches.of_territory(territory)
    ]
    shown, next_cursor = page_of(batches, lambda batch: batch.id, cursor, limit)
    items = [
        BatchLine(
            id=batch.id,
            oktmo=batch.oktmo,
            name=batch.name,
            author=batch.author,
            created_at=batch.created_at,
            status=batch.state,
            rows=by_verdict(batch.rows),
            reason=batch.reason,
        )
        for batch in shown
    ]
    counts = Counter(batch.state for batch in batches)
    return BatchPage(items, next_cursor, len(batches), dict(counts))


@router.get(
    "/batches/<batch_id>",
    operation_id="getBatch",
    summary="Один список: сколько сделано и сколько осталось",
    tags=["batches"],
    permission=Permission.BATCHES_READ,
)
def get_batch(batch_id: BatchId) -> Progress:
    batch, doors = router.batch(batch_id), router.doors
    lines = doors.catalogue.lines(Territory(batch.oktmo))
    told = batch.told or Told.of(doors.instructions.of_batch(batch.id))
    return progress(batch, lines, told, now=datetime.now(UTC))


@router.get(
    "/batches/<batch_id>/instructions",
    operation_id="listInstructions",
    summary="Что стало с инструкциями старшим",
    tags=["batches"],
    permission=Permission.BATCHES_READ,
)
def list_instructions(
    batch_id: BatchId, cursor: Cursor = "", limit: Limit = 100
) -> InstructionPage:
    batch = router.batch(batch_id)
    notes = [note_of(told) for told in router.doors.instructions.of_batch(batch.id)]
    items, next_cursor = page_of(notes, lambda note: note.elder_id, cursor, limit)
    counts = Counter(note.state for note in notes)
    return InstructionPage(list(items), next_cursor, len(notes), dict(counts))


@router.post(
    "/batches/<batch_id>/confirmation",
    operation_id="confirmWarnings",
    summary="Подтвердить все замечания списка разом",
    tags=["batches"],
    permission=Permission.BATCHES_MEND,
    once=True,
)
def confirm_warnings(batch_id: BatchId) -> Confirmation:
    """Note that a person has read the warnings; those of rows mended later are not among them."""
    now, by = datetime.now(UTC), router.caller.name
    batch = router.enrolled(batch_id)
    router.doors.batches.confirm(batch.id, by=by, now=now)
    return Confirmation(now, by)
