"""Houses and their chats: identity, states, and what people are told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from housechats.domain.access import Place
from housechats.domain.addresses import Address, sort_house
from housechats.domain.organisations import OrganisationKind
from housechats.domain.receipts import failure_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code can be read out and typed from paper."""
CODE_LENGTH = 8
CODES_PER_HOUSE = 4
"""How many codes a house may try: two houses of one region meet on a code of 40 bits about once
in six thousand regions of 18,200 houses, four times in a row never."""

LEASE_SEARCHES = 3
"""How often a lost chat is looked for before people decide."""


AMENDED = (
    "fias_id",
    "entrances",
    "flats",
    "tags",
    "organisations",
    "elder_id",
    "letter_id",
    "parting_id",
    "changed_by",
    "changes",
    "revision",
    "applied",
)
"""What a list may change of a house that is there: its chat, link and title stay."""

EDITED = (
    *AMENDED,
    "name",
    "state",
    "link",
    "welcome_cmid",
    "closed_at",
    "closed_reason",
    "elder_joined_at",
    "loss",
)
"""What people may change of a house besides."""

LONGEST_NAME = 64
"""Characters of a chat's title: VK says no limit; a short address is not half as long."""
BY_PERSON = "person"
"""Who changed a house last, when it was no list."""


class ChatState(StrEnum):
    """How far a house's chat has come."""

    PLANNED = "planned"
    OPENING = "opening"
    """createChat is under way, or its outcome is unknown."""
    MADE = "made"
    """The chat exists and is ours; it has no link and no first message yet."""
    OPEN = "open"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    """A chat may exist that we cannot find: people decide."""
    CLOSED = "closed"
    """A person has closed it: its link is revoked, who is in it stays."""
    LOST = "lost"
    """The community can write to it no more: nothing is sent until it can, or people decide."""

    @property
    def settled(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in {
            ChatState.OPEN,
            ChatState.REFUSED,
            ChatState.UNCERTAIN,
            ChatState.CLOSED,
            ChatState.LOST,
        }

    @property
    def has_chat(self) -> bool:
        """Whether a chat is there that is to say what the house says."""
        return self in {ChatState.OPEN, ChatState.CLOSED, ChatState.LOST}


@dataclass(frozen=True, slots=True)
class House:
    """One apartment building and its official chat."""

    id: str
    """Its code of 8 characters: on posters, in titles while a chat is being made, in keys."""
    digest: str
    """Tells houses apart whose codes meet: hash of the municipality and the address key."""
    oktmo: str
    address: Address
    community: int
    created_at: datetime
    fias_id: str = ""
    entrances: int = 0
    """0 when unknown."""
    flats: int = 0
    """0 when unknown."""
    tags: tuple[str, ...] = ()
    organisations: Mapping[str, OrganisationKind] = field(default_factory=dict)
    """Those attached now: ИНН and what it is to the house."""
    elder_id: str = ""
    batch_id: str = ""
    """The list that the house came with; empty when it was created singly."""
    letter_id: str = ""
    """The instruction that tells of it: its list's, or one of its own."""
    parting_id: str = ""
    """The letter to the elder before this one; empty when there was none."""
    state: ChatState = ChatState.PLANNED
    chat_id: int = 0
    link: str = ""
    """The invite link; empty while the chat is closed, or waits for a fresh one."""
    welcome_cmid: int = 0
    """Number of the message in the chat that says what it is; 0 when a new one is to be sent."""
    made_at: datetime | None = None
    poster_at: datetime | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None
    """When a waiting house is tried again."""
    searches: int = 0
    reason: str = ""
    """Why the chat is refused, uncertain, lost or waits: a Russian sentence."""
    loss: str = ""
    """How a lost chat was lost: a code of FAILURES."""
    left_chats: tuple[int, ...] = ()
    """Lost chats instead of which people had new ones opened: it never gets them back."""
    changed_by: str = ""
    """The list that changed the house last: a repeat of it tells the same changes."""
    changes: tuple[str, ...] = ()
    """What it changed: fields of ListedHouse."""
    name: str = ""
    """The title that a person has given."""
    revision: int = 0
    """Grows with every change by people or lists: who changes what they have read says which."""
    applied: int = 0
    """The revision that the chat shows."""
    closed_at: datetime | None = None
    closed_reason: str = ""
    residents: int = 0
    residents_at: datetime | None = None
    """When their number was noted last: it is written when it changes."""
    elder_joined_at: datetime | None = None

    @property
    def title(self) -> str:
        return self.name or self.address.short

    @property
    def outdated(self) -> bool:
        """Whether the chat is there and does not say yet what the house says."""
        return self.state.has_chat and self.applied < self.revision

    @property
    def may_get_new_chat(self) -> bool:
        """Whether its chat is gone: where only rights are missing, they can be given back."""
        return self.state == ChatState.LOST and failure_of(self.loss).is_gone

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset(self.organisations), self.elder_id)

    @property
    def position(self) -> str:
        """Its place in lists: by territory, street, and number as people count."""
        address = self.address
        street = f"{address.locality} {address.street} {address.street_type}".lower()
        number = f"{sort_house(address.house)} {address.block} {address.building} {address.letter}"
        return f"{self.oktmo}#{street}#{number}".rstrip()

    @property
    def line(self) -> "HouseLine":
        return HouseLine(
            id=self.id,
            oktmo=self.oktmo,
            title=self.title,
            state=self.state if self.state.settled else ChatState.PLANNED,
            batch_id=self.batch_id,
            entrances=self.entrances,
            has_poster=self.poster_at is not None,
            waits=self.due_at is not None and self.reason != "",  # without one it is due at once
            reason=self.reason,
            organisations=tuple(sorted(self.organisations)),
            tags=self.tags,
            community=self.community,
            residents=self.residents,
            position=self.position,
            chat_id=self.chat_id if self.state.settled else 0,
        )

    @property
    def title_with_code(self) -> str:
        """The title of a chat that is being made: the code is how a lost one is found again."""
        return f"{self.address.short} · {self.id}"

    @property
    def ready(self) -> bool:
        """Whether the elder can be told everything about this house."""
        if self.state == ChatState.OPEN:
            return self.poster_at is not None and self.link != ""
        return self.state.settled


@dataclass(frozen=True, slots=True)
class ShownHouse:
    """What a list shows of a house: no person in it."""

    id: str
    oktmo: str
    title: str
    state: ChatState
    """What is settled of its chat; while it is being made, it is planned."""
    batch_id: str = ""
    """The list that it came with; empty when it was created singly, and to all but staff."""
    entrances: int = 0
    has_poster: bool = False
    """Its posters are drawn."""
    waits: bool = False
    """Whether it waits for a time that VK set."""
    reason: str = ""
    """Why its chat is refused, uncertain, lost or waits; empty to all but staff."""
    organisations: tuple[str, ...] = ()
    """ИНН of those attached now."""
    tags: tuple[str, ...] = ()
    """Words by which staff group houses; none to all but staff."""
    community: int = 0
    """Whose token makes its chat: the number of the community in VK."""
    residents: int = 0
    """0 when unknown."""


@dataclass(frozen=True, slots=True)
class HouseLine(ShownHouse):
    """A house in a catalogue, with what only we need to know."""

    position: str = ""
    """Its place in lists."""
    told: int = 0
    """Grows with every change: of two lines of a house the later one is true."""
    chat_id: int = 0
    """Its chat's number with the community; 0 while it is being made."""

    @property
    def place(self) -> Place:
        """Where it lies; who its elder is no list says."""
        return Place(self.oktmo, frozenset(self.organisations))


def edited(before: House, after: House, *, renamed: bool = False) -> House:
    """Return a house after one more change; its chat is up to date if it need not say it.

    `renamed`: its elder is the same person, under another name.
    """
    silent = not renamed and _said(before) == _said(after) and before.applied == before.revision
    revision = before.revision + 1
    return replace(after, revision=revision, applied=revision if silent else before.applied)


def _said(house: House) -> tuple[object, ...]:
    """Return what the chat says of a house."""
    return house.title, house.elder_id, house.state, house.closed_at


def own_letter(house_id: str, revision: int = 0) -> str:
    """Return the id of the instruction that tells of one house only.

    Each elder who is named later gets one of their own: it has the revision that named them.
    """
    return f"one-{house_id}-{revision}" if revision else f"one-{house_id}"


def parting_letter(house: House) -> str:
    """Return the id of the letter by which the elder hears that it is another now."""
    return f"left-{house.id}-{house.letter_id}" if house.elder_id else ""


def digest_of(oktmo: str, address: Address) -> str:
    """Tell houses apart: the municipality (8 digits) and the address key."""
    return sha256(f"{oktmo[:8]}/{address.key}".encode()).hexdigest()[:32]


def code_of(digest: str, attempt: int = 0) -> str:
    """Return the house's code; the next attempt when another house has it already."""
    number = int.from_bytes(sha256(f"{digest}/{attempt}".encode()).digest()[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


TYPED_ALIKE = str.maketrans("ОАВЕКМНРСТХУILOU", "0ABEKMHPCTXY110V")
"""What people type for a character of a code: Cyrillic twins and Crockford's own look-alikes."""


def read_code(text: str) -> str:
    """Return the code that a person typed or a poster says, or an empty string."""
    code = text.strip().upper().replace("-", "").replace(" ", "").translate(TYPED_ALIKE)
    return code if len(code) == CODE_LENGTH and all(c in ALPHABET for c in code) else ""
