"""Use case: find what is known of a person, erase it step by step, and prove that it is gone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from housechats.domain import rows_file
from housechats.domain.batches import Batch, BatchState, Row
from housechats.domain.erasure import Erasure, Found, Person, RecordKind, without_elder
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import BY_PERSON, edited
from housechats.domain.people import Elder, Post, Role
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.houses import Houses
from housechats.ports.people import LastAdministratorError, Posts
from housechats.ports.traces import ElderTrace, Memory, Traces, WrittenCells

RESULTS = "results"
"""Folder of the workbooks that come back for lists."""
ROWS_TYPE = "application/x-ndjson"
TRIES = 5
"""How often others may be faster at one house, post or file before the queue has to try again."""
PROOFS = 3
"""How often a person is erased anew who was written down again meanwhile."""
TAKEN = "Список домов ещё заводится: повторите через полчаса."
SHOWN = 20
"""Rows of a list that are named."""
TAKEN_AFTER = timedelta(minutes=30)
"""By then a list is read and enrolled, or whoever did it has failed for good."""

ROLES = {
    Role.ADMINISTRATOR: "администратор",
    Role.STAFF: "сотрудник",
    Role.REPRESENTATIVE: "представитель",
    Role.ELDER: "старший",
}


class ListTakenError(UnavailableError):
    """A list is being read or enrolled: whoever does it could write the person down again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What forgetting works with."""

    memory: Memory
    posts: Posts
    houses: Houses
    batches: Batches
    lists: Files


@dataclass(frozen=True, slots=True)
class ListTrace:
    """A list that tells of a person, or may."""

    batch: Batch
    rows: frozenset[int] = frozenset()
    """Rows whose cells tell of the person; none when the list could not be read at all."""


def search(erasure: Erasure, *, desk: Desk, go_on: Callable[[], bool]) -> tuple[list[Found], bool]:
    """Return what is known of the person there, and whether all of it was looked through.

    The table and lists take long: `go_on` says on the way whether there is time.
    """
    traces = _within(erasure, desk.memory.look(erasure.person, go_on=go_on))
    erasure = _known(erasure, traces)
    found = [*_told(erasure, traces)]
    for batch_id in traces.lists:
        if not go_on():
            return found, False
        if there := _list_trace(erasure, batch_id, desk):
            found.append(_told_list(there))
    return found, traces.complete


def check_last(erasure: Erasure, *, desk: Desk) -> None:
    """Raise LastAdministratorError when a territory would be left without an administrator."""
    for post in desk.posts.known(erasure.person.vk_id).posts if erasure.person.vk_id else ():
        if post.until or post.role != Role.ADMINISTRATOR:
            continue
        oktmo = post.territory.oktmo
        if erasure.reaches(oktmo) and not _others(post, desk):
            raise LastAdministratorError(oktmo)


def _others(post: Post, desk: Desk) -> list[Post]:
    return [
        other
        for other in desk.posts.of_territory(post.territory)
        if other.role == Role.ADMINISTRATOR
        and other.territory == post.territory
        and other.until is None
        and other.vk_id != post.vk_id
    ]


def erase_records(erasure: Erasure, *, desk: Desk, now: datetime) -> None:
    """Erase what the table tells of the person, but for lists.

    LastAdministratorError before anything is erased, UnavailableError when others are faster.
    """
    traces = _within(erasure, desk.memory.look(erasure.person))
    desk.memory.know(_known(erasure, traces))
    for post in traces.posts:
        _erase_post(post, erasure, desk, now)
    for trace in traces.elders:
        _erase_elder(trace, erasure, desk)
    for invitation in traces.invitations:
        desk.memory.forget_invitation(invitation.id)
    for key in traces.answers:
        desk.memory.forget_answer(key)
    for dialogue_id in traces.dialogues:
        desk.memory.forget_dialogue(dialogue_id)
    _forget_talks(traces, erasure.person.vk_id, desk)


def _forget_talks(traces: Traces, vk_id: int, desk: Desk) -> None:
    """Leave what the person has talked about with the bot, and of, without them."""
    for complaint_id in traces.complaints:
        desk.memory.forget_complaint(complaint_id, vk_id)
    for report_id in traces.reports:
        desk.memory.forget_report(report_id, vk_id)
    for question_id in traces.questions:
        desk.memory.forget_asker(question_id, vk_id)
    for discussion_id in traces.discussions:
        desk.memory.forget_speaker(discussion_id, vk_id)
    for discussion_id in traces.interests:
        desk.memory.forget_interest(discussion_id, vk_id)


def erase_from_list(erasure: Erasure, batch_id: str, *, desk: Desk, now: datetime) -> None:
    """Erase the person from one list; which of its rows are cleaned is kept till all are."""
    trace = _list_trace(erasure, batch_id, desk)
    planned = desk.memory.planned(erasure.id, batch_id)
    batch = trace.batch if trace else desk.batches.get(batch_id)
    if batch is None or (trace is None and not planned):
        return
    taken = batch.state in {BatchState.READING, BatchState.ENROLLING}
    if taken and now < batch.created_at + TAKEN_AFTER:
        raise ListTakenError(TAKEN)
    rows = trace.rows if trace else frozenset[int]()
    if rows:
        planned = desk.memory.plan(erasure.id, batch_id, rows)
    # What cannot be cleaned goes as a whole: the file as it came, and what was made of it.
    if batch.key:
        desk.lists.delete(batch.key)
    desk.lists.delete_all(f"{RESULTS}/{batch_id}")
    desk.memory.no_result(batch_id)
    _clean_rows(erasure.person, batch_id, planned, desk)
    chunks = {one.chunk for row, one in desk.memory.written(batch_id).items() if row in planned}
    for chunk in sorted(chunks):
        desk.memory.empty_cells(batch_id, chunk, planned, erasure.person)


def prove(erasure: Erasure, *, desk: Desk, now: datetime) -> list[Found]:
    """Search again; erase who was written down meanwhile; return what is left in the end."""
    for _ in range(PROOFS):
        found, _ = search(erasure, desk=desk, go_on=lambda: True)
        if not found:
            return []
        erase_records(erasure, desk=desk, now=now)
        for one in found:
            if one.where in {RecordKind.LIST, RecordKind.REFUSED_LIST}:
                erase_from_list(erasure, one.id, desk=desk, now=now)
    return search(erasure, desk=desk, go_on=lambda: True)[0]


# ---------------------------------------------------------------- what lies within reach


def _within(erasure: Erasure, traces: Traces) -> Traces:
    """Return what lies in the territory; what lies nowhere is found everywhere only."""
    everywhere = not erasure.oktmo
    return Traces(
        elders=tuple(one for one in traces.elders if everywhere or _inside(erasure, one)),
        invitations=tuple(one for one in traces.invitations if erasure.reaches(one.oktmo)),
        posts=tuple(one for one in traces.posts if erasure.reaches(one.territory.oktmo)),
        answers=traces.answers if everywhere else (),
        dialogues=traces.dialogues if everywhere else (),
        questions=_reached(traces.questions, erasure),
        discussions=_reached(traces.discussions, erasure),
        interests=traces.interests if everywhere else (),
        complaints=_reached(traces.complaints, erasure),
        reports=_reached(traces.reports, erasure),
        lists=_reached(traces.lists, erasure),
        complete=traces.complete,
    )


def _reached(oktmos: Mapping[str, str], erasure: Erasure) -> dict[str, str]:
    return {name: oktmo for name, oktmo in oktmos.items() if erasure.reaches(oktmo)}


def _inside(erasure: Erasure, trace: ElderTrace) -> set[str]:
    return {house_id for house_id, oktmo in trace.houses.items() if erasure.reaches(oktmo)}


def _known(erasure: Erasure, traces: Traces) -> Erasure:
    person = erasure.person.known_as([trace.elder for trace in traces.elders])
    return replace(erasure, person=person)


# ---------------------------------------------------------------- steps


def _erase_post(post: Post, erasure: Erasure, desk: Desk, now: datetime) -> None:
    """End a post and empty its titles; that somebody had it stays, as it does in the audit."""
    person = erasure.person
    for _ in range(TRIES):
        there = desk.posts.get(post.id)
        if there is None:
            return
        if there.until is None and there.vk_id == person.vk_id:
            if not desk.posts.end(there, by=erasure.asked_by, now=now):
                continue
            there = desk.posts.get(post.id) or there
        if desk.memory.forget_titles(there):
            return
    raise UnavailableError("others keep changing this post")


def _erase_elder(trace: ElderTrace, erasure: Erasure, desk: Desk) -> None:
    inside = _inside(erasure, trace)
    if inside == set(trace.houses):
        # First: once the contacts have expired, the houses alone lead to it.
        desk.memory.forget_guide(trace)
    for house_id in sorted(inside & trace.named_by):
        _unname(house_id, trace.id, desk)
    if inside == set(trace.houses):
        desk.memory.forget_elder(trace)
    else:
        desk.memory.let_go(trace.id, inside)


def _unname(house_id: str, elder_id: str, desk: Desk) -> None:
    """Leave a house without its elder; its chat is renewed, so that it does not name them."""
    for _ in range(TRIES):
        house = desk.houses.get(house_id)
        if house is None or house.elder_id != elder_id:
            return
        after = replace(house, elder_id="", elder_joined_at=None, changed_by=BY_PERSON)
        if desk.houses.amend(house, edited(house, after)) is None:
            return
    raise UnavailableError("others keep changing this house")


def _list_trace(erasure: Erasure, batch_id: str, desk: Desk) -> ListTrace | None:
    batch = desk.batches.get(batch_id)
    if batch is None or not erasure.reaches(batch.oktmo):
        return None
    file = desk.lists.get(rows_file.key_of(batch_id)) or b""
    if batch.state == BatchState.REFUSED or (batch.state == BatchState.READING and not file):
        kept = batch.key and desk.lists.get(batch.key) is not None
        return ListTrace(batch) if kept else None
    written = desk.memory.written(batch_id)
    rows = {
        row.number
        for row in rows_file.read(file)
        if _tells_of(erasure.person, row, written.get(row.number))
    }
    rows |= {n for n, cells in written.items() if _says(erasure.person, cells)}
    return ListTrace(batch, frozenset(rows)) if rows else None


def _tells_of(person: Person, row: Row, cells: WrittenCells | None) -> bool:
    """Tell whether a row does so as it came, or with what was written into it since."""
    if person.is_in_row(row):
        return True
    return cells is not None and person.is_told_by({**row.cells, **cells.written, **cells.claimed})


def _says(person: Person, cells: WrittenCells) -> bool:
    return person.is_told_by(cells.written) or person.is_told_by(cells.claimed)


def _clean_rows(person: Person, batch_id: str, rows: set[int], desk: Desk) -> None:
    key = rows_file.key_of(batch_id)
    for _ in range(TRIES):
        there = desk.lists.versioned(key)
        if there is None:
            return
        file, version = there
        cleaned = rows_file.changed(
            file, lambda row: without_elder(row, person) if row.number in rows else row
        )
        if cleaned == file or desk.lists.exchange(
            key, cleaned, version=version, content_type=ROWS_TYPE
        ):
            return
    raise UnavailableError("others keep writing the rows of this list")


# ---------------------------------------------------------------- what people are told


def _told(erasure: Erasure, traces: Traces) -> Iterator[Found]:
    for trace in traces.elders:
        inside = _inside(erasure, trace)
        houses = ", ".join(sorted(inside & trace.named_by)) or "нет"
        what = f"Старший: {_contacts(trace.elder)}. Дома: {houses}."
        oktmo = min((trace.houses[house_id] for house_id in inside), default="")
        yield Found(RecordKind.ELDER, trace.id, what, oktmo)
    for post in traces.posts:
        oktmo, ended = post.territory.oktmo, " (бывший)" if post.until else ""
        title = f", {post.title}" if post.title else ""
        what = f"Должность: {ROLES[post.role]}{ended}{title}, территория {oktmo}."
        yield Found(RecordKind.POST, post.id, what, oktmo)
    for one in traces.invitations:
        about = f"{one.phone or f'принял vk.com/id{one.accepted_by}'}"
        what = f"Приглашение представителя организации с ИНН {one.inn}: {about}."
        yield Found(RecordKind.INVITATION, one.id, what, one.oktmo)
    for _, key in traces.answers:
        what = "Ответ на запрос, который система помнит сутки на случай повтора."
        yield Found(RecordKind.ANSWER, key.removeprefix("KEY#"), what)
    yield from _told_talks(traces)


def _told_talks(traces: Traces) -> Iterator[Found]:
    for dialogue_id in traces.dialogues:
        what = "Разговор с ботом, который ещё не закончен: ответы в нём."
        yield Found(RecordKind.DIALOGUE, dialogue_id, what)
    for complaint_id, oktmo in traces.complaints.items():
        what = "Жалоба, которую человек отправил или которая говорит о нём."
        yield Found(RecordKind.COMPLAINT, complaint_id, what, oktmo)
    for report_id, oktmo in traces.reports.items():
        what = "Сообщение в чате, которое человек написал или на которое пожаловался."
        yield Found(RecordKind.REPORT, report_id, what, oktmo)
    for question_id, oktmo in traces.questions.items():
        what = (
            "Вопрос дома: человек его задал, получил, ответил на него или решал, что с ним делать."
        )
        yield Found(RecordKind.QUESTION, question_id, what, oktmo)
    for discussion_id, oktmo in traces.discussions.items():
        what = "Обсуждение вопроса: человек назначил его время или написал протокол."
        yield Found(RecordKind.DISCUSSION, discussion_id, what, oktmo)
    for discussion_id in traces.interests:
        what = "Просьба позвать, когда начнётся обсуждение вопроса."
        yield Found(RecordKind.INTEREST, discussion_id, what)


def _told_list(trace: ListTrace) -> Found:
    batch = trace.batch
    if not trace.rows:
        what = f"Список «{batch.name}» не прочитан, и кто в нём назван, неизвестно: файл удаляется."
        return Found(RecordKind.REFUSED_LIST, batch.id, what, batch.oktmo)
    rows = ", ".join(map(str, sorted(trace.rows)[:SHOWN]))
    more = f" и ещё {len(trace.rows) - SHOWN}" if len(trace.rows) > SHOWN else ""
    what = f"Список «{batch.name}», строки {rows}{more}."
    return Found(RecordKind.LIST, batch.id, what, batch.oktmo)


def _contacts(elder: Elder) -> str:
    page = f"vk.com/{elder.vk_name or f'id{elder.vk_id}'}" if elder.has_page else ""
    return ", ".join(part for part in (elder.name, elder.phone, page) if part)
