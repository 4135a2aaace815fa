"""Use case: give every good row of a chunk its house, once; correct the houses that are there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from create_chats.corrections import corrected, differences
from create_chats.elders_letters import have_told, let_go
from housechats.domain import rows_file
from housechats.domain.batches import (
    KEPT,
    MOST_PROBLEMS,
    ListedHouse,
    Problem,
    Row,
    RowVerdict,
    Verdict,
    tally,
)
from housechats.domain.communities import Community, CommunityState, chosen
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import CODES_PER_HOUSE, House, code_of, digest_of, edited, own_letter
from housechats.domain.instructions import InstructionState
from housechats.domain.organisations import Organisation, attached
from housechats.domain.people import ELDER_KEPT, Elder
from housechats.domain.territories import Territory, region_of
from housechats.ports.batches import Batches
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.organisations import Attachments
from housechats.ports.people import Elders
from housechats.ports.queues import Queue

FINDINGS = {
    "no_community": (
        True,
        (
            "Для этого дома нет подключённого сообщества ВКонтакте, которое берёт новые чаты. "
            "Подключите сообщество и загрузите список снова: заведённые дома не изменятся."
        ),
    ),
    "fias_taken": (
        True,
        (
            "Этот код ФИАС уже есть у дома «{}». Проверьте адрес и код. Если неверен адрес того "
            "дома, оставьте код здесь пустым."
        ),
    ),
    "fias_elsewhere": (
        True,
        "Этот код ФИАС уже есть у дома на другой территории. Проверьте код.",
    ),
    "house_elsewhere": (
        True,
        "Дом с таким адресом есть на другой территории. Проверьте адрес и населённый пункт.",
    ),
    "fias_differs": (
        False,
        "У этого дома уже другой код ФИАС: {}. В доме ничего не изменено: проверьте адрес и код.",
    ),
    "elder_page_taken": (
        False,
        (
            "Эта страница ВКонтакте уже записана за другим человеком: письмо получит он. "
            "Проверьте, чья она."
        ),
    ),
    "elder_kept": (
        False,
        "Старший не указан: у дома остаётся прежний. Пустая ячейка ничего не меняет.",
    ),
}
"""What only the houses that are there can tell of a row."""

STOPPED = "Загрузка списка остановлена. Её можно продолжить."
"""Why a chat is not opened whose list was stopped."""
TRIES = 5
"""How often other lists may be faster at one house before the queue has to try again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A hundred rows of a batch: their place in the file of rows."""

    batch_id: str
    chunk: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of a chunk."""

    new_houses: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    """By verdict; none when it was enrolled before."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a house, its elder and its organisations are kept: what enrolling a row needs."""

    houses: Houses
    elders: Elders
    instructions: Instructions
    attachments: Attachments
    communities: Communities
    elder_key: str
    """The secret with which ids of elders are made."""


def enrol(
    chunk: Chunk,
    *,
    registry: Registry,
    lists: Files,
    batches: Batches,
    openings: Queue,
    now: datetime,
) -> Enrolled:
    """Enrol the rows of a chunk and have their chats opened.

    Everything a repeat finds done by the same batch counts as done now.
    """
    batch = batches.get(chunk.batch_id)
    if batch and (chunk.chunk in batch.enrolled or batch.cancelled_at):
        # A late repeat must not undo what another list has said since.
        return Enrolled()
    rows = list(
        rows_file.read(lists.get_range(rows_file.key_of(chunk.batch_id), chunk.first, chunk.last))
    )
    oktmo = batch.oktmo if batch else ""
    enrolment = Enrolment(registry, batch_id=chunk.batch_id, oktmo=oktmo, now=now)
    enrolment.read_ahead(rows)
    verdicts: Sequence[RowVerdict] = [enrolment.enrol(row) for row in rows]
    enrolment.expect_elders()
    enrolment.announce(verdicts)
    span = (chunk.first, chunk.last)
    verdicts = batches.put_chunk(chunk.batch_id, chunk.chunk, verdicts, span=span, until=now + KEPT)
    new = [v.house_id for v in verdicts if v.house_id and not v.existing and v.verdict.good]
    openings.send({"house_id": house_id} for house_id in new)
    # What the check could not know: houses and ФИАС ids that were there before.
    became = tally(verdicts)
    after = batches.enrolled(chunk.batch_id, chunk.chunk, became - tally(rows), now=now)
    if after.cancelled_at:
        # Stopped while we enrolled: whoever went through the list may have come here before us.
        for house_id in new:
            registry.houses.give_up(house_id, reason=STOPPED)
    return Enrolled(len(new), became.rows)


def enrol_row(
    row: Row, *, batch_id: str, oktmo: str, registry: Registry, now: datetime
) -> RowVerdict:
    """Enrol one row's house with its elder, and say what came of it; its chat is due at once.

    `oktmo` is the territory that the row speaks for: houses of another stay as they are, unnamed.
    Without a batch the row makes a house singly: one that is there stays as it is.
    """
    enrolment = Enrolment(registry, batch_id=batch_id, oktmo=oktmo, now=now, late=True)
    verdict = enrolment.enrol(row)
    enrolment.expect_elders()
    enrolment.announce([verdict])
    return verdict


class Enrolment:
    """Rows of one list at one worker: what was read or written once is known from then on."""

    def __init__(
        self, registry: Registry, *, batch_id: str, oktmo: str, now: datetime, late: bool = False
    ) -> None:
        """Take `late` rows one by one: elders of their list may have been told by now."""
        self._registry = registry
        self._batch_id = batch_id
        self._oktmo = oktmo
        self._now = now
        self._late = late
        self._there: dict[str, House] = {}
        self._communities: dict[str, list[Community]] = {}
        """Those of the regions that the rows lie in."""
        self._contacts: dict[str, Elder | None] = {}
        self._named: set[str] = set()
        """Elders whose contacts this list has renewed."""
        self._renamed: set[str] = set()
        """Elders whose names this list may correct."""
        self._houses_of: dict[str, set[str]] = {}
        """Houses that the rows ahead may give to elders: kept with the contacts, in one write."""
        self._more_houses: dict[str, set[str]] = {}
        """Those of elders whose contacts were kept without them."""
        self._expected: dict[tuple[str, str], set[str]] = {}
        """Houses of which letters tell, by the ids of letter and elder."""
        self._introduced: set[tuple[str, str, str]] = set()
        """Organisations by ИНН, name and municipality."""

    def read_ahead(self, rows: Sequence[Row]) -> None:
        """Read at once what the rows would read one by one."""
        listed = [row.house for row in rows if row.house and row.verdict.good]
        codes = [code_of(digest_of(house.oktmo, house.address)) for house in listed]
        self._there = {house.id: house for house in self._registry.houses.get_many(codes)}
        elder_ids = {self._id_of(house.elder, house.oktmo) for house in listed if house.elder}
        elder_ids |= {house.elder_id for house in self._there.values() if house.elder_id}
        kept = self._registry.elders.get_many(elder_ids)
        self._contacts = {elder_id: kept.get(elder_id) for elder_id in elder_ids}
        for house, code in zip(listed, codes, strict=True):
            there = self._there.get(code)
            named = {
                self._id_of(house.elder, house.oktmo) if house.elder else "",
                there.elder_id if there else "",
            }
            for elder_id in named - {""}:
                self._houses_of.setdefault(elder_id, set()).add(code)

    def enrol(self, row: Row) -> RowVerdict:
        """Give the row its house."""
        verdict = RowVerdict(
            row.number, row.verdict, row.problems[:MOST_PROBLEMS], row.duplicate_of
        )
        if row.house is None or not row.verdict.good:
            return verdict
        for house in self._candidates(row.house):
            there = self._there.get(house.id)
            if there is None:
                if not house.community:
                    return _with_problem(verdict, "no_community")
                if other := self._fias_owner(house, house.fias_id):
                    return self._with_fias_taken(verdict, other)
                there = self._there[house.id] = self._registry.houses.enrol(house) or house
            if there.digest == house.digest:
                return self._meet(there, house, row.house, verdict)
        raise RuntimeError("four codes in a row are other houses'")

    def expect_elders(self) -> None:
        """Note once for each elder of whose new houses they are to be told."""
        for (letter_id, elder_id), house_ids in self._expected.items():
            self._registry.instructions.expect(
                letter_id, elder_id, house_ids, until=self._now + KEPT
            )
        self._expected = {}
        for elder_id, house_ids in self._more_houses.items():
            self._registry.elders.name_for(elder_id, house_ids)
        self._more_houses = {}

    def announce(self, verdicts: Iterable[RowVerdict]) -> None:
        """Have lists show the houses that came with these rows; killed before, we come again."""
        new = {v.house_id for v in verdicts if v.house_id and not v.existing and v.verdict.good}
        self._registry.houses.announce([self._there[house_id] for house_id in sorted(new)])

    def _candidates(self, listed: ListedHouse) -> Iterator[House]:
        """Yield the house under each code that it may have, the usual one first."""
        digest = digest_of(listed.oktmo, listed.address)
        elder_id = self._id_of(listed.elder, listed.oktmo) if listed.elder else ""
        for attempt in range(CODES_PER_HOUSE):
            house_id = code_of(digest, attempt)
            yield House(
                id=house_id,
                digest=digest,
                oktmo=listed.oktmo,
                address=listed.address,
                community=self._community_of(house_id, listed.oktmo),
                created_at=self._now,
                fias_id=listed.fias_id,
                entrances=listed.entrances,
                flats=listed.flats,
                tags=listed.tags,
                organisations=attached({}, listed.organisations),
                elder_id=elder_id,
                batch_id=self._batch_id,
                letter_id=self._letter_id(elder_id, house_id),
                # A request that dies has nobody to repeat it: the sweep finds its house.
                due_at=self._now if self._late else None,
            )

    def _community_of(self, house_id: str, oktmo: str) -> int:
        """Return which community a new house gets; 0 when there is none.

        Where none is active, the house waits for one to be connected anew: nothing is lost.
        """
        region = region_of(oktmo)
        if region not in self._communities:
            self._communities[region] = self._registry.communities.of_region(region)
        communities = self._communities[region]
        found = chosen(communities, house_id, oktmo) or chosen(
            communities, house_id, oktmo, CommunityState.DISCONNECTED
        )
        return found.id if found else 0

    def _is_within(self, house: House) -> bool:
        """Tell whether a house is of the territory that the list speaks for."""
        return not self._oktmo or Territory(self._oktmo).covers(house.oktmo)

    def _with_fias_taken(self, verdict: RowVerdict, owner: House) -> RowVerdict:
        if self._is_within(owner):
            return _with_problem(verdict, "fias_taken", owner.title)
        return _with_problem(verdict, "fias_elsewhere")

    def _fias_owner(self, house: House, fias_id: str) -> House | None:
        """Tie the id to the house; return the other house that has it, if one has."""
        if not fias_id:
            return None
        houses, other_id = self._registry.houses, ""
        for _ in range(TRIES):
            other_id = houses.claim_fias(
                fias_id, house_id=house.id, digest=house.digest, instead_of=other_id
            )
            other = houses.get(other_id) if other_id else None
            if other:
                return other
            if not other_id:
                return None
            # Whoever claimed it died before there was a house, or is about to make it.
        raise UnavailableError("other lists claim this ФИАС id")

    def _meet(
        self, there: House, house: House, listed: ListedHouse, verdict: RowVerdict
    ) -> RowVerdict:
        """Complete the house if it came with this list, and correct it by what the list says.

        Two settlements of a municipality may each say of the same house that it is theirs.
        """
        if not self._is_within(there):
            return _with_problem(verdict, "house_elsewhere")
        singly = not self._batch_id
        ours = there.batch_id == self._batch_id and (not singly or there.elder_id == house.elder_id)
        verdict = replace(verdict, house_id=there.id, existing=not ours)
        if listed.elder is None and there.elder_id:
            verdict = _with_elder_kept(verdict)
        if listed.elder:
            elder_id = self._id_of(listed.elder, there.oktmo)
            self._note_rename(there, elder_id, ours=ours)
            if self._is_anothers(elder_id, listed.elder):
                verdict = _with_problem(verdict, "elder_page_taken")
        if ours:
            self._complete(there, listed)
        # A repeat must not undo what another list has said of the house since it came with ours.
        overtaken = ours and not self._late and there.changed_by not in {"", self._batch_id}
        return verdict if singly or overtaken else self._correct(there, listed, verdict)

    def _complete(self, house: House, listed: ListedHouse) -> None:
        """Keep what stands beside a new house; an earlier try of ours may have died before."""
        for organisation in listed.organisations:
            if house.organisations.get(organisation.inn) == organisation.kind:
                self._introduce(organisation, house)
                self._registry.attachments.attach_first(
                    organisation.inn,
                    house.id,
                    organisation.kind,
                    batch_id=self._batch_id,
                    now=self._now,
                )
        if listed.elder and house.elder_id == self._id_of(listed.elder, house.oktmo):
            self._keep(house, self._renewed(house.elder_id, listed.elder))
            letter = (house.letter_id, house.elder_id)
            self._expected.setdefault(letter, set()).add(house.id)

    # ------------------------------------------------------------ a house that is there

    def _correct(self, house: House, listed: ListedHouse, verdict: RowVerdict) -> RowVerdict:
        """Change what differs from what the list says, and only that."""
        if listed.fias_id and house.fias_id not in {"", listed.fias_id}:
            return _with_problem(verdict, "fias_differs", house.fias_id)
        if not house.fias_id and (owner := self._fias_owner(house, listed.fias_id)):
            return self._with_fias_taken(verdict, owner)
        for _ in range(TRIES):
            after = self._corrected(house, listed)
            if after is house:
                break
            self._prepare(house, after, listed)
            other = self._registry.houses.amend(house, after)
            house = self._there[house.id] = other or after
            if other is None:
                break
        else:
            raise UnavailableError("other lists change this house")
        if listed.elder:
            self._keep(house, self._renewed(house.elder_id, listed.elder))
        if house.changed_by != self._batch_id:
            return verdict
        # Also a repeat, which finds nothing to change, says what was changed and has it told.
        if "elder" in house.changes:
            have_told(house, instructions=self._registry.instructions, now=self._now)
        return replace(verdict, changes=house.changes)

    def _corrected(self, house: House, listed: ListedHouse) -> House:
        """Return the house as the list says it is; the very same one if nothing differs."""
        elder_id = self._elder_id(house, listed.elder)
        named = elder_id != house.elder_id
        after = corrected(
            house,
            listed,
            elder_id=elder_id,
            letter_id=self._letter_id(elder_id, house.id) if named else house.letter_id,
        )
        changes = differences(house, after)
        renamed = False
        if listed.elder and not named:
            kept, renewed = self._kept(elder_id), self._renewed(elder_id, listed.elder)
            if kept and kept != renewed:
                changes = ("elder", *changes)
                renamed = kept.name != renewed.name
        if not changes:
            return house
        if house.changed_by == self._batch_id:
            changes = tuple(dict.fromkeys((*house.changes, *changes)))
        after = replace(after, changed_by=self._batch_id, changes=changes)
        return edited(house, after, renamed=renamed)

    def _prepare(self, before: House, after: House, listed: ListedHouse) -> None:
        """Write what must be there before the house is changed; all of it may be repeated."""
        attachments = self._registry.attachments
        for organisation in listed.organisations:
            inn, kind = organisation.inn, organisation.kind
            if after.organisations.get(inn) == kind != before.organisations.get(inn):
                self._introduce(organisation, after)
                attachments.attach(inn, after.id, kind, batch_id=self._batch_id, now=self._now)
        for inn, kind in before.organisations.items():
            if inn not in after.organisations:
                attachments.detach(inn, after.id, kind, batch_id=self._batch_id, now=self._now)
        if after.elder_id != before.elder_id and listed.elder:
            self._keep(after, self._renewed(after.elder_id, listed.elder))
            self._registry.instructions.expect(
                after.letter_id, after.elder_id, {after.id}, until=self._now + KEPT
            )
            let_go(before, instructions=self._registry.instructions, now=self._now)

    # ------------------------------------------------------------ elders and organisations

    def _id_of(self, elder: Elder, oktmo: str) -> str:
        return elder.id(self._registry.elder_key, oktmo)

    def _elder_id(self, house: House, said: Elder | None) -> str:
        """Return whose id the house's elder has when the list is right."""
        if said is None:
            return house.elder_id
        kept = self._kept(house.elder_id) if house.elder_id else None
        same = kept and kept.is_same_as(said)
        return house.elder_id if same else self._id_of(said, house.oktmo)

    def _letter_id(self, elder_id: str, house_id: str) -> str:
        """Return which letter tells of a house: one of its own when the list's has gone."""
        if not self._batch_id:
            return own_letter(house_id)
        if self._late and elder_id:
            told = self._registry.instructions.get(self._batch_id, elder_id)
            waits = told is None or told.state == InstructionState.WAITING
            if told and not waits and house_id not in told.house_ids:
                return own_letter(house_id)
        return self._batch_id

    def _kept(self, elder_id: str) -> Elder | None:
        if elder_id not in self._contacts:
            self._contacts[elder_id] = self._registry.elders.get(elder_id)
        return self._contacts[elder_id]

    def _note_rename(self, there: House, elder_id: str, *, ours: bool) -> None:
        """Let a list correct the name of a person whose house it tells of."""
        if not ours and there.elder_id == elder_id and there.changed_by != self._batch_id:
            self._renamed.add(elder_id)

    def _is_anothers(self, elder_id: str, said: Elder) -> bool:
        """Tell whether a page is known as another's: a page copied by mistake renames nobody."""
        kept = self._kept(elder_id)
        return kept is not None and elder_id not in self._renamed and not said.is_named_like(kept)

    def _renewed(self, elder_id: str, said: Elder) -> Elder:
        """Return what is known of an elder when the list is right.

        Where rows contradict each other the first one counts, and later ones only add to it:
        else the same list would change the contacts to and fro each time it comes.
        """
        kept = self._kept(elder_id)
        if kept is None:
            return said
        if self._is_anothers(elder_id, said):
            return kept
        return said.renewed_by(kept) if elder_id in self._named else kept.renewed_by(said)

    def _keep(self, house: House, elder: Elder) -> None:
        """Keep the contacts for another year, once a list unless they differ."""
        elder_id = house.elder_id
        if elder_id not in self._named or elder != self._kept(elder_id):
            theirs = self._houses_of.setdefault(elder_id, set())
            theirs.add(house.id)
            self._registry.elders.put(
                elder_id, elder, house_ids=theirs, until=self._now + ELDER_KEPT
            )
            self._contacts[elder_id] = elder
            self._named.add(elder_id)
        elif house.id not in self._houses_of[elder_id]:
            self._more_houses.setdefault(elder_id, set()).add(house.id)

    def _introduce(self, organisation: Organisation, house: House) -> None:
        said = (organisation.inn, organisation.name, house.oktmo[:8])
        if said not in self._introduced:
            self._registry.attachments.introduce(organisation, oktmo=house.oktmo, now=self._now)
            self._introduced.add(said)


def field_of(problem: Problem) -> str:
    """Return our name of the cell that a problem is about, also of one that names no column."""
    return problem.column or ("address" if problem.code == "house_elsewhere" else "fias_id")


def _with_elder_kept(verdict: RowVerdict) -> RowVerdict:
    """Say that a house keeps its elder, where the row alone would have none."""
    fatal, message = FINDINGS["elder_kept"]
    problems = (
        Problem(problem.column, "elder_kept", message, fatal)
        if problem.code == "elder_missing"
        else problem
        for problem in verdict.problems
    )
    return replace(verdict, problems=tuple(problems))


def _with_problem(verdict: RowVerdict, code: str, *about: str) -> RowVerdict:
    fatal, message = FINDINGS[code]
    problem = Problem("", code, message.format(*about), fatal)
    problems = (problem, *verdict.problems)[:MOST_PROBLEMS]
    if fatal:
        return RowVerdict(
            verdict.number, Verdict.REJECTED, problems, duplicate_of=verdict.duplicate_of
        )
    return replace(verdict, verdict=Verdict.ACCEPTED_WITH_WARNINGS, problems=problems)
