"""The outside in memory: every port once, with the conditions of the real ones."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import md5

from housechats.domain.batches import Batch, BatchState, RowVerdict, Tally, tally
from housechats.domain.communities import Community, CommunityState
from housechats.domain.errors import RefusedError
from housechats.domain.houses import AMENDED, EDITED, ChatState, House, HouseLine
from housechats.domain.instructions import Channel, Instruction, InstructionState, Told
from housechats.domain.listing import order
from housechats.domain.people import Elder
from housechats.domain.receipts import failure_of
from housechats.domain.territories import Territory, region_of
from housechats.ports.batches import KeptChunk
from housechats.ports.chats import Welcome
from housechats.ports.communities import Bearer
from housechats.ports.files import Download, UploadForm
from housechats.ports.houses import Claim
from housechats.ports.letters import Button
from housechats.ports.people import Page


def real_time() -> datetime:
    return datetime.now(UTC)


class FakeHouses:
    def __init__(self) -> None:
        self.by_id: dict[str, House] = {}
        self.renewing: set[str] = set()
        """Those whose present revision somebody has begun to bring to the chat."""
        self.hand_overs: Counter[str] = Counter()
        """How often each was handed over to be renewed."""
        self.aliases: dict[str, tuple[str, str]] = {}

    def claim_fias(self, fias_id: str, *, house_id: str, digest: str, instead_of: str = "") -> str:
        of, claimed = self.aliases.get(fias_id, (house_id, digest))
        if digest != claimed and of != instead_of:
            return of
        self.aliases[fias_id] = (house_id, digest)
        return ""

    def of_fias(self, fias_ids: Iterable[str]) -> dict[str, str]:
        return {one: self.aliases[one][0] for one in fias_ids if one in self.aliases}

    def enrol(self, house: House) -> House | None:
        there = self.by_id.get(house.id)
        if there is None:
            self.by_id[house.id] = house
        return there

    def amend(self, before: House, after: House) -> House | None:
        there = self.by_id[before.id]
        changed = {name for name in EDITED if getattr(before, name) != getattr(after, name)}
        is_news = after.applied < after.revision
        read = {*AMENDED, *changed, *({"state"} if is_news else ())}
        if any(getattr(there, name) != getattr(before, name) for name in read):
            return there
        self._change(before.id, **{name: getattr(after, name) for name in changed})
        if after.outdated:
            self._change(before.id, due_at=before.created_at, reason="")
            self.renewing.discard(before.id)
            self.hand_overs.pop(before.id, None)
        return None

    def get(self, house_id: str) -> House | None:
        return self.by_id.get(house_id)

    def get_many(self, house_ids: Iterable[str]) -> list[House]:
        return [self.by_id[one] for one in set(house_ids) if one in self.by_id]

    def claim_opening(self, house_id: str, *, now: datetime, lease_until: datetime) -> Claim | None:
        before = self.by_id.get(house_id)
        if before is None:
            return None
        lease_dead = before.lease_until is None or before.lease_until < now
        free = before.state == ChatState.PLANNED or (
            before.state == ChatState.OPENING and lease_dead
        )
        if free:
            self._change(
                house_id,
                state=ChatState.OPENING,
                lease_until=lease_until,
                due_at=None,
                reason="",
            )
        return Claim(before, ours=free)

    def made(self, house_id: str, *, chat_id: int, now: datetime) -> None:
        self._settle(house_id, state=ChatState.MADE, chat_id=chat_id, made_at=now)

    def opened(self, house_id: str, *, link: str, cmid: int) -> None:
        if self.by_id[house_id].state.has_chat:
            return
        self._settle(house_id, state=ChatState.OPEN, link=link, welcome_cmid=cmid, reason="")
        if self.by_id[house_id].outdated:
            self._change(house_id, due_at=self.by_id[house_id].created_at)

    def refused(self, house_id: str, *, reason: str) -> None:
        self._settle(house_id, state=ChatState.REFUSED, reason=reason)

    def give_up(self, house_id: str, *, reason: str) -> bool:
        if self.by_id[house_id].state != ChatState.PLANNED:
            return False
        self._settle(house_id, state=ChatState.REFUSED, reason=reason)
        return True

    def uncertain(self, house_id: str, *, reason: str) -> None:
        self._settle(house_id, state=ChatState.UNCERTAIN, reason=reason)

    def wait(
        self, house: House, *, until: datetime, reason: str, searches: int | None = None
    ) -> None:
        if self.by_id[house.id].state.has_chat:
            return
        self._change(
            house.id,
            state=house.state,
            due_at=until,
            reason=reason,
            searches=house.searches if searches is None else searches,
            lease_until=None,
        )

    def replan(self, house: House, *, letter_id: str, now: datetime) -> bool:
        there = self.by_id.get(house.id)
        if there is None or there.state not in {ChatState.REFUSED, ChatState.UNCERTAIN}:
            return False
        state = ChatState.MADE if house.chat_id else ChatState.PLANNED
        changes = {"letter_id": letter_id, "due_at": now}
        self._change(house.id, state=state, searches=0, reason="", **changes)
        return True

    def lose(self, house_id: str, chat_id: int, code: str) -> None:
        there = self.by_id.get(house_id)
        if there is None or (there.state, there.chat_id) != (ChatState.OPEN, chat_id):
            return
        self.hand_overs.pop(house_id, None)
        reason = failure_of(code).said
        self._change(house_id, state=ChatState.LOST, loss=code, reason=reason, due_at=None)

    def leave_chat(self, house: House, *, letter_id: str, now: datetime) -> bool:
        there = self.by_id[house.id]
        if there.state != ChatState.LOST or (there.chat_id, there.revision) != (
            house.chat_id,
            house.revision,
        ):
            return False
        self.renewing.discard(house.id)
        self.hand_overs.pop(house.id, None)
        left, revision = (*there.left_chats, there.chat_id), there.revision + 1
        self._change(house.id, state=ChatState.PLANNED, left_chats=left, searches=0)
        self._change(house.id, revision=revision, applied=revision, letter_id=letter_id)
        self._change(house.id, chat_id=0, link="", welcome_cmid=0, made_at=None)
        self._change(house.id, loss="", reason="", due_at=now, lease_until=None)
        self._change(house.id, residents=0, residents_at=None, elder_joined_at=None)
        return True

    def poster_drawn(self, house_id: str, *, now: datetime) -> None:
        self._change(house_id, poster_at=now)

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return self.due_ones(now, limit=limit, has_chat=False)

    def due_ones(self, now: datetime, *, limit: int, has_chat: bool) -> list[str]:
        some = [house for house in self.by_id.values() if house.state.has_chat == has_chat]
        return [h.id for h in some if h.due_at is not None and h.due_at <= now][:limit]

    def postpone(self, house_id: str, *, until: datetime) -> None:
        if self.by_id[house_id].due_at is not None:
            self._change(house_id, due_at=until)

    def announce(self, houses: Collection[House]) -> None:
        """Lists here look at the houses themselves."""

    def lines(self, territory: Territory) -> list[HouseLine]:
        found = [house for house in self.by_id.values() if territory.covers(house.oktmo)]
        return sorted((house.line for house in found), key=order)

    def _settle(self, house_id: str, **changes: object) -> None:
        if self.by_id[house_id].state.has_chat:
            return
        self._change(house_id, lease_until=None, due_at=None, **changes)

    def _change(self, house_id: str, **changes: object) -> None:
        self.by_id[house_id] = replace(self.by_id[house_id], **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FakeCatalogue:
    houses: FakeHouses

    def lines(self, territory: Territory) -> list[HouseLine]:
        return self.houses.lines(territory)

    def forget(self) -> None:
        """Nothing is kept."""


class FakeChats:
    def __init__(self) -> None:
        self.houses: dict[tuple[int, int], str] = {}

    def remember(self, community: int, chat_id: int, *, house_id: str) -> str:
        return self.houses.setdefault((community, chat_id), house_id)

    def house_of(self, community: int, chat_id: int) -> str | None:
        return self.houses.get((community, chat_id)) or None

    def known(self, community: int) -> dict[int, str]:
        return {chat: house for chat, house in self.noted(community).items() if house}

    def noted(self, community: int) -> dict[int, str]:
        return {chat: house for (of, chat), house in self.houses.items() if of == community}


def new_community(community_id: int, oktmo: str = "11", **changes: object) -> Community:
    """Return a community that is active, or as told."""
    usual = Community(
        id=community_id,
        name=f"Домовые чаты {community_id}",
        oktmo=oktmo,
        state=CommunityState.ACTIVE,
        connected_at=datetime(2026, 1, 1, tzinfo=UTC),
        connected_by="vk:1",
        token_version="1",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


class FakeCommunities:
    def __init__(self, *communities: Community) -> None:
        self.by_id = {one.id: one for one in communities}

    def get(self, community_id: int) -> Community | None:
        return self.by_id.get(community_id)

    def of_region(self, region: str) -> list[Community]:
        return [one for one in self.everywhere() if region_of(one.oktmo) == region]

    def everywhere(self) -> list[Community]:
        return [one for _, one in sorted(self.by_id.items())]

    def connect(self, community: Community, *, instead_of: Community | None) -> bool:
        there = self.by_id.get(community.id)
        if (there and there.revision) != (instead_of and instead_of.revision):
            return False
        self.by_id[community.id] = community
        return True

    def disconnect(self, community: Community, *, reason: str) -> None:
        there = self.by_id[community.id]
        if there.works and there.connected_at == community.connected_at:
            changes = {"state": CommunityState.DISCONNECTED, "reason": reason}
            self._change(there, **changes)

    def turn(self, community: Community, state: CommunityState) -> bool:
        there = self.by_id[community.id]
        if there.revision != community.revision:
            return False
        self._change(there, state=state)
        return True

    def _change(self, there: Community, **changes: object) -> None:
        revision = there.revision + 1
        self.by_id[there.id] = replace(there, revision=revision, **changes)  # type: ignore[arg-type]


class FakeTokens:
    def __init__(self) -> None:
        self._kept: dict[int, list[str]] = {}

    def put(self, community_id: int, token: str) -> str:
        kept = self._kept.setdefault(community_id, [])
        kept.append(token)
        return f"{len(kept)}"

    def of(self, community: Community) -> str:
        return self._kept[community.id][int(community.token_version) - 1]


class FakeBearers:
    """VK's answers about tokens."""

    def __init__(self, by_token: Mapping[str, Bearer] | None = None) -> None:
        self.by_token = dict(by_token or {})

    def ask(self, token: str) -> Bearer:
        if token not in self.by_token:
            raise RefusedError("token", "ВКонтакте не принимает этот ключ.")
        return self.by_token[token]


@dataclass
class FakeChat:
    """A chat as its members see it."""

    title: str
    link: str
    messages: list[str] = field(default_factory=list)
    pinned: int = 0
    shown: bool = True
    """Whether VK lists it to the community that made it."""


class FakeChatMaker:
    """VK's side of house chats; `trouble` is raised by the next call of a method, once."""

    def __init__(self) -> None:
        self.chats: dict[int, FakeChat] = {}
        self.random_ids: dict[tuple[int, int], int] = {}
        self.trouble: dict[str, Exception] = {}
        self.answer_lost: Exception | None = None
        """Raised by the next create_chat after it has made the chat."""
        self.hides_new_chats = False
        """Whether VK lists a chat only after its first message."""

    def create_chat(self, title: str) -> int:
        self._fail_if_asked("create_chat")
        number = len(self.chats) + 1
        link = f"https://vk.me/join/{number}"
        self.chats[number] = FakeChat(title, link, shown=not self.hides_new_chats)
        lost, self.answer_lost = self.answer_lost, None
        if lost:
            raise lost
        return number

    def titles(self, chat_ids: Sequence[int]) -> dict[int, str]:
        self._fail_if_asked("titles")
        shown = {n: chat for n, chat in self.chats.items() if chat.shown}
        return {n: shown[n].title for n in chat_ids if n in shown}

    def existing(self, chat_ids: Sequence[int]) -> set[int]:
        self._fail_if_asked("existing")
        return set(chat_ids) & set(self.chats)

    def settle(self, chat_id: int, *, title: str, text: str | None, random_id: int) -> Welcome:
        self._fail_if_asked("settle")
        chat = self._chat(chat_id)
        chat.title = title
        if text is None:
            return Welcome(chat.link, 0, pinned=False)
        cmid = self.random_ids.get((chat_id, random_id), 0)
        if not cmid:
            chat.messages.append(text)
            chat.shown = True
            cmid = self.random_ids[chat_id, random_id] = len(chat.messages)
        chat.pinned = cmid
        return Welcome(chat.link, cmid, pinned=True)

    def own_message(self, chat_id: int) -> int:
        self._fail_if_asked("own_message")
        return 1 if chat_id in self.chats and self.chats[chat_id].messages else 0

    def pin(self, chat_id: int, cmid: int) -> None:
        self._fail_if_asked("pin")
        self._chat(chat_id).pinned = cmid

    def forget_random_ids(self) -> None:
        """Let more than an hour pass in VK."""
        self.random_ids.clear()

    def _chat(self, chat_id: int) -> FakeChat:
        if chat_id not in self.chats:
            raise RefusedError("chat_lost", "Такого чата нет.")
        return self.chats[chat_id]

    def _fail_if_asked(self, method: str) -> None:
        if error := self.trouble.pop(method, None):
            raise error


@dataclass(frozen=True)
class Letter:
    """A private message as its reader sees it."""

    vk_id: int
    text: str
    pdf: bytes
    buttons: tuple[Button, ...]


class FakeLetters:
    """VK's side of private messages; `trouble` is raised by the next call of a method, once."""

    def __init__(self, names: Mapping[str, int] | None = None) -> None:
        self.names = dict(names or {})
        self.unwilling: set[int] = set()
        """People who have not allowed messages."""
        self.sent: list[Letter] = []
        self.trouble: dict[str, Exception] = {}
        self.answer_lost: Exception | None = None
        """Raised by the next send after the letter has gone."""
        self._files: dict[str, bytes] = {}
        self._random_ids: set[tuple[int, int]] = set()
        """What VK checks a repeat against; it forgets."""
        self._sent_ids: set[tuple[int, int]] = set()
        """What a dialog's history shows; it does not."""

    def person(self, vk_name: str) -> int:
        self._fail_if_asked("person")
        if vk_name not in self.names:
            raise RefusedError("not_found", "Такой страницы ВКонтакте нет.")
        return self.names[vk_name]

    def attach(self, vk_id: int, *, file_name: str, pdf: bytes) -> str:
        self._fail_if_asked("attach")
        self._check_willing(vk_id)
        name = f"doc{vk_id}_{len(self._files) + 1}"
        self._files[name] = pdf
        return name

    def send(
        self,
        vk_id: int,
        text: str,
        *,
        random_id: int,
        attachment: str,
        buttons: Sequence[Button],
    ) -> None:
        self._fail_if_asked("send")
        self._check_willing(vk_id)
        if (vk_id, random_id) not in self._random_ids:
            self._random_ids.add((vk_id, random_id))
            self._sent_ids.add((vk_id, random_id))
            pdf = self._files[attachment] if attachment else b""
            self.sent.append(Letter(vk_id, text, pdf, tuple(buttons)))
        lost, self.answer_lost = self.answer_lost, None
        if lost:
            raise lost

    def was_sent(self, vk_id: int, *, text: str, random_id: int) -> bool:
        self._fail_if_asked("was_sent")
        said = any((letter.vk_id, letter.text) == (vk_id, text) for letter in self.sent)
        return said or (vk_id, random_id) in self._sent_ids

    def forget_random_ids(self) -> None:
        """Let more than an hour pass in VK."""
        self._random_ids.clear()

    def _check_willing(self, vk_id: int) -> None:
        if vk_id in self.unwilling:
            raise RefusedError("consent", "Человек не разрешил сообществу писать ему.")

    def _fail_if_asked(self, method: str) -> None:
        if error := self.trouble.pop(method, None):
            raise error


class FakeTextMessages:
    """Keeps what went out; `trouble` comes before the next SMS goes, `answer_lost` after."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: Exception | None = None
        self.answer_lost: Exception | None = None

    def send(self, phone: str, text: str) -> None:
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble
        if not phone.startswith("+"):
            raise RefusedError("phone", "Номер телефона записан неверно.")
        self.sent.append((phone, text))
        lost, self.answer_lost = self.answer_lost, None
        if lost:
            raise lost


class FakeBatches:
    def __init__(self) -> None:
        self.by_id: dict[str, Batch] = {}
        self._chunks: dict[tuple[str, int], KeptChunk] = {}
        self._claims: dict[tuple[str, int], tuple[dict[str, str], datetime]] = {}
        """What people are about to have in rows, and until when nobody else may, by numbers."""

    def begin(self, batch: Batch) -> Batch:
        return self.by_id.setdefault(batch.id, batch)

    def reading(self, batch_id: str, *, etag: str, now: datetime) -> Batch:
        if self.by_id[batch_id].state == BatchState.AWAITED:
            self._change(batch_id, state=BatchState.READING, created_at=now, etag=etag)
        return self.by_id[batch_id]

    def get(self, batch_id: str) -> Batch | None:
        return self.by_id.get(batch_id)

    def of_territory(self, territory: Territory) -> list[Batch]:
        found = [batch for batch in self.by_id.values() if territory.covers(batch.oktmo)]
        return sorted(found, key=lambda batch: batch.created_at, reverse=True)

    def refuse(self, batch_id: str, *, code: str, reason: str) -> None:
        if self.by_id[batch_id].state in {BatchState.ENROLLING, BatchState.ENROLLED}:
            return
        self._change(batch_id, state=BatchState.REFUSED, code=code, reason=reason)

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
        if self.by_id[batch_id].state == BatchState.READING:
            self._change(
                batch_id,
                state=BatchState.ENROLLING,
                chunks=chunks,
                rows=dict(rows),
                first_row=first_row,
                locality=locality,
                columns=dict(columns or {}),
                remarks=tuple(remarks),
            )

    def put_chunk(
        self,
        batch_id: str,
        chunk: int,
        verdicts: Sequence[RowVerdict],
        *,
        span: tuple[int, int],
        until: datetime,
    ) -> Sequence[RowVerdict]:
        new = KeptChunk(chunk, span, list(verdicts))
        return self._chunks.setdefault((batch_id, chunk), new).rows

    def enrolled(self, batch_id: str, chunk: int, more: Tally, *, now: datetime) -> Batch:
        batch = self.by_id[batch_id]
        if chunk not in batch.enrolled:
            enrolled = batch.enrolled | {chunk}
            state = BatchState.ENROLLED if len(enrolled) == batch.chunks else batch.state
            self._change(batch_id, enrolled=enrolled, state=state)
            self._count(batch_id, more, now)
        return self.by_id[batch_id]

    def chunk(self, batch_id: str, chunk: int) -> list[RowVerdict]:
        kept = self.kept(batch_id, chunk)
        return list(kept.rows) if kept else []

    def kept(self, batch_id: str, chunk: int) -> KeptChunk | None:
        return self._chunks.get((batch_id, chunk))

    def chunks(self, batch_id: str, *, first: int = 0) -> Iterator[KeptChunk]:
        for (of, number), kept in sorted(self._chunks.items(), key=lambda item: item[0]):
            if of == batch_id and number >= first:
                yield kept

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
        key = batch_id, was.number
        others, their_until = self._claims.get(key, ({}, now))
        if was not in self.chunk(batch_id, chunk) or (others != cells and their_until > now):
            return False
        self._claims[key] = dict(cells), until
        return True

    def release_row(
        self, batch_id: str, chunk: int, was: RowVerdict, cells: Mapping[str, str]
    ) -> bool:
        ours = self._is_claimed(batch_id, chunk, was, cells)
        if ours:
            del self._claims[batch_id, was.number]
        return ours

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
        if not self.release_row(batch_id, chunk, was, cells):
            return False
        kept = self._chunks[batch_id, chunk]
        rows = [row if one == was else one for one in kept.rows]
        mended = {**kept.mended, row.number: dict(cells)}
        self._chunks[batch_id, chunk] = replace(kept, rows=rows, mended=mended)
        self._count(batch_id, tally([row]) - tally([was]), now)
        return True

    def _is_claimed(
        self, batch_id: str, chunk: int, was: RowVerdict, cells: Mapping[str, str]
    ) -> bool:
        ours, _ = self._claims.get((batch_id, was.number), ({}, None))
        return was in self.chunk(batch_id, chunk) and ours == cells

    def _count(self, batch_id: str, more: Tally, now: datetime) -> None:
        batch = self.by_id[batch_id]
        rows = Counter(batch.rows)
        rows.update(more.rows)
        self._change(
            batch_id,
            rows={verdict: number for verdict, number in rows.items() if number},
            existing=batch.existing + more.existing,
            changed=batch.changed + more.changed,
            counted_at=now,
            told=batch.told if batch.counted_at == now else None,
        )

    def keep_told(self, batch: Batch, told: Told) -> None:
        there = self.by_id[batch.id]
        if there.counted_at == batch.counted_at and there.letters_anew == batch.letters_anew:
            self._change(batch.id, told=told)

    def confirm(self, batch_id: str, *, by: str, now: datetime) -> None:
        self._change(batch_id, confirmed_at=now, confirmed_by=by)

    def cancel(self, batch_id: str, *, now: datetime) -> None:
        self._change(batch_id, cancelled_at=now)

    def resume(self, batch_id: str) -> None:
        self._change(batch_id, cancelled_at=None)

    def ask_result(self, batch_id: str, *, now: datetime) -> None:
        self._change(batch_id, result_asked_at=now)

    def result_written(self, batch_id: str, *, asked_at: datetime) -> None:
        there = self.by_id[batch_id].result_at
        self._change(batch_id, result_at=max(asked_at, there or asked_at))

    def ask_sheet(self, batch_id: str, *, now: datetime) -> None:
        self._change(batch_id, sheet_asked_at=now)

    def sheet_drawn(self, batch_id: str, *, houses: int, now: datetime) -> None:
        self._change(batch_id, sheet_at=now, sheet_houses=houses)

    def _change(self, batch_id: str, **changes: object) -> None:
        self.by_id[batch_id] = replace(self.by_id[batch_id], **changes)  # type: ignore[arg-type]


class FakeTowns:
    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def put(self, oktmo: str, locality: str) -> None:
        self._kept[oktmo] = locality

    def get(self, oktmo: str) -> str:
        return self._kept.get(oktmo, "")

    def get_many(self, oktmos: Iterable[str]) -> dict[str, str]:
        return {oktmo: self._kept[oktmo] for oktmo in oktmos if oktmo in self._kept}


class FakePages:
    """The messenger's pages by name and by number; `trouble` is raised by the next look."""

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[set[str]] = []
        self.trouble: Exception | None = None

    def look_up(self, names: Collection[str], *, oktmo: str) -> dict[str, Page]:
        self.asked.append(set(names))
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble
        return {name: self.pages[name.lower()] for name in names if name.lower() in self.pages}


class FakeElders:
    def __init__(self, now: Callable[[], datetime] = real_time) -> None:
        self._now = now
        self._kept: dict[str, tuple[Elder, datetime]] = {}
        self._houses: dict[str, set[str]] = {}

    def put(
        self,
        elder_id: str,
        elder: Elder,
        *,
        until: datetime,
        house_ids: AbstractSet[str] = frozenset(),
    ) -> None:
        self._kept[elder_id] = (elder, until)
        self._houses.setdefault(elder_id, set()).update(house_ids)

    def name_for(self, elder_id: str, house_ids: AbstractSet[str]) -> None:
        if elder_id in self._kept:
            self._houses.setdefault(elder_id, set()).update(house_ids)

    def found_page(self, elder_id: str, vk_id: int, *, until: datetime) -> None:
        if elder_id in self._kept:
            elder, kept_until = self._kept[elder_id]
            self._kept[elder_id] = (replace(elder, vk_id=vk_id), kept_until)

    def houses_of(self, elder_ids: Iterable[str]) -> set[str]:
        kept = [elder_id for elder_id in elder_ids if self.get(elder_id)]
        return {house_id for elder_id in kept for house_id in self._houses.get(elder_id, ())}

    def get(self, elder_id: str) -> Elder | None:
        elder, until = self._kept.get(elder_id, (None, self._now()))
        return elder if until > self._now() else None

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        found = {elder_id: self.get(elder_id) for elder_id in elder_ids}
        return {elder_id: elder for elder_id, elder in found.items() if elder}


class FakeInstructions:
    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], Instruction] = {}

    def reopen(self, instruction: Instruction) -> None:
        key = (instruction.batch_id, instruction.elder_id)
        if self.by_key[key].state == InstructionState.UNDELIVERABLE:
            waiting = InstructionState.WAITING
            self.by_key[key] = replace(self.by_key[key], state=waiting, reason="", sent_at=None)

    def part(self, parting: Instruction, *, due_at: datetime, until: datetime) -> None:
        key = (parting.batch_id, parting.elder_id)
        there = self.by_key.get(key)
        free = {InstructionState.WAITING, InstructionState.UNDELIVERABLE}
        if there is None or there.state in free:
            self.by_key[key] = replace(parting, due_at=due_at)

    def expect(
        self, batch_id: str, elder_id: str, house_ids: AbstractSet[str], *, until: datetime
    ) -> None:
        new = Instruction(batch_id, elder_id, frozenset())
        there = self.by_key.get((batch_id, elder_id), new)
        houses = there.house_ids | house_ids
        self.by_key[batch_id, elder_id] = replace(there, house_ids=houses)

    def get(self, batch_id: str, elder_id: str) -> Instruction | None:
        return self.by_key.get((batch_id, elder_id))

    def of_batch(self, batch_id: str) -> list[Instruction]:
        return [one for (batch, _), one in sorted(self.by_key.items()) if batch == batch_id]

    def claim(
        self, instruction: Instruction, *, community: int, now: datetime, lease_until: datetime
    ) -> Instruction | None:
        there = self._there(instruction)
        lease_dead = there.lease_until is not None and there.lease_until < now
        free = there.state == InstructionState.WAITING or (
            there.state == InstructionState.SENDING and lease_dead
        )
        if free:
            self._change(
                instruction,
                state=InstructionState.SENDING,
                lease_until=lease_until,
                community=there.community or community,
                intent_at=there.intent_at or now,
                due_at=None,
                reason="",
            )
        return self._there(instruction) if free else None

    def begin_texting(self, instruction: Instruction) -> bool:
        if self._there(instruction).state != InstructionState.SENDING:
            return False
        self._change(instruction, state=InstructionState.TEXTING)
        return True

    def finish(
        self,
        instruction: Instruction,
        state: InstructionState,
        *,
        now: datetime,
        channel: Channel | None = None,
        reason: str = "",
        told_of: AbstractSet[str] = frozenset(),
    ) -> None:
        self._change(
            instruction,
            state=state,
            sent_at=now,
            told_of=told_of or self._there(instruction).told_of,
            channel=channel or self._there(instruction).channel,
            reason=reason,
            lease_until=None,
            due_at=None,
        )

    def wait(self, instruction: Instruction, *, until: datetime, reason: str = "") -> None:
        there = self.by_key.get((instruction.batch_id, instruction.elder_id))
        if there is None or there.state != instruction.state:
            return
        self._change(
            instruction,
            state=InstructionState.WAITING,
            due_at=until,
            reason=reason,
            lease_until=None,
        )

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        due = [k for k, one in self.by_key.items() if one.due_at is not None and one.due_at <= now]
        return due[:limit]

    def postpone(self, batch_id: str, elder_id: str, *, until: datetime) -> None:
        there = self.by_key[batch_id, elder_id]
        if there.due_at is not None:
            self._change(there, due_at=until)

    def _there(self, instruction: Instruction) -> Instruction:
        return self.by_key[instruction.batch_id, instruction.elder_id]

    def _change(self, instruction: Instruction, **changes: object) -> None:
        there = self._there(instruction)
        key = (instruction.batch_id, instruction.elder_id)
        self.by_key[key] = replace(there, **changes)  # type: ignore[arg-type]


class FakeScans:
    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def count(self, house_id: str, place: str) -> None:
        self._counts.setdefault(house_id, Counter())[place] += 1

    def of(self, house_id: str) -> dict[str, int]:
        return dict(self._counts.get(house_id, {}))

    def of_many(self, house_ids: Iterable[str]) -> dict[str, int]:
        return {one: self._counts[one].total() for one in house_ids if one in self._counts}


def etag_of(body: bytes) -> str:
    """Return what S3 calls a file of one part: the MD5 of its bytes."""
    return md5(body, usedforsecurity=False).hexdigest()


class FakeFiles:
    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def get(self, key: str, *, etag: str = "") -> bytes | None:
        body = self.bodies.get(key)
        return None if body is None or etag not in {"", etag_of(body)} else body

    def get_range(self, key: str, first: int, last: int) -> bytes:
        return self.bodies[key][first : last + 1]

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        self.bodies[key] = bytes(body)

    def put_once(self, key: str, body: bytes, *, content_type: str) -> bool:
        if key in self.bodies:
            return False
        self.bodies[key] = bytes(body)
        return True

    def versioned(self, key: str) -> tuple[bytes, str] | None:
        body = self.bodies.get(key)
        return None if body is None else (body, etag_of(body))

    def exchange(self, key: str, body: bytes, *, version: str, content_type: str) -> bool:
        there = self.bodies.get(key)
        if there is None or etag_of(there) != version:
            return False
        self.bodies[key] = bytes(body)
        return True

    @contextmanager
    def upload(self, key: str, *, content_type: str) -> Iterator[Callable[[bytes], None]]:
        body = bytearray()
        yield body.extend
        self.put(key, bytes(body), content_type=content_type)

    def copy(self, key: str, to: str) -> None:
        self.bodies[to] = self.bodies[key]

    def delete(self, key: str) -> None:
        self.bodies.pop(key, None)

    def delete_all(self, folder: str) -> None:
        self.bodies = {k: v for k, v in self.bodies.items() if not k.startswith(f"{folder}/")}

    def download(self, key: str, *, file_name: str, now: datetime) -> Download:
        return Download(f"https://files.invalid/{key}", now + timedelta(minutes=15))

    def upload_form(self, key: str, *, max_bytes: int, now: datetime) -> UploadForm:
        fields = {"key": key, "policy": f"at most {max_bytes}"}
        return UploadForm("https://files.invalid/", fields, now + timedelta(hours=1))


class FakeQueue:
    def __init__(self) -> None:
        self.bodies: list[dict[str, str | int]] = []
        self.delays: list[int] = []
        """Seconds, of what was handed over to arrive later."""
        self.groups: list[str] = []

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        given = [dict(body) for body in bodies]
        self.bodies += given
        self.delays += [delay_s] * len(given) if delay_s else []
        self.groups += [group] * len(given) if group else []

    def take(self) -> list[dict[str, str | int]]:
        """Return what was handed over since the last time."""
        taken, self.bodies = self.bodies, []
        return taken
