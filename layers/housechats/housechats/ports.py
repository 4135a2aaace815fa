"""What the use cases ask of the outside, in our own words.

Each method is one step that is done or not done; a use case may be killed before or after any.
The messenger tells its failures apart as domain.errors does; the others raise what their
technology raises, and the queue tries again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from housechats.domain.batches import Batch, RowVerdict, Tally
from housechats.domain.houses import House
from housechats.domain.instructions import Channel, Instruction, InstructionState
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Elder, Official
from housechats.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class HouseLine:
    """What a list shows of a house: no person in it."""

    id: str
    oktmo: str
    title: str
    state: str
    batch_id: str = ""
    entrances: int = 0
    chat_id: int = 0
    has_poster: bool = False
    waits: bool = False
    """Whether it waits for a time that VK set."""
    reason: str = ""
    organisations: tuple[str, ...] = ()
    """ИНН of those attached now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a try to open a chat found: the house as it was, and whether the lease is ours."""

    house: House
    ours: bool


class Houses(Protocol):
    """Keeps the houses and how far their chats are."""

    def claim_fias(self, fias_id: str, *, house_id: str, digest: str, instead_of: str = "") -> str:
        """Tie a ФИАС id to a house; return the id of the house that has it, if it is another.

        `instead_of` is a house that turned out not to be there: its claim is taken over.
        """

    def enrol(self, house: House) -> House | None:
        """Keep a new house; None when it is new, else the house that has its code.

        One that is due is found by the sweep, until somebody begins to open its chat.
        """

    def amend(self, before: House, after: House) -> House | None:
        """Write what a list has changed of a house, all at once.

        None when it is done, else the house as it is: it was changed since it was read.
        """

    def get(self, house_id: str) -> House | None: ...

    def get_many(self, house_ids: Iterable[str]) -> list[House]:
        """Return the houses as they are now (consistent), in no order."""

    def claim_opening(self, house_id: str, *, now: datetime, lease_until: datetime) -> Claim | None:
        """Take the lease if the chat is planned, or its opening has a dead lease.

        None when there is no such house.
        """

    def made(self, house_id: str, *, chat_id: int, now: datetime) -> None:
        """Note the chat. Like all notes but `opened`, it comes too late for an open one."""

    def opened(self, house_id: str, *, link: str, cmid: int) -> None: ...

    def refused(self, house_id: str, *, reason: str) -> None: ...

    def uncertain(self, house_id: str, *, reason: str) -> None: ...

    def wait(
        self, house: House, *, until: datetime, reason: str, searches: int | None = None
    ) -> None:
        """Keep the house's state, end its lease, and have it tried again at a time."""

    def replan(self, house: House, *, letter_id: str, now: datetime) -> bool:
        """Begin a refused or uncertain chat anew, as a person decided; False if it is neither.

        A chat that was made stays the house's: only what came after it is done again. The house
        is due at once, so that the sweep finds it if nobody else does.
        """

    def poster_drawn(self, house_id: str, *, now: datetime) -> None: ...

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some houses whose time has come."""

    def postpone(self, house_id: str, *, until: datetime) -> None:
        """Keep a due house from being handed over again before a time."""

    def lines(self, territory: Territory) -> list[HouseLine]:
        """Return what lists show of a territory's houses, in the order of their addresses."""


class Attachments(Protocol):
    """Keeps which organisation answers for which house, and since when until when."""

    def introduce(self, organisation: Organisation, *, oktmo: str) -> None:
        """Keep an organisation's card with the place where it was first named, unless it is there.

        What is there may be a better spelling, put by a person.
        """

    def attach_first(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """Attach to a house that is new, unless anything is known of the two already."""

    def attach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """Attach from now on; who is attached as that kind already stays so since then."""

    def detach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """End it now, unless it has ended before.

        Also when nothing is known of the two: `attach_first` may yet come, too late.
        """


class Chats(Protocol):
    """Remembers which chat of a community is which house's."""

    def remember(self, community: int, chat_id: int, *, house_id: str) -> str:
        """Keep whose chat it is, and return it: the first word counts."""

    def house_of(self, community: int, chat_id: int) -> str | None: ...

    def known(self, community: int) -> dict[int, str]:
        """Return whose each chat is, by the chats' numbers."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What became of a chat's link, first message and pin."""

    link: str
    cmid: int
    """0 when VK did not say: the message is there, its number must be looked up."""
    pinned: bool


class ChatMaker(Protocol):
    """Makes chats: the messenger's side of opening a house chat."""

    def create_chat(self, title: str) -> int:
        """Make a chat and return its number; OutcomeUnknownError when it may have been made."""

    def titles(self, chat_ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of those of our chats that can be seen (any number of ids)."""

    def existing(self, chat_ids: Sequence[int]) -> set[int]:
        """Return those numbers under which a chat exists, seen in lists or not."""

    def settle(self, chat_id: int, *, title: str, text: str | None, random_id: int) -> Welcome:
        """Give the clean title, fetch the link, send the first message and pin it, in one call.

        `text` None: the first message is there already, only title and link are wanted.
        """

    def own_message(self, chat_id: int) -> int:
        """Return the number of the first message that we wrote; 0 when none is to be seen."""

    def pin(self, chat_id: int, cmid: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Button:
    """A button with a link under a private message."""

    label: str
    link: str


class Letters(Protocol):
    """Writes private messages: the messenger's side of instructions.

    RefusedError with the code `consent` when the person has not allowed messages.
    """

    def person(self, vk_name: str) -> int:
        """Return the id of the person with that screen name; RefusedError when there is none."""

    def attach(self, vk_id: int, *, file_name: str, pdf: bytes) -> str:
        """Upload a document for one person and return what `send` takes."""

    def send(
        self,
        vk_id: int,
        text: str,
        *,
        random_id: int,
        attachment: str,
        buttons: Sequence[Button],
    ) -> None: ...

    def was_sent(self, vk_id: int, *, text: str, random_id: int) -> bool:
        """Tell whether our message with that text or number is among the latest of the dialog."""


class TextMessages(Protocol):
    """Sends SMS."""

    def send(self, phone: str, text: str) -> None:
        """Send one text; RefusedError when the number cannot be reached for good."""


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """The verdicts on up to 100 rows, and where these rows lie in the file of rows."""

    number: int
    span: tuple[int, int]
    """First and last byte, both included."""
    rows: Sequence[RowVerdict]
    mended: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """What people wrote instead of the clerk, by rows' numbers and our names of columns."""


class Batches(Protocol):
    """Keeps the lists and their verdicts."""

    def begin(self, batch: Batch) -> Batch:
        """Keep a batch and return it; the one that is there already goes before."""

    def reading(self, batch_id: str, *, etag: str, now: datetime) -> Batch:
        """Note which file has come for an awaited batch, and return the batch as it is then."""

    def get(self, batch_id: str) -> Batch | None: ...

    def of_territory(self, territory: Territory) -> list[Batch]:
        """Return the batches of a territory, the newest first."""

    def refuse(self, batch_id: str, *, code: str, reason: str) -> None:
        """Give the list up as a whole, unless its rows are being enrolled already."""

    def start(
        self,
        batch_id: str,
        *,
        chunks: int,
        rows: Mapping[str, int],
        first_row: int = 1,
        locality: str = "",
        columns: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
    ) -> None:
        """Note the verdicts by number, and what the list was read with: enrolling begins, once."""

    def put_chunk(
        self,
        batch_id: str,
        chunk: int,
        verdicts: Sequence[RowVerdict],
        *,
        span: tuple[int, int],
        until: datetime,
    ) -> Sequence[RowVerdict]:
        """Keep the verdicts of a chunk, and return those that are kept: the first ones stay."""

    def enrolled(self, batch_id: str, chunk: int, more: Tally, *, now: datetime) -> Batch:
        """Note that a chunk's houses exist, and return the batch after it.

        What its rows are more than the check has counted is added once. With the last chunk the
        batch is enrolled.
        """

    def chunk(self, batch_id: str, chunk: int) -> list[RowVerdict]: ...

    def kept(self, batch_id: str, chunk: int) -> KeptChunk | None:
        """Return all that is kept of a chunk, as it was at one moment."""

    def chunks(self, batch_id: str, *, first: int = 0) -> Iterator[KeptChunk]:
        """Yield what is kept of the rows in their order, from a chunk on."""

    def claim_row(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
        until: datetime,
    ) -> bool:
        """Note what a person is about to have in a row, so that nobody mends it otherwise.

        False when the row is not as it was read, or somebody else's note has not expired yet.
        RefusedError when the chunk has no room for the cells.
        """

    def release_row(
        self, batch_id: str, chunk: int, was: RowVerdict, cells: Mapping[str, str]
    ) -> bool:
        """Take the note back; False when it was not ours any more."""

    def mend(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        row: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
    ) -> bool:
        """Put what a row has become in place of the note, and count it, all at once.

        False when the note was not ours any more: somebody else has mended the row.
        """

    def confirm(self, batch_id: str, *, by: str, now: datetime) -> None: ...

    def ask_result(self, batch_id: str, *, now: datetime) -> None: ...

    def result_written(self, batch_id: str, *, asked_at: datetime) -> None:
        """Note that the workbook asked for then is there, unless a later one is."""

    def ask_sheet(self, batch_id: str, *, now: datetime) -> None: ...

    def sheet_drawn(self, batch_id: str, *, houses: int, now: datetime) -> None: ...


class Towns(Protocol):
    """Keeps the town of a municipality, for addresses that name none."""

    def put(self, oktmo: str, locality: str) -> None: ...

    def get(self, oktmo: str) -> str:
        """Return the town; empty when nobody has said it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A person's page in the messenger."""

    vk_id: int
    gone: bool = False
    """Deleted or blocked."""


class Pages(Protocol):
    """Finds people's pages in the messenger, many at once."""

    def look_up(self, names: Collection[str]) -> dict[str, Page]:
        """Return the pages that are there by what they were asked for: numbers or names."""


class Elders(Protocol):
    """Keeps what is needed to reach the elders."""

    def put(self, elder_id: str, elder: Elder, *, until: datetime) -> None: ...

    def get(self, elder_id: str) -> Elder | None: ...

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        """Return those that are there, by their ids."""


class Officials(Protocol):
    """Keeps who may do what in a territory."""

    def put(self, official: Official) -> None: ...

    def get(self, vk_id: int) -> Official | None: ...


class Instructions(Protocol):
    """Keeps what each elder was told about each batch."""

    def expect(
        self, batch_id: str, elder_id: str, house_ids: AbstractSet[str], *, until: datetime
    ) -> None:
        """Note that an elder is to be told of houses; kept until a time."""

    def reopen(self, instruction: Instruction) -> None:
        """Let an undeliverable one be tried anew, as a person decided."""

    def get(self, batch_id: str, elder_id: str) -> Instruction | None: ...

    def of_batch(self, batch_id: str) -> list[Instruction]: ...

    def claim(self, instruction: Instruction, *, now: datetime, lease_until: datetime) -> bool:
        """Take the instruction for sending; False when somebody else has it."""

    def begin_texting(self, instruction: Instruction) -> bool:
        """Note, before it goes, that an SMS goes; False when somebody else was first."""

    def finish(
        self,
        instruction: Instruction,
        state: InstructionState,
        *,
        now: datetime,
        channel: Channel | None = None,
        reason: str = "",
    ) -> None: ...

    def wait(self, instruction: Instruction, *, until: datetime, reason: str = "") -> None:
        """Have it tried again at a time, from the beginning.

        Only if its state is still the one told: else somebody else has it by now, or it is none.
        """

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Return (batch id, elder id) of some instructions whose time has come."""

    def postpone(self, batch_id: str, elder_id: str, *, until: datetime) -> None: ...


class Scans(Protocol):
    """Counts how often a poster's code was scanned."""

    def count(self, house_id: str, place: str) -> None:
        """Add one to a place: an entrance's number, `lift`, or `other`."""

    def of(self, house_id: str) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True)
class Download:
    """A link that opens one file for a while."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Where and with which fields a browser posts a file."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Files(Protocol):
    """Keeps files of one bucket."""

    def get(self, key: str, *, etag: str = "") -> bytes | None:
        """Return a file, if it is there and, with an ETag given, still the same."""

    def get_range(self, key: str, first: int, last: int) -> bytes:
        """Return the bytes from `first` to `last`, both included."""

    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def put_once(self, key: str, body: bytes, *, content_type: str) -> bool:
        """Keep a file unless there is one already; False when there is."""

    def download(self, key: str, *, file_name: str, now: datetime) -> Download: ...

    def upload_form(self, key: str, *, max_bytes: int, now: datetime) -> UploadForm: ...


class Queue(Protocol):
    """Hands work over; at least once, in no order."""

    def send(self, bodies: Iterable[Mapping[str, str | int]]) -> None:
        """Hand over all bodies, or raise; a repeat may hand some over twice."""


class Lane(StrEnum):
    """How urgent a call is; who waits for whom at a community's pace."""

    BULK = "bulk"
    INTERACTIVE = "interactive"
    EMERGENCY = "emergency"
